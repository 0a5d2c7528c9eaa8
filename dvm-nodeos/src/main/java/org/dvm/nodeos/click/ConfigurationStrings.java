package org.dvm.nodeos.click;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a configuration string means: arguments, quotes, comments and variables. */
final class ConfigurationStrings {
    /** What one string can grow to by substitution, in characters. */
    private static final int MAX_LENGTH = 1 << 20;

    private ConfigurationStrings() {}

    /** Splits at commas outside quotes and parentheses; comments become a space, surrounding space goes. */
    static List<String> split(String text) {
        List<String> arguments = new ArrayList<>();
        StringBuilder argument = new StringBuilder();
        int depth = 0;
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            int end = i + 1;
            if (c == '"' || c == '\'') {
                end = quoteEnd(text, i);
                argument.append(text, i, end);
            } else if (text.startsWith("//", i) || text.startsWith("/*", i)) {
                end = commentEnd(text, i);
                argument.append(' ');
            } else if (c == ',' && depth == 0) {
                arguments.add(argument.toString().trim());
                argument.setLength(0);
            } else {
                depth += c == '(' ? 1 : c == ')' && depth > 0 ? -1 : 0;
                argument.append(c);
            }
            i = end;
        }
        String last = argument.toString().trim();
        if (!last.isEmpty() || !arguments.isEmpty()) {
            arguments.add(last);
        }
        return arguments;
    }

    /** Splits one argument at white space outside quotes. */
    static List<String> words(String argument) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        int i = 0;
        while (i < argument.length()) {
            char c = argument.charAt(i);
            if (c == '"' || c == '\'') {
                int end = quoteEnd(argument, i);
                word.append(argument, i, end);
                i = end;
            } else {
                if (!Character.isWhitespace(c)) {
                    word.append(c);
                } else if (word.length() > 0) {
                    words.add(word.toString());
                    word.setLength(0);
                }
                i++;
            }
        }
        if (word.length() > 0) {
            words.add(word.toString());
        }
        return words;
    }

    /** Removes quotes and resolves the backslash sequences of double-quoted text. */
    static String unquote(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
            } else if (c == quote) {
                quote = 0;
            } else if (quote == '"' && c == '\\' && i + 1 < text.length()) {
                i = appendEscape(text, i + 1, plain);
            } else {
                plain.append(c);
            }
        }
        return plain.toString();
    }

    /** Replaces {@code $name} and {@code ${name}} outside single quotes; unknown variables stay. */
    static String substitute(String text, Map<String, String> variables) {
        if (variables.isEmpty() || text.indexOf('$') < 0) {
            return text;
        }
        StringBuilder result = new StringBuilder();
        int i = 0;
        while (i < text.length() && result.length() < MAX_LENGTH) {
            char c = text.charAt(i);
            if (c == '\'') {
                int end = quoteEnd(text, i);
                result.append(text, i, end);
                i = end;
            } else if (c == '$') {
                i = appendVariable(text, i, variables, result);
            } else {
                result.append(c);
                i++;
            }
        }
        return result.toString();
    }

    private static int appendVariable(String text, int dollar, Map<String, String> variables, StringBuilder result) {
        boolean braces = dollar + 1 < text.length() && text.charAt(dollar + 1) == '{';
        int start = braces ? dollar + 2 : dollar + 1;
        int end = start;
        while (end < text.length() && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) {
            end++;
        }
        String value = variables.get(text.substring(start, end));
        if (braces) {
            boolean closed = end < text.length() && text.charAt(end) == '}';
            value = closed ? value : null;
            end = closed ? end + 1 : end;
        }
        result.append(value == null ? text.substring(dollar, end) : value);
        return end;
    }

    /** Appends the character that the backslash sequence at that index means; returns its last index. */
    private static int appendEscape(String text, int i, StringBuilder plain) {
        char c = text.charAt(i);
        switch (c) {
            case 'n':
                plain.append('\n');
                return i;
            case 't':
                plain.append('\t');
                return i;
            case 'r':
                plain.append('\r');
                return i;
            case '<':
                int end = text.indexOf('>', i);
                if (end > 0) {
                    appendHex(text.substring(i + 1, end), plain);
                    return end;
                }
                plain.append(c);
                return i;
            default:
                plain.append(c);
                return i;
        }
    }

    private static void appendHex(String digits, StringBuilder plain) {
        int value = 0;
        int count = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = Character.digit(digits.charAt(i), 16);
            if (digit >= 0) {
                value = value << 4 | digit;
                if (++count % 2 == 0) {
                    plain.append((char) (value & 0xff));
                    value = 0;
                }
            }
        }
    }

    private static int quoteEnd(String text, int start) {
        char quote = text.charAt(start);
        for (int i = start + 1; i < text.length(); i++) {
            if (text.charAt(i) == quote) {
                return i + 1;
            }
            if (text.charAt(i) == '\\' && quote == '"') {
                i++;
            }
        }
        return text.length();
    }

    private static int commentEnd(String text, int start) {
        boolean line = text.charAt(start + 1) == '/';
        int end = text.indexOf(line ? "\n" : "*/", start + 2);
        return end < 0 ? text.length() : line ? end : end + 2;
    }
}
