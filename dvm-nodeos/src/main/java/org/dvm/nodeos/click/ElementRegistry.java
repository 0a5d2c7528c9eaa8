package org.dvm.nodeos.click;

import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.dvm.nodeos.click.internal.StandardElements;
import org.jspecify.annotations.Nullable;

/** The element classes that configurations can name. */
public final class ElementRegistry {
    private static final Map<String, Supplier<Element>> CLASSES = StandardElements.all();
    private static final int MAX_DISTANCE = 3;

    private ElementRegistry() {}

    /** Returns the names of all element classes, sorted. */
    public static Set<String> names() {
        return CLASSES.keySet();
    }

    static @Nullable Element create(String className) {
        Supplier<Element> maker = CLASSES.get(className);
        return maker == null ? null : maker.get();
    }

    /** Returns a message about an unknown class, with the known one that is spelt most like it. */
    static String unknown(String className) {
        String best = "";
        int bestDistance = MAX_DISTANCE + 1;
        for (String name : CLASSES.keySet()) {
            int distance = distance(name, className);
            if (distance < bestDistance) {
                bestDistance = distance;
                best = name;
            }
        }
        return "'" + className + "' is neither a declared element nor an element class"
                + (best.isEmpty() ? "" : "; did you mean '" + best + "'?");
    }

    /** Levenshtein's distance, ignoring case; names far longer than any class are far off. */
    private static int distance(String a, String b) {
        if (Math.abs(a.length() - b.length()) > MAX_DISTANCE) {
            return MAX_DISTANCE + 1;
        }
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                boolean same = Character.toLowerCase(a.charAt(i - 1)) == Character.toLowerCase(b.charAt(j - 1));
                int changed = diagonal + (same ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
