package org.dvm.core.pipeline;

import org.dvm.core.classfile.RawClass;
import org.dvm.core.internal.model.ModelReader;
import proguard.classfile.ProgramClass;

/** Makes ProGuardCORE's model of a class that has passed the format check. */
final class Models {
    private Models() {}

    static ProgramClass of(RawClass raw) {
        return ModelReader.read(raw);
    }
}
