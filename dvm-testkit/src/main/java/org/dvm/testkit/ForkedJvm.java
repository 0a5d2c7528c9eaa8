package org.dvm.testkit;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A JVM to be started beside the test's own: home, options, class path and main class as a value.
 *
 * <p>Heap is limited to 512 MB unless an option says otherwise, so that a few of them fit beside a build.
 *
 * @param home the JDK's home
 * @param options what stands before the main class, without {@code -cp}
 * @param classPath the class path
 * @param mainClass the binary name of the main class
 * @param arguments what the main class is given
 */
public record ForkedJvm(
        Path home, List<String> options, List<Path> classPath, String mainClass, List<String> arguments) {
    /** Copies the lists. */
    public ForkedJvm {
        options = List.copyOf(options);
        classPath = List.copyOf(classPath);
        arguments = List.copyOf(arguments);
    }

    /** Returns a JVM without options and arguments. */
    public static ForkedJvm of(Path home, List<Path> classPath, String mainClass) {
        return new ForkedJvm(home, List.of(), classPath, mainClass, List.of());
    }

    /** Returns this JVM with more options. */
    public ForkedJvm withOptions(String... more) {
        return new ForkedJvm(home, concatenated(options, more), classPath, mainClass, arguments);
    }

    /** Returns this JVM with more arguments. */
    public ForkedJvm withArguments(String... more) {
        return new ForkedJvm(home, options, classPath, mainClass, concatenated(arguments, more));
    }

    private static List<String> concatenated(List<String> first, String... second) {
        List<String> all = new ArrayList<>(first);
        all.addAll(Arrays.asList(second));
        return all;
    }

    /** Returns the place of the classes that {@code member} was loaded from, for a class path. */
    public static Path classesOf(Class<?> member) {
        try {
            return Path.of(
                    member.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (java.net.URISyntaxException e) {
            throw new IllegalStateException("no path to the classes of " + member, e);
        }
    }

    /** Returns the command line. */
    public List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(Jdks.launcher(home).toString());
        if (options.stream().noneMatch(option -> option.startsWith("-Xmx"))) {
            command.add("-Xmx512m");
        }
        command.addAll(options);
        if (!classPath.isEmpty()) {
            command.add("-cp");
            command.add(classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
        }
        command.add(mainClass);
        command.addAll(arguments);
        return command;
    }

    /**
     * Runs the JVM to its end.
     *
     * @param directory the working directory; null for this process's own
     * @param timeout how long it may take; then it is killed
     * @throws UncheckedIOException if it can't be started
     * @throws IllegalStateException if it didn't end in time
     */
    public Outcome run(@Nullable Path directory, Duration timeout) {
        try {
            Process process = new ProcessBuilder(command())
                    .directory(directory == null ? null : directory.toFile())
                    .start();
            process.getOutputStream().close();
            CompletableFuture<String> out = read(process.getInputStream());
            CompletableFuture<String> err = read(process.getErrorStream());
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("the JVM didn't end within " + timeout + ": " + command());
            }
            return new Outcome(process.exitValue(), out.join(), err.join());
        } catch (IOException e) {
            throw new UncheckedIOException("can't start " + command(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + command(), e);
        }
    }

    private static CompletableFuture<String> read(InputStream stream) {
        CompletableFuture<String> text = new CompletableFuture<>();
        Thread reader = new Thread(
                () -> {
                    try (stream) {
                        text.complete(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
                    } catch (IOException e) {
                        text.completeExceptionally(e);
                    }
                },
                "forked-jvm-output");
        reader.setDaemon(true);
        reader.start();
        return text;
    }

    /**
     * How a JVM ended.
     *
     * @param exitCode its exit code
     * @param out what it wrote to standard output
     * @param err what it wrote to standard error
     */
    public record Outcome(int exitCode, String out, String err) {}
}
