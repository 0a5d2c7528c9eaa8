package org.dvm.security.tool;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.dvm.runtime.security.ResourceKind;
import org.dvm.security.engine.PolicyEngine;
import org.dvm.security.engine.PolicyMatrix;
import org.dvm.security.policy.Policy;
import org.dvm.security.policy.Policy.Effect;
import org.dvm.security.policy.Policy.Rule;
import org.dvm.security.policy.Position;

/**
 * Writes the least-privilege policy of a recorded run: each access that was recorded is allowed, and of the others only
 * those that stand for the same thing, such as further files of a directory of which many were used.
 */
public final class PolicyLearner {
    /** From so many files of one directory used in the same way on, the directory's files are one object. */
    private static final int MANY_FILES = 8;

    /** What was used in the same way: one subject, one kind, one set of permissions. */
    private record Use(String subject, ResourceKind kind, Set<String> permissions) {}

    private final Policy base;
    private final PolicyEngine engine;
    private final Set<String> names;
    private final List<Policy.Subject> subjects = new ArrayList<>();
    private final List<Policy.Sid> objects = new ArrayList<>();
    private final List<Policy.Resource> resources = new ArrayList<>();
    private final List<Rule> rules = new ArrayList<>();

    private PolicyLearner(Policy base) {
        this.base = base;
        this.engine = new PolicyEngine(base, "");
        this.names = new TreeSet<>(new PolicyMatrix(base).objects());
    }

    /**
     * Returns what must be added to a policy to allow the recorded accesses.
     *
     * @param base the policy of the run; may be empty. What it allows is not repeated, and objects that it names are
     *     used
     * @param accesses what was recorded
     */
    public static Policy learn(Policy base, Collection<RecordedAccess> accesses) {
        PolicyLearner learner = new PolicyLearner(base);
        learner.learn(accesses);
        Policy empty = Policy.empty("learned");
        return new Policy(
                empty.name(),
                learner.subjects,
                learner.objects,
                List.of(),
                learner.rules,
                learner.resources,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    private void learn(Collection<RecordedAccess> accesses) {
        Set<String> known = new TreeSet<>(new PolicyMatrix(base).subjects());
        Map<RecordedAccess, Set<String>> unnamed = new LinkedHashMap<>();
        Map<String, Set<String>> named = new TreeMap<>();
        for (RecordedAccess access : new LinkedHashSet<>(accesses)) {
            if (known.add(access.subject())) {
                subjects.add(new Policy.Subject(access.subject(), List.of(), Policy.Trust.RESTRICTED, Position.NONE));
            }
            if (engine.decide(access.subject(), access.permission(), access.kind(), access.resource())
                    .allowed()) {
                continue;
            }
            String object = access.kind() == ResourceKind.NONE
                    ? Policy.ANY
                    : engine.explain(access.subject(), access.permission(), access.kind(), access.resource())
                            .object()
                            .orElse("");
            if (object.isEmpty()) {
                RecordedAccess what = new RecordedAccess(access.subject(), "", access.kind(), access.resource());
                unnamed.computeIfAbsent(what, w -> new TreeSet<>()).add(access.permission());
            } else {
                named.computeIfAbsent(access.subject() + "\t" + object, k -> new TreeSet<>())
                        .add(access.permission());
            }
        }
        named.forEach((cell, permissions) -> {
            String[] parts = cell.split("\t", -1);
            rules.add(allow(parts[0], parts[1], permissions));
        });
        nameObjects(unnamed);
    }

    private static Rule allow(String subject, String object, Set<String> permissions) {
        return new Rule(Effect.ALLOW, subject, object, List.copyOf(permissions), Position.NONE);
    }

    /** Makes objects of resources; one that several subjects use is one object, with a rule for each of them. */
    private void nameObjects(Map<RecordedAccess, Set<String>> unnamed) {
        Map<RecordedAccess, Map<String, Set<String>>> usesOf = new LinkedHashMap<>();
        unnamed.forEach((access, permissions) -> {
            RecordedAccess resource = new RecordedAccess("", "", access.kind(), access.resource());
            usesOf.computeIfAbsent(resource, k -> new TreeMap<>()).put(access.subject(), permissions);
        });
        Map<List<Use>, List<RecordedAccess>> groups = new LinkedHashMap<>();
        usesOf.forEach((resource, bySubject) -> {
            List<Use> uses = bySubject.entrySet().stream()
                    .map(e -> new Use(e.getKey(), resource.kind(), e.getValue()))
                    .toList();
            groups.computeIfAbsent(uses, u -> new ArrayList<>()).add(resource);
        });
        groups.forEach((uses, members) -> {
            String object = newName(uses.get(0));
            objects.add(new Policy.Sid(object, List.of(), Position.NONE));
            patterns(uses.get(0).kind(), members)
                    .forEach(p -> resources.add(resource(uses.get(0).kind(), p, object)));
            uses.forEach(use -> rules.add(allow(use.subject(), object, use.permissions())));
        });
    }

    private String newName(Use use) {
        String stem = use.subject() + "-" + use.kind().name().toLowerCase(Locale.ROOT);
        String name = stem;
        for (int i = 2; !names.add(name); i++) {
            name = stem + "-" + i;
        }
        return name;
    }

    private static Set<String> patterns(ResourceKind kind, List<RecordedAccess> members) {
        Set<String> patterns = new TreeSet<>();
        if (kind != ResourceKind.FILE) {
            members.forEach(m -> patterns.add(m.resource()));
            return patterns;
        }
        Map<String, List<String>> directories = new TreeMap<>();
        for (RecordedAccess member : members) {
            int slash = member.resource().lastIndexOf('/');
            directories
                    .computeIfAbsent(member.resource().substring(0, Math.max(slash, 0)), d -> new ArrayList<>())
                    .add(member.resource());
        }
        directories.forEach((directory, files) -> {
            if (files.size() >= MANY_FILES) {
                patterns.add(directory + "/*");
            } else {
                patterns.addAll(files);
            }
        });
        return patterns;
    }

    private static Policy.Resource resource(ResourceKind kind, String name, String object) {
        if (kind != ResourceKind.HOST) {
            return new Policy.Resource(kind, name, "*", object, Position.NONE);
        }
        int slash = name.indexOf('/');
        int colon = name.lastIndexOf(':');
        String host = slash > 0 ? name.substring(0, slash) : name.substring(slash + 1, colon);
        String port = name.substring(colon + 1);
        return new Policy.Resource(kind, host, port.equals("-1") ? "*" : port, object, Position.NONE);
    }
}
