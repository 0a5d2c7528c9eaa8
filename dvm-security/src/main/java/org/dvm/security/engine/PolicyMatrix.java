package org.dvm.security.engine;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.dvm.security.policy.Policy;

/** The access matrix of a policy as a table to look through, for tools. */
public final class PolicyMatrix {
    private final Compiled compiled;

    /** Compiles a policy. */
    public PolicyMatrix(Policy policy) {
        this.compiled = new Compiled(policy);
    }

    /** Returns the names of all subjects. */
    public Set<String> subjects() {
        Set<String> names = new TreeSet<>();
        compiled.policy().subjects().forEach(s -> names.add(s.name()));
        names.add(Policy.UNKNOWN_SUBJECT);
        return names;
    }

    /** Returns the names of all objects, and {@code *} for those that no pattern names. */
    public Set<String> objects() {
        Set<String> names = new TreeSet<>();
        compiled.policy().objects().forEach(o -> names.add(o.name()));
        names.add(Policy.ANY);
        return names;
    }

    /** Returns the names of all permissions. */
    public Set<String> permissions() {
        return compiled.permissionNames();
    }

    /** Returns whether an access is allowed. */
    public boolean allows(String subject, String object, String permission) {
        if (compiled.isTrusted(subject)) {
            return true;
        }
        return switch (compiled.verdict(subject, object.equals(Policy.ANY) ? null : object, permission)) {
            case ALLOWED, ALLOWED_EVERYWHERE -> true;
            case DENIED, UNDEFINED -> false;
        };
    }

    /** Returns each part of a policy that isn't a cell of the matrix, in the policy language. */
    public static List<String> otherParts(Policy policy) {
        return PolicyTexts.parts(policy).stream()
                .filter(p -> !p.startsWith("<allow") && !p.startsWith("<deny"))
                .toList();
    }
}
