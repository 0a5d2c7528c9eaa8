package org.dvm.client.internal.agent;

import org.dvm.core.finding.LinkError;
import org.dvm.core.finding.Rule;
import org.dvm.core.finding.Severity;

/** What the agent itself finds wrong with a class. */
enum AgentRule implements Rule {
    /** A class that a filter added could not be defined in the loader of the class that needs it. */
    EXTRA_CLASS_NOT_DEFINED("5.3");

    private final String section;

    AgentRule(String section) {
        this.section = section;
    }

    @Override
    public String section() {
        return section;
    }

    @Override
    public Severity severity() {
        return Severity.ERROR;
    }

    @Override
    public LinkError error() {
        return LinkError.LINKAGE;
    }
}
