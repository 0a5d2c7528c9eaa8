package org.dvm.nodeos.click;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A configuration's text with the mistakes found in it. */
final class ClickSource {
    private static final int MAX_ERRORS = 100;

    private final String name;
    private final String text;
    private final List<Integer> lineStarts = new ArrayList<>();
    private final List<ClickError> errors = new ArrayList<>();

    ClickSource(String name, String text) {
        this.name = name;
        this.text = text;
        lineStarts.add(0);
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\n') {
                lineStarts.add(i + 1);
            }
        }
    }

    String text() {
        return text;
    }

    /** Notes a mistake at an offset of the text. */
    void error(int offset, String message) {
        if (errors.size() < MAX_ERRORS) {
            int line = lineAt(offset);
            ClickError error = new ClickError(name, line, offset - lineStarts.get(line - 1) + 1, message);
            if (!errors.contains(error)) { // a compound that is used twice has its mistakes twice
                errors.add(error);
            }
        }
    }

    /** Returns the line of an offset, from 1. */
    int lineAt(int offset) {
        int low = 0;
        int high = lineStarts.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (lineStarts.get(middle) <= offset) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low + 1;
    }

    boolean hasErrors() {
        return !errors.isEmpty();
    }

    void throwIfWrong() throws ClickException {
        if (!errors.isEmpty()) {
            errors.sort(Comparator.comparingInt(ClickError::line).thenComparingInt(ClickError::column));
            throw new ClickException(errors);
        }
    }
}
