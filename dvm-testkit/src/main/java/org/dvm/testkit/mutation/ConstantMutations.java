package org.dvm.testkit.mutation;

import java.util.ArrayList;
import java.util.List;
import org.dvm.core.classfile.RawClass;
import org.dvm.testkit.assembly.Bytes;

/** Damage to the constant pool. */
final class ConstantMutations {
    private static final int[] TAGS = {
        1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 15, 16, 17, 18, 19, 20, 0, 2, 13, 14, 21, 99, 255
    };
    private static final int[] TAGS_OF_2_BYTES = {7, 8, 16, 19, 20};
    private static final int[] TAGS_OF_4_BYTES = {3, 4, 9, 10, 11, 12, 17, 18};
    private static final String SPECIAL = "./;[<>()LVIJDZBCSF$ -\t";
    private static final String[] CLASS_NAMES = {
        "java/lang/Object",
        "java/lang/String",
        "java/lang/Runnable",
        "java/lang/Throwable",
        "java/lang/Error",
        "java/lang/Integer",
        "java/lang/Cloneable",
        "java/util/List",
        "java/util/ArrayList",
        "java/lang/Enum",
        "java/lang/Record",
        "java/lang/constant/ConstantDesc",
        "java/lang/MagicLambdaImpl",
        "java/lang/invoke/MethodHandle",
        "no/such/Type",
        "[I",
        "[[J",
        "[Ljava/lang/Object;",
        "[Ljava/lang/String;",
        "[V",
        "[L;",
        "I",
        "a//b",
        "/a",
        "a/",
        "a.b",
        "a;b",
        "[",
        ""
    };
    private static final String[] NAMES = {
        "<init>",
        "<clinit>",
        "<x>",
        "a",
        "a.b",
        "a;b",
        "a[b",
        "a/b",
        "a<b",
        "",
        "finalize",
        "clone",
        "toString",
        "this$0",
        "()V",
        "I",
        "(I)I",
        "Code",
        "[I",
        "LX;",
        "V",
        "(V)V",
        "(",
        "()",
        "LX",
        "\u0080"
    };
    private static final String[] TYPES = {
        "I",
        "J",
        "D",
        "F",
        "Z",
        "B",
        "C",
        "S",
        "V",
        "Ljava/lang/Object;",
        "Ljava/lang/String;",
        "[I",
        "[[D",
        "[Ljava/lang/Object;",
        "L;",
        "[V",
        "Q",
        "La.b;",
        "La//b;",
        "["
    };

    private ConstantMutations() {}

    static String anyClassName(Surgery surgery) {
        return CLASS_NAMES[surgery.below(CLASS_NAMES.length)];
    }

    static boolean tag(Surgery surgery) {
        int index = some(surgery);
        if (index == 0) {
            return false;
        }
        int tag;
        switch (surgery.raw.constantTag(index)) {
            case RawClass.CLASS:
            case RawClass.STRING:
            case RawClass.METHOD_TYPE:
                tag = TAGS_OF_2_BYTES[surgery.below(TAGS_OF_2_BYTES.length)];
                break;
            case RawClass.LONG:
                tag = RawClass.DOUBLE;
                break;
            case RawClass.DOUBLE:
                tag = RawClass.LONG;
                break;
            case RawClass.UTF8:
            case RawClass.METHOD_HANDLE:
                tag = TAGS[surgery.below(TAGS.length)];
                break;
            default:
                tag = TAGS_OF_4_BYTES[surgery.below(TAGS_OF_4_BYTES.length)];
        }
        surgery.u1(surgery.raw.constantOffset(index), surgery.oneOf(10) ? TAGS[surgery.below(TAGS.length)] : tag);
        return true;
    }

    static boolean index(Surgery surgery) {
        int offset = someOperand(surgery);
        if (offset == 0) {
            return false;
        }
        surgery.u2(offset, surgery.anyConstant());
        return true;
    }

    static boolean indexOfSameTag(Surgery surgery) {
        int offset = someOperand(surgery);
        if (offset == 0) {
            return false;
        }
        int old = surgery.raw.u2(offset);
        if (old >= surgery.raw.constantCount()) {
            return false;
        }
        surgery.u2(offset, surgery.anyConstant(surgery.raw.constantTag(old)));
        return true;
    }

    static boolean count(Surgery surgery) {
        surgery.u2(8, surgery.otherThan(surgery.raw.constantCount()));
        return true;
    }

    static boolean utf8Character(Surgery surgery) {
        int offset = someUtf8(surgery);
        if (offset == 0 || surgery.raw.u2(offset + 1) == 0) {
            return false;
        }
        surgery.u1(offset + 3 + surgery.below(surgery.raw.u2(offset + 1)), special(surgery));
        return true;
    }

