package org.dvm.security.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dvm.runtime.security.Attribution;
import org.dvm.runtime.security.ResourceKind;
import org.dvm.security.policy.Patterns;
import org.dvm.security.policy.Policy;
import org.dvm.security.policy.Policy.Effect;
import org.dvm.security.policy.Policy.Rule;
import org.jspecify.annotations.Nullable;

/**
 * A policy compiled for decisions: inheritance unfolded, permissions numbered, the matrix as bit sets.
 *
 * <p>A decision joins four cells: subject or any, object or any. Immutable.
 */
final class Compiled {
    /** Index of "any subject" and "any object". */
    private static final int ANY = 0;

    /** What the rules of one cell say, and which rules they are. */
    private static final class Cell {
        final BitSet allowed = new BitSet();
        final BitSet denied = new BitSet();
        int[] rules = new int[2];
        int count;

        void add(int rule, Effect effect, BitSet permissions) {
            (effect == Effect.ALLOW ? allowed : denied).or(permissions);
            if (count == rules.length) {
                rules = Arrays.copyOf(rules, count * 2);
            }
            rules[count++] = rule;
        }
    }

    private final Policy policy;
    private final Labels labels;
    private final Map<String, Integer> subjects = new HashMap<>();
    private final Map<String, Integer> objects = new HashMap<>();
    private final Map<String, Integer> permissions = new HashMap<>();
    private final Map<String, Attribution> attributions = new HashMap<>();
    private final Map<Long, Cell> cells = new HashMap<>();
    private final Map<Integer, BitSet> deniedSomewhere = new HashMap<>();
    private final List<String> trusted = new ArrayList<>();
    private final Map<String, Set<String>> transitions = new HashMap<>();

    Compiled(Policy policy) {
        this.policy = policy;
        this.labels = new Labels(policy);
        // Loops rather than streams: this runs while a JVM starts.
        Map<String, List<String>> subjectParents = new HashMap<>();
        Map<String, List<String>> objectParents = new HashMap<>();
        subjectParents.put(Policy.UNKNOWN_SUBJECT, List.of());
        for (Policy.Subject subject : policy.subjects()) {
            subjectParents.put(subject.name(), subject.parents());
            if (subject.trust() == Policy.Trust.TRUSTED) {
                trusted.add(subject.name());
            }
        }
        for (Policy.Sid object : policy.objects()) {
            objectParents.put(object.name(), object.parents());
        }
        number(subjects, subjectParents.keySet());
        number(objects, objectParents.keySet());
        for (Policy.Transition transition : policy.transitions()) {
            put(transitions, transition.from(), new LinkedHashSet<>()).add(transition.to());
        }
        numberPermissions();
        // The nearest setting wins: a policy's own stand before those that it includes.
        for (Policy.PermissionSetting setting : policy.permissions()) {
            attributions.putIfAbsent(setting.name(), setting.attribution());
        }
        fill(descendants(subjects, subjectParents), descendants(objects, objectParents));
    }

    /** Returns what a key has, putting something there first if it has nothing. */
    private static <K, V> V put(Map<K, V> map, K key, V fresh) {
        V known = map.putIfAbsent(key, fresh);
        return known == null ? fresh : known;
    }

    private static void number(Map<String, Integer> numbers, Set<String> names) {
        numbers.put(Policy.ANY, ANY);
        for (String name : names) {
            numbers.put(name, numbers.size());
        }
    }

    private void numberPermissions() {
        for (Policy.Operation operation : policy.operations()) {
            permissions.putIfAbsent(operation.permission(), permissions.size());
        }
        for (Policy.PermissionSetting setting : policy.permissions()) {
            permissions.putIfAbsent(setting.name(), permissions.size());
        }
        for (Rule rule : policy.rules()) {
            for (String permission : rule.permissions()) {
                if (!permission.endsWith("*")) {
                    permissions.putIfAbsent(permission, permissions.size());
                }
            }
        }
    }

    /** Returns for each identifier the numbers of those that take over its rules, itself included. */
    private static Map<String, int[]> descendants(Map<String, Integer> numbers, Map<String, List<String>> parents) {
        Map<String, BitSet> sets = new HashMap<>();
        Set<String> ancestors = new LinkedHashSet<>();
        for (Map.Entry<String, Integer> number : numbers.entrySet()) {
            ancestors.clear();
            collect(number.getKey(), parents, ancestors);
            for (String ancestor : ancestors) {
                put(sets, ancestor, new BitSet()).set(number.getValue());
            }
        }
        Map<String, int[]> arrays = new HashMap<>();
        for (Map.Entry<String, BitSet> set : sets.entrySet()) {
            arrays.put(set.getKey(), numbers(set.getValue()));
        }
        return arrays;
    }

    private static int[] numbers(BitSet set) {
        int[] numbers = new int[set.cardinality()];
        int at = 0;
        for (int number = set.nextSetBit(0); number >= 0; number = set.nextSetBit(number + 1)) {
            numbers[at++] = number;
        }
        return numbers;
    }

    private static void collect(String name, Map<String, List<String>> parents, Set<String> ancestors) {
        if (ancestors.add(name)) {
            for (String parent : parents.getOrDefault(name, List.of())) {
                collect(parent, parents, ancestors);
            }
        }
    }

