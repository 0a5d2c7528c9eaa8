package org.dvm.verifier;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntBinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Runs the driver of each universe of a file in a loader of its own and prints a line for each universe: what became of
 * every step of every client.
 */
final class LinkTimeRunner {
    private LinkTimeRunner() {}

    /** Classes from memory, and their files for those who ask for them. */
    private static final class Loader extends ClassLoader {
        private final Map<String, byte[]> classes;

        Loader(Map<String, byte[]> classes) {
            super(LinkTimeRunner.class.getClassLoader());
            this.classes = classes;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] bytes = classes.get(name.replace('.', '/'));
            if (bytes == null) {
                throw new ClassNotFoundException(name);
            }
            return defineClass(name, bytes, 0, bytes.length);
        }

        @Override
        public @Nullable InputStream getResourceAsStream(String name) {
            byte[] bytes = name.endsWith(".class") ? classes.get(name.substring(0, name.length() - 6)) : null;
            return bytes == null ? super.getResourceAsStream(name) : new ByteArrayInputStream(bytes);
        }
    }

    public static void main(String[] arguments) throws IOException {
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(Files.newInputStream(Path.of(arguments[0]))))) {
            Map<String, byte[]> common = read(in);
            for (int left = in.readInt(); left > 0; left--) {
                Map<String, byte[]> classes = new HashMap<>(common);
                String removed = in.readUTF();
                if (!removed.isEmpty()) {
                    classes.remove(removed);
                }
                classes.putAll(read(in));
                System.out.println(run(new Loader(classes)));
            }
        }
    }

    private static Map<String, byte[]> read(DataInputStream in) throws IOException {
        Map<String, byte[]> classes = new HashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            String name = in.readUTF();
            classes.put(name, in.readNBytes(in.readInt()));
        }
        return classes;
    }

    private static String run(Loader loader) {
        StringBuilder line = new StringBuilder();
        try {
            IntBinaryOperator driver = (IntBinaryOperator) Class.forName("app.Driver", true, loader)
                    .getDeclaredConstructor()
                    .newInstance();
            var trace = Class.forName("app.Trace", true, loader).getMethod("take");
            for (int client = 0; ; client++) {
                for (int step = 0; ; step++) {
                    String end = "";
                    boolean more;
                    try {
                        more = driver.applyAsInt(client, step) == 1;
                    } catch (Throwable e) {
                        end = nameOf(e);
                        more = true;
                    }
                    if (!more) {
                        return line.toString();
                    }
                    if (end.equals("app.Done")) {
                        break;
                    }
                    String text = (String) trace.invoke(null);
                    line.append(step == 0 ? " | " : " ").append(text).append(end);
                    if (!text.contains(step + ",") && !end.isEmpty()) {
                        break; // the class failed as a whole
                    }
                }
            }
        } catch (ReflectiveOperationException | LinkageError e) {
            return "the driver failed: " + e;
        }
    }

    /**
     * Returns the error's class. A class whose initializer has failed once is refused with NoClassDefFoundError ever
     * after, where one whose verification failed is verified again: then the first error counts, which the JVM names in
     * the text of the cause.
     */
    private static String nameOf(Throwable thrown) {
        Throwable cause = thrown.getCause();
        String text = cause instanceof ExceptionInInitializerError ? String.valueOf(cause.getMessage()) : "";
        return thrown instanceof NoClassDefFoundError && text.startsWith("Exception ")
                ? text.split("[ :]")[1]
                : thrown.getClass().getName();
    }
}
