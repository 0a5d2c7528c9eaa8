package org.dvm.nodeos.internal.linux.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A request under construction: header, family header, attributes that may nest.
 *
 * <pre>
 *   0                16              16+f
 *   +----------------+---------------+----------------------------+
 *   | nlmsghdr       | family header | rtattr, padded to 4 ...    |
 *   +----------------+---------------+----------------------------+
 *   nlmsghdr: length u32, type u16, flags u16, sequence u32, port u32
 *   rtattr:   length u16, type u16, value
 * </pre>
 */
final class NetlinkMessage {
    static final int HEADER_BYTES = 16;
    static final int LENGTH = 0;
    static final int TYPE = 4;
    static final int FLAGS = 6;
    static final int SEQUENCE = 8;
    static final int ATTRIBUTE_HEADER_BYTES = 4;

    private static final int CAPACITY = 1024;

    private final ByteBuffer bytes = ByteBuffer.allocate(CAPACITY).order(ByteOrder.nativeOrder());

    NetlinkMessage(int type, int flags, int sequence) {
        bytes.putShort(TYPE, (short) type);
        bytes.putShort(FLAGS, (short) flags);
        bytes.putInt(SEQUENCE, sequence);
        bytes.position(HEADER_BYTES);
    }

    static int align(int length) {
        return (length + 3) & ~3;
    }

    NetlinkMessage putByte(int value) {
        bytes.put((byte) value);
        return this;
    }

    NetlinkMessage putShort(int value) {
        bytes.putShort((short) value);
        return this;
    }

    NetlinkMessage putInt(int value) {
        bytes.putInt(value);
        return this;
    }

    NetlinkMessage attribute(int type, byte[] value) {
        int begin = begin(type);
        bytes.put(value);
        return end(begin);
    }

    NetlinkMessage attribute(int type, int value) {
        int begin = begin(type);
        bytes.putInt(value);
        return end(begin);
    }

    NetlinkMessage attribute(int type, String value) {
        return attribute(type, (value + '\0').getBytes(StandardCharsets.US_ASCII));
    }

    /** Opens an attribute whose value follows; returns what {@link #end} needs to close it. */
    int begin(int type) {
        int at = bytes.position();
        bytes.putShort((short) 0).putShort((short) type);
        return at;
    }

    NetlinkMessage end(int begin) {
        bytes.putShort(begin, (short) (bytes.position() - begin));
        bytes.position(align(bytes.position()));
        return this;
    }

    /** Returns the finished message, ready to be read. */
    ByteBuffer finish() {
        bytes.putInt(LENGTH, bytes.position());
        return bytes.duplicate().order(ByteOrder.nativeOrder()).flip();
    }
}
