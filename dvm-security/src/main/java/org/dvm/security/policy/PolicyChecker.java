package org.dvm.security.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dvm.runtime.security.ResourceKind;
import org.jspecify.annotations.Nullable;

/** Checks what a schema can't: that names are declared once, that what is referred to exists, that patterns parse. */
final class PolicyChecker {
    private final Policy policy;
    private final List<PolicyProblem> problems = new ArrayList<>();
    private final Map<String, List<String>> subjects = new HashMap<>();
    private final Map<String, List<String>> objects = new HashMap<>();

    private PolicyChecker(Policy policy) {
        this.policy = policy;
    }

    static List<PolicyProblem> check(Policy policy) {
        PolicyChecker checker = new PolicyChecker(policy);
        checker.declarations();
        checker.references();
        checker.patterns();
        return checker.problems;
    }

    private void declarations() {
        subjects.put(Policy.UNKNOWN_SUBJECT, List.of());
        for (Policy.Subject subject : policy.subjects()) {
            if (subjects.putIfAbsent(subject.name(), subject.parents()) != null) {
                report(
                        subject.position(),
                        "subject \"" + subject.name() + "\" is declared twice or reserved",
                        "rename one");
            }
        }
        for (Policy.Sid object : policy.objects()) {
            if (objects.putIfAbsent(object.name(), object.parents()) != null) {
                report(object.position(), "object \"" + object.name() + "\" is declared twice", "rename one");
            }
        }
        for (Policy.Subject subject : policy.subjects()) {
            parents("subject", subject.name(), subject.parents(), subjects, subject.position());
        }
        for (Policy.Sid object : policy.objects()) {
            parents("object", object.name(), object.parents(), objects, object.position());
        }
    }

    private void parents(
            String what, String name, List<String> parents, Map<String, List<String>> declared, Position position) {
        for (String parent : parents) {
            refer(what, parent, declared, position);
        }
        if (reaches(name, name, declared, new HashSet<>())) {
            report(position, what + " \"" + name + "\" extends itself", "break the circle");
        }
    }

    private static boolean reaches(
            String from, String target, Map<String, List<String>> declared, Set<String> visited) {
        for (String parent : declared.getOrDefault(from, List.of())) {
            if (parent.equals(target) || (visited.add(parent) && reaches(parent, target, declared, visited))) {
                return true;
            }
        }
        return false;
    }

    private void references() {
        for (Policy.Rule rule : policy.rules()) {
            refer("subject", rule.subject(), subjects, rule.position());
            refer("object", rule.object(), objects, rule.position());
        }
        policy.resources().forEach(r -> refer("object", r.object(), objects, r.position()));
        policy.users().forEach(u -> refer("subject", u.subject(), subjects, u.position()));
        policy.threads().forEach(t -> refer("subject", t.subject(), subjects, t.position()));
        for (Policy.Transition transition : policy.transitions()) {
            refer("subject", transition.from(), subjects, transition.position());
            refer("subject", transition.to(), subjects, transition.position());
        }
        for (Policy.Code code : policy.code()) {
            refer("subject", code.subject(), subjects, code.position());
            if (code.conditions() == 0) {
                report(
                        code.position(),
                        "no condition says which code it is",
                        "add source, package, loader, module, signer or maven");
            }
        }
    }

    private void refer(String what, String name, Map<String, List<String>> declared, Position position) {
        if (!name.equals(Policy.ANY) && !declared.containsKey(name)) {
            @Nullable String near = nearest(name, declared.keySet());
            report(
                    position,
                    "no " + what + " is named \"" + name + "\"",
                    near == null
                            ? "declare it: <" + what + " name=\"" + name + "\"/>"
                            : "did you mean \"" + near + "\"?");
        }
    }

    private void patterns() {
        Set<String> known = new HashSet<>();
        for (Policy.Resource resource : policy.resources()) {
            if (!known.add(resource.kind() + " " + resource.pattern() + " " + resource.ports())) {
                report(resource.position(), "the pattern \"" + resource.pattern() + "\" stands twice", "remove one");
            }
            checkPattern(resource);
        }
    }

    private void checkPattern(Policy.Resource resource) {
        String pattern = resource.pattern();
        if (resource.kind() == ResourceKind.FILE) {
            String plain = Patterns.directory(Patterns.expand(pattern));
            if (!plain.startsWith("/")
                    && !java.nio.file.Path.of(plain.isEmpty() ? "/" : plain).isAbsolute()) {
                report(resource.position(), "not an absolute path: " + pattern, "begin it with / or ${user.home}");
            } else if (plain.indexOf('*') >= 0) {
                report(resource.position(), "a * within a path: " + pattern, "end the path with /* or /**");
            }
        } else if (resource.kind() == ResourceKind.HOST) {
            if (pattern.indexOf('/') >= 0 && Patterns.network(pattern).isEmpty()) {
                report(
                        resource.position(),
                        "not an address range: " + pattern,
                        "write it as 10.0.0.0/8 or 2001:db8::/32");
            }
            for (int[] range : Patterns.ports(resource.ports())) {
                if (range[0] > range[1] || range[1] > 65_535) {
                    report(resource.position(), "no such ports: " + resource.ports(), "use 0 to 65535, lower-upper");
                }
            }
        } else if (pattern.indexOf('*') >= 0 && pattern.indexOf('*') < pattern.length() - 1) {
            report(resource.position(), "a * within a name: " + pattern, "only one at the end stands for any rest");
        }
    }

    private void report(Position position, String message, String cure) {
        if (problems.size() < 50) {
            problems.add(new PolicyProblem(position, message, cure));
        }
    }

    /** Returns the declared name that differs in at most two letters; null if there is none. */
    private static @Nullable String nearest(String name, Set<String> declared) {
        String best = null;
        int bestDistance = Math.min(3, name.length());
        for (String candidate : declared) {
            int distance = distance(name, candidate);
            if (distance < bestDistance) {
                bestDistance = distance;
                best = candidate;
            }
        }
        return best;
    }

    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitution = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substitution, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
