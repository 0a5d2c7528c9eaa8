package org.dvm.nodeos.internal.linux.bpf;

import java.nio.ByteBuffer;
import org.dvm.nodeos.internal.linux.sys.Descriptor;
import org.dvm.nodeos.internal.linux.sys.Errno;
import org.dvm.nodeos.internal.linux.sys.LinuxException;
import org.dvm.nodeos.internal.linux.sys.NativeMemory;

/**
 * The attachment of an XDP program to an interface.
 *
 * <p>It lives in a descriptor of this process: when that is closed, by {@link #close} or by the end of the process
 * however it came about, the kernel detaches the program.
 */
public final class XdpLink implements AutoCloseable {
    /** Where in its way a frame meets the program. */
    public enum Mode {
        /** In the driver, before the kernel has made a socket buffer of it. */
        NATIVE(1 << 2),
        /** In the kernel's generic receive path: any interface, slower. */
        GENERIC(1 << 1);

        private final int flag;

        Mode(int flag) {
            this.flag = flag;
        }
    }

    static final int ATTACH_TYPE_XDP = 37;

    // union bpf_attr of BPF_LINK_CREATE
    private static final int PROGRAM = 0;
    private static final int TARGET_INTERFACE = 4;
    private static final int ATTACH_TYPE = 8;
    private static final int FLAGS = 12;
    // union bpf_attr of BPF_LINK_UPDATE
    private static final int LINK = 0;
    private static final int NEW_PROGRAM = 4;

    private final Mode mode;
    private final Descriptor descriptor;

    private XdpLink(Mode mode, Descriptor descriptor) {
        this.mode = mode;
        this.descriptor = descriptor;
    }

    /**
     * Attaches a program to an interface of the calling thread's network namespace: in the driver if it can, else in
     * the generic path.
     *
     * @param program the program
     * @param interfaceIndex the interface
     * @param interfaceName its name, for messages
     * @return the attachment
     * @throws LinuxException EBUSY if another program is attached, EPERM without CAP_NET_ADMIN
     */
    public static XdpLink attach(LoadedProgram program, int interfaceIndex, String interfaceName)
            throws LinuxException {
        try {
            return attach(program, interfaceIndex, interfaceName, Mode.NATIVE);
        } catch (LinuxException e) {
            if (e.is(Errno.EOPNOTSUPP) || e.is(Errno.EINVAL)) {
                return attach(program, interfaceIndex, interfaceName, Mode.GENERIC);
            }
            throw e;
        }
    }

    private static XdpLink attach(LoadedProgram program, int interfaceIndex, String interfaceName, Mode mode)
            throws LinuxException {
        try (NativeMemory attributes = NativeMemory.allocate(BpfSystem.ATTRIBUTES_BYTES)) {
            ByteBuffer fields = attributes.bytes();
            fields.putInt(PROGRAM, program.descriptor());
            fields.putInt(TARGET_INTERFACE, interfaceIndex);
            fields.putInt(ATTACH_TYPE, ATTACH_TYPE_XDP);
            fields.putInt(FLAGS, mode.flag);
            String operation =
                    "bpf: attach " + program.program().name() + " to " + interfaceName + " (XDP " + mode + ")";
            return new XdpLink(
                    mode, Descriptor.own(BpfSystem.call(BpfSystem.LINK_CREATE, attributes, operation), operation));
        }
    }

    /**
     * Puts another program in the place of the attached one; no frame passes without one of the two.
     *
     * @param program the next program
     * @throws LinuxException if the kernel refuses; the former stays
     */
    public void replace(LoadedProgram program) throws LinuxException {
        try (NativeMemory attributes = NativeMemory.allocate(BpfSystem.ATTRIBUTES_BYTES)) {
            attributes.bytes().putInt(LINK, descriptor.number());
            attributes.bytes().putInt(NEW_PROGRAM, program.descriptor());
            BpfSystem.call(
                    BpfSystem.LINK_UPDATE,
                    attributes,
                    "bpf: replace program by " + program.program().name());
        }
    }

    /**
     * Returns where the program sits.
     *
     * @return the mode the interface could do
     */
    public Mode mode() {
        return mode;
    }

    /** Detaches the program. A second call does nothing. */
    @Override
    public void close() {
        descriptor.close();
    }
}
