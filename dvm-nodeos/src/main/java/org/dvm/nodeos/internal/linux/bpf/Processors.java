package org.dvm.nodeos.internal.linux.bpf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How many copies a per-processor map value has. */
final class Processors {
    private static final Path POSSIBLE = Path.of("/sys/devices/system/cpu/possible");
    private static final int COUNT = read();

    private Processors() {}

    /** Returns the number of processors the kernel makes room for, which may be more than there are. */
    static int possible() {
        return COUNT;
    }

    private static int read() {
        try {
            // "0-7" or "0": the kernel never leaves gaps in this set
            String range = Files.readString(POSSIBLE).trim();
            return Integer.parseInt(range.substring(range.lastIndexOf('-') + 1)) + 1;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the number of processors from " + POSSIBLE, e);
        }
    }
}