    private void fill(Map<String, int[]> subjectDescendants, Map<String, int[]> objectDescendants) {
        Map<List<String>, BitSet> sets = new HashMap<>();
        List<Rule> rules = policy.rules();
        int[] nobody = {};
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            BitSet bits = sets.get(rule.permissions());
            if (bits == null) {
                bits = bits(rule.permissions());
                sets.put(rule.permissions(), bits);
            }
            for (int subject : subjectDescendants.getOrDefault(rule.subject(), nobody)) {
                for (int object : objectDescendants.getOrDefault(rule.object(), nobody)) {
                    Long key = key(subject, object);
                    Cell cell = cells.get(key);
                    if (cell == null) {
                        cell = new Cell();
                        cells.put(key, cell);
                    }
                    cell.add(i, rule.effect(), bits);
                }
                if (rule.effect() == Effect.DENY) {
                    put(deniedSomewhere, subject, new BitSet()).or(bits);
                }
            }
        }
    }

    /** Returns the permissions that patterns cover. Most are plain names. */
    private BitSet bits(List<String> patterns) {
        BitSet bits = new BitSet(permissions.size());
        for (String pattern : patterns) {
            Integer plain = permissions.get(pattern);
            if (plain != null) {
                bits.set(plain);
            } else {
                for (Map.Entry<String, Integer> permission : permissions.entrySet()) {
                    if (Patterns.permits(pattern, permission.getKey())) {
                        bits.set(permission.getValue());
                    }
                }
            }
        }
        return bits;
    }

    private static long key(int subject, int object) {
        return (long) subject << 32 | object;
    }

    Policy policy() {
        return policy;
    }

    boolean isTrusted(String subject) {
        return trusted.contains(subject);
    }

    boolean knowsSubject(String subject) {
        return !subject.equals(Policy.ANY) && subjects.containsKey(subject);
    }

    Set<String> permissionNames() {
        return new java.util.TreeSet<>(permissions.keySet());
    }

    boolean knowsPermission(String permission) {
        return permissions.containsKey(permission);
    }

    Attribution attribution(String permission) {
        return attributions.getOrDefault(permission, Attribution.STACK);
    }

    boolean mayEnter(String subject, String target) {
        return transitions.getOrDefault(subject, Set.of()).contains(target)
                || transitions.getOrDefault(Policy.ANY, Set.of()).contains(target);
    }

    /** Returns the pattern that labels a resource; null if none does. */
    Policy.@Nullable Resource label(ResourceKind kind, String resource) {
        return labels.find(kind, resource);
    }

    /** What the matrix says of one subject, object and permission. */
    enum Verdict {
        /** A rule allows it on the object, or on every object while a rule denies it on another. */
        ALLOWED,
        /** It is allowed on every object and denied on none. */
        ALLOWED_EVERYWHERE,
        /** A rule denies it. */
        DENIED,
        /** No rule says anything. */
        UNDEFINED
    }

    /** Decides; a null object is one that no pattern labels. */
    Verdict verdict(String subject, @Nullable String object, String permission) {
        Integer s = subjects.get(subject);
        Integer p = permissions.get(permission);
        if (s == null || p == null) {
            return Verdict.UNDEFINED;
        }
        int o = object == null ? ANY : objects.getOrDefault(object, ANY);
        boolean everywhere = allows(s, ANY, p) || allows(ANY, ANY, p);
        if (denies(s, o, p) || denies(ANY, o, p) || denies(s, ANY, p) || denies(ANY, ANY, p)) {
            return Verdict.DENIED;
        }
        if (everywhere && !isDeniedSomewhere(s, p) && !isDeniedSomewhere(ANY, p)) {
            return Verdict.ALLOWED_EVERYWHERE;
        }
        return everywhere || allows(s, o, p) || allows(ANY, o, p) ? Verdict.ALLOWED : Verdict.UNDEFINED;
    }

    private boolean allows(int subject, int object, int permission) {
        Cell cell = cells.get(key(subject, object));
        return cell != null && cell.allowed.get(permission);
    }

    private boolean denies(int subject, int object, int permission) {
        Cell cell = cells.get(key(subject, object));
        return cell != null && cell.denied.get(permission);
    }

    private boolean isDeniedSomewhere(int subject, int permission) {
        BitSet bits = deniedSomewhere.get(subject);
        return bits != null && bits.get(permission);
    }

    /** Returns the rules of an effect that speak of an access, in the order of the policy. */
    List<Rule> rules(String subject, @Nullable String object, String permission, Effect effect) {
        Integer s = subjects.get(subject);
        int o = object == null ? ANY : objects.getOrDefault(object, ANY);
        Set<Integer> found = new java.util.TreeSet<>();
        if (s != null) {
            for (long key : new long[] {key(s, o), key(ANY, o), key(s, ANY), key(ANY, ANY)}) {
                Cell cell = cells.get(key);
                for (int i = 0; cell != null && i < cell.count; i++) {
                    Rule rule = policy.rules().get(cell.rules[i]);
                    if (rule.effect() == effect
                            && rule.permissions().stream().anyMatch(p -> Patterns.permits(p, permission))) {
                        found.add(cell.rules[i]);
                    }
                }
            }
        }
        return found.stream().map(policy.rules()::get).toList();
    }

    /** Returns the first rule of an effect that speaks of an access; null if there is none. */
    @Nullable
    Rule firstRule(String subject, @Nullable String object, String permission, Effect effect) {
        List<Rule> rules = rules(subject, object, permission, effect);
        return rules.isEmpty() ? null : rules.get(0);
    }
}
