package org.dvm.verifier.internal;

import java.util.Arrays;
import org.dvm.core.classfile.JvmRelease;
import org.dvm.core.classfile.RawClass;
import org.dvm.verifier.TypeRule;

/**
 * The stack map frames of one method, expanded into one array.
 *
 * <p><b>Threads:</b> confined to one thread; reused for one method after the other.
 *
 * @jvms 4.7.4
 */
final class StackMaps {
    private static final int SAME_LOCALS_ONE_ITEM = 64;
    private static final int FIRST_UNUSED = 128;
    private static final int SAME_LOCALS_ONE_ITEM_EXTENDED = 247;
    private static final int SAME_EXTENDED = 251;
    private static final int LAST_APPEND = 254;
    private static final int KEEP = 1 << 16;

    private static final int ITEM_UNINITIALIZED_THIS = 6;
    private static final int ITEM_OBJECT = 7;
    private static final int ITEM_UNINITIALIZED = 8;

    private static final int[] SIMPLE = {Types.TOP, Types.INT, Types.FLOAT, Types.DOUBLE, Types.LONG, Types.NULL};

    /** Ints that describe a frame: bci, locals' position and count, stack's position and count, uninitialized this. */
    private static final int FIELDS = 6;

    private final NameTable names;
    private final Code code;

    private int count;
    private int[] frames = new int[FIELDS * 64];
    private int[] types = new int[1024];
    private int typesEnd;

    /** Frame number plus one by bci. */
    private char[] byBci = new char[1024];

    private int at;
    private int end;
    private boolean thisInLocals;
    private boolean thisSeen;

    StackMaps(NameTable names, Code code) {
        this.names = names;
        this.code = code;
    }

    int count() {
        return count;
    }

    int bci(int frame) {
        return frames[frame * FIELDS];
    }

    /** Returns the frame that stands at a bci, or -1. */
    int at(int bci) {
        return bci >= 0 && bci < code.length ? byBci[bci] - 1 : -1;
    }

    int localCount(int frame) {
        return frames[frame * FIELDS + 2];
    }

    int local(int frame, int index) {
        return types[frames[frame * FIELDS + 1] + index];
    }

    int depth(int frame) {
        return frames[frame * FIELDS + 4];
    }

    int stack(int frame, int index) {
        return types[frames[frame * FIELDS + 3] + index];
    }

    boolean thisUninitialized(int frame) {
        return frames[frame * FIELDS + 5] != 0;
    }

    /** Reads a method's frames, which start from the state at its entry. */
    void read(Frame entry, JvmRelease jvm) throws MethodFault {
        prepare(entry);
        int table = code.stackMapTable();
        if (table < 0) {
            return;
        }
        at = table;
        end = table + code.raw().s4(table - 4);
        int announced = u2();
        if (announced == 0) {
            if (at < end && !JvmRules.ignoresUncountedFrames(jvm)) {
                throw format("wrong attribute size");
            }
            return;
        }
        int locals = 0;
        int localCount = entry.localCount;
        int bci = -1;
        thisInLocals = entry.thisUninitialized;
        while (at < end) {
            if (count == announced) {
                throw format("wrong attribute size");
            }
            int type = u1();
            int delta;
            thisSeen = thisInLocals;
            int stack = typesEnd;
            int depth = 0;
            if (type < SAME_LOCALS_ONE_ITEM) {
                delta = type;
            } else if (type < FIRST_UNUSED) {
                delta = type - SAME_LOCALS_ONE_ITEM;
                depth = oneItem();
            } else if (type < SAME_LOCALS_ONE_ITEM_EXTENDED) {
                u2();
                throw format("reserved frame type");
            } else {
                delta = u2();
                if (type == SAME_LOCALS_ONE_ITEM_EXTENDED) {
                    depth = oneItem();
                } else if (type <= SAME_EXTENDED) {
                    if (type < SAME_EXTENDED) {
                        localCount = chop(locals, localCount, SAME_EXTENDED - type);
                    }
                } else if (type <= LAST_APPEND) {
                    int old = locals;
                    locals = reserve(localCount + 2 * (type - SAME_EXTENDED));
                    System.arraycopy(types, old, types, locals, localCount);
                    localCount += items(locals + localCount, type - SAME_EXTENDED, true);
                    checkSize(localCount, code.maxLocals);
                    typesEnd = locals + localCount;
                    stack = typesEnd;
                } else {
                    thisSeen = false;
                    thisInLocals = false;
                    int listed = u2();
                    locals = reserve(2 * listed);
                    localCount = items(locals, listed, true);
                    checkSize(localCount, code.maxLocals);
                    typesEnd = locals + localCount;
                    listed = u2();
                    stack = reserve(2 * listed);
                    depth = items(stack, listed, false);
                    checkSize(depth, code.maxStack);
                    typesEnd = stack + depth;
                }
            }
            bci += delta + 1;
            add(bci, locals, localCount, stack, depth);
        }
        if (count != announced) {
            throw format("wrong attribute size");
        }
    }

