package org.dvm.verifier;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Runs {@code main} of each named class in a loader of its own and prints a line for each: what it traced, and the error
 * that it ended with.
 */
final class SemanticsRunner {
    private SemanticsRunner() {}

    /** Classes of a directory, each of them defined here. */
    private static final class Loader extends ClassLoader {
        private final Path directory;

        Loader(Path directory) {
            super(SemanticsRunner.class.getClassLoader());
            this.directory = directory;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            try {
                byte[] bytes = Files.readAllBytes(directory.resolve(name.replace('.', '/') + ".class"));
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }

        @Override
        public @Nullable InputStream getResourceAsStream(String name) {
            try {
                return new ByteArrayInputStream(Files.readAllBytes(directory.resolve(name)));
            } catch (IOException e) {
                return super.getResourceAsStream(name);
            }
        }
    }

    public static void main(String[] arguments) throws Exception {
        for (int i = 1; i < arguments.length; i++) {
            System.out.println(arguments[i] + " " + run(new Loader(Path.of(arguments[0])), arguments[i]));
        }
    }

    private static String run(Loader loader, String name) throws ReflectiveOperationException {
        String end = "";
        try {
            Class.forName("app." + name, true, loader).getMethod("main").invoke(null);
        } catch (InvocationTargetException e) {
            end = e.getTargetException().toString();
        } catch (LinkageError e) {
            end = e.toString();
        }
        return Class.forName("app.Trace", true, loader).getMethod("take").invoke(null) + end;
    }
}
