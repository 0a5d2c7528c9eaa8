package org.dvm.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the command is installed: {@code dvm-agent.jar}, and {@code lib} with the jars. */
final class Home {
    private Home() {}

    /** Returns the directory that the launcher names. */
    static Path directory() {
        String home = System.getProperty("dvm.home");
        if (home == null) {
            throw new BadInputException("the command must be started by its launcher, dvm: no dvm.home");
        }
        return Path.of(home);
    }

    /** Returns the agent's jar. */
    static Path agentJar() {
        return existing(directory().resolve("dvm-agent.jar"));
    }

    /** Returns the jar that rewritten classes need. */
    static Path runtimeJar() {
        return existing(directory().resolve("lib").resolve("dvm-runtime.jar"));
    }

    private static Path existing(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new BadInputException(file + ": missing; delete " + directory() + " so that it is built anew");
        }
        return file;
    }

    /** Returns the java command of the JVM that runs this. */
    static Path java() {
        return javaOf(Path.of(System.getProperty("java.home")));
    }

    /** Returns the java command of a Java installation. */
    static Path javaOf(Path javaHome) {
        String name = File.separatorChar == '\\' ? "java.exe" : "java";
        return javaHome.resolve("bin").resolve(name);
    }

    /** Makes an empty directory that goes away with the JVM. */
    static Path temporaryDirectory(String prefix) throws IOException {
        Path directory = Files.createTempDirectory(prefix);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory)));
        return directory;
    }

    private static void delete(Path directory) {
        try (var files = Files.walk(directory)) {
            files.sorted(java.util.Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException | java.io.UncheckedIOException e) {
            // It is in the system's directory for temporary files, which is cleaned by other means, too.
            return;
        }
    }
}
