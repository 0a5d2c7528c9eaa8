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
        for (int i = start(descriptor); descriptor.charAt(i) != ')'; i = next(descriptor, i)) {
            count++;
        }
        return count;
    }

    /** Returns the number of stack or variable slots of a method descriptor's parameters, without {@code this}. */
    public static int parameterSlots(String descriptor) {
        int slots = 0;
        for (int i = start(descriptor); descriptor.charAt(i) != ')'; i = next(descriptor, i)) {
            slots += slots(descriptor.charAt(i));
        }
        return slots;
    }

    /** Returns the field descriptors of a method descriptor's parameters. */
    public static String[] parameters(String descriptor) {
        String[] parameters = new String[parameterCount(descriptor)];
        int n = 0;
        for (int i = start(descriptor); descriptor.charAt(i) != ')'; ) {
            int end = next(descriptor, i);
            parameters[n++] = descriptor.substring(i, end);
            i = end;
        }
        return parameters;
    }

    /** Returns the return type's field descriptor, or {@code V}. */
    public static String returnType(String descriptor) {
        int i = start(descriptor);
        while (descriptor.charAt(i) != ')') {
            i = next(descriptor, i);
        }
        String type = descriptor.substring(i + 1);
        if (!type.equals("V") && (type.isEmpty() || next(descriptor, i + 1) != descriptor.length())) {
            throw malformed(descriptor);
        }
        return type;
    }

    /** Returns the slots that a value of the type with that first character takes: 2 for J and D, 0 for V, else 1. */
    public static int slots(char type) {
        return type == 'J' || type == 'D' ? 2 : type == 'V' ? 0 : 1;
    }

    private static int start(String descriptor) {
        if (descriptor.isEmpty() || descriptor.charAt(0) != '(' || descriptor.indexOf(')') < 0) {
            throw malformed(descriptor);
        }
        return 1;
    }

    /** Returns the index after the field descriptor at the given index. */
    private static int next(String descriptor, int index) {
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
            } else if ("BCDFIJSZ".indexOf(type) >= 0) {
                return i + 1;
            }
        }
        throw malformed(descriptor);
    }

    private static IllegalArgumentException malformed(String descriptor) {
        return new IllegalArgumentException("malformed descriptor: " + descriptor);
    }
}
