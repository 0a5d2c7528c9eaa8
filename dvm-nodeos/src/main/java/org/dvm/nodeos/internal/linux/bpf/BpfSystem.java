package org.dvm.nodeos.internal.linux.bpf;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.dvm.nodeos.internal.linux.sys.Libc;
import org.dvm.nodeos.internal.linux.sys.LinuxException;
import org.dvm.nodeos.internal.linux.sys.NativeMemory;

/** The commands of bpf(2) and the offsets of their attributes in {@code union bpf_attr}. */
final class BpfSystem {
    static final int MAP_CREATE = 0;
    static final int MAP_LOOKUP = 1;
    static final int MAP_UPDATE = 2;
    static final int MAP_DELETE = 3;
    static final int PROGRAM_LOAD = 5;
    static final int PROGRAM_TEST_RUN = 10;
    static final int LINK_CREATE = 28;
    static final int LINK_UPDATE = 29;

    /** Longer than any attribute set used here; the kernel wants the rest to be zero. */
    static final int ATTRIBUTES_BYTES = 128;

    static final int OBJECT_NAME_BYTES = 16;

    private BpfSystem() {}

    static int call(int command, NativeMemory attributes, String operation) throws LinuxException {
        return LinuxException.check(Libc.bpf(command, attributes.address(), ATTRIBUTES_BYTES), operation);
    }

    static void putName(ByteBuffer attributes, int at, String name) {
        byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
        attributes.put(at, ascii, 0, Math.min(ascii.length, OBJECT_NAME_BYTES - 1));
    }
}
