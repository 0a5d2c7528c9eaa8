package org.dvm.testkit.mutation;

import java.util.ArrayList;
import java.util.List;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.Attribute;
import org.dvm.core.classfile.RawClass.Member;
import org.dvm.testkit.assembly.Bytes;
import org.jspecify.annotations.Nullable;

/** Damage to instructions and what stands beside them in a Code attribute. */
final class CodeMutations {
    /** Opcodes of one form that differ in the types they take and give. */
    private static final int[][] GROUPS = {
        range(1, 15),
        range(21, 25),
        range(26, 45),
        range(46, 53),
        range(54, 58),
        range(59, 78),
        range(79, 86),
        range(87, 95),
        range(96, 131),
        range(133, 147),
        range(148, 152),
        range(153, 168),
        range(172, 177),
        range(178, 181),
        range(182, 184),
        {187, 189, 192, 193},
        {190, 191, 194, 195},
        {198, 199, 153, 167, 168},
        {185, 186},
        {18, 16, 188, 21, 25, 54, 58, 169},
        {19, 20, 17},
        {200, 201}
    };

    private CodeMutations() {}

    private static int[] range(int first, int last) {
        return java.util.stream.IntStream.rangeClosed(first, last).toArray();
    }

    static @Nullable Member anyCode(Surgery surgery) {
        List<Member> found = new ArrayList<>();
        for (int i = 0; i < surgery.raw.methodCount(); i++) {
            Member method = surgery.raw.method(i);
            if (method.codeOffset() >= 0 && surgery.raw.codeLength(method) > 0) {
                found.add(method);
            }
        }
        return found.isEmpty() ? null : found.get(surgery.below(found.size()));
    }

    static boolean maxStack(Surgery surgery) {
        Member method = anyCode(surgery);
        if (method == null) {
            return false;
        }
        int old = surgery.raw.u2(method.codeOffset());
        surgery.u2(method.codeOffset(), surgery.oneOf(2) ? old - 1 : surgery.otherThan(old));
        return true;
    }

    static boolean maxLocals(Surgery surgery) {
        Member method = anyCode(surgery);
        if (method == null) {
            return false;
        }
        int old = surgery.raw.u2(method.codeOffset() + 2);
        surgery.u2(method.codeOffset() + 2, surgery.oneOf(2) ? old - 1 : surgery.otherThan(old));
        return true;
    }

    static boolean codeLength(Surgery surgery) {
        Member method = anyCode(surgery);
        if (method == null) {
            return false;
        }
        surgery.u4(method.codeOffset() + 4, surgery.otherThan(surgery.raw.codeLength(method)));
        return true;
    }

    /** Replaces an opcode by one that takes the same operands and has a like purpose. */
    static boolean opcodeOfGroup(Surgery surgery) {
        int offset = someInstruction(surgery);
        if (offset == 0) {
            return false;
        }
        int opcode = surgery.raw.u1(offset);
        for (int[] group : GROUPS) {
            for (int member : group) {
                if (member == opcode) {
                    surgery.u1(offset, group[surgery.below(group.length)]);
                    return true;
                }
            }
        }
        return false;
    }

    static boolean opcodeOfLength(Surgery surgery) {
        int offset = someInstruction(surgery);
        if (offset == 0) {
            return false;
        }
        int length = Instructions.lengthOf(surgery.raw.u1(offset));
        for (int attempt = 0; attempt < 100; attempt++) {
            int opcode = surgery.below(202);
            if (length != 0 && Instructions.lengthOf(opcode) == length) {
                surgery.u1(offset, opcode);
                return true;
            }
        }
        return false;
    }

    static boolean opcode(Surgery surgery) {
        int offset = someInstruction(surgery);
        if (offset == 0) {
            return false;
        }
        surgery.u1(offset, surgery.below(256));
        return true;
    }

    /** Puts a random shorter instruction in the place of one and fills up with {@code nop}. */
    static boolean overwrite(Surgery surgery) {
        Member method = anyCode(surgery);
        if (method == null) {
            return false;
        }
        Instructions code = Instructions.of(surgery.raw, method);
        int index = surgery.below(code.offsets.length);
        int available = code.length(index);
        int opcode = surgery.below(202);
        int length = Instructions.lengthOf(opcode);
        if (length == 0 || length > available) {
            return false;
        }
        int offset = code.offsets[index];
        for (int i = 0; i < available; i++) {
            surgery.u1(offset + i, 0);
        }
        surgery.u1(offset, opcode);
        if (length == 2) {
            surgery.u1(offset + 1, surgery.below(12));
        } else if (opcode >= 153 && opcode <= 168 || opcode == 198 || opcode == 199) {
            int target = code.offsets[surgery.below(code.offsets.length)];
            surgery.u2(offset + 1, target - offset);
        } else if (length > 2) {
            surgery.u2(offset + 1, surgery.anyConstant());
        }
        return true;
    }

