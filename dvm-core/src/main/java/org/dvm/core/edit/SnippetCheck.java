package org.dvm.core.edit;

import java.util.List;
import org.dvm.core.edit.MethodEdits.Place;

/** Refuses snippets that ask for what their place doesn't have, at the moment they are asked for. */
final class SnippetCheck {
    private SnippetCheck() {}

    static void check(MethodEdits edits, Place place, int bci, Snippet snippet) {
        if (snippet.fitsEverywhere()) {
            return;
        }
        require(!snippet.callsInherited(), "inherited methods are called by added ones only", place, snippet);
        String descriptor = snippet.descriptor();
        List<Value> values = snippet.values();
        int type = 1;
        for (int i = 0; i < values.size(); i++) {
            checkValue(edits, place, bci, snippet, values.get(i), descriptor.charAt(type));
            type = Descriptors.next(descriptor, type);
        }
        if (!(snippet.result() instanceof Snippet.Result.Dropped)) {
            checkResult(edits, place, bci, snippet);
        }
    }

    /**
     * Returns the descriptor of a value's type at a place.
     *
     * @throws IllegalArgumentException if the place doesn't have the value
     */
    private static void checkValue(MethodEdits edits, Place place, int bci, Snippet snippet, Value value, char wanted) {
        char given = kind(edits, place, bci, snippet, value);
        if (computational(given) != computational(wanted)) {
            throw new IllegalArgumentException(
                    value + " is of type " + given + ", the parameter of type " + wanted + ": " + snippet);
        }
    }

    /** Returns whether a constant or static field can be passed as a parameter of that type. */
    static boolean fits(Value constant, char wanted) {
        return computational(kindOfConstant(constant)) == computational(wanted);
    }

    private static char kindOfConstant(Value value) {
        if (value instanceof Value.IntConstant) {
            return 'I';
        } else if (value instanceof Value.LongConstant) {
            return 'J';
        } else if (value instanceof Value.StaticField field) {
            return field.descriptor().charAt(0);
        }
        return 'L';
    }

    private static char kind(MethodEdits edits, Place place, int bci, Snippet snippet, Value value) {
        if (HelperMethods.isConstant(value)) {
            return kindOfConstant(value);
        } else if (value instanceof Value.Parameter parameter) {
            require(place != Place.THROW_BEFORE_SUPER, "parameters aren't available there", place, snippet);
            return parameterType(edits.descriptor(), parameter.index(), snippet);
        } else if (value instanceof Value.Local local) {
            return local.variable().descriptor().charAt(0);
        } else if (value instanceof Value.ThisObject) {
            checkThis(edits, place, bci, snippet);
        } else if (value instanceof Value.ReturnValue returned) {
            char type = returnKind(edits, place, bci, snippet);
            if (returned.boxing() == Value.Boxing.PLAIN) {
                if (type == 'V') {
                    throw new IllegalArgumentException("void has no value to return, unless boxed: " + snippet);
                }
                return type;
            }
        } else if (value instanceof Value.Thrown) {
            boolean caught = place == Place.THROW_OUT || place == Place.THROW_BEFORE_SUPER || place == Place.HANDLER;
            require(caught, "no exception is at hand", place, snippet);
        } else if (value instanceof Value.Receiver) {
            CallSite site = callSite(edits, place, bci, snippet);
            require(site.hasReceiver() && !site.isConstructor(), "the call has no usable receiver", place, snippet);
        } else if (value instanceof Value.CallArgument argument) {
            return parameterType(callSite(edits, place, bci, snippet).descriptor(), argument.index(), snippet);
        }
        return 'L';
    }

    private static void checkThis(MethodEdits edits, Place place, int bci, Snippet snippet) {
        require(!edits.isStatic(), "a static method has no this", place, snippet);
        if (edits.isConstructor()) {
            boolean initialized = switch (place) {
                case ENTRY, THROW_BEFORE_SUPER -> false;
                case ENTRY_INITIALIZED, RETURN, THROW_OUT -> true;
                case BEFORE, BEFORE_CALL -> edits.flow().isInitialized(bci);
                case AFTER, AFTER_CALL -> edits.flow().isInitializedAfter(bci);
                case BACK_EDGE, HANDLER -> false;
            };
            require(initialized, "this is not initialized yet in the constructor", place, snippet);
        }
    }

    private static void checkResult(MethodEdits edits, Place place, int bci, Snippet snippet) {
        char given = snippet.returnKind();
        char wanted;
        if (snippet.result() instanceof Snippet.Result.IntoParameter parameter) {
            require(
                    place == Place.ENTRY || place == Place.ENTRY_INITIALIZED,
                    "parameters are replaced at entry",
                    place,
                    snippet);
            wanted = parameterType(edits.descriptor(), parameter.index(), snippet);
        } else if (snippet.result() instanceof Snippet.Result.IntoLocal local) {
            require(edits.locals().contains(local.variable()), "the variable is not this method's", place, snippet);
            wanted = local.variable().descriptor().charAt(0);
        } else {
            wanted = returnKind(edits, place, bci, snippet);
        }
        if (given == 'V' || wanted == 'V' || computational(given) != computational(wanted)) {
            throw new IllegalArgumentException(
                    "the result is of type " + given + ", what it replaces of type " + wanted + ": " + snippet);
        }
    }

    private static char returnKind(MethodEdits edits, Place place, int bci, Snippet snippet) {
        if (place == Place.RETURN) {
            return Descriptors.returnKind(edits.descriptor());
        }
        require(place == Place.AFTER_CALL, "no value is about to be returned", place, snippet);
        return Descriptors.returnKind(CallSite.at(edits.raw(), edits.raw().codeStart(edits.method()) + bci)
                .descriptor());
    }

    private static CallSite callSite(MethodEdits edits, Place place, int bci, Snippet snippet) {
        require(place == Place.BEFORE_CALL, "no call is about to be made", place, snippet);
        return CallSite.at(edits.raw(), edits.raw().codeStart(edits.method()) + bci);
    }

    private static char parameterType(String descriptor, int index, Snippet snippet) {
        int type = 1;
        for (int i = 0; Descriptors.isParameter(descriptor, type); i++) {
            if (i == index) {
                return descriptor.charAt(type);
            }
            type = Descriptors.next(descriptor, type);
        }
        throw new IllegalArgumentException(
                "no such parameter: index=" + index + " descriptor=" + descriptor + " in " + snippet);
    }

    /** Returns the type as which the operand stack holds a value. */
    private static char computational(char type) {
        return switch (type) {
            case 'Z', 'B', 'C', 'S' -> 'I';
            case '[' -> 'L';
            default -> type;
        };
    }

    private static void require(boolean condition, String message, Place place, Snippet snippet) {
        if (!condition) {
            throw new IllegalArgumentException(message + ": place=" + place + " snippet=" + snippet);
        }
    }
}
