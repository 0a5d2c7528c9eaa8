package org.dvm.core.edit;

import java.util.StringJoiner;

/**
 * A set of opcodes: which instructions a snippet shall stand before. Some are ready made; others are built from opcodes
 * as the specification numbers them.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @jvms 6.5
 */
public final class OpcodeSet {
    private static final int COUNT = 202;

    /** The calls: {@code invokevirtual}, {@code -special}, {@code -static}, {@code -interface} and {@code -dynamic}. */
    public static final OpcodeSet CALLS = of(182, 183, 184, 185, 186);
    /** Instructions that make objects: {@code new}, {@code newarray}, {@code anewarray} and {@code multianewarray}. */
    public static final OpcodeSet ALLOCATIONS = of(187, 188, 189, 197);

    private final boolean[] members;
    /** {@link Bytecode#STEPS} with 0 for the members. */
    private final byte[] steps;

    private OpcodeSet(boolean[] members) {
        this.members = members;
        this.steps = Bytecode.STEPS.clone();
        for (int opcode = 0; opcode < members.length; opcode++) {
            if (members[opcode]) {
                steps[opcode] = 0;
            }
        }
    }

    /**
     * Returns the set of these opcodes.
     *
     * @param opcodes from 0 to 201, without {@code wide} (196), which is part of the instruction behind it
     * @throws IllegalArgumentException if one is not the opcode of an instruction
     */
    public static OpcodeSet of(int... opcodes) {
        boolean[] members = new boolean[256];
        for (int opcode : opcodes) {
            if (opcode < 0 || opcode >= COUNT || opcode == Bytecode.WIDE) {
                throw new IllegalArgumentException("not the opcode of an instruction: opcode=" + opcode);
            }
            members[opcode] = true;
        }
        return new OpcodeSet(members);
    }

    /** Returns the set of both sets' opcodes. */
    public OpcodeSet and(OpcodeSet other) {
        boolean[] both = members.clone();
        for (int opcode = 0; opcode < both.length; opcode++) {
            both[opcode] |= other.members[opcode];
        }
        return new OpcodeSet(both);
    }

    /** Returns whether an opcode is in the set. */
    public boolean contains(int opcode) {
        return opcode >= 0 && opcode < COUNT && members[opcode];
    }

    /** Returns {@link Bytecode#STEPS} with 0 for the members, shared. */
    byte[] steps() {
        return steps;
    }

    @Override
    public String toString() {
        StringJoiner text = new StringJoiner(",", "opcodes[", "]");
        for (int opcode = 0; opcode < COUNT; opcode++) {
            if (members[opcode]) {
                text.add(Integer.toString(opcode));
            }
        }
        return text.toString();
    }
}
