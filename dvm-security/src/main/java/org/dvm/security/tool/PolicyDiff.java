package org.dvm.security.tool;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.dvm.security.engine.PolicyMatrix;
import org.dvm.security.policy.Policy;

/** What changes between two policies: accesses, not lines of text. */
public final class PolicyDiff {
    private PolicyDiff() {}

    /**
     * An access whose answer changes.
     *
     * @param subject the subject
     * @param object the object, or {@code *} for objects that no pattern names
     * @param permission the permission
     */
    public record Access(String subject, String object, String permission) {
        @Override
        public String toString() {
            return subject + " " + permission + " on " + object;
        }
    }

    /**
     * The difference.
     *
     * @param granted accesses that only the later policy allows
     * @param revoked accesses that only the earlier policy allows
     * @param other resources, operations, code, users, threads, transitions and endorsements that only one of them
     *     has, {@code +} or {@code -} before their text
     */
    public record Difference(List<Access> granted, List<Access> revoked, List<String> other) {
        /** Copies the lists. */
        public Difference {
            granted = List.copyOf(granted);
            revoked = List.copyOf(revoked);
            other = List.copyOf(other);
        }

        /** Returns whether nothing changes. */
        public boolean isEmpty() {
            return granted.isEmpty() && revoked.isEmpty() && other.isEmpty();
        }
    }

    /** Compares two policies over all subjects, objects and permissions that either of them has. */
    public static Difference between(Policy earlier, Policy later) {
        PolicyMatrix before = new PolicyMatrix(earlier);
        PolicyMatrix after = new PolicyMatrix(later);
        Set<String> permissions = union(before.permissions(), after.permissions());
        List<Access> granted = new ArrayList<>();
        List<Access> revoked = new ArrayList<>();
        for (String subject : union(before.subjects(), after.subjects())) {
            for (String object : union(before.objects(), after.objects())) {
                for (String permission : permissions) {
                    boolean was = before.allows(subject, object, permission);
                    boolean is = after.allows(subject, object, permission);
                    if (was != is) {
                        (is ? granted : revoked).add(new Access(subject, object, permission));
                    }
                }
            }
        }
        return new Difference(granted, revoked, others(earlier, later));
    }

    private static Set<String> union(Set<String> a, Set<String> b) {
        Set<String> all = new TreeSet<>(a);
        all.addAll(b);
        return all;
    }

    private static List<String> others(Policy earlier, Policy later) {
        List<String> before = PolicyMatrix.otherParts(earlier);
        List<String> after = PolicyMatrix.otherParts(later);
        List<String> others = new ArrayList<>();
        Set<String> gone = new LinkedHashSet<>(before);
        after.forEach(gone::remove);
        gone.forEach(part -> others.add("- " + part));
        Set<String> come = new LinkedHashSet<>(after);
        before.forEach(come::remove);
        come.forEach(part -> others.add("+ " + part));
        return others;
    }
}
