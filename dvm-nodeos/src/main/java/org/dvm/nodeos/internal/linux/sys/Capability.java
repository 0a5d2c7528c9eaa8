package org.dvm.nodeos.internal.linux.sys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/** The capabilities(7) that packet I/O asks for. */
public enum Capability {
    /** Interfaces, XDP programs, namespaces. */
    CAP_NET_ADMIN(12),
    /** Raw and XDP sockets. */
    CAP_NET_RAW(13),
    /** Everything that has no capability of its own; implies {@link #CAP_BPF}. */
    CAP_SYS_ADMIN(21),
    /** Programs and maps of bpf(2). */
    CAP_BPF(39);

    private static final Path STATUS = Path.of("/proc/thread-self/status");
    private static final String EFFECTIVE = "CapEff:";

    private final int bit;

    Capability(int bit) {
        this.bit = bit;
    }

    /**
     * Returns what the calling thread may do.
     *
     * @return its effective capabilities; none if the system doesn't tell
     */
    public static Set<Capability> effective() {
        Set<Capability> held = EnumSet.noneOf(Capability.class);
        long mask = effectiveMask();
        for (Capability capability : values()) {
            if ((mask >>> capability.bit & 1) != 0) {
                held.add(capability);
            }
        }
        if (held.contains(CAP_SYS_ADMIN)) {
            held.add(CAP_BPF);
        }
        return held;
    }

    private static long effectiveMask() {
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith(EFFECTIVE)) {
                    return Long.parseUnsignedLong(
                            line.substring(EFFECTIVE.length()).trim(), 16);
                }
            }
            return 0;
        } catch (IOException e) {
            return 0; // no /proc: nothing is known to be granted, and the calls themselves will say what is missing
        }
    }
}
