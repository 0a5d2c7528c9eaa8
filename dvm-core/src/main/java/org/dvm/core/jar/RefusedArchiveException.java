package org.dvm.core.jar;

import org.dvm.core.finding.Finding;
import org.dvm.core.finding.Location;

/** Says inside this package that an archive or an entry is refused, and why. */
final class RefusedArchiveException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Finding finding;

    RefusedArchiveException(ArchiveRule rule, String source, String message) {
        super(message, null, false, false);
        this.finding = new Finding(rule, new Location(source, null, null, -1, -1), message);
    }

    Finding finding() {
        return finding;
    }
}
