package org.dvm.security.engine;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.dvm.runtime.security.Attribution;
import org.dvm.runtime.security.Decision;
import org.dvm.runtime.security.Decision.Scope;
import org.dvm.runtime.security.DecisionSource;
import org.dvm.runtime.security.ResourceKind;
import org.dvm.runtime.security.Subjects;
import org.dvm.security.policy.Patterns;
import org.dvm.security.policy.Policy;
import org.dvm.security.policy.Policy.Effect;
import org.dvm.security.policy.Policy.Rule;
import org.jspecify.annotations.Nullable;

/**
 * The decision engine in the same process: answers by a compiled policy that can be replaced at any time.
 *
 * <p><b>Threads:</b> all. A decision is made by one policy and names its epoch; {@link #replace} is seen by every
 * decision that begins after it has returned.
 *
 * @paper DVM 3.2
 */
public final class PolicyEngine implements DecisionSource {
    private record State(
            Compiled compiled,
            CodeAssignments code,
            @Nullable String user,
            long epoch,
            Map<Question, Decision> decisions,
            Map<String, List<Policy.Endorsement>> endorsements,
            Map<String, List<String>> toCreate) {
        Policy policy() {
            return compiled.policy();
        }

        /** Returns the endorsements for a permission; walks of the stack ask for each frame. */
        List<Policy.Endorsement> endorsements(String permission) {
            List<Policy.Endorsement> known = endorsements.get(permission);
            return known != null ? known : find(permission);
        }

        private List<Policy.Endorsement> find(String permission) {
            List<Policy.Endorsement> found = new ArrayList<>();
            for (Policy.Endorsement endorsement : policy().endorsements()) {
                for (String pattern : endorsement.permissions()) {
                    if (Patterns.permits(pattern, permission)) {
                        found.add(endorsement);
                        break;
                    }
                }
            }
            if (compiled.knowsPermission(permission)) {
                endorsements.put(permission, found);
            }
            return found;
        }
    }

    /** A cell of the matrix, with all that the text of an answer depends on. */
    private record Question(String subject, String object, String permission, boolean named) {
        // Written out, since what the JVM would generate is linked by the first decision, in whatever thread asks it.
        @Override
        public int hashCode() {
            return (subject.hashCode() * 31 + object.hashCode()) * 31 + permission.hashCode() + (named ? 1 : 0);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Question question
                    && named == question.named
                    && subject.equals(question.subject)
                    && object.equals(question.object)
                    && permission.equals(question.permission);
        }
    }

    /** How many answers are kept with their texts. */
    private static final int MAX_DECISIONS = 100_000;

    private static final ModuleLayer BOOT = ModuleLayer.boot();

    /** What code may do to the jar or directory that it was loaded from, unless a rule denies it. */
    private static final Set<String> OWN_CODE =
            Set.of("file.open.read", "file.read", "file.attr.read", "file.attr.view", "file.list", "file.channel");

    private final String userName;

    /** Where the code of each subject was loaded from, as far as it has been loaded. */
    private final Map<String, Set<String>> codeSources = new ConcurrentHashMap<>();

    private volatile State state;

    /** Told when answers may have changed without a change of policy. */
    private volatile Runnable whenWider = () -> {};

    /**
     * Makes an engine in epoch 1.
     *
     * @param policy the policy in force
     * @param userName whose process it is, for the policy's user assignments; may be empty
     */
    public PolicyEngine(Policy policy, String userName) {
        this.userName = userName;
        this.state = compile(policy, 1);
    }

    /** Makes an engine in epoch 1 for the user of this process. */
    public PolicyEngine(Policy policy) {
        this(policy, System.getProperty("user.name", ""));
    }

    private State compile(Policy policy, long epoch) {
        String user = null;
        for (Policy.Assignment assignment : policy.users()) {
            if (user == null && fits(assignment.name(), userName)) {
                user = assignment.subject();
            }
        }
        return new State(
                new Compiled(policy),
                new CodeAssignments(policy),
                user,
                epoch,
                new ConcurrentHashMap<>(),
                new ConcurrentHashMap<>(),
                permissionsToCreate(policy));
    }

    private static Map<String, List<String>> permissionsToCreate(Policy policy) {
        Map<String, List<String>> permissions = new HashMap<>();
        for (Policy.Operation operation : policy.operations()) {
            if (operation.method().equals("<init>")) {
                permissions
                        .computeIfAbsent(operation.className(), c -> new ArrayList<>(1))
                        .add(operation.permission());
            }
        }
        return permissions;
    }

    /**
     * Puts another policy in force, in the next epoch. Whoever has cached decisions must be told.
     *
     * @return the new epoch
     */
    public synchronized long replace(Policy policy) {
        State next = compile(policy, state.epoch + 1);
        state = next;
        return next.epoch;
    }

    /**
     * Sets who is told when cached denials may be out of date although the policy is the same: code of a subject was
     * loaded from a place of which it was not known before.
     */
    public void whenWider(Runnable action) {
        whenWider = action;
    }

