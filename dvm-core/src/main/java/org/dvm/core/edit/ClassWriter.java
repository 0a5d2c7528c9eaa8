package org.dvm.core.edit;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.edit.FilterEdits.Overflow;
import org.dvm.core.edit.PlacedSnippets.Effort;
import org.jspecify.annotations.Nullable;

/**
 * Writes a class with the edits of all its filters, in one pass.
 *
 * <p>The constant pool keeps its order and grows at its end, so that methods, fields and attributes without edits are
 * copied as bytes. A class without edits is returned as the identical array.
 *
 * <p>The class must have passed the format check; code that is malformed nevertheless is refused, never written.
 *
 * <p><b>Threads:</b> the static methods may be called by many threads at once; each thread keeps one set of buffers.
 */
public final class ClassWriter {
    private static final ThreadLocal<ClassWriter> OF_THREAD = new ThreadLocal<>();

    /** With assertions on, as in tests, what {@link QuickSplicer} writes is compared with {@link CodeSplicer}'s. */
    private static final boolean CHECKED_TWICE = ClassWriter.class.desiredAssertionStatus();

    private final Constants constants = new Constants();
    private final Assembler assembler = new Assembler(constants);
    private final TableShifter tables = new TableShifter();
    private final QuickSplicer quick = new QuickSplicer(assembler, tables);
    private @Nullable GeneralWriter general;

    // The class is put together of stretches of the original and of new bytes in between: for each of the former its
    // start and end, and where the new bytes behind it end in their buffer.
    private final Output fresh = new Output();
    private int[] stretches = new int[3 * 16];
    private int stretchCount;

    /** Loading a class of ours may start the agent on this thread while its writer is in use. */
    private boolean inUse;

    private ClassWriter() {}

    /**
     * Writes a class with the edits of one filter that insists on them.
     *
     * @return the class file; the original's own array if there are no edits
     * @throws EditException if an edit exceeds a limit of the format
     */
    public static byte[] write(ClassEdits edits) throws EditException {
        FilterEdits only = new FilterEdits("edits", edits, Overflow.FAIL);
        return write(edits.original(), List.of(only)).classFile();
    }

    /**
     * Writes a class with the edits of its filters.
     *
     * @param raw the class as it was read
     * @param filters the filters in their order: later ones nest around earlier ones
     * @return the class file, the original's own array if there are no edits, and what was left out
     * @throws EditException if an edit of a filter that insists on it exceeds a limit
     * @throws IllegalArgumentException if edits are of another class, or for a bci at which no instruction starts
     */
    public static Written write(RawClass raw, List<FilterEdits> filters) throws EditException {
        List<FilterEdits> active = active(raw, filters);
        if (active.isEmpty()) {
            return new Written(raw.bytes(), List.of());
        }
        ClassWriter ofThread = OF_THREAD.get();
        if (ofThread == null) {
            ofThread = new ClassWriter();
            OF_THREAD.set(ofThread);
        }
        ClassWriter writer = ofThread.inUse ? new ClassWriter() : ofThread;
        writer.inUse = true;
        try {
            return new Written(writer.write(raw, active, null), List.of());
        } catch (
                RuntimeException
                        e) { // it doesn't fit, or is malformed: now ask what is wrong, and what can be left out
            return Fitting.write(writer, raw, active, e);
        } finally {
            writer.inUse = false;
        }
    }

    /** Returns the filters that ask for something; the list itself where all do. */
    private static List<FilterEdits> active(RawClass raw, List<FilterEdits> filters) {
        int count = filters.size();
        int idle = 0;
        for (int i = 0; i < count; i++) {
            FilterEdits filter = requireNonNull(filters.get(i), "filter");
            if (filter.edits().original() != raw) {
                throw new IllegalArgumentException("edits are of another class: filter=" + filter.filter());
            }
            idle += filter.edits().isEmpty() ? 1 : 0;
        }
        if (idle == 0) {
            return filters;
        }
        List<FilterEdits> active = new ArrayList<>(count - idle);
        for (int i = 0; i < count; i++) {
            if (!filters.get(i).edits().isEmpty()) {
                active.add(filters.get(i));
            }
        }
        return active;
    }

    // ---- the class ----

