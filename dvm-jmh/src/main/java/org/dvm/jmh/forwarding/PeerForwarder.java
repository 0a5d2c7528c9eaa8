package org.dvm.jmh.forwarding;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A C program that does the same. */
final class PeerForwarder implements Forwarder {
    /** The peers, compiled once by the machine's gcc into a directory of their own. */
    static final class Programs implements AutoCloseable {
        private final Path directory;
        private final String obstacle;

        private Programs(Path directory, String obstacle) {
            this.directory = directory;
            this.obstacle = obstacle;
        }

        static Programs compile() throws IOException, InterruptedException {
            Path directory = Files.createTempDirectory("dvm-forwarding");
            Path source = directory.resolve("peers.c");
            try (InputStream in = Objects.requireNonNull(
                    PeerForwarder.class.getResourceAsStream("peers.c"), "peers.c is packed with this class")) {
                Files.copy(in, source);
            }
            return new Programs(directory, compile(directory, source));
        }

        private static String compile(Path directory, Path source) throws IOException, InterruptedException {
            Process compiler;
            try {
                compiler = new ProcessBuilder(
                                "gcc", "-O2", "-o", directory.resolve("peers").toString(), source.toString())
                        .redirectErrorStream(true)
                        .start();
            } catch (IOException e) {
                return "gcc is not installed";
            }
            String output = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return compiler.waitFor() == 0
                    ? ""
                    : "gcc failed: " + output.lines().findFirst().orElse("");
        }

        @Override
        public void close() throws IOException {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
                    Files.delete(file);
                }
            }
        }
    }

    private final Programs programs;
    private final String method;
    private final String name;

    PeerForwarder(Programs programs, String method, String name) {
        this.programs = programs;
        this.method = method;
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String obstacle() {
        return programs.obstacle;
    }

    @Override
    public boolean isCompiledWhileItRuns() {
        return false;
    }

    @Override
    public Running start(Testbed testbed) throws IOException {
        Process process = new ProcessBuilder(
                        programs.directory.resolve("peers").toString(),
                        method,
                        testbed.node().path().toString(),
                        testbed.input().name(),
                        testbed.output().name(),
                        testbed.nextHop().mac().toString(),
                        testbed.output().mac().toString(),
                        Integer.toString(Testbed.FORWARDER_PROCESSOR))
                .redirectErrorStream(true)
                .start();
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        String line = output.readLine();
        if (!"ready".equals(line)) {
            process.destroyForcibly();
            throw new IOException(name + " did not start: " + line);
        }
        return () -> {
            process.destroyForcibly();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                throw new IOException(name + " did not end");
            }
        };
    }
}