    /** Returns the policy in force. */
    public Policy policy() {
        return state.policy();
    }

    /** Returns a digest of all that the policy says, equal for equal policies; places in its text don't count. */
    public String fingerprint() {
        return fingerprint(state.policy());
    }

    @Override
    public long epoch() {
        return state.epoch;
    }

    @Override
    public Decision decide(String subject, String permission, ResourceKind kind, String resource) {
        State now = state;
        Decision decision = decide(now, subject, permission, kind, resource);
        if (!decision.allowed() && isOwnCode(now, subject, permission, kind, resource)) {
            return new Decision(true, Scope.THIS_RESOURCE, "code may read where it was loaded from", now.epoch);
        }
        if (decision.allowed() && now.user != null && !now.compiled.isTrusted(now.user) && !now.user.equals(subject)) {
            Decision user = decide(now, now.user, permission, kind, resource);
            boolean narrower = !user.allowed() || user.scope() == Scope.THIS_RESOURCE;
            return narrower ? user : decision;
        }
        return decision;
    }

    private boolean isOwnCode(State now, String subject, String permission, ResourceKind kind, String resource) {
        if (kind != ResourceKind.FILE || !OWN_CODE.contains(permission)) {
            return false;
        }
        boolean own = now.code.isJarOf(subject, resource);
        for (String source : codeSources.getOrDefault(subject, Set.of())) {
            own |= resource.equals(source) || resource.startsWith(source + "/");
        }
        if (!own) {
            return false;
        }
        Policy.Resource pattern = now.compiled.label(kind, resource);
        return now.compiled.verdict(subject, pattern == null ? null : pattern.object(), permission)
                != Compiled.Verdict.DENIED;
    }

    private static Decision decide(State now, String subject, String permission, ResourceKind kind, String resource) {
        if (now.compiled.isTrusted(subject)) {
            return new Decision(true, Scope.EVERY_RESOURCE, "subject " + subject + " is trusted", now.epoch);
        }
        Policy.Resource pattern = now.compiled.label(kind, resource);
        String object = pattern == null ? null : pattern.object();
        Question question = new Question(subject, object == null ? "" : object, permission, kind != ResourceKind.NONE);
        Decision known = now.decisions.get(question);
        if (known != null) {
            return known;
        }
        Decision decision = judge(now, subject, object, permission, kind);
        if (now.decisions.size() < MAX_DECISIONS) {
            now.decisions.put(question, decision);
        }
        return decision;
    }

    private static Decision judge(
            State now, String subject, @Nullable String object, String permission, ResourceKind kind) {
        Compiled.Verdict verdict = now.compiled.verdict(subject, object, permission);
        return switch (verdict) {
            case ALLOWED, ALLOWED_EVERYWHERE ->
                new Decision(
                        true,
                        verdict == Compiled.Verdict.ALLOWED ? Scope.THIS_RESOURCE : Scope.EVERY_RESOURCE,
                        ruleText(now, subject, object, permission, Effect.ALLOW),
                        now.epoch);
            case DENIED ->
                new Decision(
                        false, Scope.THIS_RESOURCE, ruleText(now, subject, object, permission, Effect.DENY), now.epoch);
            case UNDEFINED ->
                new Decision(false, Scope.THIS_RESOURCE, undefined(now, subject, object, permission, kind), now.epoch);
        };
    }

    private static String ruleText(
            State now, String subject, @Nullable String object, String permission, Effect effect) {
        Rule rule = now.compiled.firstRule(subject, object, permission, effect);
        return rule == null ? effect.toString() : rule.toString();
    }

    private static String undefined(
            State now, String subject, @Nullable String object, String permission, ResourceKind kind) {
        if (!now.compiled.knowsSubject(subject)) {
            return "the policy has no subject " + subject;
        }
        if (!now.compiled.knowsPermission(permission)) {
            return "no operation and no rule of the policy has the permission " + permission;
        }
        return "no rule allows " + subject + " " + permission
                + (kind == ResourceKind.NONE ? "" : object == null ? " on unnamed objects" : " on " + object);
    }

    /** Explains the decision on an access. */
    public Explanation explain(String subject, String permission, ResourceKind kind, String resource) {
        State now = state;
        Policy.Resource pattern = now.compiled.label(kind, resource);
        String object = pattern == null ? null : pattern.object();
        Decision decision = decide(now, subject, permission, kind, resource);
        List<Rule> denying = now.compiled.rules(subject, object, permission, Effect.DENY);
        return new Explanation(
                subject,
                permission,
                kind,
                resource,
                Optional.ofNullable(object),
                Optional.ofNullable(pattern),
                decision,
                now.compiled.rules(subject, object, permission, Effect.ALLOW),
                denying,
                decision.allowed() ? List.of() : remedies(now, subject, permission, kind, resource, object, denying));
    }