    /**
     * Writes the class.
     *
     * @param filters filters that ask for something
     * @param fitting sees to it that methods fit; null for a first attempt, in which nothing may be left out
     * @throws DoesNotFit if something doesn't fit
     */
    byte[] write(RawClass raw, List<FilterEdits> filters, @Nullable Fitting fitting) throws EditException {
        constants.reset(raw);
        assembler.startClass(raw);
        tables.startClass();
        fresh.reset();
        stretchCount = 0;
        if (general != null) {
            general.startClass(raw);
        }
        ClassChanges changes = null;
        for (int i = 0; i < filters.size() && changes == null; i++) {
            if (filters.get(i).edits().editsClass()) {
                changes = ClassChanges.merge(raw, filters, constants);
            }
        }
        int copied = changes == null ? raw.constantPoolEnd() : writeHeaderAndFields(raw, changes);
        copyOriginal(copied, fieldsEnd(raw));
        int countAt = fresh.size();
        fresh.u2(raw.methodCount());
        copied = writeMethods(raw, filters, changes, fitting, fieldsEnd(raw) + 2);
        if (changes != null || general != null && general.hasHelpers()) {
            copyOriginal(copied, methodsEnd(raw));
            int added = general(raw).writeAddedMethods(raw, changes, fresh);
            fresh.setU2(countAt, checkedCount(raw.methodCount() + added, "methods"));
            copied = methodsEnd(raw);
        }
        if (changes != null) {
            copied = writeNewAttributes(raw, changes, copied);
        } else {
            copyOriginal(copied, raw.bytes().length);
        }
        return assemble(raw, changes);
    }

    /** Lets a stretch of the original follow what has been written. */
    private void copyOriginal(int from, int to) {
        int at = 3 * stretchCount;
        if (at == stretches.length) {
            stretches = Arrays.copyOf(stretches, 2 * at);
        }
        if (at > 0) {
            stretches[at - 1] = fresh.size();
        }
        stretches[at] = from;
        stretches[at + 1] = to;
        stretchCount++;
    }

    /** Writes all before the methods and returns the offset behind it. */
    private int writeHeaderAndFields(RawClass raw, ClassChanges changes) {
        int flags = raw.constantPoolEnd();
        String superclass = changes.newSuperclass();
        copyOriginal(flags, flags + 4);
        fresh.u2(superclass == null ? raw.u2(flags + 4) : constants.classConstant(superclass));
        List<String> added = changes.newInterfaces();
        fresh.u2(checkedCount(raw.interfaceCount() + added.size(), "interfaces"));
        int countAt = flags + 8 + 2 * raw.interfaceCount();
        copyOriginal(flags + 8, countAt);
        for (String name : added) {
            fresh.u2(constants.classConstant(name));
        }
        int count = raw.fieldCount();
        fresh.u2(checkedCount(count + changes.newFieldCount(), "fields"));
        int copied = countAt + 2;
        for (int i = 0; i < count && changes.renames(); i++) {
            int name = changes.newName(raw, raw.field(i));
            if (name != 0) {
                copyOriginal(copied, raw.field(i).offset() + 2);
                fresh.u2(name);
                copied = raw.field(i).offset() + 4;
            }
        }
        copyOriginal(copied, fieldsEnd(raw));
        changes.writeNewFields(fresh);
        return fieldsEnd(raw);
    }

    private static int fieldsEnd(RawClass raw) {
        int count = raw.fieldCount();
        return count == 0
                ? raw.constantPoolEnd() + 10 + 2 * raw.interfaceCount()
                : raw.field(count - 1).end();
    }

    private static int methodsEnd(RawClass raw) {
        int count = raw.methodCount();
        return count == 0 ? fieldsEnd(raw) + 2 : raw.method(count - 1).end();
    }

    /**
     * Writes the methods.
     *
     * @param from up to where the original has been copied
     * @return up to where it has been then
     */
    private int writeMethods(
            RawClass raw,
            List<FilterEdits> filters,
            @Nullable ClassChanges changes,
            @Nullable Fitting fitting,
            int from)
            throws EditException {
        int copied = from;
        String newSuperclass = changes == null ? null : changes.newSuperclass();
        @Nullable MethodEdits[] edits = new MethodEdits[filters.size()];
        int count = raw.methodCount();
        for (int i = 0; i < count; i++) {
            boolean edited = false;
            for (int filter = 0; filter < edits.length; filter++) {
                MethodEdits of = filters.get(filter).edits().edited(i);
                edits[filter] = of;
                edited |= of != null;
            }
            if (edited || changes != null) {
                RawClass.Member method = raw.method(i);
                String superclass = newSuperclass != null && isConstructor(raw, method) ? newSuperclass : null;
                int newName = changes == null || !changes.renames() ? 0 : changes.newName(raw, method);
                if (newName != 0) {
                    copyOriginal(copied, method.offset() + 2);
                    fresh.u2(newName);
                    copied = method.offset() + 4;
                }
                if (edited || superclass != null) {
                    copied = writeCode(raw, method, edits, filters, superclass, fitting, copied);
                }
            }
        }
        return copied;
    }

    private static boolean isConstructor(RawClass raw, RawClass.Member method) {
        return method.codeOffset() >= 0 && raw.memberName(method).equals("<init>");
    }

