package org.dvm.jmh.engine;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BiFunction;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** The JDK's own ClassFile API, where the running JDK has it (24 and later): compiled at the start, then called. */
final class ClassFileApiContender implements Contender {
    private static final int FIRST_RELEASE = 24;

    private final BiFunction<byte[], String, byte[]> compiled;

    private ClassFileApiContender(BiFunction<byte[], String, byte[]> compiled) {
        this.compiled = compiled;
    }

    /** Returns the contender; empty before release 24 or where no compiler is. */
    static Optional<Contender> find() throws IOException, ReflectiveOperationException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (Runtime.version().feature() < FIRST_RELEASE || compiler == null) {
            return Optional.empty();
        }
        Path directory = Files.createTempDirectory("dvm-bench");
        Path source = directory.resolve("ClassFileApi.java");
        try (InputStream in = ClassFileApiContender.class.getResourceAsStream("ClassFileApi.java.txt")) {
            if (in == null) {
                throw new IOException("the ClassFile API's source isn't in the benchmark's jar");
            }
            Files.writeString(source, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
        if (compiler.run(null, null, null, "-d", directory.toString(), source.toString()) != 0) {
            throw new IOException("the ClassFile API's source doesn't compile here");
        }
        // The loader lives as long as the benchmark.
        URLClassLoader loader = new URLClassLoader(new URL[] {directory.toUri().toURL()});
        Object made = loader.loadClass("ClassFileApi").getDeclaredConstructor().newInstance();
        @SuppressWarnings("unchecked")
        BiFunction<byte[], String, byte[]> compiled = (BiFunction<byte[], String, byte[]>) made;
        return Optional.of(new ClassFileApiContender(compiled));
    }

    @Override
    public String name() {
        return "ClassFile API";
    }

    @Override
    public boolean canDo(Task task) {
        return true;
    }

    @Override
    public byte[] transform(byte[] classFile, Task task) {
        return compiled.apply(classFile, task.name());
    }
}
