package org.dvm.core.edit;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The program of a forked JVM that defines many classes and links them: {@code BulkLinker boot|own FILE}. It prints one
 * line for each class that the JVM refuses, and at last how many were linked.
 *
 * <p>With {@code boot} the classes take the place of JDK classes that are not loaded yet; with {@code own} a class
 * loader of its own defines them.
 */
public final class BulkLinker {
    private record Unlinked(String name, String[] supers, byte[] bytes) {}

    private final Map<String, Unlinked> waiting = new LinkedHashMap<>();
    private final List<Class<?>> defined = new ArrayList<>();
    private int refused;
    private int already;

    private BulkLinker() {}

    public static void main(String[] args) throws Exception {
        BulkLinker linker = new BulkLinker();
        linker.read(Path.of(args[1]));
        if (args[0].equals("boot")) {
            linker.defineInBootLoader();
        } else {
            linker.defineInOwnLoader();
        }
        linker.link();
    }

    private void read(Path file) throws IOException {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            while (true) {
                String name = in.readUTF();
                String[] supers = new String[in.readUnsignedShort()];
                for (int i = 0; i < supers.length; i++) {
                    supers[i] = in.readUTF();
                }
                byte[] bytes = new byte[in.readInt()];
                in.readFully(bytes);
                waiting.put(name, new Unlinked(name, supers, bytes));
            }
        } catch (EOFException e) {
            // the end
        }
    }

    private void defineInBootLoader() throws Exception {
        Class<?> type = Class.forName("jdk.internal.misc.Unsafe");
        Object unsafe = type.getMethod("getUnsafe").invoke(null);
        Method define = type.getMethod(
                "defineClass",
                String.class,
                byte[].class,
                int.class,
                int.class,
                ClassLoader.class,
                ProtectionDomain.class);
        for (Unlinked unlinked : List.copyOf(waiting.values())) {
            define(unlinked, define, unsafe);
        }
    }

    /** Supers first: otherwise the JVM would take those from its own image. */
    private void define(Unlinked unlinked, Method define, Object unsafe) throws Exception {
        if (waiting.remove(unlinked.name()) == null) {
            return;
        }
        for (String name : unlinked.supers()) {
            Unlinked above = waiting.get(name);
            if (above != null) {
                define(above, define, unsafe);
            }
        }
        try {
            Object loaded =
                    define.invoke(unsafe, unlinked.name(), unlinked.bytes(), 0, unlinked.bytes().length, null, null);
            defined.add((Class<?>) loaded);
        } catch (java.lang.reflect.InvocationTargetException e) {
            if (e.getCause() instanceof LinkageError error
                    && String.valueOf(error.getMessage()).contains("duplicate")) {
                already++;
            } else {
                refuse(unlinked.name(), e.getTargetException());
            }
        }
    }

    private void defineInOwnLoader() {
        Map<String, Unlinked> all = new HashMap<>(waiting);
        ClassLoader loader = new ClassLoader(BulkLinker.class.getClassLoader()) {
            @Override
            protected Class<?> findClass(String name) throws ClassNotFoundException {
                Unlinked found = all.get(name.replace('.', '/'));
                if (found == null) {
                    throw new ClassNotFoundException(name);
                }
                return defineClass(null, found.bytes(), 0, found.bytes().length);
            }
        };
        for (String name : all.keySet()) {
            try {
                defined.add(Class.forName(name.replace('/', '.'), false, loader));
            } catch (NoClassDefFoundError | ClassNotFoundException | IllegalAccessError e) {
                already++; // a library that isn't there
            } catch (LinkageError e) {
                refuse(name, e);
            }
        }
    }

    private void link() {
        int linked = 0;
        int missing = 0;
        long methods = 0;
        for (Class<?> type : defined) {
            try {
                // This links, and so verifies, without initializing.
                methods += type.getDeclaredMethods().length;
                linked++;
            } catch (VerifyError | ClassFormatError e) {
                refuse(type.getName(), e);
            } catch (LinkageError | TypeNotPresentException e) {
                missing++;
            }
        }
        System.out.println("linked " + linked + " methods " + methods + " missing " + missing + " already " + already
                + " refused " + refused);
    }

    private void refuse(String name, Throwable error) {
        refused++;
        if (refused <= 20) {
            System.out.println("REFUSED " + name + ": " + error);
        }
    }
}
