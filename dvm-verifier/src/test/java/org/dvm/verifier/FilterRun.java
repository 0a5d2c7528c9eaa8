package org.dvm.verifier;

import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.ClassFormatException;
import org.dvm.core.edit.ClassEdits;
import org.dvm.core.edit.ClassWriter;
import org.dvm.core.edit.EditException;
import org.dvm.core.finding.Finding;
import org.dvm.core.pipeline.ClassUnit;
import org.dvm.core.pipeline.TransformContext;
import org.dvm.core.repository.ClassRepository;
import org.jspecify.annotations.Nullable;
import proguard.classfile.ProgramClass;

/** One class under one filter, in a world that knows nothing. */
final class FilterRun implements ClassUnit, TransformContext {
    private final RawClass raw;
    private final ClassEdits edits;
    private byte @Nullable [] replacement;

    private FilterRun(RawClass raw) {
        this.raw = raw;
        this.edits = new ClassEdits(raw);
    }

    /** Returns what the filter makes of a class file. */
    static byte[] of(VerifyFilter filter, byte[] classFile) {
        try {
            FilterRun run = new FilterRun(RawClass.parse(classFile));
            filter.transform(run, run);
            byte[] replaced = run.replacement;
            return replaced != null ? replaced : run.edits.isEmpty() ? classFile : ClassWriter.write(run.edits);
        } catch (ClassFormatException | EditException e) {
            throw new IllegalStateException("the class must be sound and have room", e);
        }
    }

    @Override
    public String name() {
        return raw.className();
    }

    @Override
    public String source() {
        return "";
    }

    @Override
    public RawClass raw() {
        return raw;
    }

    @Override
    public ProgramClass model() {
        throw new UnsupportedOperationException("the filter reads the class file itself");
    }

    @Override
    public ClassEdits edits() {
        return edits;
    }

    @Override
    public ClassRepository classes() {
        return ClassRepository.EMPTY;
    }

    @Override
    public void report(Finding finding) {
        assert finding.message() != null;
    }

    @Override
    public void note(String what) {
        assert !what.isEmpty();
    }

    @Override
    public void replaceClass(byte[] classFile) {
        replacement = classFile;
    }

    @Override
    public void addClass(byte[] classFile) {
        throw new UnsupportedOperationException("the filter adds no classes");
    }
}
