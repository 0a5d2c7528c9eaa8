package org.dvm.testkit.mutation;

import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.Attribute;
import org.dvm.testkit.assembly.Bytes;
import org.dvm.testkit.mutation.Places.Table;

/**
 * Dynamic constants and call sites in the place of what is there, mostly of the same type, and bootstrap methods for them.
 *
 * @jvms 4.4.10
 */
final class DynamicMutations {
    private static final int FIRST_WITH_DYNAMIC_CALLS = 51;
    private static final int FIRST_WITH_DYNAMIC_CONSTANTS = 55;
    private static final int LDC_W = 19;
    private static final int LDC2_W = 20;
    private static final int GETSTATIC = 178;
    private static final int INVOKEINTERFACE = 185;
    private static final int INVOKEDYNAMIC = 186;

    private DynamicMutations() {}

    /** Loads a dynamic constant where a static field is read or another constant is loaded. */
    static boolean load(Surgery surgery) {
        int offset =
                CodeMutations.some(surgery, opcode -> opcode == LDC_W || opcode == LDC2_W || opcode == GETSTATIC, 0);
        if (offset == 0) {
            return false;
        }
        raiseVersion(surgery, FIRST_WITH_DYNAMIC_CONSTANTS);
        boolean field = surgery.raw.u1(offset) == GETSTATIC && isReference(surgery, offset + 1, RawClass.FIELD_REF);
        int nameAndType = field && !surgery.oneOf(8)
                ? nameAndTypeOf(surgery, offset + 1)
                : surgery.anyConstant(RawClass.NAME_AND_TYPE);
        boolean wide = field && isWide(surgery, nameAndType) != surgery.oneOf(16);
        surgery.u1(offset, surgery.raw.u1(offset) == GETSTATIC ? (wide ? LDC2_W : LDC_W) : surgery.raw.u1(offset));
        surgery.u2(offset + 1, dynamic(surgery, RawClass.DYNAMIC, nameAndType));
        return true;
    }

    /** Calls a dynamic call site where an interface's method is called: with the receiver as a further argument. */
    static boolean call(Surgery surgery) {
        int offset = CodeMutations.some(surgery, opcode -> opcode == INVOKEINTERFACE, 0);
        if (offset == 0 || !isReference(surgery, offset + 1, RawClass.INTERFACE_METHOD_REF)) {
            return false;
        }
        RawClass raw = surgery.raw;
        int member = raw.constantOffset(nameAndTypeOf(surgery, offset + 1));
        int owner = raw.u2(raw.constantOffset(raw.u2(offset + 1)) + 1);
        String type = raw.utf8(raw.u2(member + 3));
        String receiver = surgery.oneOf(8) ? "" : "L" + raw.name(owner) + ";";
        if (!type.startsWith("(")) {
            return false;
        }
        raiseVersion(surgery, FIRST_WITH_DYNAMIC_CALLS);
        int descriptor = surgery.addUtf8("(" + receiver + type.substring(1));
        int nameAndType =
                surgery.addConstant(Bytes.of().u1(RawClass.NAME_AND_TYPE).u2(raw.u2(member + 1), descriptor));
        surgery.u1(offset, INVOKEDYNAMIC);
        surgery.u2(offset + 1, dynamic(surgery, RawClass.INVOKE_DYNAMIC, nameAndType));
        surgery.u2(offset + 3, surgery.oneOf(16) ? surgery.below(0x10000) : 0);
        return true;
    }

    private static void raiseVersion(Surgery surgery, int major) {
        if (surgery.raw.majorVersion() < major && !surgery.oneOf(8)) {
            surgery.u2(6, major);
        }
    }

    /** Changes an index, a count or an argument in BootstrapMethods. */
    static boolean bootstrap(Surgery surgery) {
        for (Attribute attribute : Places.classTable(surgery.raw).attributes()) {
            if (AttributeMutations.named(surgery.raw, attribute, "BootstrapMethods") && attribute.length() >= 6) {
                int offset = attribute.offset() + 2 * surgery.below(attribute.length() / 2);
                surgery.u2(
                        offset, surgery.oneOf(2) ? surgery.anyConstant() : surgery.anyConstant(3 + surgery.below(16)));
                return true;
            }
        }
        return false;
    }

    private static boolean isReference(Surgery surgery, int offset, int tag) {
        int index = surgery.raw.u2(offset);
        if (index >= surgery.raw.constantCount() || surgery.raw.constantTag(index) != tag) {
            return false;
        }
        int at = surgery.raw.constantOffset(index);
        int member = surgery.raw.u2(at + 3);
        int owner = surgery.raw.u2(at + 1);
        return isTag(surgery, owner, RawClass.CLASS)
                && isTag(surgery, member, RawClass.NAME_AND_TYPE)
                && isTag(surgery, surgery.raw.u2(surgery.raw.constantOffset(owner) + 1), RawClass.UTF8)
                && isTag(surgery, surgery.raw.u2(surgery.raw.constantOffset(member) + 3), RawClass.UTF8);
    }

    private static boolean isTag(Surgery surgery, int index, int tag) {
        return index < surgery.raw.constantCount() && surgery.raw.constantTag(index) == tag;
    }

    private static int nameAndTypeOf(Surgery surgery, int offset) {
        return surgery.raw.u2(surgery.raw.constantOffset(surgery.raw.u2(offset)) + 3);
    }

    private static boolean isWide(Surgery surgery, int nameAndType) {
        RawClass raw = surgery.raw;
        String type = raw.utf8(raw.u2(raw.constantOffset(nameAndType) + 3));
        return type.equals("J") || type.equals("D");
    }

    /** Adds a constant and, where there are none, bootstrap methods. */
    private static int dynamic(Surgery surgery, int tag, int nameAndType) {
        Table table = Places.classTable(surgery.raw);
        boolean has = table.attributes().stream()
                .anyMatch(each -> AttributeMutations.named(surgery.raw, each, "BootstrapMethods"));
        if (!has && !surgery.oneOf(16)) {
            AttributeMutations.append(surgery, table, new SoundAttributes(surgery).of("BootstrapMethods"));
        }
        int method = surgery.oneOf(16) ? surgery.below(0x10000) : 0;
        return surgery.addConstant(Bytes.of().u1(tag).u2(method, nameAndType));
    }
}
