package org.dvm.monitor;

import org.dvm.core.finding.LinkError;
import org.dvm.core.finding.Rule;
import org.dvm.core.finding.Severity;

/** What monitoring filters report. */
public enum MonitorRule implements Rule {
    /**
     * Class name, method name and descriptor together don't fit into one string constant; the method isn't observed.
     *
     * @jvms 4.4.7
     */
    METHOD_NAME_TOO_LONG("4.4.7");

    private final String section;

    MonitorRule(String section) {
        this.section = section;
    }

    @Override
    public String section() {
        return section;
    }

    @Override
    public Severity severity() {
        return Severity.WARNING;
    }

    @Override
    public LinkError error() {
        return LinkError.NONE;
    }
}
