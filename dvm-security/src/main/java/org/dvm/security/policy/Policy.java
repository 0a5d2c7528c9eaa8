package org.dvm.security.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dvm.runtime.security.Attribution;
import org.dvm.runtime.security.ResourceKind;

/**
 * A policy: who may do what to which object. What no rule allows is denied; what a rule denies no other rule allows.
 *
 * @param name the policy's name, for messages
 * @param subjects the security identifiers of code and threads
 * @param objects the security identifiers of objects
 * @param permissions settings of permissions
 * @param rules the access matrix
 * @param resources which object a named resource is
 * @param operations which code needs which permission
 * @param code which code is of which subject
 * @param users which user of the operating system adds which subject
 * @param threads which started threads are restricted by which subject
 * @param transitions who may act for itself when called by whom
 * @param endorsements what the JDK does for purposes of its own
 * @paper DVM 3.2
 */
public record Policy(
        String name,
        List<Subject> subjects,
        List<Sid> objects,
        List<PermissionSetting> permissions,
        List<Rule> rules,
        List<Resource> resources,
        List<Operation> operations,
        List<Code> code,
        List<Assignment> users,
        List<Assignment> threads,
        List<Transition> transitions,
        List<Endorsement> endorsements) {

    /** The subject of code that no assignment fits. It can't be declared and may do nothing. */
    public static final String UNKNOWN_SUBJECT = "unknown";

    /** Stands for every subject or every object in a rule. */
    public static final String ANY = "*";

    /** Copies the lists. */
    public Policy {
        subjects = List.copyOf(subjects);
        objects = List.copyOf(objects);
        permissions = List.copyOf(permissions);
        rules = List.copyOf(rules);
        resources = List.copyOf(resources);
        operations = List.copyOf(operations);
        code = List.copyOf(code);
        users = List.copyOf(users);
        threads = List.copyOf(threads);
        transitions = List.copyOf(transitions);
        endorsements = List.copyOf(endorsements);
    }

    /** Returns a policy without parts. */
    public static Policy empty(String name) {
        List<Sid> none = List.of();
        return new Policy(
                name, List.of(), none, List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(),
                List.of(), List.of());
    }

    /** Returns this policy with the parts of another one after its own. */
    public Policy plus(Policy other) {
        return new Policy(
                name,
                join(subjects, other.subjects),
                join(objects, other.objects),
                join(permissions, other.permissions),
                join(rules, other.rules),
                join(resources, other.resources),
                join(operations, other.operations),
                join(code, other.code),
                join(users, other.users),
                join(threads, other.threads),
                join(transitions, other.transitions),
                join(endorsements, other.endorsements));
    }

    /** Returns this policy with other rules. */
    public Policy withRules(List<Rule> newRules) {
        return new Policy(
                name,
                subjects,
                objects,
                permissions,
                newRules,
                resources,
                operations,
                code,
                users,
                threads,
                transitions,
                endorsements);
    }

    private static <T> List<T> join(List<T> first, List<T> second) {
        List<T> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    /** A security identifier of objects, and those whose rules it takes over. */
    public record Sid(String name, List<String> parents, Position position) {
        /** Copies the parents. */
        public Sid {
            parents = List.copyOf(parents);
        }
    }

    /** Whether policy restricts code. */
    public enum Trust {
        /** Only what rules allow. */
        RESTRICTED,
        /** Part of the system: anything. */
        TRUSTED
    }

    /** A security identifier of code and threads, and those whose rules it takes over. */
    public record Subject(String name, List<String> parents, Trust trust, Position position) {
        /** Copies the parents. */
        public Subject {
            parents = List.copyOf(parents);
        }
    }

    /** How checks of a permission look at callers. */
    public record PermissionSetting(String name, Attribution attribution, Position position) {}

    /** What a rule says. */
    public enum Effect {
        /** The access may happen, unless another rule denies it. */
        ALLOW,
        /** The access may not happen. */
        DENY
    }

    /**
     * A rule of the access matrix.
     *
     * @param subject a subject or {@link #ANY}
     * @param object an object or {@link #ANY}
     * @param permissions names of permissions, {@code x.*} or {@code *}
     */
    public record Rule(Effect effect, String subject, String object, List<String> permissions, Position position) {
        /** Copies the permissions. */
        public Rule {
            permissions = List.copyOf(permissions);
        }

        @Override
        public String toString() {
            return (effect == Effect.ALLOW ? "allow " : "deny ") + subject + " -> " + object + " "
                    + String.join(" ", permissions) + (position.line() == 0 ? "" : " (" + position + ")");
        }
    }

    /**
     * Which object a named resource is.
     *
     * @param kind what the resource is
     * @param pattern as the language has it for that kind
     * @param ports for {@link ResourceKind#HOST}: ports and ranges, or {@code *}
     * @param object the object's identifier
     */
    public record Resource(ResourceKind kind, String pattern, String ports, String object, Position position) {}

    /**
     * Code that needs a permission.
     *
     * @param className binary name of the class or interface that declares it
     * @param method the method's name; {@code <init>} for constructors
     * @param descriptor the method's descriptor; empty for all of that name
     * @param on which values are the object, in order: -1 for {@code this}, else the parameter's number; empty for none
     * @param kind what the object is
     */
    public record Operation(
            String permission,
            String className,
            String method,
            String descriptor,
            List<Integer> on,
            ResourceKind kind,
            Position position) {
        /** Stands for {@code this} among the values that are the object. */
        public static final int THIS = -1;

        /** Copies the values. */
        public Operation {
            on = List.copyOf(on);
        }
    }

    /** Assigns code to a subject: all the conditions that are present must hold. */
    public record Code(
            String subject,
            Optional<String> source,
            Optional<String> packageName,
            Optional<String> loader,
            Optional<String> module,
            Optional<String> signer,
            Optional<String> maven,
            Position position) {
        /** Returns how many conditions there are. */
        public int conditions() {
            int count = 0;
            for (Optional<String> condition : List.of(source, packageName, loader, module, signer, maven)) {
                count += condition.isPresent() ? 1 : 0;
            }
            return count;
        }
    }

    /** Assigns whatever has that name to a subject; a {@code *} at the end of the name stands for any rest. */
    public record Assignment(String name, String subject, Position position) {}

    /** Lets code of one subject act for itself when called by another, or by {@link #ANY}. */
    public record Transition(String from, String to, Position position) {}

    /** Says that a JDK class's method performs operations for purposes of its own. */
    public record Endorsement(String className, String method, List<String> permissions, Position position) {
        /** Copies the permissions. */
        public Endorsement {
            permissions = List.copyOf(permissions);
        }
    }
}
