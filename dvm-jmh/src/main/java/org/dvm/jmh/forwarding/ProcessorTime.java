package org.dvm.jmh.forwarding;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * What the machine's processors have done so far outside of interrupts, and which part of it was for this process and those
 * that it has started.
 *
 * @param all ticks of all processes
 * @param own ticks of this process and its children that live
 */
record ProcessorTime(long all, long own) {
    private static final int USER_IN_SYSTEM = 1;
    private static final int NICE_IN_SYSTEM = 2;
    private static final int KERNEL_IN_SYSTEM = 3;
    private static final int USER_IN_PROCESS = 11; // counted behind the name in parentheses, which may hold blanks
    private static final int KERNEL_IN_PROCESS = 12;
    private static final long TICKS_PER_SECOND = 100;

    static ProcessorTime now() throws IOException {
        String[] system = Files.readAllLines(Path.of("/proc/stat")).get(0).split(" +");
        long all = Long.parseLong(system[USER_IN_SYSTEM])
                + Long.parseLong(system[NICE_IN_SYSTEM])
                + Long.parseLong(system[KERNEL_IN_SYSTEM]);
        long own = ofProcess(ProcessHandle.current());
        List<ProcessHandle> children = ProcessHandle.current().children().toList();
        for (ProcessHandle child : children) {
            own += ofProcess(child);
        }
        return new ProcessorTime(all, own);
    }

    private static long ofProcess(ProcessHandle process) throws IOException {
        try {
            String line = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
            return Long.parseLong(fields[USER_IN_PROCESS]) + Long.parseLong(fields[KERNEL_IN_PROCESS]);
        } catch (NoSuchFileException e) {
            return 0; // has ended
        }
    }

    /** Returns which part of a processor others have had since. */
    double othersSince(ProcessorTime before, long nanos) {
        long others = (all - before.all) - (own - before.own);
        return Math.max(0, others) * 1e9 / TICKS_PER_SECOND / nanos;
    }
}
