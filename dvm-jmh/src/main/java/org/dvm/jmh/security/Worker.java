package org.dvm.jmh.security;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.dvm.jmh.security.guarded.Operations;

/**
 * A JVM under one sort of checks: performs the operations that it is asked for on standard input, a line each, and
 * answers with nanoseconds of CPU time and bytes allocated for each.
 *
 * <p>Arguments: the file to open.
 */
public final class Worker {
    static final String PROPERTY = "dvm.bench.name";
    static final String DENIED = "dvm.secret.name";

    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Worker() {}

    /** Answers until standard input ends. */
    public static void main(String[] arguments) throws IOException {
        if (Boolean.getBoolean("dvm.bench.opensearch")) {
            OpenSearchPolicy.set();
        }
        Operations operations = new Operations(PROPERTY, DENIED, new File(arguments[0]));
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ", -1);
            Operations.Kind kind = Operations.Kind.valueOf(words[0]);
            int depth = Integer.parseInt(words[1]);
            int times = Integer.parseInt(words[2]);
            long allocated = THREADS.getCurrentThreadAllocatedBytes();
            long begin = THREADS.getCurrentThreadCpuTime();
            long result = operations.run(kind, depth, times);
            long end = THREADS.getCurrentThreadCpuTime();
            long bytes = THREADS.getCurrentThreadAllocatedBytes() - allocated;
            System.out.println((double) (end - begin) / times + " " + (double) bytes / times + " " + result);
        }
    }
}
