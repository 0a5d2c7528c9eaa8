package org.dvm.core.classfile;

import static org.dvm.core.classfile.FormatReport.quoted;

/**
 * What the checks have found out about the constants of one class.
 *
 * <p>It is kept in one int per constant, so that a name or descriptor that many others refer to is looked at once:
 *
 * <pre>
 *  bits 0-4    the tag; 0 for index 0 and for the second index of a long or double
 *
 *  of a Utf8 constant
 *  bits 5-14   is / isn't a class, field, method name, field, method descriptor; neither: not yet asked
 *  bits 15-23  slots of a method descriptor's arguments, 511 for more
 *  bits 24-28  the attribute of that name
 *  bit 29      asked for that attribute
 *  bit 30      legal modified UTF-8
 *
 *  of a NameAndType constant
 *  bit 5       it has a method's type
 *  bit 6       its name starts as those of initializers do
 * </pre>
 *
 * @jvms 4.4
 */
final class ConstantFacts {
    /**
     * How many classes are looked at byte by byte. The first use of {@link Words} costs 2 ms, as much as a hundred classes;
     * it pays off a little later, when the compiler has seen it.
     */
    private static final int COLD_CLASSES = 50;

    private static int checkedClasses; // about COLD_CLASSES at last; where threads race, some more or fewer are cold

    private static final int TAG_MASK = 0x1f;
    private static final int IS_CLASS = 1 << 5;
    private static final int NO_CLASS = 1 << 6;
    private static final int IS_FIELD = 1 << 7;
    private static final int NO_FIELD = 1 << 8;
    private static final int IS_METHOD = 1 << 9;
    private static final int NO_METHOD = 1 << 10;
    private static final int IS_FIELD_DESCRIPTOR = 1 << 11;
    private static final int NO_FIELD_DESCRIPTOR = 1 << 12;
    private static final int IS_METHOD_DESCRIPTOR = 1 << 13;
    private static final int NO_METHOD_DESCRIPTOR = 1 << 14;
    private static final int SLOTS_SHIFT = 15;
    private static final int SLOTS_MASK = 0x1ff;
    private static final int ATTRIBUTE_SHIFT = 24;
    private static final int ATTRIBUTE_MASK = 0x1f;
    private static final int ATTRIBUTE_ASKED = 1 << 29;
    private static final int IS_LEGAL = 1 << 30;
    private static final int HAS_METHOD_TYPE = 1 << 5;
    private static final int HAS_SPECIAL_NAME = 1 << 6;

    /** The first feature release whose HotSpot minds a slash at the end of a class name of an old class file. */
    private static final int RELEASE_WITHOUT_TRAILING_SLASHES = 25;

    private final RawClass raw;
    private final byte[] bytes;
    private final int[] offsets;
    private final int[] facts;
    private final int majorVersion;
    private final boolean trailingSlashes;
    private final boolean byWords;
    private final boolean freeNames;

    ConstantFacts(RawClass raw, JvmRelease release) {
        this.raw = raw;
        this.bytes = raw.bytes();
        this.offsets = raw.constantOffsets();
        this.facts = new int[offsets.length];
        this.majorVersion = raw.majorVersion();
        this.trailingSlashes = majorVersion < Names.FIRST_MAJOR_WITH_FREE_NAMES
                && release.feature() < RELEASE_WITHOUT_TRAILING_SLASHES;
        this.byWords = checkedClasses >= COLD_CLASSES || ++checkedClasses >= COLD_CLASSES;
        this.freeNames = byWords && majorVersion >= Names.FIRST_MAJOR_WITH_FREE_NAMES;
        for (int i = 1; i < offsets.length; i++) {
            int offset = offsets[i];
            facts[i] = offset == 0 ? 0 : bytes[offset];
        }
    }

    int count() {
        return facts.length;
    }

    int offset(int index) {
        return offsets[index];
    }

    int tag(int index) {
        return facts[index] & TAG_MASK;
    }

    boolean hasTag(int index, int tag) {
        return index < facts.length && (facts[index] & TAG_MASK) == tag;
    }

