package org.dvm.core.edit;

import java.nio.charset.StandardCharsets;
import org.dvm.core.classfile.RawClass;

/**
 * Tells by their names which attributes of a Code attribute refer to the code.
 *
 * @jvms 4.7.3
 */
final class AttributeKinds {
    static final int OTHER = 0;
    static final int STACK_MAP_TABLE = 1;
    static final int LINE_NUMBERS = 2;
    static final int LOCAL_VARIABLES = 3;
    static final int TYPE_ANNOTATIONS = 4;
    /** CLDC's StackMap: nothing reads it any more, and it would be wrong. */
    static final int STALE = 5;

    private static final byte[] STACK_MAP_TABLE_NAME = ascii("StackMapTable");
    private static final byte[] LINE_NUMBERS_NAME = ascii("LineNumberTable");
    private static final byte[] LOCAL_VARIABLES_NAME = ascii("LocalVariableTable");
    private static final byte[] LOCAL_VARIABLE_TYPES_NAME = ascii("LocalVariableTypeTable");
    private static final byte[] VISIBLE_NAME = ascii("RuntimeVisibleTypeAnnotations");
    private static final byte[] INVISIBLE_NAME = ascii("RuntimeInvisibleTypeAnnotations");
    private static final byte[] STACK_MAP_NAME = ascii("StackMap");
    private static final byte[] CHARACTER_RANGES_NAME = ascii("CharacterRangeTable");

    // A class's few names are looked at once.
    private final int[] knownNames = new int[8];
    private final int[] knownKinds = new int[8];
    private int knownCount;
    private int nextKnown;

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Forgets what the names of another class meant. */
    void startClass() {
        knownCount = 0;
        nextKnown = 0;
    }

    /**
     * Returns the kind of the attribute with that name.
     *
     * @throws DoesNotFit if the constant is no name
     */
    int of(RawClass raw, int nameIndex) {
        for (int i = 0; i < knownCount; i++) {
            if (knownNames[i] == nameIndex) {
                return knownKinds[i];
            }
        }
        int kind = kindOf(raw, nameIndex);
        knownNames[nextKnown] = nameIndex;
        knownKinds[nextKnown] = kind;
        nextKnown = nextKnown + 1 & knownNames.length - 1;
        knownCount = Math.min(knownCount + 1, knownNames.length);
        return kind;
    }

    private static int kindOf(RawClass raw, int nameIndex) {
        if (nameIndex >= raw.constantCount() || raw.constantTag(nameIndex) != RawClass.UTF8) {
            throw DoesNotFit.malformed("an attribute of the code has no name", -1);
        }
        int length = raw.u2(raw.constantOffset(nameIndex) + 1);
        return switch (length) {
            case 13 -> raw.utf8Equals(nameIndex, STACK_MAP_TABLE_NAME) ? STACK_MAP_TABLE : OTHER;
            case 15 -> raw.utf8Equals(nameIndex, LINE_NUMBERS_NAME) ? LINE_NUMBERS : OTHER;
            case 18 -> raw.utf8Equals(nameIndex, LOCAL_VARIABLES_NAME) ? LOCAL_VARIABLES : OTHER;
            case 22 -> raw.utf8Equals(nameIndex, LOCAL_VARIABLE_TYPES_NAME) ? LOCAL_VARIABLES : OTHER;
            case 29 -> raw.utf8Equals(nameIndex, VISIBLE_NAME) ? TYPE_ANNOTATIONS : OTHER;
            case 31 -> raw.utf8Equals(nameIndex, INVISIBLE_NAME) ? TYPE_ANNOTATIONS : OTHER;
            case 8 -> raw.utf8Equals(nameIndex, STACK_MAP_NAME) ? STALE : OTHER;
            case 19 -> raw.utf8Equals(nameIndex, CHARACTER_RANGES_NAME) ? STALE : OTHER;
            default -> OTHER;
        };
    }
}