    static boolean utf8Insert(Surgery surgery) {
        int offset = someUtf8(surgery);
        if (offset == 0) {
            return false;
        }
        int length = surgery.raw.u2(offset + 1);
        if (length > 0 && surgery.oneOf(2)) {
            surgery.replace(offset + 3 + surgery.below(length), 1, new byte[0]);
            surgery.addToU2(offset + 1, -1);
        } else {
            surgery.insert(offset + 3 + surgery.below(length + 1), new byte[] {(byte) special(surgery)});
            surgery.addToU2(offset + 1, 1);
        }
        return true;
    }

    static boolean utf8Encoding(Surgery surgery) {
        int[][] sequences = {
            {0},
            {0xc0, 0x80},
            {0x80},
            {0xff},
            {0xc3, 0xa4},
            {0xc3},
            {0xe2, 0x82, 0xac},
            {0xe2, 0x82},
            {0xf0, 0x9f, 0x98, 0x80},
            {0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80},
            {0xed, 0xa0, 0xbd},
            {0xc1, 0x81},
            {0xe0, 0x80, 0x80},
            {0xf8, 0x88, 0x80},
            {0xfe}
        };
        int offset = someUtf8(surgery);
        if (offset == 0) {
            return false;
        }
        byte[] inserted =
                Bytes.of().u1(sequences[surgery.below(sequences.length)]).toArray();
        surgery.insert(offset + 3 + surgery.below(surgery.raw.u2(offset + 1) + 1), inserted);
        surgery.addToU2(offset + 1, inserted.length);
        return true;
    }

    static boolean utf8Replace(Surgery surgery) {
        int offset = someUtf8(surgery);
        return offset != 0 && setText(surgery, offset, NAMES[surgery.below(NAMES.length)]);
    }

    static boolean descriptorType(Surgery surgery) {
        int offset = someDescriptor(surgery);
        if (offset == 0) {
            return false;
        }
        String text = surgery.raw.utf8(indexAt(surgery, offset));
        List<int[]> types = types(text);
        if (types.isEmpty()) {
            return false;
        }
        int[] range = types.get(surgery.below(types.size()));
        String type = TYPES[surgery.below(TYPES.length)];
        return setText(surgery, offset, text.substring(0, range[0]) + type + text.substring(range[1]));
    }

    static boolean descriptorArguments(Surgery surgery) {
        int offset = someDescriptor(surgery);
        if (offset == 0) {
            return false;
        }
        String text = surgery.raw.utf8(indexAt(surgery, offset));
        String type = TYPES[surgery.below(TYPES.length)];
        if (surgery.oneOf(4)) {
            type = (surgery.oneOf(2) ? "I" : "J").repeat(126 + surgery.below(4) + 127 * surgery.below(2));
        } else if (surgery.oneOf(4)) {
            type = "[".repeat(254 + surgery.below(3)) + type;
        }
        int place = text.startsWith("(") ? 1 : 0;
        String rest = surgery.oneOf(6) && place == 1 && text.indexOf(')') > 0
                ? text.substring(text.indexOf(')'))
                : text.substring(place);
        return setText(surgery, offset, text.substring(0, place) + type + rest);
    }

    static boolean className(Surgery surgery) {
        int index = surgery.anyConstant(RawClass.CLASS);
        if (index == 0) {
            return false;
        }
        surgery.u2(surgery.raw.constantOffset(index) + 1, surgery.addUtf8(anyClassName(surgery)));
        return true;
    }

    static boolean handleKind(Surgery surgery) {
        int index = surgery.anyConstant(RawClass.METHOD_HANDLE);
        if (index == 0) {
            return false;
        }
        surgery.u1(surgery.raw.constantOffset(index) + 1, surgery.below(12));
        return true;
    }

