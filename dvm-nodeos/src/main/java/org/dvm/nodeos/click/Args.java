package org.dvm.nodeos.click;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An element's arguments, positional or by keyword: {@code Queue(200)} is {@code Queue(CAPACITY 200)}.
 *
 * <p>An argument whose first word is one of the element's keywords is a keyword argument wherever it stands; the others
 * are taken in order. Reading collects mistakes instead of stopping at the first.
 */
public final class Args {
    private final String configuration;
    private final List<String> arguments;
    private final Map<String, String> byKeyword = new HashMap<>();
    private final List<String> positional = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();
    private int next;

    /**
     * Splits a configuration string.
     *
     * @param configuration the string between the parentheses
     * @param keywords the keywords that the element knows, those of positional parameters included
     */
    Args(String configuration, Set<String> keywords) {
        this.configuration = configuration;
        this.arguments = ConfigurationStrings.split(configuration);
        for (String argument : arguments) {
            int space = 0;
            while (space < argument.length() && !Character.isWhitespace(argument.charAt(space))) {
                space++;
            }
            String first = argument.substring(0, space);
            if (keywords.contains(first) && space < argument.length()) {
                if (byKeyword.put(first, argument.substring(space).trim()) != null) {
                    error("keyword " + first + " is given twice");
                }
            } else {
                positional.add(argument);
            }
        }
    }

    /** Returns the whole configuration string. */
    public String configuration() {
        return configuration;
    }

    /** Returns all arguments as written, for elements whose arguments are a list of rules. */
    public List<String> all() {
        next = positional.size();
        return arguments;
    }

    /** Returns the positional arguments that are left and counts them as read. */
    public List<String> rest() {
        List<String> rest = positional.subList(next, positional.size());
        next = positional.size();
        return rest;
    }

    /** Reads a mandatory parameter: by keyword, or the next positional argument. */
    public <T> T mandatory(String keyword, ValueParser<T> parser, T whileWrong) {
        String text = text(keyword);
        if (text == null) {
            error("too few arguments: " + keyword + " is missing");
            return whileWrong;
        }
        return parse(keyword, text, parser, whileWrong);
    }

    /** Reads an optional parameter: by keyword, or the next positional argument. */
    public <T> T optional(String keyword, ValueParser<T> parser, T otherwise) {
        String text = text(keyword);
        return text == null ? otherwise : parse(keyword, text, parser, otherwise);
    }

    /** Reads a parameter that is given by keyword only. */
    public <T> T keyword(String keyword, ValueParser<T> parser, T otherwise) {
        String text = byKeyword.remove(keyword);
        return text == null ? otherwise : parse(keyword, text, parser, otherwise);
    }

    /** Parses one text as an argument of that name. */
    public <T> T parse(String name, String text, ValueParser<T> parser, T whileWrong) {
        try {
            return parser.parse(text);
        } catch (IllegalArgumentException e) {
            error(name + ": " + e.getMessage());
            return whileWrong;
        }
    }

    /** Notes a mistake in the arguments. */
    public void error(String message) {
        errors.add(message);
    }

    /** Returns the mistakes, with the arguments that nobody read. */
    List<String> finish() {
        if (next < positional.size()) {
            error("too many arguments: '" + positional.get(next) + "' is left over");
        }
        byKeyword.keySet().forEach(keyword -> error("keyword " + keyword + " isn't used here"));
        return errors;
    }

    private @Nullable String text(String keyword) {
        String text = byKeyword.remove(keyword);
        if (text == null && next < positional.size()) {
            text = positional.get(next++);
        }
        return text;
    }

    /**
     * Makes a value of an argument's text.
     *
     * @param <T> the type of the value
     */
    @FunctionalInterface
    public interface ValueParser<T> {
        /** Parses a text; throws {@link IllegalArgumentException} with what is wrong. */
        T parse(String text);
    }
}
