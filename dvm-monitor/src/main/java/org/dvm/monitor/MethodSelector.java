package org.dvm.monitor;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Chooses methods, and the events at them, by a list of rules.
 *
 * <pre>
 * spec       = rule { ( ";" | newline ) rule }        "#" starts a comment that ends with the line
 * rule       = [ "+" | "-" ] pattern [ "[" event { "," event } "]" ]
 * pattern    = class "." method [ "(" [ type { "," type } ] ")" ]
 * event      = "enter" | "exit" | "throw"             none given: all
 * </pre>
 *
 * <p>In names {@code *} stands for any text without a dot and {@code **} for any text; {@code **.} at the beginning of a
 * segment stands for any number of packages, also none. A pattern that ends in {@code .**} means all methods of all
 * classes in that package and below. Nested classes are written with {@code $}, constructors {@code <init>}, class
 * initializers {@code <clinit>}. Types are written as in Java; a type without a package is meant in any package, {@code
 * *} is one parameter of any type and {@code ..} any number of them. Without parentheses any parameters match.
 *
 * <p>Rules apply in order and the last word counts: {@code +} adds events to what the rules before have chosen,
 * {@code -} takes events away. Examples:
 *
 * <pre>
 * com.acme.**                                            everything below com.acme
 * com.acme.**.save*(..) [enter,throw]                    two events of methods that begin with save
 * **; -**.get*(); -**.&lt;clinit&gt;                           everything but getters and class initializers
 * com.acme.Store.&lt;init&gt;(String, int[])                    one constructor
 * </pre>
 *
 * <p><b>Threads:</b> immutable.
 */
public final class MethodSelector {
    /** All methods of all classes, all events. */
    public static final MethodSelector ALL = parse("**");

    private record MethodRule(boolean adds, MethodPattern pattern, Set<AuditEvent> events) {}

    private final String text;
    private final List<MethodRule> rules;

    private MethodSelector(String text, List<MethodRule> rules) {
        this.text = text;
        this.rules = List.copyOf(rules);
    }

    /**
     * Parses a list of rules.
     *
     * @throws IllegalArgumentException if a rule is wrong; the message names the rule and the cure
     */
    public static MethodSelector parse(String spec) {
        requireNonNull(spec, "spec");
        List<MethodRule> rules = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (String line : spec.split("\\R")) {
            int comment = line.indexOf('#');
            for (String part : (comment < 0 ? line : line.substring(0, comment)).split(";")) {
                String text = part.trim();
                if (!text.isEmpty()) {
                    texts.add(text);
                    rules.add(parseRule(text, rules.size() + 1));
                }
            }
        }
        if (rules.isEmpty()) {
            throw new IllegalArgumentException("no rule in the specification: write ** to choose every method");
        }
        if (!rules.get(0).adds()) {
            throw new IllegalArgumentException(
                    "rule 1 takes away from nothing: begin with a rule that adds, such as **; " + texts.get(0));
        }
        return new MethodSelector(String.join("; ", texts), rules);
    }

    private static MethodRule parseRule(String text, int number) {
        try {
            boolean adds = !text.startsWith("-");
            String rest = text.substring(text.startsWith("+") || text.startsWith("-") ? 1 : 0)
                    .trim();
            Set<AuditEvent> events = EnumSet.allOf(AuditEvent.class);
            // Brackets after the last parenthesis are events; those inside belong to array types.
            int open = rest.indexOf('[', rest.lastIndexOf(')') + 1);
            if (open >= 0) {
                events = parseEvents(rest.substring(open));
                rest = rest.substring(0, open).trim();
            }
            return new MethodRule(adds, MethodPattern.parse(rest), events);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("rule " + number + " '" + text + "': " + e.getMessage(), e);
        }
    }

    private static Set<AuditEvent> parseEvents(String text) {
        if (!text.endsWith("]")) {
            throw new IllegalArgumentException("the events need a closing bracket: " + text);
        }
        Set<AuditEvent> events = EnumSet.noneOf(AuditEvent.class);
        for (String name : text.substring(1, text.length() - 1).split(",", -1)) {
            events.add(Arrays.stream(AuditEvent.values())
                    .filter(event -> event.text().equals(name.trim().toLowerCase(Locale.ROOT)))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "no such event: " + name.trim() + "; use enter, exit or throw")));
        }
        return events;
    }

    /**
     * Returns what the rules choose of a class.
     *
     * @param internalName the class's name with slashes
     */
    public OfClass ofClass(String internalName) {
        String name = internalName.replace('/', '.');
        return new OfClass(
                rules.stream().filter(rule -> rule.pattern().matchesClass(name)).toList());
    }

    /** Returns the rules in one line; equal texts choose the same. */
    @Override
    public String toString() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MethodSelector selector && selector.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The rules that concern one class. */
    public static final class OfClass {
        private final List<MethodRule> rules;

        private OfClass(List<MethodRule> rules) {
            this.rules = rules;
        }

        /** Returns whether no method of the class can be chosen. */
        public boolean isEmpty() {
            return rules.stream().noneMatch(MethodRule::adds);
        }

        /** Returns the events chosen at a method; empty where it isn't chosen. */
        public Set<AuditEvent> events(String name, String descriptor) {
            Set<AuditEvent> chosen = EnumSet.noneOf(AuditEvent.class);
            for (MethodRule rule : rules) {
                if (rule.pattern().matchesMethod(name, descriptor)) {
                    if (rule.adds()) {
                        chosen.addAll(rule.events());
                    } else {
                        chosen.removeAll(rule.events());
                    }
                }
            }
            return chosen;
        }
    }
}