    static boolean newConstant(Surgery surgery) {
        int tag = TAGS[surgery.below(TAGS.length)];
        Bytes constant = Bytes.of().u1(tag);
        switch (tag) {
            case RawClass.UTF8:
                constant.u2(1).u1(special(surgery));
                break;
            case RawClass.CLASS:
            case RawClass.STRING:
            case RawClass.METHOD_TYPE:
            case RawClass.MODULE:
            case RawClass.PACKAGE:
                constant.u2(surgery.oneOf(3) ? surgery.anyConstant() : surgery.anyConstant(RawClass.UTF8));
                break;
            case RawClass.METHOD_HANDLE:
                constant.u1(surgery.below(11)).u2(surgery.anyConstant(9 + surgery.below(3)));
                break;
            case RawClass.LONG:
            case RawClass.DOUBLE:
                constant.u8(surgery.random.nextLong());
                break;
            case RawClass.DYNAMIC:
            case RawClass.INVOKE_DYNAMIC:
                constant.u2(surgery.below(3)).u2(surgery.anyConstant(RawClass.NAME_AND_TYPE));
                break;
            case RawClass.NAME_AND_TYPE:
                constant.u2(surgery.anyConstant(RawClass.UTF8)).u2(surgery.anyConstant(RawClass.UTF8));
                break;
            default:
                constant.u2(surgery.anyConstant(RawClass.CLASS)).u2(surgery.anyConstant(RawClass.NAME_AND_TYPE));
        }
        surgery.addConstant(constant);
        return true;
    }

    private static int special(Surgery surgery) {
        return surgery.oneOf(8) ? surgery.below(256) : SPECIAL.charAt(surgery.below(SPECIAL.length()));
    }

    private static int some(Surgery surgery) {
        for (int attempt = 0; attempt < 20; attempt++) {
            int index = surgery.below(surgery.raw.constantCount());
            if (surgery.raw.constantTag(index) != 0) {
                return index;
            }
        }
        return 0;
    }

    private static int someUtf8(Surgery surgery) {
        return surgery.raw.constantOffset(surgery.anyConstant(RawClass.UTF8));
    }

    /** Returns the offset of an index within some constant, 0 if there is none. */
    private static int someOperand(Surgery surgery) {
        for (int attempt = 0; attempt < 50; attempt++) {
            int index = surgery.below(surgery.raw.constantCount());
            int offset = surgery.raw.constantOffset(index);
            switch (surgery.raw.constantTag(index)) {
                case RawClass.CLASS:
                case RawClass.STRING:
                case RawClass.METHOD_TYPE:
                case RawClass.MODULE:
                case RawClass.PACKAGE:
                    return offset + 1;
                case RawClass.METHOD_HANDLE:
                    return offset + 2;
                case RawClass.FIELD_REF:
                case RawClass.METHOD_REF:
                case RawClass.INTERFACE_METHOD_REF:
                case RawClass.NAME_AND_TYPE:
                case RawClass.DYNAMIC:
                case RawClass.INVOKE_DYNAMIC:
                    return offset + 1 + 2 * surgery.below(2);
                default:
                    break;
            }
        }
        return 0;
    }

    /** Returns the offset of some Utf8 constant that is a descriptor, 0 if there is none. */
    private static int someDescriptor(Surgery surgery) {
        int reference = surgery.anyConstant(RawClass.NAME_AND_TYPE);
        if (reference != 0 && surgery.oneOf(2)) {
            int type = surgery.raw.u2(surgery.raw.constantOffset(reference) + 3); // broken by an earlier mutation?
            boolean isText = type < surgery.raw.constantCount() && surgery.raw.constantTag(type) == RawClass.UTF8;
            return isText ? surgery.raw.constantOffset(type) : 0;
        }
        RawClass.Member member = MemberMutations.any(surgery);
        return member == null ? 0 : surgery.raw.constantOffset(surgery.raw.u2(member.offset() + 4));
    }

    private static int indexAt(Surgery surgery, int offset) {
        for (int i = 1; i < surgery.raw.constantCount(); i++) {
            if (surgery.raw.constantOffset(i) == offset) {
                return i;
            }
        }
        throw new IllegalArgumentException("no constant at " + offset);
    }

    private static List<int[]> types(String descriptor) {
        List<int[]> types = new ArrayList<>();
        int at = 0;
        while (at < descriptor.length()) {
            char c = descriptor.charAt(at);
            if (c == '(' || c == ')') {
                at++;
                continue;
            }
            int end = at;
            while (end < descriptor.length() && descriptor.charAt(end) == '[') {
                end++;
            }
            if (end < descriptor.length() && descriptor.charAt(end) == 'L') {
                int semicolon = descriptor.indexOf(';', end);
                end = semicolon < 0 ? descriptor.length() : semicolon + 1;
            } else {
                end = Math.min(descriptor.length(), end + 1);
            }
            types.add(new int[] {at, end});
            at = end;
        }
        return types;
    }

    private static boolean setText(Surgery surgery, int offset, String text) {
        byte[] encoded = text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        if (encoded.length > 0xffff) {
            return false;
        }
        surgery.u2(offset + 1, encoded.length);
        surgery.replace(offset + 3, surgery.raw.u2(offset + 1), encoded);
        return true;
    }
}
