package org.dvm.core.edit;

/** Refuses snippets that ask for what their place doesn't have, at the moment they are asked for. */
final class SnippetCheck {
    /** The places of {@link MethodEdits}, for messages. */
    private static final String[] PLACES = {
        "entry",
        "initialized entry",
        "return",
        "throw out",
        "back-edge",
        "handler",
        "throw before super",
        "before",
        "after",
        "before call",
        "after call",
        "before every"
    };

    private final MethodEdits edits;
    private final int place;
    private final int bci;
    private final Snippet snippet;

    private SnippetCheck(MethodEdits edits, int place, int bci, Snippet snippet) {
        this.edits = edits;
        this.place = place;
        this.bci = bci;
        this.snippet = snippet;
    }

    /**
     * Checks a snippet.
     *
     * @param place one of the places of {@link MethodEdits}
     * @throws IllegalArgumentException if the place doesn't have what it asks for
     */
    static void check(MethodEdits edits, int place, int bci, Snippet snippet) {
        SnippetCheck check = new SnippetCheck(edits, place, bci, snippet);
        check.require(snippet.method().inherited() == null, "inherited methods are called by added ones only");
        for (int i = 0; i < snippet.valueCount(); i++) {
            check.checkValue(snippet.value(i), snippet.method().parameterKind(i));
        }
        if (snippet.result() != Snippet.DROPPED) {
            check.checkResult();
        }
    }

    private void checkValue(Value value, char wanted) {
        char given = Descriptors.computational(typeOf(value));
        if (given != wanted) {
            throw new IllegalArgumentException(
                    value + " is of type " + given + ", the parameter of type " + wanted + ": " + snippet);
        }
    }

    /** Returns the first character of a value's type. */
    private char typeOf(Value value) {
        return switch (value.kind()) {
            case Value.THIS -> typeOfThis();
            case Value.PARAMETER -> {
                requireParameters();
                yield parameterType(edits.descriptor(), value.number());
            }
            case Value.LOCAL -> typeOf(value.variable());
            case Value.RETURNED -> typeOfResult();
            case Value.BOXED_RETURNED -> {
                returnKind();
                yield 'L';
            }
            case Value.THROWN -> {
                require(
                        place == MethodEdits.THROW_OUT
                                || place == MethodEdits.THROW_BEFORE_SUPER
                                || place == MethodEdits.HANDLER,
                        "no exception is at hand");
                yield 'L';
            }
            case Value.RECEIVER -> {
                CallSite site = callSite();
                require(site.hasReceiver() && !site.isConstructor(), "the call has no usable receiver");
                yield 'L';
            }
            case Value.CALL_ARGUMENT -> parameterType(callSite().descriptor(), value.number());
            case Value.PARAMETER_ARRAY -> {
                requireParameters();
                yield 'L';
            }
            default -> value.kindOfConstant();
        };
    }

    private void requireParameters() {
        require(place != MethodEdits.THROW_BEFORE_SUPER, "parameters aren't available there");
    }

    private char typeOfThis() {
        require(!edits.isStatic(), "a static method has no this");
        if (edits.isConstructor()) {
            boolean initialized = switch (place) {
                case MethodEdits.ENTRY_INITIALIZED, MethodEdits.RETURN, MethodEdits.THROW_OUT -> true;
                case MethodEdits.BEFORE, MethodEdits.BEFORE_CALL -> edits.flow().isInitialized(bci);
                case MethodEdits.AFTER, MethodEdits.AFTER_CALL -> edits.flow().isInitializedAfter(bci);
                default -> false;
            };
            require(initialized, "this is not initialized yet in the constructor");
        }
        return 'L';
    }

    private char typeOfResult() {
        char type = returnKind();
        if (type == 'V') {
            throw new IllegalArgumentException("void has no value to return, unless boxed: " + snippet);
        }
        return type;
    }

    private char typeOf(LocalVariable variable) {
        require(edits.locals().contains(variable), "the variable is not this method's");
        return variable.descriptor().charAt(0);
    }

    private void checkResult() {
        char given = snippet.method().returnKind();
        char wanted;
        LocalVariable variable = snippet.resultVariable();
        if (snippet.result() == Snippet.INTO_PARAMETER) {
            require(
                    place == MethodEdits.ENTRY || place == MethodEdits.ENTRY_INITIALIZED,
                    "parameters are replaced at entry");
            wanted = parameterType(edits.descriptor(), snippet.resultParameter());
        } else if (variable != null) {
            wanted = typeOf(variable);
        } else {
            wanted = returnKind();
        }
        if (given == 'V' || wanted == 'V' || Descriptors.computational(given) != Descriptors.computational(wanted)) {
            throw new IllegalArgumentException(
                    "the result is of type " + given + ", what it replaces of type " + wanted + ": " + snippet);
        }
    }

    private char returnKind() {
        if (place == MethodEdits.RETURN) {
            return Descriptors.returnKind(edits.descriptor());
        }
        require(place == MethodEdits.AFTER_CALL, "no value is about to be returned");
        return Descriptors.returnKind(siteAt(bci).descriptor());
    }

    private CallSite callSite() {
        require(place == MethodEdits.BEFORE_CALL, "no call is about to be made");
        return siteAt(bci);
    }

    private CallSite siteAt(int at) {
        return CallSite.at(edits.raw(), edits.raw().codeStart(edits.method()) + at);
    }

    private char parameterType(String descriptor, int index) {
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

    private void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message + ": place=" + PLACES[place] + " snippet=" + snippet);
        }
    }
}
