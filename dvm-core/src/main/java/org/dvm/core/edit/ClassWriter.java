package org.dvm.core.edit;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.edit.FilterEdits.Overflow;
import org.dvm.core.edit.PlacedSnippets.Effort;
import org.dvm.core.finding.Finding;
import org.dvm.core.finding.Location;
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
    private static final ThreadLocal<ClassWriter> OF_THREAD = ThreadLocal.withInitial(ClassWriter::new);

    private final Constants constants = new Constants();
    private final HelperMethods helpers = new HelperMethods();
    private final SnippetCompiler compiler = new SnippetCompiler(constants);
    private final CodeSplicer splicer = new CodeSplicer(constants, helpers, compiler);
    private final AddedMethods addedMethods = new AddedMethods(constants, compiler);
    private final Output body = new Output();

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
        List<FilterEdits> active = new ArrayList<>(filters.size());
        for (int i = 0; i < filters.size(); i++) {
            FilterEdits filter = requireNonNull(filters.get(i), "filter");
            if (filter.edits().original() != raw) {
                throw new IllegalArgumentException("edits are of another class: filter=" + filter.filter());
            }
            if (!filter.edits().isEmpty()) {
                active.add(filter);
            }
        }
        if (active.isEmpty()) {
            return new Written(raw.bytes(), List.of());
        }
        ClassWriter ofThread = OF_THREAD.get();
        ClassWriter writer = ofThread.inUse ? new ClassWriter() : ofThread;
        writer.inUse = true;
        try {
            return writer.writeFitting(raw, active);
        } finally {
            writer.inUse = false;
        }
    }

    /** Writes the class, leaving out whole filters, if they allow it, while it has too many constants. */
    private Written writeFitting(RawClass raw, List<FilterEdits> filters) throws EditException {
        List<Finding> findings = new ArrayList<>();
        while (true) {
            List<Finding> ofMethods = new ArrayList<>();
            try {
                byte[] written = filters.isEmpty() ? raw.bytes() : write(raw, filters, ofMethods);
                findings.addAll(ofMethods);
                return new Written(written, findings);
            } catch (DoesNotFit e) {
                Location location = Location.ofClass(raw.className());
                int victim = lastToLeaveOut(filters, new boolean[filters.size()], e.filter());
                if (victim < 0) {
                    throw new EditException(List.of(new Finding(e.rule(), location, e.text())));
                }
                findings.add(leftOut(location, filters.get(victim), e));
                filters.remove(victim);
            } catch (IndexOutOfBoundsException e) {
                String message = "the class is malformed and can't be edited: " + e.getMessage();
                throw new EditException(
                        List.of(new Finding(EditRule.MALFORMED_CODE, Location.ofClass(raw.className()), message)));
            }
        }
    }

    /** Returns the last filter that allows its edits to be left out, or the one at fault if it allows it; else -1. */
    private static int lastToLeaveOut(List<FilterEdits> filters, boolean[] alreadyOut, int atFault) {
        if (atFault != DoesNotFit.ANY_FILTER) {
            return filters.get(atFault).overflow() == Overflow.LEAVE_OUT ? atFault : -1;
        }
        for (int i = filters.size() - 1; i >= 0; i--) {
            if (!alreadyOut[i] && filters.get(i).overflow() == Overflow.LEAVE_OUT) {
                return i;
            }
        }
        return -1;
    }

    private static Finding leftOut(Location location, FilterEdits filter, DoesNotFit cause) {
        return new Finding(
                EditRule.LEFT_OUT,
                location,
                "edits of filter " + filter.filter() + " are left out: " + cause.text() + " (" + cause.rule() + ")");
    }

    // ---- the class ----

    private byte[] write(RawClass raw, List<FilterEdits> filters, List<Finding> findings) throws EditException {
        constants.reset(raw);
        helpers.startClass(raw);
        compiler.startClass(raw);
        splicer.startClass();
        body.reset();
        ClassChanges changes = ClassChanges.merge(raw, filters, constants);
        writeHeader(raw, changes);
        writeFields(raw, changes);
        writeMethods(raw, filters, changes, findings);
        writeClassAttributes(raw, changes);
        return assemble(raw, changes);
    }

    private void writeHeader(RawClass raw, ClassChanges changes) {
        int flags = raw.constantPoolEnd();
        String superclass = changes.newSuperclass();
        body.put(raw.bytes(), flags, 4);
        body.u2(superclass == null ? raw.u2(flags + 4) : constants.classConstant(superclass));
        List<String> added = changes.newInterfaces();
        body.u2(checkedCount(raw.interfaceCount() + added.size(), "interfaces"));
        body.put(raw.bytes(), flags + 8, 2 * raw.interfaceCount());
        for (String name : added) {
            body.u2(constants.classConstant(name));
        }
    }

    private void writeFields(RawClass raw, ClassChanges changes) {
        int countAt = raw.constantPoolEnd() + 8 + 2 * raw.interfaceCount();
        int count = raw.fieldCount();
        int end = count == 0 ? countAt + 2 : raw.field(count - 1).end();
        body.u2(checkedCount(count + changes.newFieldCount(), "fields"));
        int shift = body.size() - countAt - 2;
        body.put(raw.bytes(), countAt + 2, end - countAt - 2);
        for (int i = 0; i < count && changes.renames(); i++) {
            int name = changes.newName(raw, raw.field(i));
            if (name != 0) {
                body.setU2(raw.field(i).offset() + 2 + shift, name);
            }
        }
        changes.writeNewFields(body);
    }

    private void writeMethods(RawClass raw, List<FilterEdits> filters, ClassChanges changes, List<Finding> findings)
            throws EditException {
        int count = raw.methodCount();
        int countAt = body.size();
        body.u2(0);
        int fieldsEnd = raw.fieldCount() == 0
                ? raw.constantPoolEnd() + 10 + 2 * raw.interfaceCount()
                : raw.field(raw.fieldCount() - 1).end();
        int copied = fieldsEnd + 2;
        @Nullable MethodEdits[] edits = new MethodEdits[filters.size()];
        for (int i = 0; i < count; i++) {
            RawClass.Member method = raw.method(i);
            boolean edited = false;
            for (int filter = 0; filter < edits.length; filter++) {
                edits[filter] = filters.get(filter).edits().edited(i);
                edited |= edits[filter] != null;
            }
            boolean newSuper = changes.newSuperclass() != null && isConstructor(raw, method);
            int newName = changes.renames() ? changes.newName(raw, method) : 0;
            if (edited || newSuper || newName != 0) {
                body.put(raw.bytes(), copied, method.offset() - copied);
                int start = body.size();
                if (!edited && !newSuper
                        || !writeMethod(raw, method, edits, filters, changes.newSuperclass(), findings)) {
                    body.put(raw.bytes(), method.offset(), method.end() - method.offset());
                }
                if (newName != 0) {
                    body.setU2(start + 2, newName);
                }
                copied = method.end();
            }
        }
        int end = count == 0 ? copied : raw.method(count - 1).end();
        body.put(raw.bytes(), copied, end - copied);
        int added = addedMethods.write(raw, changes.newMethods(), helpers, body);
        body.setU2(countAt, checkedCount(count + added, "methods"));
    }

    private static boolean isConstructor(RawClass raw, RawClass.Member method) {
        return method.codeOffset() >= 0 && raw.memberName(method).equals("<init>");
    }

    /** Writes a method with its edits; false, with nothing written, where all of them had to be left out. */
    private boolean writeMethod(
            RawClass raw,
            RawClass.Member method,
            @Nullable MethodEdits[] edits,
            List<FilterEdits> filters,
            @Nullable String newSuperclass,
            List<Finding> findings)
            throws EditException {
        int markedSize = body.size();
        int markedEntries = constants.entries();
        int markedCount = constants.count();
        int markedBytes = constants.appended().size();
        int markedHelpers = helpers.count();
        Effort effort = Effort.INLINE;
        while (true) {
            try {
                writeMethodOnce(raw, method, edits, newSuperclass, effort);
                return true;
            } catch (DoesNotFit e) {
                body.setSize(markedSize);
                constants.rollback(markedEntries, markedCount, markedBytes);
                helpers.rollback(markedHelpers);
                if (e.rule() == EditRule.CLASS_TOO_LARGE) {
                    throw e;
                } else if (e.isAboutSize() && effort == Effort.INLINE) {
                    effort = Effort.OUTLINED;
                } else if (!leaveOut(raw, method, edits, filters, e, findings)) {
                    return newSuperclass != null && keepsOnlySuperclass(raw, method, edits, newSuperclass);
                }
            }
        }
    }

    /** Writes a constructor all of whose insertions were left out: it still has to call its new superclass. */
    private boolean keepsOnlySuperclass(
            RawClass raw, RawClass.Member method, @Nullable MethodEdits[] edits, String newSuperclass) {
        writeMethodOnce(raw, method, edits, newSuperclass, Effort.INLINE);
        return true;
    }

    /** Takes the edits of one filter out, with a finding; false if no edits remain. */
    private static boolean leaveOut(
            RawClass raw,
            RawClass.Member method,
            @Nullable MethodEdits[] edits,
            List<FilterEdits> filters,
            DoesNotFit cause,
            List<Finding> findings)
            throws EditException {
        boolean[] alreadyOut = new boolean[edits.length];
        for (int i = 0; i < edits.length; i++) {
            alreadyOut[i] = edits[i] == null;
        }
        String member = raw.memberName(method) + raw.memberDescriptor(method);
        Location location = Location.ofCode(raw.className(), member, cause.bci());
        int victim = lastToLeaveOut(filters, alreadyOut, cause.filter());
        if (victim < 0) {
            throw new EditException(List.of(new Finding(cause.rule(), location, cause.text())));
        }
        findings.add(leftOut(location, filters.get(victim), cause));
        edits[victim] = null;
        for (MethodEdits remaining : edits) {
            if (remaining != null) {
                return true;
            }
        }
        return false;
    }

    private void writeMethodOnce(
            RawClass raw,
            RawClass.Member method,
            @Nullable MethodEdits[] edits,
            @Nullable String newSuperclass,
            Effort effort) {
        int code = method.codeOffset();
        int codeEnd = code + raw.s4(code - 4);
        body.put(raw.bytes(), method.offset(), code - 4 - method.offset());
        int lengthAt = body.size();
        body.u4(0);
        splicer.splice(raw, method, edits, newSuperclass, effort, body);
        body.setU4(lengthAt, body.size() - lengthAt - 4);
        body.put(raw.bytes(), codeEnd, method.end() - codeEnd);
    }

    private void writeClassAttributes(RawClass raw, ClassChanges changes) {
        RawClass.Attribute[] attributes = raw.attributes();
        List<ClassEdits.NewAttribute> added = changes.newAttributes();
        body.u2(checkedCount(attributes.length + added.size(), "attributes"));
        if (attributes.length > 0) {
            int from = attributes[0].offset() - 6;
            body.put(raw.bytes(), from, raw.bytes().length - from);
        }
        for (ClassEdits.NewAttribute attribute : added) {
            body.u2(constants.utf8(attribute.name()));
            body.u4(attribute.content().length);
            body.put(attribute.content(), 0, attribute.content().length);
        }
    }

    private static int checkedCount(int count, String what) {
        if (count > 65535) {
            throw DoesNotFit.of(EditRule.CLASS_TOO_LARGE, "more than 65535 " + what);
        }
        return count;
    }

    private byte[] assemble(RawClass raw, ClassChanges changes) {
        byte[] original = raw.bytes();
        Output appended = constants.appended();
        int poolEnd = raw.constantPoolEnd();
        byte[] whole = new byte[poolEnd + appended.size() + body.size()];
        System.arraycopy(original, 0, whole, 0, poolEnd);
        whole[8] = (byte) (constants.count() >> 8);
        whole[9] = (byte) constants.count();
        changes.patchConstants(whole);
        System.arraycopy(appended.array(), 0, whole, poolEnd, appended.size());
        System.arraycopy(body.array(), 0, whole, poolEnd + appended.size(), body.size());
        return whole;
    }
}
