package org.dvm.jmh.security;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.dvm.jmh.security.guarded.Operations;

/** One sort of checks, in a JVM of its own that waits while others are measured. */
final class Contender implements AutoCloseable {
    /** What one round cost for each operation. */
    record Cost(double nanos, double bytes) {}

    private final String name;
    private final Process process;
    private final PrintStream to;
    private final BufferedReader from;

    /** Starts a worker. */
    Contender(String name, List<String> java, List<String> options, String classPath, String file) throws IOException {
        this.name = name;
        List<String> command = new ArrayList<>(java);
        command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-D" + Worker.PROPERTY + "=value"));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, Worker.class.getName(), file));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        process = builder.start();
        to = new PrintStream(process.getOutputStream(), true, StandardCharsets.US_ASCII);
        from = process.inputReader(StandardCharsets.US_ASCII);
    }

    String name() {
        return name;
    }

    /** Has an operation performed some times. */
    Cost run(Operations.Kind kind, int depth, int times) throws IOException {
        to.println(kind + " " + depth + " " + times);
        String line = from.readLine();
        if (line == null) {
            throw new IOException(
                    "the JVM with " + name + " ended: command=" + process.info().commandLine());
        }
        String[] words =
                line.split(" ", -1); // the third is the operations' result, so that no compiler leaves them out
        return new Cost(Double.parseDouble(words[0]), Double.parseDouble(words[1]));
    }

    @Override
    public void close() {
        to.close();
        process.destroy();
    }
}
