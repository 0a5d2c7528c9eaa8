package org.dvm.nodeos.internal.linux.netlink;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.dvm.nodeos.link.MacAddress;
import org.jspecify.annotations.Nullable;

/** The attributes of a received message or of a nesting attribute, by type. */
final class Attributes {
    private static final int TYPE_MASK = 0x3fff;
    private static final int MAC_BYTES = 6;

    private final Map<Integer, byte[]> values = new HashMap<>();

    private Attributes() {}

    /** Reads the attributes between two offsets; one with a lying length ends the list. */
    static Attributes read(ByteBuffer bytes, int from, int to) {
        Attributes attributes = new Attributes();
        int at = from;
        while (at + NetlinkMessage.ATTRIBUTE_HEADER_BYTES <= to) {
            int length = Short.toUnsignedInt(bytes.getShort(at));
            if (length < NetlinkMessage.ATTRIBUTE_HEADER_BYTES || at + length > to) {
                break;
            }
            byte[] value = new byte[length - NetlinkMessage.ATTRIBUTE_HEADER_BYTES];
            bytes.get(at + NetlinkMessage.ATTRIBUTE_HEADER_BYTES, value);
            attributes.values.put(bytes.getShort(at + 2) & TYPE_MASK, value);
            at += NetlinkMessage.align(length);
        }
        return attributes;
    }

    Attributes nested(int type) {
        byte[] value = values.getOrDefault(type, new byte[0]);
        return read(ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()), 0, value.length);
    }

    int integer(int type, int absent) {
        byte[] value = values.get(type);
        return value == null || value.length < Integer.BYTES
                ? absent
                : ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).getInt();
    }

    int half(int type) {
        byte[] value = values.get(type);
        return value == null || value.length < Short.BYTES
                ? 0
                : Short.toUnsignedInt(
                        ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).getShort());
    }

    String text(int type) {
        byte[] value = values.getOrDefault(type, new byte[0]);
        int length = 0;
        while (length < value.length && value[length] != 0) {
            length++;
        }
        return new String(value, 0, length, StandardCharsets.UTF_8);
    }

    MacAddress mac(int type) {
        byte[] value = values.get(type);
        return value == null || value.length != MAC_BYTES ? MacAddress.NONE : MacAddress.of(value);
    }

    long word(int type, int offset) {
        byte[] value = values.get(type);
        return value == null || value.length < offset + Long.BYTES
                ? 0
                : ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).getLong(offset);
    }

    @Nullable
    InetAddress address(int type) {
        byte[] value = values.get(type);
        if (value == null) {
            return null;
        }
        try {
            return InetAddress.getByAddress(value);
        } catch (UnknownHostException e) {
            return null; // neither 4 nor 16 bytes: an address of another family
        }
    }
}
