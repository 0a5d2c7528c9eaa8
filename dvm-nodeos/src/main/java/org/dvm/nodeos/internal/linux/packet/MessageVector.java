package org.dvm.nodeos.internal.linux.packet;

import java.nio.ByteBuffer;
import org.dvm.nodeos.internal.linux.sys.LinuxException;
import org.dvm.nodeos.internal.linux.sys.NativeMemory;

/**
 * The arguments of sendmmsg(2) and recvmmsg(2) for a batch of frames, laid out once; a batch only changes where each
 * frame is and how long.
 *
 * <pre>
 *   struct mmsghdr (64 bytes)            struct iovec (16 bytes)
 *    0 name address   u64                 0 base    u64
 *    8 name length    u32                 8 length  u64
 *   16 iovec address  u64
 *   24 iovec count    u64                control message (32 bytes, on request)
 *   32 control address u64                0 length u64, level u32, type u32
 *   40 control length u64                16 struct tpacket_auxdata
 *   48 flags          u32
 *   56 message length u32
 * </pre>
 *
 * <p><b>Threads:</b> one at a time.
 */
final class MessageVector implements AutoCloseable {
    /** Whether messages carry what the kernel knows of a received frame besides its bytes. */
    enum Control {
        NONE,
        AUXILIARY_DATA
    }

    /** Frames in one call: more gain nothing. */
    static final int BATCH = 64;

    private static final int HEADER_BYTES = 64;
    private static final int HEADER_VECTOR = 16;
    private static final int HEADER_VECTOR_COUNT = 24;
    private static final int HEADER_CONTROL = 32;
    private static final int HEADER_CONTROL_LENGTH = 40;
    private static final int HEADER_FLAGS = 48;
    private static final int HEADER_MESSAGE_LENGTH = 56;
    private static final int VECTOR_BYTES = 16;
    private static final int VECTOR_LENGTH = 8;
    private static final int CONTROL_BYTES = 48;
    private static final int CONTROL_DATA = 16;

    private static final int VECTORS = BATCH * HEADER_BYTES;
    private static final int CONTROLS = VECTORS + BATCH * VECTOR_BYTES;

    private final NativeMemory memory;
    private final ByteBuffer bytes;
    private final Control control;

    MessageVector(Control control) throws LinuxException {
        this.control = control;
        memory = NativeMemory.allocate(CONTROLS + (long) BATCH * CONTROL_BYTES);
        bytes = memory.bytes();
        for (int i = 0; i < BATCH; i++) {
            int header = i * HEADER_BYTES;
            bytes.putLong(header + HEADER_VECTOR, memory.address() + VECTORS + (long) i * VECTOR_BYTES);
            bytes.putLong(header + HEADER_VECTOR_COUNT, 1);
            if (control == Control.AUXILIARY_DATA) {
                bytes.putLong(header + HEADER_CONTROL, memory.address() + CONTROLS + (long) i * CONTROL_BYTES);
            }
        }
    }

    long address() {
        return memory.address();
    }

    // Hot path: no allocation, no locks, no logging.

    /** Says where a frame is and how long it is, or may become. */
    void set(int index, long address, int length) {
        int vector = VECTORS + index * VECTOR_BYTES;
        bytes.putLong(vector, address);
        bytes.putLong(vector + VECTOR_LENGTH, length);
        if (control == Control.AUXILIARY_DATA) {
            bytes.putLong(index * HEADER_BYTES + HEADER_CONTROL_LENGTH, CONTROL_BYTES);
        }
    }

    int messageLength(int index) {
        return bytes.getInt(index * HEADER_BYTES + HEADER_MESSAGE_LENGTH);
    }

    int flags(int index) {
        return bytes.getInt(index * HEADER_BYTES + HEADER_FLAGS);
    }

    boolean hasAuxiliaryData(int index) {
        return bytes.getLong(index * HEADER_BYTES + HEADER_CONTROL_LENGTH) > CONTROL_DATA;
    }

    /** Reads a 32-bit field of struct tpacket_auxdata. */
    int auxiliaryInt(int index, int offset) {
        return bytes.getInt(CONTROLS + index * CONTROL_BYTES + CONTROL_DATA + offset);
    }

    /** Reads a 16-bit field of struct tpacket_auxdata. */
    int auxiliaryShort(int index, int offset) {
        return Short.toUnsignedInt(bytes.getShort(CONTROLS + index * CONTROL_BYTES + CONTROL_DATA + offset));
    }

    @Override
    public void close() {
        memory.close();
    }
}
