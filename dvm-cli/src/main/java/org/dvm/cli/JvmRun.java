package org.dvm.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A run of a program in a JVM of its own. */
final class JvmRun {
    private static final long TIMEOUT_MINUTES = 5;

    /**
     * How it ended.
     *
     * @param exitCode the program's
     * @param output what it printed, errors included
     * @param nanos how long it took
     */
    record Outcome(int exitCode, String output, long nanos) {}

    private final List<String> options = new ArrayList<>();
    private final List<Path> classPath;
    private final List<String> program;

    /** Makes a run of a main class with arguments. */
    JvmRun(List<Path> classPath, List<String> program) {
        this.classPath = List.copyOf(classPath);
        this.program = List.copyOf(program);
    }

    JvmRun with(String option) {
        options.add(option);
        return this;
    }

    /** Runs it to its end in a directory. */
    Outcome run(Path directory) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        List<String> command = new ArrayList<>();
        command.add(Home.java().toString());
        command.addAll(options);
        command.add("-cp");
        command.add(classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
        command.addAll(program);
        long start = System.nanoTime();
        Path output = Files.createTempFile(directory, "output", ".txt");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        process.getOutputStream().close();
        if (!process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IOException("the program didn't end within " + TIMEOUT_MINUTES + " minutes: " + command);
        }
        String text = Files.readString(output, StandardCharsets.UTF_8);
        Files.delete(output);
        return new Outcome(process.exitValue(), text, System.nanoTime() - start);
    }
}