    /** Exchanges two neighbours. */
    static boolean swap(Surgery surgery) {
        Member method = anyCode(surgery);
        if (method == null) {
            return false;
        }
        Instructions code = Instructions.of(surgery.raw, method);
        if (code.offsets.length < 2) {
            return false;
        }
        int index = surgery.below(code.offsets.length - 1);
        int first = code.offsets[index];
        int second = code.offsets[index + 1];
        int end = second + code.length(index + 1);
        byte[] exchanged = Bytes.of()
                .raw(surgery.copy(second, end))
                .raw(surgery.copy(first, second))
                .toArray();
        surgery.replace(first, exchanged.length, exchanged);
        return true;
    }

    static boolean erase(Surgery surgery) {
        Member method = anyCode(surgery);
        if (method == null) {
            return false;
        }
        Instructions code = Instructions.of(surgery.raw, method);
        int index = surgery.below(code.offsets.length);
        for (int i = 0; i < code.length(index); i++) {
            surgery.u1(code.offsets[index] + i, 0);
        }
        return true;
    }

    /** Takes the last instructions away, so that control falls off the end. */
    static boolean cut(Surgery surgery) {
        Member method = anyCode(surgery);
        if (method == null) {
            return false;
        }
        Instructions code = Instructions.of(surgery.raw, method);
        int from = code.offsets[surgery.oneOf(2) ? code.offsets.length - 1 : surgery.below(code.offsets.length)];
        surgery.replace(from, code.end - from, new byte[0]);
        surgery.addToU4(method.codeOffset() + 4, from - code.end);
        surgery.addToU4(method.codeOffset() - 4, from - code.end);
        return true;
    }

    static boolean operandByte(Surgery surgery) {
        Member method = anyCode(surgery);
        if (method == null) {
            return false;
        }
        Instructions code = Instructions.of(surgery.raw, method);
        int index = surgery.below(code.offsets.length);
        if (code.length(index) < 2) {
            return false;
        }
        int offset = code.offsets[index] + 1 + surgery.below(code.length(index) - 1);
        surgery.u1(offset, surgery.oneOf(2) ? surgery.below(256) : surgery.otherThan(surgery.raw.u1(offset)));
        return true;
    }

    static boolean operandConstant(Surgery surgery) {
        int offset = someConstantOperand(surgery);
        if (offset == 0) {
            return false;
        }
        surgery.u2(offset, surgery.anyConstant());
        return true;
    }

    static boolean operandConstantOfSameTag(Surgery surgery) {
        int offset = someConstantOperand(surgery);
        if (offset == 0 || surgery.raw.u2(offset) >= surgery.raw.constantCount()) {
            return false;
        }
        surgery.u2(offset, surgery.anyConstant(surgery.raw.constantTag(surgery.raw.u2(offset))));
        return true;
    }

    private static int someConstantOperand(Surgery surgery) {
        return some(
                surgery,
                opcode -> opcode == 19
                        || opcode == 20
                        || opcode >= 178 && opcode <= 187
                        || opcode == 189
                        || opcode == 192
                        || opcode == 193
                        || opcode == 197,
                1);
    }

    static boolean localIndex(Surgery surgery) {
        int offset = some(
                surgery,
                opcode ->
                        opcode >= 21 && opcode <= 45 || opcode >= 54 && opcode <= 78 || opcode == 132 || opcode == 169,
                0);
        if (offset == 0) {
            return false;
        }
        int opcode = surgery.raw.u1(offset);
        if (opcode >= 26 && opcode <= 45) {
            surgery.u1(offset, opcode - (opcode - 26) % 4 + surgery.below(4));
        } else if (opcode >= 59 && opcode <= 78) {
            surgery.u1(offset, opcode - (opcode - 59) % 4 + surgery.below(4));
        } else {
            surgery.u1(offset + 1, surgery.oneOf(4) ? surgery.below(256) : surgery.below(12));
        }
        return true;
    }

    static boolean branchTarget(Surgery surgery) {
        Member method = anyCode(surgery);
        if (method == null) {
            return false;
        }
        Instructions code = Instructions.of(surgery.raw, method);
        for (int attempt = 0; attempt < 100; attempt++) {
            int offset = code.offsets[surgery.below(code.offsets.length)];
            int opcode = surgery.raw.u1(offset);
            if (opcode >= 153 && opcode <= 168 || opcode == 198 || opcode == 199) {
                int target = surgery.oneOf(4)
                        ? code.start + surgery.below(code.end - code.start + 4)
                        : code.offsets[surgery.below(code.offsets.length)];
                surgery.u2(offset + 1, target - offset);
                return true;
            }
        }
        return false;
    }

