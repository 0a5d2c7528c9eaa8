package org.dvm.verifier;

import java.util.List;
import java.util.stream.Stream;

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

    /** Returns how many references - instructions that name a class, field or method - are left for link time. */
    public long references() {
        return count(true);
    }

    /** Returns the references that are known to fail if they are executed, in the order of the inputs. */
    public List<FailingReference> failing() {
        return accepted().flatMap(verdict -> verdict.failing().stream()).toList();
    }

    private long count(boolean references) {
        return accepted()
                .flatMap(verdict -> verdict.assumptions().stream())
                .filter(each -> (each.assumption().scope() == Assumption.Scope.INSTRUCTION) == references)
                .count();
    }

    private Stream<Verdict.Accepted> accepted() {
        return results.stream()
                .map(ClassResult::verdict)
                .filter(Verdict.Accepted.class::isInstance)
                .map(Verdict.Accepted.class::cast);
    }
}
