package org.dvm.core.pipeline;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import org.dvm.core.classfile.RawClass;
import proguard.classfile.ProgramClass;
import proguard.classfile.io.ProgramClassReader;

/** Makes ProGuardCORE's model of a class that has passed the format check. */
final class Models {
    private Models() {}

    static ProgramClass of(RawClass raw) {
        ProgramClass model = new ProgramClass();
        model.accept(new ProgramClassReader(new DataInputStream(new ByteArrayInputStream(raw.bytes()))));
        return model;
    }
}
