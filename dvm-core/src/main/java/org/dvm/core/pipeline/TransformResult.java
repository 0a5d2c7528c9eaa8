package org.dvm.core.pipeline;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.dvm.core.finding.Finding;
import org.dvm.core.finding.Severity;
import org.jspecify.annotations.Nullable;

/**
 * What became of one class file: its status, the class files to use in its place, findings, and the audit trail.
 *
 * <p><b>Threads:</b> immutable, except that class files are shared arrays which nobody may write to.
 */
public final class TransformResult {
    /** What became of a class. */
    public enum Status {
        /** No filter changed it: the output is the input's own array. */
        UNCHANGED,
        /** Filters' edits were written into it. */
        CHANGED,
        /** A filter put another class in its place. */
        REPLACED,
        /** It must not be used; there is no output. */
        FAILED
    }

    /** Whether a result depends on where the class came from. */
    public enum Scope {
        /** The result holds for the same bytes from anywhere. */
        ANY_SOURCE,
        /** A filter asked for the source: the result holds for that source only. */
        THIS_SOURCE
    }

    private static final byte[] NONE = {};

    private final Status status;
    private final @Nullable String className;
    private final byte[] output;
    private final List<ClassFile> extraClasses;
    private final List<Finding> findings;
    private final List<Note> trail;
    private final Scope scope;

    private TransformResult(
            Status status,
            @Nullable String className,
            byte[] output,
            List<ClassFile> extraClasses,
            List<Finding> findings,
            List<Note> trail,
            Scope scope) {
        this.status = requireNonNull(status, "status");
        this.className = className;
        this.output = requireNonNull(output, "output");
        this.extraClasses = List.copyOf(extraClasses);
        this.findings = List.copyOf(findings);
        this.trail = List.copyOf(trail);
        this.scope = requireNonNull(scope, "scope");
    }

    /**
     * Returns a result with output.
     *
     * @param status anything but {@link Status#FAILED}
     * @throws IllegalArgumentException if the status is FAILED
     */
    public static TransformResult of(
            Status status,
            String className,
            byte[] output,
            List<ClassFile> extraClasses,
            List<Finding> findings,
            List<Note> trail,
            Scope scope) {
        if (status == Status.FAILED) {
            throw new IllegalArgumentException("a failed class has no output: className=" + className);
        }
        return new TransformResult(status, className, output, extraClasses, findings, trail, scope);
    }

    /**
     * Returns the result of a class that must not be used.
     *
     * @param className the internal name; null where it couldn't be read
     * @param findings why; at least one of severity ERROR
     */
    public static TransformResult failed(
            @Nullable String className, List<Finding> findings, List<Note> trail, Scope scope) {
        if (findings.stream().noneMatch(finding -> finding.rule().severity() == Severity.ERROR)) {
            throw new IllegalArgumentException("a failed class needs a finding of severity ERROR: className="
                    + className + " findings=" + findings);
        }
        return new TransformResult(Status.FAILED, className, NONE, List.of(), findings, trail, scope);
    }

    /** Returns what became of the class. */
    public Status status() {
        return status;
    }

    /** Returns the internal name of the class; null where not even that could be read. */
    public @Nullable String className() {
        return className;
    }

    /**
     * Returns the class file to use: the input's own array where the status is UNCHANGED.
     *
     * @throws IllegalStateException if the class failed, with the first error
     */
    public byte[] output() {
        if (status == Status.FAILED) {
            throw new IllegalStateException("no output, the class failed: " + firstError());
        }
        return output;
    }

    /** Returns the classes to use besides the output, in the order in which filters added them. */
    public List<ClassFile> extraClasses() {
        return extraClasses;
    }

    /** Returns what the format check and the filters found, in order; of a failed class at least one error. */
    public List<Finding> findings() {
        return findings;
    }

    /** Returns what the filters did, in order. */
    public List<Note> trail() {
        return trail;
    }

    /** Returns whether the result holds for the same bytes from anywhere. */
    public Scope scope() {
        return scope;
    }

    /** Returns whether output and extra classes are just the input. */
    public boolean isIdentity() {
        return status == Status.UNCHANGED && extraClasses.isEmpty();
    }

    /**
     * Returns why the class failed.
     *
     * @throws IllegalStateException if it didn't
     */
    public Finding firstError() {
        return findings.stream()
                .filter(finding -> finding.rule().severity() == Severity.ERROR)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the class has no error: status=" + status));
    }

    @Override
    public String toString() {
        return status + " " + className + " findings=" + findings + " trail=" + trail;
    }
}
