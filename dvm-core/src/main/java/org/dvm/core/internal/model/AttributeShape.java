package org.dvm.core.internal.model;

import java.util.function.IntFunction;
import proguard.classfile.attribute.Attribute;

/**
 * Says whether ProGuardCORE's reader can be trusted with an attribute's bytes: it allocates by counts before it reads,
 * and follows nested annotations by recursion.
 */
final class AttributeShape {
    private static final int MAX_DEPTH = 100;

    private final IntFunction<String> names;
    private final byte[] bytes;
    private final int end;
    private int at;

    private AttributeShape(IntFunction<String> names, byte[] bytes, int offset, int length) {
        this.names = names;
        this.bytes = bytes;
        this.at = offset;
        this.end = offset + length;
    }

    /**
     * @param names the texts of the class's Utf8 constants
     */
    static boolean isBelievable(String name, IntFunction<String> names, byte[] bytes, int offset, int length) {
        AttributeShape shape = new AttributeShape(names, bytes, offset, length);
        return switch (name) {
            case Attribute.RUNTIME_VISIBLE_ANNOTATIONS, Attribute.RUNTIME_INVISIBLE_ANNOTATIONS ->
                shape.annotations(0) && shape.isAtEnd();
            case Attribute.RUNTIME_VISIBLE_PARAMETER_ANNOTATIONS, Attribute.RUNTIME_INVISIBLE_PARAMETER_ANNOTATIONS ->
                shape.parameterAnnotations() && shape.isAtEnd();
            case Attribute.RUNTIME_VISIBLE_TYPE_ANNOTATIONS, Attribute.RUNTIME_INVISIBLE_TYPE_ANNOTATIONS ->
                shape.typeAnnotations() && shape.isAtEnd();
            case Attribute.ANNOTATION_DEFAULT -> shape.elementValue(0) && shape.isAtEnd();
            case Attribute.RECORD -> shape.record() && shape.isAtEnd();
            case Attribute.BOOTSTRAP_METHODS -> shape.bootstrapMethods() && shape.isAtEnd();
            case Attribute.STACK_MAP_TABLE -> shape.frames() && shape.isAtEnd();
            case Attribute.LINE_NUMBER_TABLE -> shape.table(4);
            case Attribute.LOCAL_VARIABLE_TABLE, Attribute.LOCAL_VARIABLE_TYPE_TABLE -> shape.table(10);
            case Attribute.INNER_CLASSES -> shape.table(8);
            case Attribute.EXCEPTIONS,
                    Attribute.NEST_MEMBERS,
                    Attribute.PERMITTED_SUBCLASSES,
                    Attribute.MODULE_PACKAGES -> shape.table(2);
            case Attribute.MODULE -> shape.module() && shape.isAtEnd();
            case Attribute.METHOD_PARAMETERS -> length >= 1 && shape.u1() * 4 == length - 1;
            default -> true; // of fixed size: the reader takes no more than some bytes
        };
    }

    private boolean isAtEnd() {
        return at == end;
    }

    /** Returns whether the rest is a count and so many entries of that size. */
    private boolean table(int size) {
        return has(2) && u2() * size == end - at;
    }

    private boolean counted(int size) {
        return has(2) && skip(u2() * size);
    }

    private boolean module() {
        return skip(6) && counted(6) && moduleEntries(4) && moduleEntries(4) && counted(2) && moduleEntries(2);
    }

    /** Skips exports, opens or provides: entries with a head of that size and a list of names. */
    private boolean moduleEntries(int head) {
        if (!has(2)) {
            return false;
        }
        for (int count = u2(); count > 0; count--) {
            if (!skip(head) || !counted(2)) {
                return false;
            }
        }
        return true;
    }

    private boolean bootstrapMethods() {
        return moduleEntries(2);
    }

    private boolean record() {
        if (!has(2)) {
            return false;
        }
        for (int count = u2(); count > 0; count--) {
            if (!skip(4) || !has(2)) {
                return false;
            }
            for (int attributes = u2(); attributes > 0; attributes--) {
                if (!componentAttribute()) {
                    return false;
                }
            }
        }
        return true;
    }

