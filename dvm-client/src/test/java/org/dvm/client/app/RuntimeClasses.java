package org.dvm.client.app;

import java.io.InputStream;

/** Defines a class in a loader of its own, and another time through reflection on that. */
public final class RuntimeClasses {
    /** The class that is defined. */
    public static final class Defined {
        public int answer() {
            return 42;
        }
    }

    private static final class OwnLoader extends ClassLoader {
        OwnLoader() {
            super(null);
        }

        Class<?> define(String name, byte[] bytes) {
            return defineClass(name, bytes, 0, bytes.length);
        }
    }

    private RuntimeClasses() {}

    public static void main(String[] args) throws Exception {
        String name = RuntimeClasses.class.getName() + "$Defined";
        byte[] bytes;
        try (InputStream in =
                RuntimeClasses.class.getClassLoader().getResourceAsStream(name.replace('.', '/') + ".class")) {
            bytes = in.readAllBytes();
        }
        Object first = new OwnLoader().define(name, bytes).getConstructor().newInstance();
        Object second = new OwnLoader().define(name, bytes).getConstructor().newInstance();
        System.out.println(first.getClass().getMethod("answer").invoke(first) + " "
                + second.getClass().getMethod("answer").invoke(second));
    }
}
