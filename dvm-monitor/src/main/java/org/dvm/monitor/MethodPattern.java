package org.dvm.monitor;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A pattern of methods: class, name and parameters.
 *
 * @param type matches class names with dots
 * @param method matches method names
 * @param parameters matches parameter types, each followed by a comma; null for any
 */
record MethodPattern(Pattern type, Pattern method, @Nullable Pattern parameters) {
    /** Parses {@code com.acme.**.save*(int, ..)}. */
    static MethodPattern parse(String text) {
        int open = text.indexOf('(');
        String name = (open < 0 ? text : text.substring(0, open)).trim();
        checkName(name);
        Pattern parameters = open < 0 ? null : parseParameters(text.substring(open));
        if (name.equals("**") || name.endsWith(".**")) {
            return new MethodPattern(glob(name), glob("*"), parameters);
        }
        int dot = name.lastIndexOf('.');
        if (dot <= 0 || dot == name.length() - 1) {
            throw new IllegalArgumentException("a pattern is CLASS.METHOD; for all methods of a class write " + name
                    + ".*, for a method of any class **." + name);
        }
        return new MethodPattern(glob(name.substring(0, dot)), glob(name.substring(dot + 1)), parameters);
    }

    boolean matchesClass(String dottedName) {
        return type.matcher(dottedName).matches();
    }

    boolean matchesMethod(String name, String descriptor) {
        return method.matcher(name).matches()
                && (parameters == null
                        || parameters.matcher(parameterTypes(descriptor)).matches());
    }

    private static void checkName(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a pattern needs a class and a method, such as com.acme.**.save*");
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (Character.isWhitespace(c) || c == ';' || c == '[' || c == ')') {
                throw new IllegalArgumentException("a name can't contain '" + c + "': " + name);
            }
            if (c == '/') {
                throw new IllegalArgumentException("packages are separated by dots: " + name.replace('/', '.'));
            }
        }
    }

    /** Translates: {@code *} is any text without a dot, {@code **} any text, {@code **.} any number of packages. */
    private static Pattern glob(String glob) {
        return Pattern.compile(globRegex(glob, ".", "[^.]"), Pattern.DOTALL);
    }

    /** Translates with the given classes for any character and for any but a dot. */
    private static String globRegex(String glob, String any, String anyButDot) {
        StringBuilder regex = new StringBuilder();
        int i = 0;
        while (i < glob.length()) {
            boolean segmentStart = i == 0 || glob.charAt(i - 1) == '.';
            if (segmentStart && glob.startsWith("**.", i)) {
                regex.append("(?:").append(any).append("*\\.)?");
                i += 3;
            } else if (glob.startsWith("**", i)) {
                regex.append(any).append("*");
                i += 2;
            } else if (glob.charAt(i) == '*') {
                regex.append(anyButDot).append("*");
                i++;
            } else {
                regex.append(Pattern.quote(glob.substring(i, i + 1)));
                i++;
            }
        }
        return regex.toString();
    }

    private static @Nullable Pattern parseParameters(String text) {
        if (!text.endsWith(")")) {
            throw new IllegalArgumentException("the parameters need a closing parenthesis: " + text);
        }
        String inside = text.substring(1, text.length() - 1).trim();
        if (inside.equals("..")) {
            return null;
        }
        StringBuilder regex = new StringBuilder();
        for (String type : inside.isEmpty() ? new String[0] : inside.split(",", -1)) {
            regex.append(typeRegex(type.trim()));
        }
        return Pattern.compile(regex.toString());
    }

    private static String typeRegex(String type) {
        if (type.equals("..")) {
            return "(?:[^,]*,)*";
        }
        if (type.equals("*")) {
            return "[^,]*,";
        }
        int end = type.length();
        while (type.startsWith("[]", end - 2)) {
            end -= 2;
        }
        String element = type.substring(0, end);
        checkName(element);
        // A simple name is meant in any package, and as a nested class.
        String packages = element.indexOf('.') < 0 ? "(?:[^,]*[.$])?" : "";
        return packages + globRegex(element, "[^,]", "[^.,]") + Pattern.quote(type.substring(end)) + ",";
    }

    /** Returns a descriptor's parameter types as they stand in Java, each followed by a comma. */
    static String parameterTypes(String descriptor) {
        StringBuilder types = new StringBuilder();
        List<String> dimensions = new ArrayList<>();
        int i = 1;
        while (i < descriptor.length() && descriptor.charAt(i) != ')') {
            char c = descriptor.charAt(i);
            if (c == '[') {
                dimensions.add("[]");
                i++;
                continue;
            }
            int end = c == 'L' ? descriptor.indexOf(';', i) : i;
            if (end < 0) {
                break; // the format check refuses such a class; here it matches nothing
            }
            types.append(c == 'L' ? descriptor.substring(i + 1, end).replace('/', '.') : primitive(c));
            types.append(String.join("", dimensions)).append(',');
            dimensions.clear();
            i = end + 1;
        }
        return types.toString();
    }

    private static String primitive(char c) {
        return switch (c) {
            case 'Z' -> "boolean";
            case 'B' -> "byte";
            case 'C' -> "char";
            case 'S' -> "short";
            case 'I' -> "int";
            case 'J' -> "long";
            case 'F' -> "float";
            case 'D' -> "double";
            default -> String.valueOf(c);
        };
    }
}