    /** Returns the tag of the constant that the index at that offset refers to; 0 if there is none. */
    int tagAt(int offset) {
        int index = (bytes[offset] & 0xff) << 8 | bytes[offset + 1] & 0xff;
        return index < facts.length ? facts[index] & TAG_MASK : 0;
    }

    boolean isLoadable(int index) {
        if (index >= facts.length) {
            return false;
        }
        switch (facts[index] & TAG_MASK) {
            case RawClass.INTEGER:
            case RawClass.FLOAT:
            case RawClass.LONG:
            case RawClass.DOUBLE:
            case RawClass.CLASS:
            case RawClass.STRING:
            case RawClass.METHOD_HANDLE:
            case RawClass.METHOD_TYPE:
            case RawClass.DYNAMIC:
                return true;
            default:
                return false;
        }
    }

    /** Returns whether all texts are legal; most have been found so when they were looked at as names. */
    boolean areTextsLegal() {
        int[] facts = this.facts;
        for (int i = 1; i < facts.length; i++) {
            if ((facts[i] & (TAG_MASK | IS_LEGAL)) == RawClass.UTF8 && !isLegalText(i)) {
                return false;
            }
        }
        return true;
    }

    boolean isLegalText(int utf8) {
        if ((facts[utf8] & IS_LEGAL) != 0) {
            return true;
        }
        int start = start(utf8);
        int end = end(utf8);
        boolean is =
                byWords && Words.isAscii(bytes, start, end) || ModifiedUtf8.isLegal(bytes, start, end, majorVersion);
        facts[utf8] |= is ? IS_LEGAL : 0;
        return is;
    }

    boolean isFieldName(int utf8) {
        int known = facts[utf8];
        if ((known & (IS_FIELD | NO_FIELD)) == 0) {
            return isName(utf8) || isOddFieldName(utf8);
        }
        return (known & IS_FIELD) != 0;
    }

    private boolean isOddFieldName(int utf8) {
        boolean is = isLegalText(utf8) && Names.isFieldName(bytes, start(utf8), end(utf8), majorVersion);
        facts[utf8] |= is ? IS_FIELD : NO_FIELD;
        return is;
    }

    boolean isMethodName(int utf8) {
        int known = facts[utf8];
        if ((known & (IS_METHOD | NO_METHOD)) == 0) {
            return isName(utf8) || isOddMethodName(utf8);
        }
        return (known & IS_METHOD) != 0;
    }

    private boolean isOddMethodName(int utf8) {
        boolean is = isLegalText(utf8) && Names.isMethodName(bytes, start(utf8), end(utf8), majorVersion);
        facts[utf8] |= is ? IS_METHOD : NO_METHOD;
        return is;
    }

    /** Returns whether a text is clearly a name for fields and methods. */
    private boolean isName(int utf8) {
        boolean is = freeNames && Words.isName(bytes, start(utf8), end(utf8));
        facts[utf8] |= is ? IS_LEGAL | IS_FIELD | IS_METHOD : 0;
        return is;
    }

    boolean isClassName(int utf8) {
        int known = facts[utf8];
        if ((known & (IS_CLASS | NO_CLASS)) == 0) {
            int start = start(utf8);
            int end = end(utf8);
            boolean is = freeNames && Words.isPath(bytes, start, end)
                    || isLegalText(utf8) && Names.isClassName(bytes, start, end - odd(start, end), majorVersion);
            facts[utf8] |= is ? IS_LEGAL | IS_CLASS : NO_CLASS;
            return is;
        }
        return (known & IS_CLASS) != 0;
    }

    /** Returns how many characters at the end of a class name an old JVM doesn't look at. */
    private int odd(int start, int end) {
        return trailingSlashes && end - start > 1 && bytes[end - 1] == '/' ? 1 : 0;
    }