    static boolean switchOperand(Surgery surgery) {
        Member method = anyCode(surgery);
        if (method == null) {
            return false;
        }
        Instructions code = Instructions.of(surgery.raw, method);
        for (int index = 0; index < code.offsets.length; index++) {
            int opcode = surgery.raw.u1(code.offsets[index]);
            if ((opcode == Instructions.TABLE_SWITCH || opcode == Instructions.LOOKUP_SWITCH)
                    && code.length(index) > 12) {
                int padding = 3 - (code.offsets[index] - code.start) % 4;
                if (padding > 0 && surgery.oneOf(8)) {
                    surgery.u1(code.offsets[index] + 1, 1 + surgery.below(255));
                    return true;
                }
                int words = (code.length(index) - 1 - padding) / 4;
                int word = code.offsets[index]
                        + 1
                        + padding
                        + 4 * surgery.below(Math.min(words, surgery.oneOf(2) ? 4 : words));
                surgery.u4(
                        word,
                        surgery.oneOf(8) ? surgery.random.nextInt() : surgery.raw.s4(word) + surgery.below(9) - 4);
                return true;
            }
        }
        return false;
    }

    static boolean exceptionEntry(Surgery surgery) {
        Member method = anyCode(surgery);
        if (method == null) {
            return false;
        }
        int table = surgery.raw.codeStart(method) + surgery.raw.codeLength(method);
        int count = surgery.raw.u2(table);
        if (count == 0) {
            return false;
        }
        if (surgery.oneOf(10)) {
            surgery.u2(table, surgery.otherThan(count));
            return true;
        }
        int column = surgery.below(4);
        int offset = table + 2 + 8 * surgery.below(count) + 2 * column;
        if (offset + 2 > surgery.length()) {
            return false;
        }
        if (column < 3) {
            surgery.u2(offset, surgery.oneOf(3) ? surgery.otherThan(surgery.raw.u2(offset)) : anyPc(surgery, method));
        } else {
            surgery.u2(offset, surgery.oneOf(3) ? surgery.anyConstant() : surgery.anyConstant(RawClass.CLASS));
        }
        return true;
    }

    static boolean newExceptionEntry(Surgery surgery) {
        Member method = anyCode(surgery);
        if (method == null) {
            return false;
        }
        int table = surgery.raw.codeStart(method) + surgery.raw.codeLength(method);
        int first = anyPc(surgery, method);
        int second = anyPc(surgery, method);
        surgery.insert(
                table + 2,
                Bytes.of()
                        .u2(Math.min(first, second), Math.max(first, second), anyPc(surgery, method))
                        .u2(surgery.oneOf(2) ? 0 : surgery.anyConstant(RawClass.CLASS))
                        .toArray());
        surgery.addToU2(table, 1);
        surgery.addToU4(method.codeOffset() - 4, 8);
        return true;
    }

    private static int anyPc(Surgery surgery, Member method) {
        Instructions code = Instructions.of(surgery.raw, method);
        return code.offsets[surgery.below(code.offsets.length)] - code.start;
    }

    static boolean debugTable(Surgery surgery) {
        Member method = anyCode(surgery);
        if (method == null) {
            return false;
        }
        for (Attribute attribute : Places.codeTable(surgery.raw, method).attributes()) {
            boolean debug = AttributeMutations.named(surgery.raw, attribute, "LineNumberTable")
                    || AttributeMutations.named(surgery.raw, attribute, "LocalVariableTable")
                    || AttributeMutations.named(surgery.raw, attribute, "LocalVariableTypeTable");
            if (debug && attribute.length() >= 2 && surgery.oneOf(2)) {
                int offset = attribute.offset() + 2 * surgery.below(attribute.length() / 2);
                surgery.u2(offset, surgery.otherThan(surgery.raw.u2(offset)));
                return true;
            }
        }
        return false;
    }

    private static int someInstruction(Surgery surgery) {
        return some(surgery, opcode -> true, 0);
    }

    static int some(Surgery surgery, java.util.function.IntPredicate wanted, int delta) {
        Member method = anyCode(surgery);
        if (method == null) {
            return 0;
        }
        Instructions code = Instructions.of(surgery.raw, method);
        for (int attempt = 0; attempt < 50; attempt++) {
            int index = surgery.below(code.offsets.length);
            if (wanted.test(surgery.raw.u1(code.offsets[index]))
                    && code.offsets[index] + code.length(index) <= code.end) {
                return code.offsets[index] + delta;
            }
        }
        return 0;
    }
}
