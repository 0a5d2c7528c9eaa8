package org.dvm.nodeos.internal.linux.bpf;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.dvm.nodeos.internal.linux.sys.Descriptor;
import org.dvm.nodeos.internal.linux.sys.Errno;
import org.dvm.nodeos.internal.linux.sys.Libc;
import org.dvm.nodeos.internal.linux.sys.LinuxException;
import org.dvm.nodeos.internal.linux.sys.NativeMemory;

/** An XDP program that the kernel has verified and compiled. */
public final class LoadedProgram implements AutoCloseable {
    private static final int PROGRAM_TYPE_XDP = 6;
    private static final byte[] LICENSE = "GPL\0".getBytes(StandardCharsets.US_ASCII);
    private static final int LOG_BYTES = 1 << 20;
    private static final int LOG_LEVEL_STATE = 1;
    private static final int SHOWN_LOG_CHARACTERS = 3000;

    // union bpf_attr of BPF_PROG_LOAD
    private static final int TYPE = 0;
    private static final int INSTRUCTION_COUNT = 4;
    private static final int INSTRUCTIONS_ADDRESS = 8;
    private static final int LICENSE_ADDRESS = 16;
    private static final int LOG_LEVEL = 24;
    private static final int LOG_SIZE = 28;
    private static final int LOG_ADDRESS = 32;
    private static final int NAME = 48;
    private static final int EXPECTED_ATTACH_TYPE = 68;

    private final BpfProgram program;
    private final Descriptor descriptor;

    private LoadedProgram(BpfProgram program, Descriptor descriptor) {
        this.program = program;
        this.descriptor = descriptor;
    }

    /**
     * Loads an XDP program.
     *
     * @param program the program
     * @return the program in the kernel
     * @throws LinuxException if the verifier refuses it - then the message ends with its log and the listing - or the
     *     process lacks CAP_BPF and CAP_NET_ADMIN
     */
    public static LoadedProgram loadXdp(BpfProgram program) throws LinuxException {
        try (NativeMemory attributes = NativeMemory.allocate(BpfSystem.ATTRIBUTES_BYTES);
                NativeMemory code = NativeMemory.allocate(program.lengthBytes() + LICENSE.length)) {
            program.writeTo(code.bytes());
            code.bytes().put(program.lengthBytes(), LICENSE);
            ByteBuffer fields = attributes.bytes();
            fields.putInt(TYPE, PROGRAM_TYPE_XDP);
            fields.putInt(INSTRUCTION_COUNT, program.size());
            fields.putLong(INSTRUCTIONS_ADDRESS, code.address());
            fields.putLong(LICENSE_ADDRESS, code.address() + program.lengthBytes());
            fields.putInt(EXPECTED_ATTACH_TYPE, XdpLink.ATTACH_TYPE_XDP);
            BpfSystem.putName(fields, NAME, program.name());
            String operation = "bpf: load program " + program.name();
            int descriptor = Libc.bpf(BpfSystem.PROGRAM_LOAD, attributes.address(), BpfSystem.ATTRIBUTES_BYTES);
            if (descriptor < 0) {
                throw refused(program, attributes, operation, Libc.errno());
            }
            return new LoadedProgram(program, Descriptor.own(descriptor, operation));
        }
    }

    /** Loads once more with a log, which costs too much to ask for when all is well. */
    private static LinuxException refused(BpfProgram program, NativeMemory attributes, String operation, int errno)
            throws LinuxException {
        if (errno == Errno.EPERM.number()) {
            return LinuxException.of(operation, errno, "grant CAP_BPF and CAP_NET_ADMIN");
        }
        try (NativeMemory log = NativeMemory.allocate(LOG_BYTES)) {
            ByteBuffer fields = attributes.bytes();
            fields.putInt(LOG_LEVEL, LOG_LEVEL_STATE);
            fields.putInt(LOG_SIZE, LOG_BYTES);
            fields.putLong(LOG_ADDRESS, log.address());
            int second = Libc.bpf(BpfSystem.PROGRAM_LOAD, attributes.address(), BpfSystem.ATTRIBUTES_BYTES);
            if (second >= 0) {
                Libc.close(second);
            }
            return LinuxException.of(operation, errno, "verifier says:\n" + tail(log.bytes()) + "\n" + program);
        }
    }

    private static String tail(ByteBuffer log) {
        int length = 0;
        while (length < log.capacity() && log.get(length) != 0) {
            length++;
        }
        byte[] text = new byte[Math.min(length, SHOWN_LOG_CHARACTERS)];
        log.get(length - text.length, text);
        return new String(text, StandardCharsets.UTF_8);
    }

    int descriptor() {
        return descriptor.number();
    }

    /**
     * Returns what was loaded.
     *
     * @return the program
     */
    public BpfProgram program() {
        return program;
    }

    /** Gives up the program; the kernel keeps it while a link holds it. A second call does nothing. */
    @Override
    public void close() {
        descriptor.close();
    }
}
