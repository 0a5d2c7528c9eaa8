package org.dvm.core.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles Java sources in memory. */
public final class JavaSources {
    private JavaSources() {}

    /**
     * Compiles sources.
     *
     * @param sources by path, such as {@code demo/Main.java}
     * @param options of javac
     * @return class files by path, such as {@code demo/Main.class}
     */
    public static Map<String, byte[]> compile(Map<String, String> sources, String... options) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Map<String, ByteArrayOutputStream> outputs = new TreeMap<>();
        List<JavaFileObject> units = new ArrayList<>();
        sources.forEach((path, text) -> units.add(new Source(path, text)));
        StringWriter messages = new StringWriter();
        List<String> all = new ArrayList<>(List.of("--release", "17", "-proc:none"));
        all.addAll(List.of(options));
        try (StandardJavaFileManager standard = compiler.getStandardFileManager(null, null, null)) {
            boolean done = compiler.getTask(messages, new Memory(standard, outputs), null, all, null, units)
                    .call();
            if (!done) {
                throw new IllegalArgumentException("sources don't compile: " + messages);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, byte[]> classes = new TreeMap<>();
        outputs.forEach((path, bytes) -> classes.put(path, bytes.toByteArray()));
        return classes;
    }

    /** Compiles one class and returns its class file. */
    public static byte[] compileOne(String path, String text) {
        return compile(Map.of(path, text)).get(path.replace(".java", ".class"));
    }

    /** Returns the class file of a loaded class. */
    public static byte[] of(Class<?> type) {
        String path = "/" + type.getName().replace('.', '/') + ".class";
        try (var in = type.getResourceAsStream(path)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes files below a directory. */
    public static void write(Path directory, Map<String, byte[]> files) throws IOException {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path path = directory.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
        }
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String path, String text) {
            super(URI.create("mem:///" + path), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static final class Memory extends ForwardingJavaFileManager<JavaFileManager> {
        private final Map<String, ByteArrayOutputStream> outputs;

        Memory(JavaFileManager manager, Map<String, ByteArrayOutputStream> outputs) {
            super(manager);
            this.outputs = outputs;
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
            String path = className.replace('.', '/') + kind.extension;
            return new SimpleJavaFileObject(URI.create("mem:///" + path), kind) {
                @Override
                public OutputStream openOutputStream() {
                    ByteArrayOutputStream out = new ByteArrayOutputStream();
                    outputs.put(path, out);
                    return out;
                }
            };
        }
    }
}
