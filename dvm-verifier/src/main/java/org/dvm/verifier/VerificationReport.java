package org.dvm.verifier;

import java.util.List;

/**
 * What a run found.
 *
 * @param results one for every class, in the order of the inputs
 */
public record VerificationReport(List<ClassResult> results) {
    /** Copies the list. */
    public VerificationReport {
        results = List.copyOf(results);
    }

    /** Returns the classes that must not run. */
    public List<ClassResult> rejected() {
        return results.stream().filter(result -> !result.verdict().isAccepted()).toList();
    }

    /** Returns the sum of the class files' sizes. */
    public long lengthBytes() {
        return results.stream().mapToLong(ClassResult::lengthBytes).sum();
    }

    /** Returns how many checks were made. */
    public long staticChecks() {
        return results.stream()
                .mapToLong(result -> result.verdict().staticChecks())
                .sum();
    }

    /** Returns how many assumptions about whole classes and methods are left for link time. */
    public long assumptions() {
        return count(false);
    }

    /** Returns how many instructions name a class, field or method that the JVM resolves when it executes them. */
    public long references() {
        return count(true);
    }

    private long count(boolean references) {
        return results.stream()
                .map(ClassResult::verdict)
                .filter(Verdict.Accepted.class::isInstance)
                .flatMap(verdict -> ((Verdict.Accepted) verdict).assumptions().stream())
                .filter(each -> (each.assumption().scope() == Assumption.Scope.INSTRUCTION) == references)
                .count();
    }
}
