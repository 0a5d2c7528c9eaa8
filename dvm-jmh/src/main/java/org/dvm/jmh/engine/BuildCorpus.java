package org.dvm.jmh.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dvm.testkit.ForkedJvm;

/** The jars that the build of dvm-testkit has copied into the source tree around the benchmark's own jar. */
public final class BuildCorpus {
    private BuildCorpus() {}

    /** Returns the few jars of every build, in alphabetical order. */
    public static List<Path> jars() throws IOException {
        return jarsIn(directory("corpus"));
    }

    /** Returns all jars: the few of every build, and those that the profile {@code slow} has copied. */
    public static List<Path> allJars() throws IOException {
        List<Path> all = new ArrayList<>(jars());
        Path rest = directory("corpus-whole");
        if (Files.isDirectory(rest)) {
            all.addAll(jarsIn(rest));
        }
        return all;
    }

    /** Returns the jars of a directory, in alphabetical order. */
    public static List<Path> jarsIn(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new IOException("no jars at " + directory + ": build dvm-testkit, or name jars to the benchmark");
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .collect(Collectors.toList());
        }
    }

    private static Path directory(String name) {
        Path corpus = Path.of("dvm-testkit", "target", name);
        for (Path at = ForkedJvm.classesOf(BuildCorpus.class); at != null; at = at.getParent()) {
            if (Files.isDirectory(at.resolve(corpus))) {
                return at.resolve(corpus);
            }
        }
        return corpus.toAbsolutePath();
    }
}
