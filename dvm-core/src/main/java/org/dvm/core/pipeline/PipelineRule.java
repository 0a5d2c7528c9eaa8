package org.dvm.core.pipeline;

import org.dvm.core.finding.LinkError;
import org.dvm.core.finding.Rule;
import org.dvm.core.finding.Severity;

/** The rules that the pipeline holds its filters to. */
public enum PipelineRule implements Rule {
    /** A filter returns; whatever it throws fails the class. */
    FILTER_FAILED(Severity.ERROR, LinkError.LINKAGE),
    /** What filters ask for exists in the class: edits of no instruction fail the class. */
    EDITS_FAILED(Severity.ERROR, LinkError.LINKAGE),
    /** A class file that a filter hands over is well formed and, as a replacement, has the name of the original. */
    OUTPUT_MALFORMED(Severity.ERROR, LinkError.LINKAGE);

    private final Severity severity;
    private final LinkError error;

    PipelineRule(Severity severity, LinkError error) {
        this.severity = severity;
        this.error = error;
    }

    @Override
    public String section() {
        return "DVM pipeline";
    }

    @Override
    public Severity severity() {
        return severity;
    }

    @Override
    public LinkError error() {
        return error;
    }
}
