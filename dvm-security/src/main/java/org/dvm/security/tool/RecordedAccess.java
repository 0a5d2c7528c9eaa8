package org.dvm.security.tool;

import java.util.Locale;
import org.dvm.runtime.security.Denial;
import org.dvm.runtime.security.ResourceKind;

/**
 * An access that a permissive run let through, as a line of a record: subject, permission, kind and resource,
 * separated by tabs.
 *
 * @param subject one subject; an access of several is one record each
 * @param permission the permission
 * @param kind what the resource is
 * @param resource the resource's name
 */
public record RecordedAccess(String subject, String permission, ResourceKind kind, String resource) {
    /** Returns the record of what a permissive run reports. */
    public static java.util.List<RecordedAccess> of(Denial denial) {
        return java.util.Arrays.stream(denial.subject().split("&", -1))
                .map(s -> new RecordedAccess(s, denial.permission(), denial.kind(), denial.object()))
                .toList();
    }

    /** Returns the line of a record; tabs and line ends in the resource are written as {@code \t}, {@code \n}. */
    public String line() {
        return subject + "\t" + permission + "\t" + kind.name().toLowerCase(Locale.ROOT) + "\t"
                + resource.replace("\\", "\\\\")
                        .replace("\t", "\\t")
                        .replace("\n", "\\n")
                        .replace("\r", "\\r");
    }

    /**
     * Reads a line of a record.
     *
     * @throws IllegalArgumentException if it is none; the message says why
     */
    public static RecordedAccess parse(String line) {
        String[] parts = line.split("\t", -1);
        if (parts.length != 4) {
            throw new IllegalArgumentException(
                    "a record has subject, permission, kind and resource, separated by tabs: " + line);
        }
        ResourceKind kind;
        try {
            kind = ResourceKind.valueOf(parts[2].toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("no kind of resource: " + parts[2], e);
        }
        return new RecordedAccess(parts[0], parts[1], kind, unescape(parts[3]));
    }

    private static String unescape(String text) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                char next = text.charAt(++i);
                plain.append(
                        switch (next) {
                            case 't' -> '\t';
                            case 'n' -> '\n';
                            case 'r' -> '\r';
                            default -> next;
                        });
            } else {
                plain.append(c);
            }
        }
        return plain.toString();
    }
}
