package org.dvm.testkit.mutation;

import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.Member;
import org.jspecify.annotations.Nullable;

/** Damage to fields and methods. */
final class MemberMutations {
    private static final String[] NAMES = {"<init>", "<clinit>", "<other>", "a;", "", "main", "finalize", "writeReplace"
    };
    private static final String[] DESCRIPTORS = {
        "()V", "()I", "(I)V", "I", "J", "[I", "Ljava/lang/Object;", "()", "X", "V"
    };

    private MemberMutations() {}

    static @Nullable Member anyField(Surgery surgery) {
        int count = surgery.raw.fieldCount();
        return count == 0 ? null : surgery.raw.field(surgery.below(count));
    }

    static @Nullable Member anyMethod(Surgery surgery) {
        int count = surgery.raw.methodCount();
        return count == 0 ? null : surgery.raw.method(surgery.below(count));
    }

    static @Nullable Member any(Surgery surgery) {
        Member method = anyMethod(surgery);
        return method == null || surgery.oneOf(3) ? anyField(surgery) : method;
    }

    static boolean fieldFlag(Surgery surgery) {
        return flag(surgery, anyField(surgery));
    }

    static boolean methodFlag(Surgery surgery) {
        return flag(surgery, anyMethod(surgery));
    }

    private static boolean flag(Surgery surgery, @Nullable Member member) {
        if (member == null) {
            return false;
        }
        surgery.u2(member.offset(), surgery.raw.memberFlags(member) ^ 1 << surgery.below(16));
        return true;
    }

    static boolean memberFlags(Surgery surgery) {
        Member member = any(surgery);
        if (member == null) {
            return false;
        }
        surgery.u2(member.offset(), surgery.below(0x10000) & (surgery.oneOf(2) ? 0xffff : 0x0fff));
        return true;
    }

    static boolean name(Surgery surgery) {
        Member member = any(surgery);
        if (member == null) {
            return false;
        }
        surgery.u2(member.offset() + 2, anyOf(surgery, NAMES));
        return true;
    }

    static boolean descriptor(Surgery surgery) {
        Member member = any(surgery);
        if (member == null) {
            return false;
        }
        surgery.u2(member.offset() + 4, anyOf(surgery, DESCRIPTORS));
        return true;
    }

    private static int anyOf(Surgery surgery, String[] texts) {
        switch (surgery.below(5)) {
            case 0:
                return surgery.anyConstant();
            case 1:
            case 2:
                return surgery.anyConstant(RawClass.UTF8);
            default:
                return surgery.addUtf8(texts[surgery.below(texts.length)]);
        }
    }

    static boolean duplicate(Surgery surgery) {
        Member member = any(surgery);
        if (member == null) {
            return false;
        }
        surgery.addToU2(countOffset(surgery, member), 1);
        surgery.insert(member.end(), surgery.copy(member.offset(), member.end()));
        return true;
    }

    static boolean remove(Surgery surgery) {
        Member member = any(surgery);
        if (member == null) {
            return false;
        }
        surgery.addToU2(countOffset(surgery, member), -1);
        surgery.replace(member.offset(), member.end() - member.offset(), new byte[0]);
        return true;
    }

    /** Returns the offset of {@code fields_count} or {@code methods_count}, whichever counts the member. */
    private static int countOffset(Surgery surgery, Member member) {
        RawClass raw = surgery.raw;
        int fields = raw.constantPoolEnd() + 8 + 2 * raw.interfaceCount();
        int methods = raw.fieldCount() == 0
                ? fields + 2
                : raw.field(raw.fieldCount() - 1).end();
        return member.offset() > methods ? methods : fields;
    }
}
