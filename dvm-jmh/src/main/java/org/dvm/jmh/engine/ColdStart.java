package org.dvm.jmh.engine;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** The program of a fresh JVM that does one task to one class and prints the CPU time in microseconds. */
final class ColdStart {
    private ColdStart() {}

    public static void main(String[] arguments) throws Exception {
        byte[] classFile = Files.readAllBytes(Path.of(arguments[1]));
        Contender contender = arguments[0].equals("DVM") ? new DvmContender() : new AsmContender();
        long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        byte[] written = contender.transform(classFile, Task.ENTRY_AND_EXIT);
        long after = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        if (written.length <= classFile.length) {
            throw new IllegalStateException("nothing was inserted");
        }
        System.out.println((after - before) / 1000);
    }
}
