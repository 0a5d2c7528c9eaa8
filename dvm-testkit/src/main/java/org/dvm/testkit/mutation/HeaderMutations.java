package org.dvm.testkit.mutation;

import org.dvm.core.classfile.RawClass;
import org.dvm.testkit.assembly.Bytes;

/** Damage to version, flags, superclass and interfaces. */
final class HeaderMutations {
    private static final int FINAL = 0x0010;
    private static final int SUPER = 0x0020;
    private static final int INTERFACE = 0x0200;
    private static final int ABSTRACT = 0x0400;
    private static final int ANNOTATION = 0x2000;
    private static final int ENUM = 0x4000;
    private static final int[] MINORS = {0, 1, 3, 4, 0xffff};

    private HeaderMutations() {}

    static boolean majorVersion(Surgery surgery) {
        surgery.u2(6, surgery.oneOf(10) ? surgery.below(0x10000) : 44 + surgery.below(28));
        return true;
    }

    static boolean minorVersion(Surgery surgery) {
        surgery.u2(4, MINORS[surgery.below(MINORS.length)]);
        if (surgery.oneOf(2)) {
            surgery.u2(6, 44 + surgery.below(28));
        }
        return true;
    }

    static boolean classFlag(Surgery surgery) {
        int offset = surgery.raw.constantPoolEnd();
        surgery.u2(offset, surgery.raw.u2(offset) ^ 1 << surgery.below(16));
        return true;
    }

    static boolean classFlags(Surgery surgery) {
        surgery.u2(surgery.raw.constantPoolEnd(), surgery.below(0x10000));
        return true;
    }

    static boolean thisClass(Surgery surgery) {
        surgery.u2(surgery.raw.constantPoolEnd() + 2, anyClass(surgery));
        return true;
    }

    static boolean superClass(Surgery surgery) {
        surgery.u2(surgery.raw.constantPoolEnd() + 4, surgery.oneOf(4) ? 0 : anyClass(surgery));
        return true;
    }

    static boolean addInterface(Surgery surgery) {
        int offset = surgery.raw.constantPoolEnd() + 6;
        surgery.addToU2(offset, 1);
        surgery.insert(offset + 2, Bytes.of().u2(anyClass(surgery)).toArray());
        return true;
    }

    static boolean changeInterface(Surgery surgery) {
        if (surgery.raw.interfaceCount() == 0) {
            return false;
        }
        int chosen = surgery.below(surgery.raw.interfaceCount());
        surgery.u2(surgery.raw.constantPoolEnd() + 8 + 2 * chosen, anyClass(surgery));
        return true;
    }

    /** Makes an interface of a class, or a class of an interface, as far as its flags and superclass go. */
    static boolean otherKind(Surgery surgery) {
        int offset = surgery.raw.constantPoolEnd();
        int flags = surgery.raw.u2(offset);
        if ((flags & INTERFACE) != 0) {
            surgery.u2(offset, flags & ~(INTERFACE | ANNOTATION) | SUPER);
        } else {
            surgery.u2(offset, flags & ~(FINAL | SUPER | ENUM) | INTERFACE | ABSTRACT);
            surgery.u2(offset + 4, surgery.addClass("java/lang/Object"));
        }
        return true;
    }

    private static int anyClass(Surgery surgery) {
        switch (surgery.below(6)) {
            case 0:
                return surgery.anyConstant();
            case 1:
                return surgery.addClass(ConstantMutations.anyClassName(surgery));
            default:
                return surgery.anyConstant(RawClass.CLASS);
        }
    }
}
