package org.dvm.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The JDKs that a test run knows: the one that runs it, and 17 and 25 where the build found them. */
public final class Jdks {
    /** The releases that the build looks for. */
    public static final List<Integer> RELEASES = List.of(17, 25);

    private Jdks() {}

    /**
     * Returns the home of a JDK of that feature release: the running one if it fits, else what the build passes in the
     * system property {@code dvm.jdk17} or {@code dvm.jdk25}.
     */
    public static Optional<Path> home(int release) {
        if (Runtime.version().feature() == release) {
            return Optional.of(current());
        }
        String home = System.getProperty("dvm.jdk" + release, "");
        return home.isEmpty() ? Optional.empty() : Optional.of(Path.of(home)).filter(Jdks::isJdk);
    }

    /** Returns the home of the JDK that runs this code. */
    public static Path current() {
        return Path.of(System.getProperty("java.home"));
    }

    /** Returns those of {@link #RELEASES} that are present. */
    public static List<Integer> available() {
        List<Integer> available = new ArrayList<>();
        for (int release : RELEASES) {
            if (home(release).isPresent()) {
                available.add(release);
            }
        }
        return available;
    }

    private static boolean isJdk(Path home) {
        return Files.isExecutable(launcher(home)) || Files.isExecutable(home.resolve("bin/java.exe"));
    }

    static Path launcher(Path home) {
        return home.resolve("bin").resolve("java");
    }
}
