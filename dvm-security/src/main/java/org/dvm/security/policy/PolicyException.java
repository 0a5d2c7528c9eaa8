package org.dvm.security.policy;

import java.util.List;
import java.util.stream.Collectors;

/** Says that a policy can't be used, and what is wrong in it. */
public final class PolicyException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<PolicyProblem> problems;

    /** Makes an exception with at least one problem. */
    public PolicyException(List<PolicyProblem> problems) {
        super(problems.stream().map(PolicyProblem::toString).collect(Collectors.joining(System.lineSeparator())));
        this.problems = List.copyOf(problems);
    }

    /** Returns what is wrong, in the order of the text. */
    public List<PolicyProblem> problems() {
        return problems;
    }
}
