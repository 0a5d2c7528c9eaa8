package org.dvm.core.jar;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.dvm.core.pipeline.Note;
import org.dvm.core.pipeline.TransformResult.Status;

/**
 * What became of one class.
 *
 * @param entry the entry or file that holds it
 * @param status what became of it
 * @param extraClasses internal names of the classes added with it
 * @param trail what filters did
 */
public record ClassReport(String entry, Status status, List<String> extraClasses, List<Note> trail) {
    /** Copies the lists. */
    public ClassReport {
        requireNonNull(entry, "entry");
        requireNonNull(status, "status");
        extraClasses = List.copyOf(extraClasses);
        trail = List.copyOf(trail);
    }
}
