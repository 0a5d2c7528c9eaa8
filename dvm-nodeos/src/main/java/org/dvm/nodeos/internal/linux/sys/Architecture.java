package org.dvm.nodeos.internal.linux.sys;

import java.nio.ByteOrder;
import java.util.Locale;

/** The machine architectures whose system call numbers are known here; everything else used is common to all of them. */
public enum Architecture {
    /** 64-bit x86. */
    X86_64(321),
    /** 64-bit ARM. */
    AARCH64(280);

    private final int bpfSystemCall;

    Architecture(int bpfSystemCall) {
        this.bpfSystemCall = bpfSystemCall;
    }

    /**
     * Returns the architecture of this process.
     *
     * @return the architecture
     * @throws UnsupportedOperationException on any other operating system, architecture or byte order
     */
    public static Architecture current() {
        String system = System.getProperty("os.name", "");
        String machine = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        if (!system.equals("Linux") || ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
            throw new UnsupportedOperationException(
                    "raw packet I/O needs Linux on a little-endian machine: os=" + system + ", arch=" + machine);
        }
        return switch (machine) {
            case "amd64", "x86_64" -> X86_64;
            case "aarch64", "arm64" -> AARCH64;
            default ->
                throw new UnsupportedOperationException(
                        "raw packet I/O is written for x86_64 and aarch64: arch=" + machine);
        };
    }

    int bpfSystemCall() {
        return bpfSystemCall;
    }
}
