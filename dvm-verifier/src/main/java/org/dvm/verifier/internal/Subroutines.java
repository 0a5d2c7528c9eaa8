package org.dvm.verifier.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dvm.verifier.TypeRule;
import org.jspecify.annotations.Nullable;

/**
 * The subroutines (jsr, ret) of one method: which one the code is in, and what returning from it restores.
 *
 * <p>After ret, a local variable has the type it had at the jsr, unless the subroutine touched it.
 *
 * @jvms 4.10.2.5
 */
final class Subroutines {
    private final Code code;
    private final Map<Integer, Integer> returns = new HashMap<>();
    private @Nullable Map<Integer, List<Integer>> calls;
    private SubroutineMask[] masks = SubroutineMask.NONE;

    Subroutines(Code code) {
        this.code = code;
    }

    SubroutineMask[] none() {
        return SubroutineMask.NONE;
    }

    void restore(SubroutineMask[] masks) {
        this.masks = masks;
    }

    SubroutineMask[] snapshot() {
        return masks;
    }

    /** Notes which local variables an instruction touches. */
    void beforeInstruction(int bci, Frame frame) {
        if (masks.length == 0) {
            return;
        }
        int opcode = code.u1(bci);
        if (opcode == Opcode.NEW) {
            touchAll(frame, Types.uninitialized(bci));
            return;
        }
        int index = -1;
        int kind = 0;
        if (opcode >= Opcode.ILOAD_0 && opcode < Opcode.IALOAD) {
            index = opcode - Opcode.ILOAD_0 & 3;
            kind = opcode - Opcode.ILOAD_0 >> 2;
        } else if (opcode >= Opcode.ISTORE_0 && opcode < Opcode.IASTORE) {
            index = opcode - Opcode.ISTORE_0 & 3;
            kind = opcode - Opcode.ISTORE_0 >> 2;
        } else {
            boolean wide = opcode == Opcode.WIDE;
            int plain = wide ? code.u1(bci + 1) : opcode;
            boolean isLoad = plain >= Opcode.ILOAD && plain <= Opcode.ALOAD;
            boolean isStore = plain >= Opcode.ISTORE && plain <= Opcode.ASTORE;
            if (isLoad || isStore || plain == Opcode.IINC || plain == Opcode.RET) {
                index = wide ? code.u2(bci + 2) : code.u1(bci + 1);
                kind = isLoad ? plain - Opcode.ILOAD : isStore ? plain - Opcode.ISTORE : 0;
            }
        }
        if (index >= 0) {
            BitSet touched = new BitSet();
            touched.set(index);
            if (kind == 1 || kind == 3) {
                touched.set(index + 1);
            }
            touch(touched);
        }
    }

    /** Notes that every local variable of that type changes. */
    void touchAll(Frame frame, int type) {
        BitSet touched = new BitSet();
        for (int i = 0; i < frame.localCount; i++) {
            if (frame.locals[i] == type) {
                touched.set(i);
            }
        }
        if (!touched.isEmpty()) {
            touch(touched);
        }
    }

    private void touch(BitSet touched) {
        SubroutineMask[] copy = masks.clone();
        for (int i = 0; i < copy.length; i++) {
            copy[i] = copy[i].with(touched);
        }
        masks = copy;
    }

    void enter(int entry) throws MethodFault {
        for (SubroutineMask mask : masks) {
            if (mask.entry() == entry) {
                throw MethodFault.of(TypeRule.SUBROUTINE, "Recursive call to jsr entry " + entry);
            }
        }
        masks = Arrays.copyOf(masks, masks.length + 1);
        masks[masks.length - 1] = new SubroutineMask(entry, new BitSet());
    }

    /** Returns all jsr instructions that enter a subroutine, the last one first, as HotSpot returns to them. */
    List<Integer> callsOf(int entry) {
        Map<Integer, List<Integer>> known = calls;
        if (known == null) {
            known = findCalls();
            calls = known;
        }
        return known.getOrDefault(entry, List.of());
    }

    private Map<Integer, List<Integer>> findCalls() {
        Map<Integer, List<Integer>> found = new HashMap<>();
        for (int at = 0; at < code.length; at += code.lengthAt(at)) {
            int opcode = code.u1(at);
            if (opcode == Opcode.JSR || opcode == Opcode.JSR_W) {
                int entry = at + (opcode == Opcode.JSR ? code.s2(at + 1) : code.s4(at + 1));
                found.computeIfAbsent(entry, unused -> new ArrayList<>()).add(at);
            }
        }
        found.values().forEach(Collections::reverse);
        return found;
    }

    /** Returns the ret that returns to a jsr, or -1. */
    int returnOf(int jsr) {
        return returns.getOrDefault(jsr, -1);
    }

    void setReturn(int jsr, int ret) throws MethodFault {
        Integer earlier = returns.putIfAbsent(jsr, ret);
        if (earlier != null && earlier != ret) {
            throw MethodFault.of(TypeRule.SUBROUTINE, "Multiple returns to single jsr at " + jsr);
        }
    }

    /** Turns the state at a ret into the one after the jsr. */
    void leave(int entry, Frame frame, JoinState calling) throws MethodFault {
        int index = masks.length - 1;
        while (index >= 0 && masks[index].entry() != entry) {
            index--;
        }
        if (index < 0) {
            throw MethodFault.of(TypeRule.SUBROUTINE, "Illegal return from subroutine at " + entry);
        }
        BitSet touched = masks[index].touched();
        masks = Arrays.copyOf(masks, index);
        int count = Math.max(frame.localCount, calling.localCount());
        for (int i = 0; i < count; i++) {
            if (!touched.get(i)) {
                frame.locals[i] = calling.local(i);
            }
        }
        frame.localCount = count;
        frame.version++;
    }

    /** Joins the masks of a path with those of a state that it leads to; returns whether that changed the state. */
    boolean mergeInto(JoinState state) {
        SubroutineMask[] old = state.masks();
        List<SubroutineMask> common = new ArrayList<>();
        boolean changed = false;
        int from = 0;
        for (SubroutineMask mask : old) {
            for (int j = from; j < masks.length; j++) {
                if (masks[j].entry() == mask.entry()) {
                    SubroutineMask joined = mask.with(masks[j].touched());
                    changed |= !joined.touched().equals(mask.touched());
                    common.add(joined);
                    from = j + 1;
                    break;
                }
            }
        }
        if (changed || common.size() < old.length) {
            state.setMasks(common.toArray(SubroutineMask.NONE));
            return true;
        }
        return false;
    }

    /** Uninitialized objects go neither into nor out of subroutines. */
    static void dropUninitialized(Frame frame) {
        for (int i = 0; i < frame.localCount; i++) {
            if (Types.isUninitialized(frame.locals[i])) {
                frame.locals[i] = Types.TOP;
            }
        }
        for (int i = 0; i < frame.depth; i++) {
            if (Types.isUninitialized(frame.stack[i])) {
                frame.stack[i] = Types.TOP;
            }
        }
        frame.version++;
    }
}
