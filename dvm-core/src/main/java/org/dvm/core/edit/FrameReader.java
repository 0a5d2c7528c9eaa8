package org.dvm.core.edit;

import java.lang.reflect.Modifier;
import java.util.Arrays;
import org.dvm.core.classfile.RawClass;
import org.jspecify.annotations.Nullable;

/**
 * Reads a StackMapTable frame by frame, keeping the whole state: what the compressed forms leave out, too.
 *
 * <p>A verification type is an int: its tag in the lower eight bits, the constant or bci above. Longs and doubles are
 * one entry.
 *
 * @jvms 4.7.4
 */
final class FrameReader {
    static final int TOP = 0;
    static final int INTEGER = 1;
    static final int FLOAT = 2;
    static final int DOUBLE = 3;
    static final int LONG = 4;
    static final int NULL = 5;
    static final int UNINITIALIZED_THIS = 6;
    static final int OBJECT = 7;
    static final int UNINITIALIZED = 8;

    /** From here on the number of an object's class is an index into the method's descriptor. */
    private static final int IN_DESCRIPTOR = 0x10000;

    private @Nullable RawClass raw;
    private byte[] bytes = {};
    private int tableStart;
    private int tableEnd;
    private int at;
    private int remaining;

    private String descriptor = "()V";
    private int bci;
    private int[] locals = new int[16];
    private int localCount;
    private int[] stack = new int[8];
    private int stackCount;

    /** Sets the method's table; none where the JVM doesn't look at it. */
    void setTable(OriginalCode code) {
        raw = code.raw();
        bytes = code.bytes;
        int table = code.usesFrames() ? code.stackMapTable() : -1;
        tableStart = table < 0 ? -1 : code.attributeOffset(table);
        tableEnd = table < 0 ? -1 : tableStart + code.attributeLength(table);
        if (tableStart >= 0 && tableEnd - tableStart < 2) {
            throw DoesNotFit.malformed("StackMapTable is too short", -1);
        }
    }

    /** Returns the slots of an entry: 2 for longs and doubles, else 1. */
    static int slots(int type) {
        return type == LONG || type == DOUBLE ? 2 : 1;
    }

    boolean hasTable() {
        return tableStart >= 0;
    }

    int tableStart() {
        return tableStart;
    }

    int tableEnd() {
        return tableEnd;
    }

    /** Goes back to the frame that a method starts with, which its descriptor implies. */
    void start(RawClass.Member method) {
        bci = -1;
        stackCount = 0;
        localCount = 0;
        RawClass raw = raw();
        if (!Modifier.isStatic(raw.memberFlags(method))) {
            boolean uninitialized =
                    raw.superName() != null && raw.memberName(method).equals("<init>");
            addLocal(uninitialized ? UNINITIALIZED_THIS : OBJECT | raw.u2(raw.constantPoolEnd() + 2) << 8);
        }
        descriptor = raw.memberDescriptor(method);
        for (int type = 1; Descriptors.isParameter(descriptor, type); type = Descriptors.next(descriptor, type)) {
            addLocal(typeOfParameter(type));
        }
        if (hasTable()) {
            at = tableStart + 2;
            remaining = Bytecode.u2(bytes, tableStart);
        } else {
            remaining = 0;
        }
    }

    private int typeOfParameter(int type) {
        return switch (descriptor.charAt(type)) {
            case 'J' -> LONG;
            case 'D' -> DOUBLE;
            case 'F' -> FLOAT;
            case 'L', '[' -> OBJECT | IN_DESCRIPTOR + type << 8;
            default -> INTEGER;
        };
    }

    /** Returns the constant of an {@link #OBJECT} entry; one that only the descriptor names is appended. */
    int constantOf(int type, Constants constants) {
        int constant = type >>> 8;
        return constant < IN_DESCRIPTOR
                ? constant
                : constants.classConstant(className(descriptor, constant - IN_DESCRIPTOR));
    }

