package org.dvm.core.edit;

import java.util.Arrays;

/**
 * Writes a method's StackMapTable for the new code.
 *
 * <p>Most methods only need their frames' offsets shifted: {@link #shift} does that on the compressed form, without
 * knowing what the types are. Where edits add variables or frames in between, {@link #expand} follows the whole state
 * and writes each frame anew.
 *
 * @jvms 4.7.4
 */
final class FrameWriter {
    /** A frame that edits add, by where its state comes from. */
    static final int INITIAL = 0;
    /** The state of the frame at an original bci. */
    static final int AS_AT = 1;
    /** Nothing in the variables but the added ones, and a Throwable on the stack. */
    static final int CATCH_ALL = 2;
    /** The same in a constructor before {@code super()} is called: the first variable is {@code this}. */
    static final int CATCH_BEFORE_SUPER = 3;

    private final Constants constants;
    private final TableShifter tables;
    private final FrameReader reader;
    private final FrameReader second;
    private Output out = new Output();
    private CodeMap map = new CodeMap();

    // The frames that edits add; positions are those of the new code and ascend.
    private int addedCount;
    private int[] addedPosition = new int[8];
    private int[] addedSource = new int[8];
    private int[] addedKind = new int[8];

    // The variables of the frame written last, when expanding.
    private int[] lastLocals = new int[16];
    private int lastLocalCount;

    // The variables that edits add to every frame.
    private int paddedSlots;
    private int[] addedLocals = new int[4];
    private int addedLocalCount;

    // The method's own variables that the catch-all handler uses; others are left open.
    private int[] catchAllLocals = new int[8];
    private int catchAllLocalCount;

    FrameWriter(Constants constants, TableShifter tables, FrameReader reader) {
        this.constants = constants;
        this.tables = tables;
        this.reader = reader;
        this.second = new FrameReader();
    }

    void start(CodeMap map) {
        this.map = map;
        catchAllLocalCount = 0;
        addedCount = 0;
        addedLocalCount = 0;
        paddedSlots = 0;
    }

    /** Asks for a frame at a position of the new code. */
    void add(int position, int kind, int source) {
        if (addedCount == addedPosition.length) {
            addedPosition = Arrays.copyOf(addedPosition, 2 * addedCount);
            addedSource = Arrays.copyOf(addedSource, 2 * addedCount);
            addedKind = Arrays.copyOf(addedKind, 2 * addedCount);
        }
        int i = addedCount++;
        for (; i > 0 && addedPosition[i - 1] > position; i--) {
            addedPosition[i] = addedPosition[i - 1];
            addedKind[i] = addedKind[i - 1];
            addedSource[i] = addedSource[i - 1];
        }
        addedPosition[i] = position;
        addedKind[i] = kind;
        addedSource[i] = source;
    }

    /** Asks for the variables that edits add to be declared by every frame, above the method's own. */
    void addLocals(SavedValues saved) {
        paddedSlots = saved.firstAdded();
        addedLocalCount = saved.addedCount();
        if (addedLocals.length < addedLocalCount) {
            addedLocals = new int[addedLocalCount];
        }
        for (int i = 0; i < addedLocalCount; i++) {
            addedLocals[i] = FrameReader.typeOf(saved.addedType(i), constants);
        }
    }

    /** Asks for one of the method's own variables to be declared in the frame of the catch-all handler. */
    void addCatchAllLocal(int type) {
        if (catchAllLocalCount == catchAllLocals.length) {
            catchAllLocals = Arrays.copyOf(catchAllLocals, 2 * catchAllLocalCount);
        }
        catchAllLocals[catchAllLocalCount++] = type;
    }

    boolean isNeeded() {
        return reader.hasTable() || addedCount > 0;
    }

    // ---- shifting ----

    /**
     * Writes the content of the table with all offsets shifted. Frames may be added where the state is the initial one
     * (before the first frame) and as a catch-all behind the last.
     */
    void shift(Output out, byte[] bytes) {
        start(out);
        int countAt = out.size();
        out.u2(0);
        int next = 0;
        for (; next < addedCount && addedKind[next] == INITIAL; next++) {
            TableShifter.writeShort(out, 0, 251, delta(addedPosition[next]));
        }
        if (reader.hasTable() && !tables.frames(bytes, reader.tableStart(), reader.tableEnd(), map.positions(), out)) {
            throw DoesNotFit.malformed(tables.fault(), -1);
        }
        for (; next < addedCount; next++) {
            writeCatchAll(addedPosition[next], addedKind[next]);
        }
        out.setU2(countAt, tables.frameCount());
    }

    private void start(Output out) {
        this.out = out;
        tables.startFrames();
    }

