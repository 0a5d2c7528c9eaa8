package org.dvm.verifier.internal;

import org.dvm.core.classfile.RawClass;

/** Instructions as text, for messages. */
final class InstructionText {
    private InstructionText() {}

    /** Returns an instruction with its operands; constants that aren't there are shown as numbers. */
    static String of(Code code, int bci) {
        int opcode = code.u1(bci);
        String name = Opcode.name(opcode);
        int left = code.length - bci;
        if (left < Math.max(Opcode.length(opcode), 1)) {
            return name;
        }
        switch (opcode) {
            case Opcode.LDC:
                return name + " " + constant(code.raw(), code.u1(bci + 1));
            case Opcode.LDC_W:
            case Opcode.LDC2_W:
            case Opcode.GETSTATIC:
            case Opcode.PUTSTATIC:
            case Opcode.GETFIELD:
            case Opcode.PUTFIELD:
            case Opcode.INVOKEVIRTUAL:
            case Opcode.INVOKESPECIAL:
            case Opcode.INVOKESTATIC:
            case Opcode.INVOKEINTERFACE:
            case Opcode.INVOKEDYNAMIC:
            case Opcode.NEW:
            case Opcode.ANEWARRAY:
            case Opcode.CHECKCAST:
            case Opcode.INSTANCEOF:
            case Opcode.MULTIANEWARRAY:
                return name + " " + constant(code.raw(), code.u2(bci + 1));
            case Opcode.GOTO_W:
            case Opcode.JSR_W:
                return name + " " + (bci + code.s4(bci + 1));
            default:
                break;
        }
        boolean branch =
                opcode >= Opcode.IFEQ && opcode <= Opcode.JSR || opcode == Opcode.IFNULL || opcode == Opcode.IFNONNULL;
        if (branch) {
            return name + " " + (bci + code.s2(bci + 1));
        }
        return Opcode.length(opcode) == 2 ? name + " " + code.u1(bci + 1) : name;
    }

    private static String constant(RawClass raw, int index) {
        if (index == 0 || index >= raw.constantCount() || raw.constantOffset(index) == 0) {
            return "#" + index;
        }
        int offset = raw.constantOffset(index);
        switch (raw.constantTag(index)) {
            case RawClass.CLASS:
                return raw.name(index);
            case RawClass.STRING:
                return "\"" + raw.name(index) + "\"";
            case RawClass.INTEGER:
                return Integer.toString(raw.s4(offset + 1));
            case RawClass.FIELD_REF:
            case RawClass.METHOD_REF:
            case RawClass.INTERFACE_METHOD_REF:
                return raw.name(raw.u2(offset + 1)) + "." + nameAndType(raw, raw.u2(offset + 3));
            case RawClass.DYNAMIC:
            case RawClass.INVOKE_DYNAMIC:
                return nameAndType(raw, raw.u2(offset + 3));
            default:
                return "#" + index;
        }
    }

    private static String nameAndType(RawClass raw, int index) {
        int offset = raw.constantOffset(index);
        return raw.utf8(raw.u2(offset + 1)) + " " + raw.utf8(raw.u2(offset + 3));
    }
}