    /** Returns the verification type of a field descriptor. */
    static int typeOf(String fieldDescriptor, Constants constants) {
        return switch (fieldDescriptor.charAt(0)) {
            case 'J' -> LONG;
            case 'D' -> DOUBLE;
            case 'F' -> FLOAT;
            case 'L', '[' -> OBJECT | constants.classConstant(className(fieldDescriptor, 0)) << 8;
            default -> INTEGER;
        };
    }

    private static String className(String text, int from) {
        int to = Descriptors.next(text, from);
        return text.charAt(from) == 'L' ? text.substring(from + 1, to - 1) : text.substring(from, to);
    }

    /** Goes to the next frame; false where there is none. */
    boolean next() {
        if (remaining == 0) {
            return false;
        }
        remaining--;
        int type = u1();
        int delta;
        stackCount = 0;
        if (type < 64) {
            delta = type;
        } else if (type < 128) {
            delta = type - 64;
            addStack(type());
        } else if (type < 247) {
            throw DoesNotFit.malformed("reserved frame type " + type, -1);
        } else {
            delta = u2();
            if (type == 247) {
                addStack(type());
            } else if (type <= 250) {
                localCount -= 251 - type;
                if (localCount < 0) {
                    throw DoesNotFit.malformed("a chop frame takes more variables than there are", -1);
                }
            } else if (type <= 254) {
                for (int i = type - 251; i > 0; i--) {
                    addLocal(type());
                }
            } else {
                localCount = 0;
                for (int i = u2(); i > 0; i--) {
                    addLocal(type());
                }
                for (int i = u2(); i > 0; i--) {
                    addStack(type());
                }
            }
        }
        bci += delta + 1;
        return true;
    }

    private int type() {
        int tag = u1();
        if (tag == OBJECT || tag == UNINITIALIZED) {
            return tag | u2() << 8;
        } else if (tag > UNINITIALIZED) {
            throw DoesNotFit.malformed("unknown verification type " + tag, -1);
        }
        return tag;
    }

    private int u1() {
        if (at >= tableEnd) {
            throw DoesNotFit.malformed("StackMapTable ends within a frame", -1);
        }
        return bytes[at++] & 0xff;
    }

    private int u2() {
        return u1() << 8 | u1();
    }

    private void addLocal(int type) {
        if (localCount == locals.length) {
            locals = Arrays.copyOf(locals, 2 * localCount);
        }
        locals[localCount++] = type;
    }

    private void addStack(int type) {
        if (stackCount == stack.length) {
            stack = Arrays.copyOf(stack, 2 * stackCount);
        }
        stack[stackCount++] = type;
    }

    /** Returns whether every frame declares {@code this} and the parameters with their own types. */
    boolean keepParameters(RawClass raw, RawClass.Member method) {
        if (!hasTable()) {
            return true;
        }
        start(method);
        int count = localCount;
        int[] initial = Arrays.copyOf(locals, count);
        while (next()) {
            if (localCount < count) {
                return false;
            }
            for (int i = 0; i < count; i++) {
                if (locals[i] != initial[i] && !sameObject(raw, locals[i], initial[i])) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean sameObject(RawClass raw, int declared, int initial) {
        if (initial == UNINITIALIZED_THIS) {
            return declared == (OBJECT | raw.u2(raw.constantPoolEnd() + 2) << 8);
        }
        int constant = declared >>> 8;
        int inDescriptor = (initial >>> 8) - IN_DESCRIPTOR;
        return (declared & 0xff) == OBJECT
                && (initial & 0xff) == OBJECT
                && inDescriptor > 0
                && constant < raw.constantCount()
                && raw.constantTag(constant) == RawClass.CLASS
                && raw.name(constant).equals(className(descriptor, inDescriptor));
    }

    int bci() {
        return bci;
    }

    int localCount() {
        return localCount;
    }

    int local(int index) {
        return locals[index];
    }

    int stackCount() {
        return stackCount;
    }

    int stack(int index) {
        return stack[index];
    }

    private RawClass raw() {
        if (raw == null) {
            throw new IllegalStateException("no table set");
        }
        return raw;
    }
}