    private void prepare(Frame entry) {
        if (types.length > KEEP) {
            types = new int[1024];
        }
        count = 0;
        System.arraycopy(entry.locals, 0, ensure(entry.localCount), 0, entry.localCount);
        typesEnd = entry.localCount;
        if (byBci.length < code.length) {
            byBci = new char[Math.max(code.length, 2 * byBci.length)];
        } else {
            Arrays.fill(byBci, 0, code.length, '\0');
        }
    }

    private void add(int bci, int locals, int localCount, int stack, int depth) throws MethodFault {
        if (!code.isInstruction(bci)) {
            throw MethodFault.of(TypeRule.STACK_MAP_OFFSET, "StackMapTable error: bad offset " + bci);
        }
        int field = count * FIELDS;
        if (field + FIELDS > frames.length) {
            frames = Arrays.copyOf(frames, 2 * frames.length);
        }
        frames[field] = bci;
        frames[field + 1] = locals;
        frames[field + 2] = localCount;
        frames[field + 3] = stack;
        frames[field + 4] = depth;
        frames[field + 5] = thisSeen ? 1 : 0;
        count++;
        byBci[bci] = (char) count;
    }

    private int oneItem() throws MethodFault {
        int stack = reserve(2);
        int depth = items(stack, 1, false);
        checkSize(depth, code.maxStack);
        typesEnd = stack + depth;
        return depth;
    }

    private int chop(int locals, int localCount, int chops) throws MethodFault {
        int left = localCount;
        for (int i = 0; i < chops; i++) {
            left -= left > 0 && Types.isSecondSlot(types[locals + left - 1]) ? 2 : 1;
        }
        checkSize(left, code.maxLocals);
        thisInLocals = false;
        for (int i = 0; i < left; i++) {
            thisInLocals |= types[locals + i] == Types.UNINITIALIZED_THIS;
        }
        thisSeen = thisInLocals;
        return left;
    }

    /** Reads listed types into slots from that position on; returns the number of slots. */
    private int items(int position, int listed, boolean inLocals) throws MethodFault {
        int slot = position;
        for (int i = 0; i < listed; i++) {
            int type = item(inLocals);
            types[slot++] = type;
            if (Types.isTwoSlot(type)) {
                types[slot++] = type + 1;
            }
        }
        return slot - position;
    }

    private int item(boolean inLocals) throws MethodFault {
        int tag = u1();
        if (tag < SIMPLE.length) {
            return SIMPLE[tag];
        }
        switch (tag) {
            case ITEM_UNINITIALIZED_THIS:
                thisSeen = true;
                thisInLocals |= inLocals;
                return Types.UNINITIALIZED_THIS;
            case ITEM_OBJECT:
                int constant = u2();
                RawClass raw = code.raw();
                if (constant >= raw.constantCount() || raw.constantTag(constant) != RawClass.CLASS) {
                    throw format("bad class index");
                }
                return names.classType(constant);
            case ITEM_UNINITIALIZED:
                int bci = u2();
                if (!code.isNew(bci)) {
                    throw MethodFault.of(
                            TypeRule.STACK_MAP_UNINITIALIZED,
                            "StackMapTable format error: bad offset for Uninitialized");
                }
                return Types.uninitialized(bci);
            default:
                throw format("bad verification type");
        }
    }

    private int reserve(int slots) {
        int position = typesEnd;
        ensure(position + slots);
        return position;
    }

    private int[] ensure(int size) {
        if (size > types.length) {
            types = Arrays.copyOf(types, Math.max(size, 2 * types.length));
        }
        return types;
    }

    private int u1() throws MethodFault {
        if (at >= end) {
            throw format("access beyond the end of attribute");
        }
        return code.bytes[at++] & 0xff;
    }

    private int u2() throws MethodFault {
        return u1() << 8 | u1();
    }

    private static void checkSize(int size, int max) throws MethodFault {
        if (size < 0 || size > max) {
            throw MethodFault.of(TypeRule.STACK_MAP_SIZE, "StackMapTable format error: bad type array size");
        }
    }

    private static MethodFault format(String what) {
        return MethodFault.of(TypeRule.STACK_MAP_FORMAT, "StackMapTable format error: " + what);
    }
}
