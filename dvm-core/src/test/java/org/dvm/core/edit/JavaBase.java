package org.dvm.core.edit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.ClassFormatException;

/** The classes of the running JDK's java.base. */
public final class JavaBase {
    private JavaBase() {}

    /** Returns every n-th class. */
    public static List<RawClass> every(int n) {
        Path module = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules/java.base");
        try (Stream<Path> files = Files.walk(module)) {
            List<Path> classes = files.filter(file -> file.toString().endsWith(".class"))
                    .filter(file -> !file.endsWith("module-info.class"))
                    .sorted()
                    .toList();
            return IntStream.range(0, classes.size())
                    .filter(i -> i % n == 0)
                    .mapToObj(i -> read(classes.get(i)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RawClass read(Path file) {
        try {
            return RawClass.parse(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ClassFormatException e) {
            throw new AssertionError(file.toString(), e);
        }
    }
}
