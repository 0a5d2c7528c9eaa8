package org.dvm.core.pipeline;

import org.dvm.core.classfile.RawClass;
import org.dvm.core.edit.ClassEdits;
import proguard.classfile.ProgramClass;

/**
 * One class on its way through the pipeline: as it was read, and what filters have asked for.
 *
 * <p><b>Threads:</b> confined to the thread that runs the pipeline for this class.
 */
public interface ClassUnit {
    /** Returns the class's internal name. */
    String name();

    /** Returns where the class comes from: the jar's or directory's name and the entry; empty where unknown. */
    String source();

    /** Returns the map of the class's bytes. */
    RawClass raw();

    /** Returns ProGuardCORE's model of the class, made on first use; filters must not change it. */
    ProgramClass model();

    /** Returns the edits to ask of. They are the calling filter's own until it returns. */
    ClassEdits edits();
}
