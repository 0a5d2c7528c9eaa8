package org.dvm.verifier;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.dvm.testkit.assembly.Bytes;
import org.dvm.testkit.assembly.ClassAssembler;

/**
 * Classes of old versions with one method of blocks that call each other by jsr: nested, recursive, shared and merging
 * subroutines, which return by any ret, by another local variable, by a jump, an exception or not at all; with values, objects
 * before their constructor and halves of longs in the variables that they touch or leave alone, and handlers over any of it.
 *
 * @jvms 4.10.2.5
 */
final class SubroutinePrograms {
    static final String NAME = "random/Subroutines";

    private static final int LOCALS = 8;
    private static final String[] CLASSES = {
        "java/lang/Object", "java/lang/String", "java/util/ArrayList", "java/lang/Error", "[I", "java/lang/Runnable"
    };

    private final Random random;
    private final ClassAssembler assembler = new ClassAssembler(NAME);
    private final Bytes code = Bytes.of();
    private final List<Integer> blocks = new ArrayList<>();
    private final List<Integer> starts = new ArrayList<>();
    private final List<int[]> jumps = new ArrayList<>();
    private final boolean constructor;
    private int blockCount;

    private SubroutinePrograms(long seed) {
        this.random = new Random(seed * 0x9E3779B97F4A7C15L);
        this.constructor = random.nextInt(6) == 0;
    }

    /** Returns the class of that seed. */
    static byte[] of(int version, long seed) {
        return new SubroutinePrograms(seed).write(version);
    }

    private byte[] write(int version) {
        assembler.version(version, 0);
        blockCount = 2 + random.nextInt(5);
        boolean[] isSubroutine = new boolean[blockCount];
        for (int i = 1; i < blockCount; i++) {
            isSubroutine[i] = random.nextInt(4) > 0;
        }
        for (int i = 0; i < blockCount; i++) {
            blocks.add(code.length());
            block(i, isSubroutine);
        }
        byte[] bytes = code.toArray();
        for (int[] jump : jumps) {
            int offset = blocks.get(jump[1]) - jump[0];
            int at = jump[0] + jump[2] - 2;
            if (jump[2] == 5) {
                bytes[at - 2] = bytes[at - 1] = (byte) (offset >> 31);
            }
            bytes[at] = (byte) (offset >> 8);
            bytes[at + 1] = (byte) offset;
        }
        Bytes handlers = Bytes.of();
        for (int i = random.nextInt(3); i > 0; i--) {
            int first = starts.get(random.nextInt(starts.size()));
            int second = starts.get(random.nextInt(starts.size()));
            int target = blocks.get(random.nextInt(blockCount));
            handlers.u2(Math.min(first, second), Math.max(first, second), target, 0);
        }
        int maxStack = random.nextInt(20) == 0 ? 1 : 6;
        byte[] body = assembler.code(maxStack, LOCALS, Bytes.of().raw(bytes), handlers);
        assembler.method(constructor ? 1 : 9, constructor ? "<init>" : "m", "(IJLjava/util/ArrayList;)V", body);
        return assembler.toBytes();
    }

    private void at() {
        starts.add(code.length());
    }

    private void op(int... bytes) {
        at();
        code.u1(bytes);
    }

    private void block(int number, boolean[] isSubroutine) {
        int variable = 5 + random.nextInt(3);
        boolean kept = isSubroutine[number];
        if (kept) {
            if (random.nextInt(12) > 0) {
                op(0x3a, variable);
            } else {
                op(random.nextInt(3) == 0 ? 0x57 : 0x5f);
            }
        } else if (number > 0 && random.nextBoolean()) {
            op(random.nextBoolean() ? 0x57 : 0x00);
        } else if (number == 0 && constructor && random.nextInt(4) > 0) {
            at();
            code.u1(0x2a, 0xb7).u2(assembler.methodRef("java/lang/Object", "<init>", "()V"));
        }
        for (int steps = random.nextInt(6); steps > 0; steps--) {
            step(number, isSubroutine);
        }
        end(number, kept, variable);
    }

    private void end(int number, boolean kept, int variable) {
        if (kept && random.nextInt(8) > 0) {
            int index = random.nextInt(12) == 0 ? 5 + random.nextInt(3) : variable;
            if (random.nextInt(5) == 0) {
                op(0xc4, 0xa9, 0, index);
            } else {
                op(0xa9, index);
            }
            return;
        }
        switch (random.nextInt(8)) {
            case 0 -> {
                op(0x01);
                op(0xbf);
            }
            case 1 -> jump(0xa7, random.nextInt(blockCount));
            case 2 -> {
                if (number == blockCount - 1) {
                    op(0xb1);
                }
            }
            default -> op(0xb1);
        }
    }

    private void jump(int opcode, int block) {
        at();
        int start = code.length();
        boolean wide = opcode > 199;
        code.u1(opcode, 0, 0);
        if (wide) {
            code.u1(0, 0);
        }
        jumps.add(new int[] {start, block, wide ? 5 : 3});
    }

    private void call(int number, boolean[] isSubroutine) {
        int block = random.nextInt(blockCount);
        for (int attempt = 0; attempt < 6 && (block <= number || !isSubroutine[block]); attempt++) {
            block = random.nextInt(blockCount);
        }
        jump(random.nextInt(6) == 0 ? 0xc9 : 0xa8, block);
    }

    private void step(int number, boolean[] isSubroutine) {
        int index = random.nextInt(LOCALS);
        switch (random.nextInt(16)) {
            case 0, 1, 2, 3, 4 -> call(number, isSubroutine);
            case 5 -> {
                op(0x04);
                jump(0x99, random.nextInt(blockCount));
            }
            case 6 -> {
                op(0x04);
                op(0x36, index);
            }
            case 7 -> {
                op(0x09);
                op(0x37, random.nextInt(LOCALS - 1));
            }
            case 8 -> {
                at();
                code.u1(0xbb).u2(assembler.classConstant("java/util/ArrayList"));
                if (random.nextInt(3) == 0) {
                    op(0x3a, index);
                } else if (random.nextBoolean()) {
                    op(0x59);
                    at();
                    code.u1(0xb7).u2(assembler.methodRef("java/util/ArrayList", "<init>", "()V"));
                    op(0x3a, index);
                } else {
                    call(number, isSubroutine);
                    op(0x57);
                }
            }
            case 9 -> {
                op(0x01);
                at();
                code.u1(0xc0).u2(assembler.classConstant(CLASSES[random.nextInt(CLASSES.length)]));
                op(0x3a, index);
            }
            case 10 -> use(index);
            case 11 -> {
                op(0x15, 0);
                op(0x57);
            }
            case 12 -> op(0x84, index, 1);
            case 13 -> {
                op(0x19, index);
                op(random.nextInt(3) > 0 ? 0x57 : 0x4e);
            }
            case 14 -> {
                op(0x16, random.nextInt(LOCALS - 1));
                op(0x58);
            }
            default -> {
                op(0x04);
                call(number, isSubroutine);
                op(0x57);
            }
        }
    }

    /** Needs what a variable holds to be a class. */
    private void use(int index) {
        op(0x19, index);
        at();
        code.u1(0xb6).u2(assembler.methodRef(CLASSES[random.nextInt(3)], "hashCode", "()I"));
        op(0x57);
    }
}
