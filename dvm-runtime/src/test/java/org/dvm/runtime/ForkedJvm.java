package org.dvm.runtime;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a main class of the tests in a JVM of its own, of the same version. */
public final class ForkedJvm {
    /** What a JVM left behind. */
    public record Outcome(int exitCode, String output) {}

    private ForkedJvm() {}

    /** Runs a main class with the tests' class path in the given directory. */
    public static Outcome run(Path directory, Class<?> main, String... jvmOptions)
            throws IOException, InterruptedException {
        return run(directory, List.of(), main, jvmOptions);
    }

    /** Runs a main class behind a command that starts it, such as one that sets limits. */
    public static Outcome run(Path directory, List<String> launcher, Class<?> main, String... jvmOptions)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(launcher);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx128m");
        command.addAll(List.of(jvmOptions));
        command.add("-cp");
        command.add(Path.of("target", "classes").toAbsolutePath()
                + File.pathSeparator
                + Path.of("target", "test-classes").toAbsolutePath());
        command.add(main.getName());
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("JVM didn't end: " + command);
        }
        return new Outcome(process.exitValue(), output);
    }
}
