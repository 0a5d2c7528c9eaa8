package org.dvm.client.app;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** An application with every sort of method, and code that leaves methods in every way. */
public final class EverySort {
    /** What it prints. */
    public static final String OUTPUT = """
            core visible: false
            libraries visible: false
            fibonacci 55
            switch CDB
            caught java.lang.IllegalStateException
            stream 2,4,6
            proxy called
            default Named x
            constructor 8
            text a1true
            nested try 6
            """;

    interface Named {
        String name();

        default String defaultMethod() {
            return "Named " + name();
        }

        static Named of(String name) {
            return () -> name;
        }
    }

    enum Letter {
        A,
        B,
        C
    }

    record Pair(int a, long b) {}

    static class Base {
        final int value;

        Base(int value) {
            this.value = value;
        }
    }

    static final class Derived extends Base {
        Derived(int a, int b) {
            super(a > b ? Math.max(a, 7) : a + b);
        }

        Derived() {
            this(8, 2);
        }
    }

    static synchronized int fibonacci(int n) {
        return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
    }

    public static void main(String[] args) throws Exception {
        System.out.println("core visible: " + isVisible("org.dvm.core.pipeline.TransformPipeline"));
        System.out.println("libraries visible: " + isVisible("proguard.classfile.ProgramClass"));
        System.out.println("fibonacci " + fibonacci(10));
        System.out.println("switch " + letter(Letter.B) + letter(Letter.C) + letter(Letter.A));
        try {
            thrower();
        } catch (IllegalStateException e) {
            System.out.println("caught " + e.getClass().getName());
        }
        System.out.println("stream "
                + List.of(1, 2, 3).stream().map(i -> Integer.toString(i * 2)).collect(Collectors.joining(",")));
        Callable<?> proxy = (Callable<?>) Proxy.newProxyInstance(
                EverySort.class.getClassLoader(),
                new Class<?>[] {Callable.class},
                (self, method, arguments) -> "called");
        System.out.println("proxy " + proxy.call());
        System.out.println("default " + Named.of("x").defaultMethod());
        System.out.println("constructor " + new Derived().value);
        System.out.println("text " + text("a", 1, true));
        System.out.println("nested try " + nestedTry(new Pair(2, 3L)));
    }

    private static boolean isVisible(String name) {
        try {
            Class.forName(name);
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    private static char letter(Letter letter) {
        return switch (letter) {
            case A -> 'B';
            case B -> 'C';
            case C -> 'D';
        };
    }

    private static void thrower() {
        throw new IllegalStateException("as planned");
    }

    private static String text(String a, int b, boolean c) {
        return a + b + c;
    }

    private static long nestedTry(Pair pair) {
        long sum = 1;
        try {
            try {
                sum += pair.a();
                throw new IllegalArgumentException();
            } finally {
                sum += pair.b();
            }
        } catch (IllegalArgumentException e) {
            return sum;
        }
    }
}
