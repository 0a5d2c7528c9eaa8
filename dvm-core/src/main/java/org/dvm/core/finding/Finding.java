package org.dvm.core.finding;

import static java.util.Objects.requireNonNull;

import java.util.Locale;

/**
 * One breach of a rule.
 *
 * @param rule the rule broken
 * @param location where
 * @param message what is wrong and, where it helps, what to do; one line, without the location
 */
public record Finding(Rule rule, Location location, String message) {
    /** Checks that nothing is null. */
    public Finding {
        requireNonNull(rule, "rule");
        requireNonNull(location, "location");
        requireNonNull(message, "message");
    }

    /** Returns this finding inside the given jar, directory or entry. */
    public Finding in(String source) {
        return new Finding(rule, location.in(source), message);
    }

    /**
     * Returns the finding in one line: {@code CODE at class.member bci=n: message [JVMS 4.x]}. Control characters, which
     * names in a class file may hold, are escaped, so that nobody's names can draw on a terminal or add lines to a log.
     */
    @Override
    public String toString() {
        return printable(rule.name() + " at " + location + ": " + message + " [" + rule.section() + "]");
    }

    private static String printable(String text) {
        if (text.chars().noneMatch(Finding::draws)) {
            return text;
        }
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        text.chars().forEach(c -> {
            if (draws(c)) {
                escaped.append(String.format(Locale.ROOT, "\\u%04x", c));
            } else {
                escaped.append((char) c);
            }
        });
        return escaped.toString();
    }

    /** Returns whether a character controls a terminal: control codes, line ends, and changes of direction. */
    private static boolean draws(int c) {
        return Character.isISOControl(c) || Character.getType(c) == Character.FORMAT || c == '\u2028' || c == '\u2029';
    }
}
