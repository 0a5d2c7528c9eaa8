package org.dvm.core.edit;

/**
 * Reads field and method descriptors; never loops or throws anything but {@link IllegalArgumentException} on bad ones.
 *
 * @jvms 4.3
 */
public final class Descriptors {
    private Descriptors() {}

    /** Returns the number of parameters of a method descriptor, without {@code this}. */
    public static int parameterCount(String descriptor) {
        int count = 0;
        for (int i = start(descriptor); isParameter(descriptor, i); i = next(descriptor, i)) {
            count++;
        }
        return count;
    }

    /** Returns the number of stack or variable slots of a method descriptor's parameters, without {@code this}. */
    public static int parameterSlots(String descriptor) {
        int slots = 0;
        for (int i = start(descriptor); isParameter(descriptor, i); i = next(descriptor, i)) {
            slots += slots(descriptor.charAt(i));
        }
        return slots;
    }

    /**
     * Reads a whole method descriptor once.
     *
     * @return the number of parameters, their slots from bit 16 on, and the index of the return type from bit 32 on
     */
    static long summary(String descriptor) {
        int count = 0;
        int slots = 0;
        int i = start(descriptor);
        while (isParameter(descriptor, i)) {
            count++;
            slots += slots(descriptor.charAt(i));
            i = next(descriptor, i);
        }
        return (long) checkedReturnType(descriptor, i + 1) << 32 | (long) slots << 16 | count;
    }

    /** Returns the field descriptors of a method descriptor's parameters. */
    public static String[] parameters(String descriptor) {
        String[] parameters = new String[parameterCount(descriptor)];
        int n = 0;
        for (int i = start(descriptor); isParameter(descriptor, i); ) {
            int end = next(descriptor, i);
            parameters[n++] = descriptor.substring(i, end);
            i = end;
        }
        return parameters;
    }

    /** Returns the return type's field descriptor, or {@code V}. */
    public static String returnType(String descriptor) {
        return descriptor.substring(returnTypeIndex(descriptor));
    }

    /** Returns the slots that a value of the type with that first character takes: 2 for J and D, 0 for V, else 1. */
    public static int slots(char type) {
        return type == 'J' || type == 'D' ? 2 : type == 'V' ? 0 : 1;
    }

    /** Returns I, J, F, D or L: the type as which the operand stack holds values of the type with that first character. */
    static char computational(char type) {
        return switch (type) {
            case 'Z', 'B', 'C', 'S' -> 'I';
            case '[' -> 'L';
            default -> type;
        };
    }

    /** Returns the first character of the return type. */
    static char returnKind(String descriptor) {
        return descriptor.charAt(returnTypeIndex(descriptor));
    }

    /** Returns the index of the return type after checking the whole descriptor. */
    static int returnTypeIndex(String descriptor) {
        int i = start(descriptor);
        while (isParameter(descriptor, i)) {
            i = next(descriptor, i);
        }
        return checkedReturnType(descriptor, i + 1);
    }

    private static int checkedReturnType(String descriptor, int type) {
        boolean isVoid = descriptor.length() == type + 1 && descriptor.charAt(type) == 'V';
        if (!isVoid && (type == descriptor.length() || next(descriptor, type) != descriptor.length())) {
            throw malformed(descriptor);
        }
        return type;
    }

    /** Returns whether a parameter starts at that index, and not the closing parenthesis. */
    static boolean isParameter(String descriptor, int index) {
        if (index >= descriptor.length()) {
            throw malformed(descriptor);
        }
        return descriptor.charAt(index) != ')';
    }

    private static int start(String descriptor) {
        if (descriptor.isEmpty() || descriptor.charAt(0) != '(') {
            throw malformed(descriptor);
        }
        return 1;
    }

    /** Returns the index after the field descriptor at the given index. */
    static int next(String descriptor, int index) {
        int i = index;
        while (i < descriptor.length() && descriptor.charAt(i) == '[') {
            i++;
        }
        if (i < descriptor.length()) {
            char type = descriptor.charAt(i);
            if (type == 'L') {
                int end = descriptor.indexOf(';', i);
                if (end > i + 1) {
                    return end + 1;
                }
            } else if (isPrimitive(type)) {
                return i + 1;
            }
        }
        throw malformed(descriptor);
    }

    private static boolean isPrimitive(char type) {
        return switch (type) {
            case 'I', 'Z', 'J', 'B', 'C', 'S', 'F', 'D' -> true;
            default -> false;
        };
    }

    private static IllegalArgumentException malformed(String descriptor) {
        return new IllegalArgumentException("malformed descriptor: " + descriptor);
    }
}
