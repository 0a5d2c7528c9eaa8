package org.dvm.security.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.dvm.runtime.security.Decision;
import org.dvm.runtime.security.ResourceKind;
import org.dvm.security.policy.Policy;
import org.dvm.security.policy.Policy.Effect;
import org.dvm.security.policy.Policy.Resource;
import org.dvm.security.policy.Policy.Rule;
import org.dvm.security.policy.Position;
import org.dvm.security.tool.PolicyDiff;
import org.dvm.security.tool.PolicyLearner;
import org.dvm.security.tool.RecordedAccess;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The compiled engine against a plain reading of the rules, on random policies that change in between. */
class PolicyModelTest {
    private static final List<String> PERMISSIONS = List.of("a.b", "a.c", "a.b.d", "x", "y.z");
    private static final List<String> PATTERNS = List.of("*", "a.*", "a.b", "a.b.*", "a.c", "x", "y.*", "y.z", "a.b.d");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void answersAsThePlainReadingDoes(long seed) {
        Random random = new Random(seed);
        PolicyEngine engine = new PolicyEngine(Policy.empty("none"), "");
        for (int round = 0; round < 60; round++) {
            Policy policy = randomPolicy(random);
            engine.replace(policy);
            for (int i = 0; i < 200; i++) {
                String subject = "s" + random.nextInt(7);
                String permission = PERMISSIONS.get(random.nextInt(PERMISSIONS.size()));
                ResourceKind kind = random.nextBoolean() ? ResourceKind.FILE : ResourceKind.NAME;
                String resource = randomResource(random, kind);

                Decision decision = engine.decide(subject, permission, kind, resource);

                assertThat(decision.allowed())
                        .as("%s %s %s %s: %s in %s", subject, permission, kind, resource, decision, policy)
                        .isEqualTo(Naive.allows(policy, subject, permission, kind, resource));
                if (decision.allowed() && decision.scope() == Decision.Scope.EVERY_RESOURCE) {
                    String other = randomResource(random, kind);
                    assertThat(Naive.allows(policy, subject, permission, kind, other))
                            .isTrue();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void diffTellsExactlyTheAccessesThatChange(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 10; round++) {
            Policy before = randomPolicy(random);
            Policy after = randomPolicy(random);
            PolicyDiff.Difference difference = PolicyDiff.between(before, after);
            PolicyMatrix b = new PolicyMatrix(before);
            PolicyMatrix a = new PolicyMatrix(after);
            assertThat(difference.granted())
                    .allSatisfy(x -> assertThat(a.allows(x.subject(), x.object(), x.permission()))
                            .isTrue())
                    .noneSatisfy(x -> assertThat(b.allows(x.subject(), x.object(), x.permission()))
                            .isTrue());
            assertThat(difference.revoked())
                    .allSatisfy(x -> assertThat(b.allows(x.subject(), x.object(), x.permission()))
                            .isTrue());
            assertThat(PolicyDiff.between(before, before).isEmpty()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23, 24})
    void whatWasLearntIsAllowedAndLittleElse(long seed) {
        Random random = new Random(seed);
        List<RecordedAccess> recorded = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            recorded.add(new RecordedAccess(
                    "p" + random.nextInt(3),
                    PERMISSIONS.get(random.nextInt(PERMISSIONS.size())),
                    ResourceKind.FILE,
                    "/d" + random.nextInt(12) + "/f" + random.nextInt(3)));
        }
        PolicyEngine engine = new PolicyEngine(PolicyLearner.learn(Policy.empty("base"), recorded), "");
        Set<RecordedAccess> set = new LinkedHashSet<>(recorded);
        for (int d = 0; d < 13; d++) {
            for (int f = 0; f < 4; f++) {
                for (int p = 0; p < 3; p++) {
                    for (String permission : PERMISSIONS) {
                        RecordedAccess access =
                                new RecordedAccess("p" + p, permission, ResourceKind.FILE, "/d" + d + "/f" + f);
                        assertThat(engine.decide(access.subject(), permission, ResourceKind.FILE, access.resource())
                                        .allowed())
                                .isEqualTo(set.contains(access));
                    }
                }
            }
        }
    }

    private static Policy randomPolicy(Random random) {
        List<Policy.Subject> subjects = new ArrayList<>();
        List<Policy.Sid> objects = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            subjects.add(new Policy.Subject(
                    "s" + i,
                    parents(random, "s", i),
                    random.nextInt(20) == 0 ? Policy.Trust.TRUSTED : Policy.Trust.RESTRICTED,
                    Position.NONE));
            objects.add(new Policy.Sid("o" + i, parents(random, "o", i), Position.NONE));
        }
        List<Rule> rules = new ArrayList<>();
        for (int i = random.nextInt(30); i > 0; i--) {
            rules.add(new Rule(
                    random.nextInt(4) == 0 ? Effect.DENY : Effect.ALLOW,
                    random.nextInt(8) == 0 ? "*" : "s" + random.nextInt(6),
                    random.nextInt(5) == 0 ? "*" : "o" + random.nextInt(6),
                    List.of(PATTERNS.get(random.nextInt(PATTERNS.size()))),
                    new Position("r" + i, i, 1)));
        }
        List<Resource> resources = new ArrayList<>();
        Set<String> used = new LinkedHashSet<>();
        for (int i = random.nextInt(14); i > 0; i--) {
            ResourceKind kind = random.nextBoolean() ? ResourceKind.FILE : ResourceKind.NAME;
            String pattern = kind == ResourceKind.FILE
                    ? randomResource(random, kind) + List.of("", "/*", "/**").get(random.nextInt(3))
                    : randomResource(random, kind) + List.of("", "*").get(random.nextInt(2));
            if (used.add(kind + pattern)) {
                resources.add(new Resource(kind, pattern, "*", "o" + random.nextInt(6), Position.NONE));
            }
        }
        return new Policy(
                "random",
                subjects,
                objects,
                PERMISSIONS.stream()
                        .map(p -> new Policy.PermissionSetting(
                                p, org.dvm.runtime.security.Attribution.STACK, Position.NONE))
                        .toList(),
                rules,
                resources,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    private static List<String> parents(Random random, String prefix, int index) {
        return index > 0 && random.nextInt(2) == 0 ? List.of(prefix + random.nextInt(index)) : List.of();
    }

    private static String randomResource(Random random, ResourceKind kind) {
        StringBuilder name = new StringBuilder();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            name.append(kind == ResourceKind.FILE ? "/nonesuch" : "").append((char) ('a' + random.nextInt(2)));
        }
        return name.toString();
    }

    /** Reads the rules one by one, with no tables. */
    private static final class Naive {
        static boolean allows(Policy policy, String subject, String permission, ResourceKind kind, String resource) {
            Optional<Policy.Subject> declared = policy.subjects().stream()
                    .filter(s -> s.name().equals(subject))
                    .findFirst();
            if (declared.isEmpty()) {
                return false;
            }
            if (declared.get().trust() == Policy.Trust.TRUSTED) {
                return true;
            }
            Optional<String> object = label(policy, kind, resource);
            boolean allowed = false;
            for (Rule rule : policy.rules()) {
                boolean fits = (rule.subject().equals("*") || isA(policy, subject, rule.subject(), true))
                        && (rule.object().equals("*")
                                || (object.isPresent() && isA(policy, object.get(), rule.object(), false)))
                        && rule.permissions().stream()
                                .anyMatch(p -> p.equals("*")
                                        || p.equals(permission)
                                        || (p.endsWith("*") && permission.startsWith(p.substring(0, p.length() - 1))));
                if (fits && rule.effect() == Effect.DENY) {
                    return false;
                }
                allowed |= fits;
            }
            return allowed;
        }

        private static boolean isA(Policy policy, String name, String ancestor, boolean subject) {
            if (name.equals(ancestor)) {
                return true;
            }
            List<String> parents = subject
                    ? policy.subjects().stream()
                            .filter(s -> s.name().equals(name))
                            .findFirst()
                            .orElseThrow()
                            .parents()
                    : policy.objects().stream()
                            .filter(o -> o.name().equals(name))
                            .findFirst()
                            .orElseThrow()
                            .parents();
            return parents.stream().anyMatch(p -> isA(policy, p, ancestor, subject));
        }

        private static Optional<String> label(Policy policy, ResourceKind kind, String resource) {
            Resource best = null;
            int bestScore = -1;
            for (Resource candidate : policy.resources()) {
                int score = candidate.kind() == kind ? score(candidate, resource) : -1;
                if (score > bestScore) {
                    best = candidate;
                    bestScore = score;
                }
            }
            return Optional.ofNullable(best).map(Resource::object);
        }

        /** Exact before entries of the directory before trees; then the longer. -1 if it doesn't fit. */
        private static int score(Resource candidate, String resource) {
            String pattern = candidate.pattern();
            if (pattern.equals(resource)) {
                return 1_000_000;
            }
            if (candidate.kind() == ResourceKind.NAME) {
                return pattern.endsWith("*") && resource.startsWith(pattern.substring(0, pattern.length() - 1))
                        ? pattern.length()
                        : -1;
            }
            if (pattern.endsWith("/**")) {
                String directory = pattern.substring(0, pattern.length() - 3);
                return resource.equals(directory) || resource.startsWith(directory + "/") ? directory.length() * 2 : -1;
            }
            if (pattern.endsWith("/*")) {
                String directory = pattern.substring(0, pattern.length() - 2);
                return resource.startsWith(directory + "/") && resource.indexOf('/', directory.length() + 1) < 0
                        ? directory.length() * 2 + 1
                        : -1;
            }
            return -1;
        }
    }
}