    /** Writes a method up to the end of its code; returns up to where the original has been copied then. */
    private int writeCode(
            RawClass raw,
            RawClass.Member method,
            @Nullable MethodEdits[] edits,
            List<FilterEdits> filters,
            @Nullable String newSuperclass,
            @Nullable Fitting fitting,
            int copied)
            throws EditException {
        int content = method.codeOffset();
        copyOriginal(copied, content - 4);
        int lengthAt = fresh.size();
        fresh.u4(0);
        if (fitting != null) {
            if (!fitting.splice(raw, method, edits, filters, newSuperclass)) {
                fresh.setSize(lengthAt);
                return content - 4;
            }
        } else if (newSuperclass != null || !spliceQuickly(raw, method, edits)) {
            general(raw).splice(raw, method, edits, newSuperclass, Effort.INLINE, fresh);
        }
        fresh.setU4(lengthAt, fresh.size() - lengthAt - 4);
        return content + raw.s4(content - 4);
    }

    /** Tries the quick way; false, with nothing written, in doubt. */
    private boolean spliceQuickly(RawClass raw, RawClass.Member method, @Nullable MethodEdits[] edits) {
        int markedSize = fresh.size();
        int markedEntries = constants.entries();
        int markedCount = constants.count();
        int markedBytes = constants.appended().size();
        if (quick.splice(raw, method, edits, fresh)) {
            if (CHECKED_TWICE) {
                byte[] written = Arrays.copyOfRange(fresh.array(), markedSize, fresh.size());
                int count = constants.count();
                fresh.setSize(markedSize);
                constants.rollback(markedEntries, markedCount, markedBytes);
                general(raw).check(raw, method, edits, written, fresh);
                if (count != constants.count()) {
                    throw new InternalError("another number of constants: " + count + ", " + constants.count());
                }
            }
            return true;
        }
        fresh.setSize(markedSize);
        constants.rollback(markedEntries, markedCount, markedBytes);
        return false;
    }

    private int writeNewAttributes(RawClass raw, ClassChanges changes, int copied) {
        int countAt = methodsEnd(raw);
        List<ClassEdits.NewAttribute> added = changes.newAttributes();
        copyOriginal(copied, countAt);
        fresh.u2(checkedCount(raw.attributes().length + added.size(), "attributes"));
        copyOriginal(countAt + 2, raw.bytes().length);
        for (ClassEdits.NewAttribute attribute : added) {
            fresh.u2(constants.utf8(attribute.name()));
            fresh.u4(attribute.content().length);
            fresh.put(attribute.content(), 0, attribute.content().length);
        }
        return raw.bytes().length;
    }

    private static int checkedCount(int count, String what) {
        if (count > 65535) {
            throw DoesNotFit.of(EditRule.CLASS_TOO_LARGE, "more than 65535 " + what);
        }
        return count;
    }

    private byte[] assemble(RawClass raw, @Nullable ClassChanges changes) {
        byte[] original = raw.bytes();
        byte[] fresh = this.fresh.array();
        int[] stretches = this.stretches;
        int end = 3 * stretchCount;
        stretches[end - 1] = this.fresh.size();
        Output appended = constants.appended();
        int poolEnd = raw.constantPoolEnd();
        int size = poolEnd + appended.size() + this.fresh.size();
        for (int i = 0; i < end; i += 3) {
            size += stretches[i + 1] - stretches[i];
        }
        byte[] whole = new byte[size];
        System.arraycopy(original, 0, whole, 0, poolEnd);
        whole[8] = (byte) (constants.count() >> 8);
        whole[9] = (byte) constants.count();
        if (changes != null) {
            changes.patchConstants(whole);
        }
        System.arraycopy(appended.array(), 0, whole, poolEnd, appended.size());
        int at = poolEnd + appended.size();
        int from = 0;
        for (int i = 0; i < end; i += 3) {
            int length = stretches[i + 1] - stretches[i];
            System.arraycopy(original, stretches[i], whole, at, length);
            at += length;
            length = stretches[i + 2] - from;
            System.arraycopy(fresh, from, whole, at, length);
            at += length;
            from += length;
        }
        return whole;
    }

    // ---- what few classes need ----

    /** Returns the part of the writer that can do everything; made when a class first needs it. */
    GeneralWriter general(RawClass raw) {
        GeneralWriter made = general;
        if (made == null) {
            made = new GeneralWriter(assembler, tables);
            made.startClass(raw);
            general = made;
        }
        return made;
    }

    Constants constants() {
        return constants;
    }

    /** Returns the bytes written so far that are not the original's. */
    Output fresh() {
        return fresh;
    }
}
