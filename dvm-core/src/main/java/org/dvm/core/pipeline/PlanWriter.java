package org.dvm.core.pipeline;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.util.List;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.edit.ClassWriter;
import org.dvm.core.edit.EditException;
import org.dvm.core.edit.FilterEdits;
import org.dvm.core.edit.FilterEdits.Overflow;
import org.dvm.core.edit.Written;
import org.jspecify.annotations.Nullable;
import proguard.classfile.ProgramClass;
import proguard.classfile.io.ProgramClassReader;

/** Hands what the filters asked for to the engine, and settles what doesn't fit. */
final class PlanWriter {
    private final PipelineRun run;

    PlanWriter(PipelineRun run) {
        this.run = run;
    }

    static ProgramClass model(RawClass raw) {
        ProgramClass model = new ProgramClass();
        model.accept(new ProgramClassReader(new DataInputStream(new ByteArrayInputStream(raw.bytes()))));
        return model;
    }

    /** Returns the class with all edits; null, with the findings reported, where what a filter insists on doesn't fit. */
    byte @Nullable [] write(RawClass raw, List<EditLayer> layers) {
        try {
            Written written = ClassWriter.write(
                    raw, layers.stream().map(PlanWriter::filterEdits).toList());
            written.findings().forEach(run::report);
            return written.classFile();
        } catch (EditException e) {
            e.findings().forEach(run::report);
            run.fail(PipelineRule.EDITS_FAILED, "the filters' edits can't be written: " + e.getMessage());
        } catch (IllegalArgumentException e) { // edits that don't fit the method they are for: a filter's mistake
            run.fail(PipelineRule.EDITS_FAILED, "the filters' edits contradict the class: " + e.getMessage());
        }
        return null;
    }

    private static FilterEdits filterEdits(EditLayer layer) {
        Overflow overflow =
                switch (layer.onOverflow()) {
                    case FAIL -> Overflow.FAIL;
                    case LEAVE_OUT -> Overflow.LEAVE_OUT;
                };
        return new FilterEdits(layer.filter(), layer.edits(), overflow);
    }
}