    boolean isFieldDescriptor(int utf8) {
        int known = facts[utf8];
        if ((known & (IS_FIELD_DESCRIPTOR | NO_FIELD_DESCRIPTOR)) == 0) {
            int start = start(utf8);
            int end = end(utf8);
            boolean is = freeNames && Words.isFieldDescriptor(bytes, start, end)
                    || isLegalText(utf8) && Names.isFieldDescriptor(bytes, start, end, majorVersion);
            facts[utf8] |= is ? IS_LEGAL | IS_FIELD_DESCRIPTOR : NO_FIELD_DESCRIPTOR;
            return is;
        }
        return (known & IS_FIELD_DESCRIPTOR) != 0;
    }

    /** Returns how many slots a method descriptor's arguments take, more than 255 as 511, -1 if it is none. */
    int argumentSlots(int utf8) {
        int known = facts[utf8];
        if ((known & (IS_METHOD_DESCRIPTOR | NO_METHOD_DESCRIPTOR)) == 0) {
            int start = start(utf8);
            int end = end(utf8);
            int slots = freeNames ? Words.argumentSlots(bytes, start, end) : Words.DOUBT;
            if (slots < 0 && isLegalText(utf8)) {
                slots = Names.argumentSlots(bytes, start, end, majorVersion);
            }
            facts[utf8] |= slots < 0 ? NO_METHOD_DESCRIPTOR : IS_LEGAL | IS_METHOD_DESCRIPTOR | slots << SLOTS_SHIFT;
            return slots;
        }
        return (known & IS_METHOD_DESCRIPTOR) == 0 ? -1 : known >>> SLOTS_SHIFT & SLOTS_MASK;
    }

    boolean isInitializer(int utf8) {
        return Names.isInitializer(bytes, start(utf8), end(utf8));
    }

    boolean isClassInitializer(int utf8) {
        return Names.isClassInitializer(bytes, start(utf8), end(utf8));
    }

    /** Returns the {@link AttributeName} of that text. */
    int attributeName(int utf8) {
        int known = facts[utf8];
        if ((known & ATTRIBUTE_ASKED) == 0) {
            int name = AttributeName.of(bytes, start(utf8), end(utf8));
            facts[utf8] =
                    known | ATTRIBUTE_ASKED | name << ATTRIBUTE_SHIFT | (name == AttributeName.UNKNOWN ? 0 : IS_LEGAL);
            return name;
        }
        return known >>> ATTRIBUTE_SHIFT & ATTRIBUTE_MASK;
    }

    boolean startsWith(int utf8, char first) {
        int offset = offsets[utf8];
        return bytes[offset + 3] == first && (bytes[offset + 1] | bytes[offset + 2]) != 0;
    }

    /** Returns whether a method descriptor ends with void. */
    boolean isVoid(int utf8) {
        int end = end(utf8);
        return end > start(utf8) && bytes[end - 1] == 'V';
    }

    int start(int utf8) {
        return offsets[utf8] + 3;
    }

    int end(int utf8) {
        int offset = offsets[utf8];
        return offset + 3 + ((bytes[offset + 1] & 0xff) << 8 | bytes[offset + 2] & 0xff);
    }

    /** Notes that a NameAndType constant is about a method of that name. */
    void noteMethod(int nameAndType, int name) {
        facts[nameAndType] |= HAS_METHOD_TYPE | (startsWith(name, '<') ? HAS_SPECIAL_NAME : 0);
    }

    /** Returns whether a NameAndType constant, noted before, is about a method. */
    boolean isOfMethod(int nameAndType) {
        return (facts[nameAndType] & HAS_METHOD_TYPE) != 0;
    }

    /** Returns whether a NameAndType constant, noted before, has a name that starts as those of initializers do. */
    boolean isOfInitializer(int nameAndType) {
        return (facts[nameAndType] & HAS_SPECIAL_NAME) != 0;
    }

    String text(int utf8) {
        return quoted(raw.utf8(utf8));
    }

    /** Returns what stands at an index that should be a constant of some kind. */
    String described(int index) {
        if (index == 0 || index >= facts.length) {
            return "constant " + index + " (there are 1 to " + (facts.length - 1) + ")";
        }
        int tag = raw.constantTag(index);
        return "constant " + index + (tag == 0 ? " (the second half of a long or double)" : " (of tag " + tag + ")");
    }
}
