package org.dvm.core.edit;

import java.util.List;
import org.dvm.core.finding.Finding;

/** Says that a class can't be written with all that its filters insist on. */
public final class EditException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<Finding> findings;

    /** Makes an exception of at least one finding. */
    public EditException(List<Finding> findings) {
        super(findings.get(0).toString());
        this.findings = List.copyOf(findings);
    }

    /** Returns what doesn't fit; never empty. */
    public List<Finding> findings() {
        return findings;
    }
}