    /** ProGuardCORE reads these itself by their names, so the shape must hold whatever the name is. */
    private boolean componentAttribute() {
        if (!has(6)) {
            return false;
        }
        String name = names.apply(u2());
        int length = u2() << 16 | u2();
        if (length < 0 || !has(length) || !isBelievable(name, names, bytes, at, length)) {
            return false;
        }
        return (!name.equals(Attribute.SIGNATURE) || length == 2) && skip(length);
    }

    private boolean frames() {
        if (!has(2)) {
            return false;
        }
        for (int count = u2(); count > 0; count--) {
            if (!has(1) || !frame(u1())) {
                return false;
            }
        }
        return true;
    }

    private boolean frame(int type) {
        if (type < 64) {
            return true;
        } else if (type < 128) {
            return types(1);
        } else if (type < 247 || !skip(2)) {
            return false;
        } else if (type == 255) {
            boolean locals = countedTypes();
            return locals && countedTypes();
        }
        return types(type == 247 ? 1 : Math.max(0, type - 251));
    }

    private boolean countedTypes() {
        return has(2) && types(u2());
    }

    private boolean types(int count) {
        for (int i = 0; i < count; i++) {
            if (!has(1)) {
                return false;
            }
            int tag = u1();
            if (tag > 8 || tag > 6 && !skip(2)) {
                return false;
            }
        }
        return true;
    }

    private boolean parameterAnnotations() {
        if (!has(1)) {
            return false;
        }
        for (int count = u1(); count > 0; count--) {
            if (!annotations(0)) {
                return false;
            }
        }
        return true;
    }

    private boolean annotations(int depth) {
        if (!has(2)) {
            return false;
        }
        for (int count = u2(); count > 0; count--) {
            if (!annotation(depth)) {
                return false;
            }
        }
        return true;
    }

    private boolean typeAnnotations() {
        if (!has(2)) {
            return false;
        }
        for (int count = u2(); count > 0; count--) {
            if (!has(1) || !target(u1()) || !has(1) || !skip(2 * u1()) || !annotation(0)) {
                return false;
            }
        }
        return true;
    }

    private boolean target(int type) {
        return switch (type) {
            case 0x00, 0x01, 0x16 -> skip(1);
            case 0x10, 0x11, 0x12, 0x17, 0x42, 0x43, 0x44, 0x45, 0x46 -> skip(2);
            case 0x13, 0x14, 0x15 -> true;
            case 0x40, 0x41 -> counted(6);
            case 0x47, 0x48, 0x49, 0x4A, 0x4B -> skip(3);
            default -> false;
        };
    }

    private boolean annotation(int depth) {
        if (!skip(2) || !has(2)) {
            return false;
        }
        for (int pairs = u2(); pairs > 0; pairs--) {
            if (!skip(2) || !elementValue(depth)) {
                return false;
            }
        }
        return true;
    }

    private boolean elementValue(int depth) {
        if (depth > MAX_DEPTH || !has(1)) {
            return false;
        }
        switch (u1()) {
            case 'B', 'C', 'D', 'F', 'I', 'J', 'S', 'Z', 's', 'c':
                return skip(2);
            case 'e':
                return skip(4);
            case '@':
                return annotation(depth + 1);
            case '[':
                if (!has(2)) {
                    return false;
                }
                for (int count = u2(); count > 0; count--) {
                    if (!elementValue(depth + 1)) {
                        return false;
                    }
                }
                return true;
            default:
                return false;
        }
    }

    private boolean has(int count) {
        return end - at >= count;
    }

    private boolean skip(int count) {
        if (!has(count)) {
            return false;
        }
        at += count;
        return true;
    }

    private int u1() {
        return bytes[at++] & 0xff;
    }

    private int u2() {
        return u1() << 8 | u1();
    }
}
