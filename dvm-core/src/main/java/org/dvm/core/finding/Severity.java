package org.dvm.core.finding;

/** How bad a finding is. */
public enum Severity {
    /** The class must not run. */
    ERROR,
    /** The class runs, but something asked for was not done or deserves a look. */
    WARNING,
    /** Worth knowing, nothing to do. */
    INFO
}
