package org.dvm.core.pipeline;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.util.List;
import org.dvm.core.classfile.RawClass;
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

    byte @Nullable [] write(RawClass raw, List<EditLayer> layers) {
        run.fail(PipelineRule.EDITS_FAILED, "the engine's writer is not there: layers=" + layers);
        return null;
    }
}
