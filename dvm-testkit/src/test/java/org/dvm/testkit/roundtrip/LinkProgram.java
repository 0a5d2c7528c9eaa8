package org.dvm.testkit.roundtrip;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.ClassDefinition;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The program of a forked JVM that loads and links many classes: {@code modules FILE} or {@code together FILE JAR...}.
 * It prints a line for each class that the JVM refuses ({@code refused NAME ERROR}) or for which another class or
 * a newer JDK is missing ({@code missing NAME WHAT}) or that it has loaded and doesn't let anybody replace ({@code
 * protected NAME}), and at last {@code linked N}.
 *
 * <p>With {@code modules} the classes replace those of the JDK when they are loaded; what the JVM has loaded before is
 * redefined, which verifies it as well.
 */
public final class LinkProgram {
    private static @Nullable Instrumentation instrumentation;

    private record Item(String module, String name, byte[] bytes) {}

    private final List<Item> items = new ArrayList<>();
    private int linked;

    private LinkProgram() {}

    /** Takes the agent's hold on the JVM. */
    public static void premain(@Nullable String arguments, Instrumentation given) {
        instrumentation = given;
    }

    public static void main(String[] arguments) throws Exception {
        LinkProgram program = new LinkProgram();
        program.read(Path.of(arguments[1]));
        if (arguments[0].equals("modules")) {
            program.linkInModules(Objects.requireNonNull(instrumentation, "no agent"));
        } else {
            program.linkTogether(Arrays.copyOfRange(arguments, 2, arguments.length));
        }
        System.out.println("linked " + program.linked);
        System.out.flush();
        Runtime.getRuntime().halt(0); // what replaced the JVM's own classes needn't run any longer
    }

    private void read(Path file) throws IOException {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
            while (true) {
                items.add(new Item(in.readUTF(), in.readUTF(), in.readNBytes(in.readInt())));
            }
        } catch (EOFException e) {
            // the end
        }
    }

    private void linkInModules(Instrumentation jvm) {
        Map<String, byte[]> replacements = new HashMap<>();
        items.forEach(item -> replacements.put(item.module + '/' + item.name, item.bytes));
        Set<String> replaced = ConcurrentHashMap.newKeySet();
        jvm.addTransformer(new ClassFileTransformer() {
            @Override
            public byte @Nullable [] transform(
                    Module module,
                    @Nullable ClassLoader loader,
                    @Nullable String className,
                    @Nullable Class<?> redefined,
                    @Nullable ProtectionDomain domain,
                    byte[] bytes) {
                if (className == null || redefined != null || module.getName() == null) {
                    return null;
                }
                String key = module.getName() + '/' + className.replace('/', '.');
                byte[] replacement = replacements.get(key);
                if (replacement != null) {
                    replaced.add(key);
                }
                return replacement;
            }
        });
        for (Item item : items) {
            Module module = ModuleLayer.boot().findModule(item.module).orElseThrow();
            link(item.name, () -> {
                Class<?> type = Class.forName(module, item.name);
                if (type == null) {
                    throw new NoClassDefFoundError(item.name);
                }
                if (!replaced.contains(item.module + '/' + item.name)) {
                    jvm.redefineClasses(new ClassDefinition(type, item.bytes));
                }
                return type;
            });
        }
    }

    private void linkTogether(String[] jars) throws IOException {
        Map<String, byte[]> all = new HashMap<>();
        items.forEach(item -> all.put(item.name, item.bytes));
        URL[] urls = new URL[jars.length];
        for (int i = 0; i < jars.length; i++) {
            urls[i] = Path.of(jars[i]).toUri().toURL();
        }
        try (URLClassLoader libraries = new URLClassLoader(urls, null)) {
            ClassLoader loader = new OwnLoader(all, libraries);
            for (Item item : items) {
                link(item.name, () -> Class.forName(item.name, false, loader));
            }
        }
    }

    private interface Loading {
        Class<?> load() throws ClassNotFoundException, UnmodifiableClassException;
    }

    private void link(String name, Loading loading) {
        try {
            // Asking for the methods links, and so verifies, without initializing.
            Objects.requireNonNull(loading.load().getDeclaredMethods());
            linked++;
        } catch (ClassNotFoundException | NoClassDefFoundError | TypeNotPresentException e) {
            System.out.println("missing " + name + " " + e.getMessage());
        } catch (UnmodifiableClassException e) {
            System.out.println("protected " + name);
        } catch (UnsupportedClassVersionError e) {
            System.out.println("missing " + name + " newer JDK");
        } catch (Exception | LinkageError e) {
            System.out.println("refused " + name + " " + e);
        }
    }

    /** Has the classes itself; those beside them it defines anew, so that all share their packages. */
    private static final class OwnLoader extends ClassLoader {
        private final Map<String, byte[]> classes;
        private final URLClassLoader libraries;

        OwnLoader(Map<String, byte[]> classes, URLClassLoader libraries) {
            super(ClassLoader.getPlatformClassLoader());
            this.classes = classes;
            this.libraries = libraries;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                if (loaded != null) {
                    return loaded;
                }
                byte[] bytes = classes.get(name);
                if (bytes != null) {
                    return defineClass(name, bytes, 0, bytes.length);
                }
                try {
                    return super.loadClass(name, resolve);
                } catch (ClassNotFoundException e) {
                    return ofLibrary(name);
                }
            }
        }

        private Class<?> ofLibrary(String name) throws ClassNotFoundException {
            URL found = libraries.findResource(name.replace('.', '/') + ".class");
            if (found == null) {
                throw new ClassNotFoundException(name);
            }
            try (InputStream in = found.openStream()) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
