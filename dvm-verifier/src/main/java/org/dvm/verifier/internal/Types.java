package org.dvm.verifier.internal;

/**
 * Verification types as ints.
 *
 * <pre>
 *  31 30 29      22 21                    0
 * +-----+----------+-----------------------+
 * | 0 0 |            constant              |  top, int, float, long and double (two slots each), ...
 * | 0 1 | dimensions |      class id       |  a class or array; id 0 without dimensions is null
 * | 1 0 |                    | bci of new  |  uninitialized
 * | 1 1 |                    | bci of jsr's target | return address
 * +-----+----------+-----------------------+
 * </pre>
 *
 * The class id is a number of {@link NameTable}; ids from {@link #FIRST_SET} are sets of classes.
 *
 * @jvms 4.10.1.2
 */
final class Types {
    static final int TOP = 0;
    static final int INT = 1;
    static final int FLOAT = 2;
    static final int LONG = 3;
    /** The second slot of a long. */
    static final int LONG_2 = 4;

    static final int DOUBLE = 5;
    /** The second slot of a double. */
    static final int DOUBLE_2 = 6;

    /** Component and return types that are ints on the stack. */
    static final int BOOLEAN = 7;

    static final int BYTE = 8;
    static final int CHAR = 9;
    static final int SHORT = 10;
    static final int UNINITIALIZED_THIS = 11;
    static final int VOID = 12;

    private static final int KIND = 30;
    static final int REFERENCE = 1 << KIND;
    static final int NULL = REFERENCE;
    static final int UNINITIALIZED = 2 << KIND;
    static final int RETURN_ADDRESS = 3 << KIND;

    private static final int DIMENSION = 22;
    private static final int DIMENSIONS = 0xff << DIMENSION;
    private static final int ID = (1 << DIMENSION) - 1;

    /** Ids from here on number sets of classes. */
    static final int FIRST_SET = 1 << DIMENSION - 1;

    /** The highest number of dimensions of an array. */
    static final int MAX_DIMENSIONS = 255;

    private Types() {}

    static boolean isReference(int type) {
        return type >>> KIND == 1;
    }

    static boolean isUninitialized(int type) {
        return type >>> KIND == 2;
    }

    static boolean isReturnAddress(int type) {
        return type >>> KIND == 3;
    }

    /** Returns whether a value is a reference, initialized or not: what reference instructions accept at least. */
    static boolean isReferenceOrUninitialized(int type) {
        return type >>> KIND == 1 || type >>> KIND == 2 || type == UNINITIALIZED_THIS;
    }

    static boolean isArray(int type) {
        return isReference(type) && (type & DIMENSIONS) != 0;
    }

    /** Returns whether this is a class or interface: neither null nor an array. */
    static boolean isObject(int type) {
        return isReference(type) && (type & DIMENSIONS) == 0 && type != NULL;
    }

    /** Returns whether a value takes one slot; top isn't a value. */
    static boolean isOneSlot(int type) {
        return type == INT || type == FLOAT || isReferenceOrUninitialized(type) || isReturnAddress(type);
    }

    /** Returns whether this is the first slot of a long or double. */
    static boolean isTwoSlot(int type) {
        return type == LONG || type == DOUBLE;
    }

    /** Returns whether this is the second slot of a long or double. */
    static boolean isSecondSlot(int type) {
        return type == LONG_2 || type == DOUBLE_2;
    }

    static int ofClass(int id) {
        return REFERENCE | id;
    }

    static int ofArray(int dimensions, int id) {
        return REFERENCE | dimensions << DIMENSION | id;
    }

    static int uninitialized(int bci) {
        return UNINITIALIZED | bci;
    }

    static int returnAddress(int bci) {
        return RETURN_ADDRESS | bci;
    }

    static int bci(int type) {
        return type & 0xffff;
    }

    static int id(int type) {
        return type & ID;
    }

    static int dimensions(int type) {
        return (type & DIMENSIONS) >>> DIMENSION;
    }

    /** Returns the type with other dimensions; with none, the element type itself. */
    static int withDimensions(int type, int dimensions) {
        int id = id(type);
        return dimensions == 0 && NameTable.isPrimitive(id) ? NameTable.primitive(id) : ofArray(dimensions, id);
    }

    /** Returns the component type of an array. */
    static int component(int array) {
        return withDimensions(array, dimensions(array) - 1);
    }

    /** Returns the type of a descriptor's letter as a stack slot's: {@code Z} and the like are ints. */
    static int ofLetter(char letter) {
        switch (letter) {
            case 'Z':
            case 'B':
            case 'C':
            case 'S':
            case 'I':
                return INT;
            case 'F':
                return FLOAT;
            case 'J':
                return LONG;
            case 'D':
                return DOUBLE;
            case 'V':
                return VOID;
            default:
                throw new IllegalArgumentException("no primitive type: letter=" + letter);
        }
    }
}
