package org.dvm.core.edit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What snippets of semantic tests call: notes events in order, on the thread of the test. */
public final class Recorder {
    static final String NAME = "org/dvm/core/edit/Recorder";

    private static final ThreadLocal<List<String>> EVENTS = ThreadLocal.withInitial(ArrayList::new);

    public static boolean once;
    static int count;

    private Recorder() {}

    public static void count(int number) {
        count++;
    }

    static List<String> take() {
        List<String> events = List.copyOf(EVENTS.get());
        EVENTS.get().clear();
        return events;
    }

    public static void event(String name) {
        EVENTS.get().add(name);
    }

    public static void value(String name, Object value) {
        EVENTS.get().add(name + "=" + (value instanceof Object[] array ? Arrays.toString(array) : value));
    }

    public static void number(String name, int value) {
        value(name, value);
    }

    public static void longNumber(String name, long value) {
        value(name, value);
    }

    public static void doubleNumber(String name, double value) {
        value(name, value);
    }

    public static void thrown(String name, Throwable thrown) {
        EVENTS.get().add(name + "=" + thrown.getClass().getSimpleName());
    }

    public static int twice(int value) {
        return 2 * value;
    }

    public static String upper(String text) {
        return text.toUpperCase(java.util.Locale.ROOT);
    }

    public static String joined(String left, String right) {
        event("joined " + left + " " + right);
        return left + right;
    }

    public static Object anything(Object value) {
        return value;
    }

    public static long clock() {
        return 42;
    }

    public static void fail(String message) {
        throw new IllegalStateException(message);
    }

    static Snippet says(String name) {
        return Snippet.call(NAME, "event", "(Ljava/lang/String;)V", Value.of(name));
    }

    static Snippet says(String name, Value value) {
        return Snippet.call(NAME, "value", "(Ljava/lang/String;Ljava/lang/Object;)V", Value.of(name), value);
    }

    static Snippet saysInt(String name, Value value) {
        return Snippet.call(NAME, "number", "(Ljava/lang/String;I)V", Value.of(name), value);
    }

    static Snippet saysLong(String name, Value value) {
        return Snippet.call(NAME, "longNumber", "(Ljava/lang/String;J)V", Value.of(name), value);
    }

    static Snippet saysThrown(String name) {
        return Snippet.call(
                NAME, "thrown", "(Ljava/lang/String;Ljava/lang/Throwable;)V", Value.of(name), Value.thrown());
    }
}
