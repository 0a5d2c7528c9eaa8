package org.dvm.core.edit;

import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.dvm.core.classfile.RawClass;
import org.jspecify.annotations.Nullable;

/**
 * The variables of a method as its snippets see them: {@code this}, the parameters, and what edits add above
 * {@code max_locals}: variables that filters asked for, and copies of {@code this} and parameters.
 *
 * <p>A copy is made at entry where a snippet further on uses a value whose own variable may hold something else there:
 * because the method stores into it, or because a stack map frame doesn't declare it.
 */
final class SavedValues {
    private final List<LocalVariable> variables = new ArrayList<>();
    private final List<String> addedTypes = new ArrayList<>();
    private final List<Integer> addedSlots = new ArrayList<>();
    private int[] ownSlots = new int[8];
    private int[] copies = new int[8];
    private int parameterCount;
    private int thisCopy;
    private int firstAdded;
    private int end;

    /** Gives every added variable its place. */
    void start(RawClass raw, RawClass.Member method, @Nullable MethodEdits[] edits, FrameReader frames) {
        startWithout(raw.u2(method.codeOffset() + 2));
        boolean needsMore = false;
        for (MethodEdits of : edits) {
            if (of != null) {
                needsMore |= usesOwnVariables(of);
                List<LocalVariable> added = of.locals();
                for (int i = 0; i < added.size(); i++) {
                    variables.add(added.get(i));
                    add(added.get(i).descriptor());
                }
            }
        }
        if (needsMore) {
            int own = firstAdded;
            layOutParameters(raw.memberDescriptor(method), Modifier.isStatic(raw.memberFlags(method)));
            if (firstAdded > own) {
                throw DoesNotFit.malformed("max_locals=" + own + " doesn't hold the parameters", 0);
            }
            copyWhatChanges(raw, method, edits, frames);
        }
    }

    /** Gives a method of so many variables none besides, and no snippet that would ask for its own. */
    void startWithout(int maxLocals) {
        variables.clear();
        addedTypes.clear();
        addedSlots.clear();
        thisCopy = -1;
        parameterCount = 0;
        firstAdded = maxLocals;
        end = maxLocals;
    }

    private static boolean usesOwnVariables(MethodEdits edits) {
        for (int i = 0; i < edits.count(); i++) {
            if (edits.snippet(i).readsVariables()) {
                return true;
            }
        }
        return false;
    }

    private void layOutParameters(String descriptor, boolean isStatic) {
        parameterCount = Descriptors.parameterCount(descriptor);
        if (ownSlots.length < parameterCount) {
            ownSlots = new int[parameterCount];
            copies = new int[parameterCount];
        }
        int slot = isStatic ? 0 : 1;
        int type = 1;
        for (int i = 0; i < parameterCount; i++) {
            ownSlots[i] = slot;
            copies[i] = -1;
            slot += Descriptors.slots(descriptor.charAt(type));
            type = Descriptors.next(descriptor, type);
        }
        firstAdded = Math.max(firstAdded, slot);
    }

    private void copyWhatChanges(
            RawClass raw, RawClass.Member method, @Nullable MethodEdits[] edits, FrameReader frames) {
        boolean constructor = raw.memberName(method).equals("<init>");
        boolean usesThis = false;
        boolean usesAll = false;
        boolean[] uses = new boolean[parameterCount];
        for (MethodEdits of : edits) {
            if (of == null) {
                continue;
            }
            for (int i = 0; i < of.count(); i++) {
                int place = of.place(i);
                if (place == MethodEdits.ENTRY || place == MethodEdits.ENTRY_INITIALIZED && !constructor) {
                    continue;
                }
                Snippet snippet = of.snippet(i);
                for (int j = 0; j < snippet.valueCount(); j++) {
                    Value value = snippet.value(j);
                    usesThis |= value.kind() == Value.THIS;
                    usesAll |= value.kind() == Value.PARAMETER_ARRAY;
                    if (value.kind() == Value.PARAMETER) {
                        uses[value.number()] = true;
                    }
                }
            }
        }
        boolean usesParameters = usesAll;
        for (boolean use : uses) {
            usesParameters |= use;
        }
        if (!usesThis && !usesParameters) {
            return;
        }
        StoredVariables stored = StoredVariables.of(raw, method);
        boolean framesKeep = frames.keepParameters(raw, method);
        if (usesThis && (stored.isStored(0, 1) || !framesKeep)) {
            if (constructor && stored.isStored(0, 1)) {
                throw DoesNotFit.of(EditRule.THIS_NOT_AVAILABLE, "the constructor overwrites this");
            }
            thisCopy = add("L" + raw.className() + ";");
        }
        String descriptor = raw.memberDescriptor(method);
        int type = 1;
        for (int i = 0; i < parameterCount; i++) {
            int next = Descriptors.next(descriptor, type);
            if ((usesAll || uses[i])
                    && (stored.isStored(ownSlots[i], Descriptors.slots(descriptor.charAt(type))) || !framesKeep)) {
                copies[i] = add(descriptor.substring(type, next));
            }
            type = next;
        }
    }