    private static List<String> remedies(
            State now,
            String subject,
            String permission,
            ResourceKind kind,
            String resource,
            @Nullable String object,
            List<Rule> denying) {
        List<String> remedies = new ArrayList<>();
        if (!now.compiled.knowsSubject(subject)) {
            remedies.add("<subject name=\"" + subject + "\"/>");
        }
        for (Rule rule : denying) {
            remedies.add("<!-- remove: " + rule + " -->");
        }
        if (!denying.isEmpty()) {
            return remedies;
        }
        String target = object;
        if (target == null && kind != ResourceKind.NONE) {
            target = subject + "-" + kind.name().toLowerCase(java.util.Locale.ROOT) + "s";
            remedies.add("<object name=\"" + target + "\"/> " + PolicyTexts.resource(kind, resource, target));
        }
        remedies.add("<allow subject=\"" + subject + "\"" + (target == null ? "" : " object=\"" + target + "\"")
                + " permissions=\"" + permission + "\"/>");
        return remedies;
    }

    @Override
    public boolean mayEnter(String subject, String target) {
        return state.compiled.mayEnter(subject, target);
    }

    @Override
    public Attribution attribution(String permission) {
        return state.compiled.attribution(permission);
    }

    @Override
    public boolean endorses(String className, String method, String permission) {
        for (Policy.Endorsement endorsement : state.endorsements(permission)) {
            if (fits(endorsement.className(), className) && fits(endorsement.method(), method)) {
                return true;
            }
        }
        return false;
    }

    private static boolean fits(String pattern, String name) {
        return pattern.endsWith("*")
                ? name.startsWith(pattern.substring(0, pattern.length() - 1))
                : name.equals(pattern);
    }

    @Override
    public String subjectOf(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        Module module = type.getModule();
        if (loader == null || isPlatform(module)) {
            return "";
        }
        return subjectOf(type.getName(), loader, module.isNamed() ? module.getName() : "", type.getProtectionDomain());
    }

    /**
     * Returns the subject of a class that is being, or has been, defined: what the policy assigns it to, and who else has
     * had it defined. A class says of itself what its class loader lets it; so a class whose loader is restricted code,
     * or one of the JDK's that restricted code has made, is held to that code's subject, whatever it claims.
     *
     * @param className binary name
     * @param loader its class loader
     * @param module the module's name, empty if it is in none
     * @param domain its protection domain, null if not known
     * @return names of identifiers in ascending order, joined by {@code &}; empty if the class is trusted
     */
    public String subjectOf(
            String className, @Nullable ClassLoader loader, String module, @Nullable ProtectionDomain domain) {
        CodeFacts facts = CodeFacts.of(className, loader, module, domain);
        Set<String> makers = loader == null ? Set.of() : makersOf(loader);
        if (makers.isEmpty()) {
            return subjectOf(facts);
        }
        State now = state;
        String assigned = now.code.subjectOf(facts);
        if (!assigned.equals(Policy.UNKNOWN_SUBJECT) && !now.compiled.isTrusted(assigned)) {
            makers.add(assigned);
        }
        return String.join("&", makers);
    }

    /** Returns the restricted subjects that decide what a class loader defines. */
    private Set<String> makersOf(ClassLoader loader) {
        Set<String> makers = new TreeSet<>();
        Class<?> type = loader.getClass();
        String code = subjectOf(type);
        boolean isJdk = type.getClassLoader() == null || isPlatform(type.getModule());
        if (!code.isEmpty()) {
            makers.addAll(List.of(code.split("&")));
        }
        if (isJdk || !code.isEmpty()) {
            makers.addAll(Subjects.ownersOf(loader));
        }
        return makers;
    }

    /** Returns whether a module came with the JDK. */
    private static boolean isPlatform(Module module) {
        return module.isNamed()
                && module.getLayer() == BOOT
                && java.lang.module.ModuleFinder.ofSystem()
                        .find(module.getName())
                        .isPresent();
    }

    /** Returns the subject of code: {@code unknown} if no assignment fits, empty if it is trusted. */
    public String subjectOf(CodeFacts facts) {
        State now = state;
        String subject = now.code.subjectOf(facts);
        if (now.compiled.isTrusted(subject)) {
            return "";
        }
        if (!facts.source().isEmpty() && !subject.equals(Policy.UNKNOWN_SUBJECT)) {
            boolean wider = codeSources
                    .computeIfAbsent(subject, s -> ConcurrentHashMap.newKeySet())
                    .add(facts.source());
            if (wider) {
                whenWider.run();
            }
        }
        return subject;
    }

    @Override
    public List<String> permissionsToCreate(String className) {
        return state.toCreate.getOrDefault(className, List.of());
    }

    @Override
    public String subjectOfThread(String name) {
        for (Policy.Assignment assignment : state.policy().threads()) {
            if (fits(assignment.name(), name)) {
                return assignment.subject();
            }
        }
        return "";
    }

    private static String fingerprint(Policy policy) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String part : PolicyTexts.parts(policy)) {
                digest.update(part.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
