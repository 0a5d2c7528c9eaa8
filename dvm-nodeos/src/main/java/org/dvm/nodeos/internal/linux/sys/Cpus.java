package org.dvm.nodeos.internal.linux.sys;

/** Which processors a thread may run on. */
public final class Cpus {
    private static final int MASK_BYTES = 128;

    private Cpus() {}

    /**
     * Binds the calling thread to one processor.
     *
     * @param cpu its number, from 0 to 1023
     * @throws LinuxException if there is no such processor for this process
     */
    public static void pinCurrentThread(int cpu) throws LinuxException {
        if (cpu < 0 || cpu >= MASK_BYTES * Byte.SIZE) {
            throw new IllegalArgumentException("cpu must be between 0 and 1023: cpu=" + cpu);
        }
        try (NativeMemory mask = NativeMemory.allocate(MASK_BYTES)) {
            mask.bytes().put(cpu / Byte.SIZE, (byte) (1 << cpu % Byte.SIZE));
            LinuxException.check(
                    Libc.sched_setaffinity(0, MASK_BYTES, mask.address()), "sched_setaffinity to cpu " + cpu);
        }
    }
}