    private int add(String descriptor) {
        int slot = end;
        addedTypes.add(descriptor);
        addedSlots.add(slot);
        end += Descriptors.slots(descriptor.charAt(0));
        if (end > 65535) {
            throw DoesNotFit.of(EditRule.METHOD_TOO_LARGE, "more than 65535 local variables");
        }
        return slot;
    }

    /** Returns the number of the method's own variables: the first added one stands there. */
    int firstAdded() {
        return firstAdded;
    }

    /** Returns the number of variables with the added ones. */
    int end() {
        return end;
    }

    int addedCount() {
        return addedTypes.size();
    }

    String addedType(int index) {
        return addedTypes.get(index);
    }

    int addedSlot(int index) {
        return addedSlots.get(index);
    }

    int thisSlot() {
        return thisCopy >= 0 ? thisCopy : 0;
    }

    /** Returns the variable that holds a copy of {@code this}, or -1. */
    int thisCopy() {
        return thisCopy;
    }

    int ownSlot(int parameter) {
        return ownSlots[parameter];
    }

    /** Returns the variable that holds a copy of a parameter, or -1. */
    int parameterCopy(int parameter) {
        return copies[parameter];
    }

    int parameterSlot(int parameter) {
        return copies[parameter] >= 0 ? copies[parameter] : ownSlots[parameter];
    }

    /** Returns the index of the parameter of which the added variable is a copy, or -1. */
    int parameterOf(int slot) {
        for (int i = 0; i < parameterCount; i++) {
            if (copies[i] == slot) {
                return i;
            }
        }
        return -1;
    }

    int slotOf(LocalVariable variable) {
        return addedSlots.get(variables.indexOf(variable));
    }

    /**
     * Returns how many entries of the initial frame cover the method's own variables that the snippets of a place read
     * directly.
     */
    int ownVariablesUsed(MethodPlan plan, int place) {
        int entries = isOwnVariableUsed(plan, place, -1) ? 1 : 0;
        int receiver = parameterCount > 0 && ownSlots[0] == 0 ? 0 : 1;
        for (int i = 0; i < parameterCount; i++) {
            if (isOwnVariableUsed(plan, place, i)) {
                entries = receiver + i + 1;
            }
        }
        return entries;
    }

    /**
     * Returns whether the snippets of a place read the variable of a parameter, or of {@code this} with -1, and not a
     * copy.
     */
    boolean isOwnVariableUsed(MethodPlan plan, int place, int parameter) {
        if (parameter < 0 ? thisCopy >= 0 : copies[parameter] >= 0) {
            return false;
        }
        for (int i = 0; i < plan.count(place); i++) {
            Snippet snippet = plan.snippet(place, i);
            for (int j = 0; j < snippet.valueCount(); j++) {
                Value value = snippet.value(j);
                int kind = value.kind();
                if (parameter < 0
                        ? kind == Value.THIS
                        : kind == Value.PARAMETER_ARRAY || kind == Value.PARAMETER && value.number() == parameter) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Lays out the variables of a method that edits add. */
    void startAdded(String descriptor, boolean isStatic, List<Snippet> body) {
        startWithout(0);
        layOutParameters(descriptor, isStatic);
        end = firstAdded;
        for (Snippet snippet : body) {
            LocalVariable variable = snippet.resultVariable();
            if (variable != null && !variables.contains(variable)) {
                variables.add(variable);
                add(variable.descriptor());
            }
        }
    }
}