    private void writeCatchAll(int position, int kind) {
        out.u1u2(255, delta(position));
        int countAt = out.size();
        out.u2(0);
        if (kind == CATCH_BEFORE_SUPER) {
            out.u1(FrameReader.UNINITIALIZED_THIS);
            out.setU2(countAt, 1 + writeAddedLocals(1));
        } else {
            int slots = 0;
            for (int i = 0; i < catchAllLocalCount; i++) {
                writeType(catchAllLocals[i], reader);
                slots += FrameReader.slots(catchAllLocals[i]);
            }
            out.setU2(countAt, catchAllLocalCount + writeAddedLocals(slots));
        }
        out.u2(1);
        out.u1u2(FrameReader.OBJECT, constants.classConstant("java/lang/Throwable"));
    }

    private int delta(int position) {
        int delta = tables.delta(position);
        if (delta < 0) {
            throw DoesNotFit.malformed("the frames don't ascend", -1);
        }
        return delta;
    }

    // ---- expanding ----

    /** Writes the content of the table with all that edits add; no more bytes than the limit. */
    void expand(Output out, OriginalCode code, int limit) {
        start(out);
        int countAt = out.size();
        out.u2(0);
        reader.start(code.method());
        rememberLocals(reader, false);
        int added = 0;
        while (added < addedCount && addedKind[added] == INITIAL) {
            writeState(reader, addedPosition[added++]);
        }
        while (reader.next()) {
            int position = map.label(reader.bci());
            while (added < addedCount && addedPosition[added] < position) {
                writeAdded(code, added++);
            }
            writeState(reader, position);
            checkLimit(countAt, limit);
        }
        while (added < addedCount) {
            writeAdded(code, added++);
            checkLimit(countAt, limit);
        }
        out.setU2(countAt, tables.frameCount());
    }

    private void checkLimit(int start, int limit) {
        if (out.size() - start > limit) {
            throw DoesNotFit.of(EditRule.METHOD_TOO_LARGE, "the StackMapTable would exceed " + limit + " bytes");
        }
    }

    private void writeAdded(OriginalCode code, int added) {
        int position = addedPosition[added];
        if (addedKind[added] == CATCH_ALL || addedKind[added] == CATCH_BEFORE_SUPER) {
            writeCatchAll(position, addedKind[added]);
            lastLocalCount = -1;
        } else if (reader.bci() == addedSource[added]) {
            writeState(reader, position);
        } else {
            second.setTable(code);
            second.start(code.method());
            while (second.bci() < addedSource[added] && second.next()) {
                // on to the frame at that bci
            }
            if (second.bci() == addedSource[added]) {
                writeState(second, position);
            }
        }
    }

    private void writeState(FrameReader state, int position) {
        int delta = delta(position);
        boolean sameLocals = sameLocals(state);
        if (sameLocals && state.stackCount() == 0) {
            TableShifter.writeShort(out, 0, 251, delta);
        } else if (sameLocals && state.stackCount() == 1) {
            TableShifter.writeShort(out, 64, 247, delta);
            writeType(state.stack(0), state);
        } else {
            out.u1u2(255, delta);
            int countAt = out.size();
            out.u2(0);
            int count = state.localCount();
            int slots = 0;
            for (int i = 0; i < count; i++) {
                writeType(state.local(i), state);
                slots += FrameReader.slots(state.local(i));
            }
            count += writeAddedLocals(slots);
            if (count > 65535) {
                throw DoesNotFit.of(EditRule.METHOD_TOO_LARGE, "a frame exceeds 65535 variables");
            }
            out.setU2(countAt, count);
            out.u2(state.stackCount());
            for (int i = 0; i < state.stackCount(); i++) {
                writeType(state.stack(i), state);
            }
            rememberLocals(state, true);
        }
    }

    private int writeAddedLocals(int slots) {
        if (addedLocalCount == 0) {
            return 0;
        }
        for (int slot = slots; slot < paddedSlots; slot++) {
            out.u1(FrameReader.TOP);
        }
        for (int i = 0; i < addedLocalCount; i++) {
            writeType(addedLocals[i], reader);
        }
        return Math.max(0, paddedSlots - slots) + addedLocalCount;
    }

    private void writeType(int type, FrameReader state) {
        int tag = type & 0xff;
        if (tag == FrameReader.OBJECT) {
            out.u1u2(tag, state.constantOf(type, constants));
        } else if (tag == FrameReader.UNINITIALIZED) {
            out.u1u2(tag, map.instruction(type >>> 8));
        } else {
            out.u1(tag);
        }
    }

    /** Notes the variables of the frame written last; not so the initial one if variables are added to it. */
    private void rememberLocals(FrameReader state, boolean isWritten) {
        if (!isWritten && addedLocalCount > 0) {
            lastLocalCount = -1;
            return;
        }
        lastLocalCount = state.localCount();
        if (lastLocals.length < lastLocalCount) {
            lastLocals = new int[Math.max(lastLocalCount, 2 * lastLocals.length)];
        }
        for (int i = 0; i < lastLocalCount; i++) {
            lastLocals[i] = state.local(i);
        }
    }

    private boolean sameLocals(FrameReader state) {
        if (state.localCount() != lastLocalCount) {
            return false;
        }
        for (int i = 0; i < lastLocalCount; i++) {
            if (state.local(i) != lastLocals[i]) {
                return false;
            }
        }
        return true;
    }
}
