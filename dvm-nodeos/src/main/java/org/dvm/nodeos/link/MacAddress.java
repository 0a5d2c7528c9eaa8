package org.dvm.nodeos.link;

import java.util.HexFormat;

/**
 * An Ethernet address.
 *
 * @param bits the six bytes as the low 48 bits, first byte on the wire highest
 */
public record MacAddress(long bits) {
    /** The address that every station receives: {@code ff:ff:ff:ff:ff:ff}. */
    public static final MacAddress BROADCAST = new MacAddress(0xffff_ffff_ffffL);

    /** The address of nobody, carried by links that have none: {@code 00:00:00:00:00:00}. */
    public static final MacAddress NONE = new MacAddress(0);

    private static final HexFormat COLONS = HexFormat.ofDelimiter(":");

    /** Checks the range. */
    public MacAddress {
        if (bits >>> 48 != 0) {
            throw new IllegalArgumentException("Ethernet address has 48 bits: bits=0x" + Long.toHexString(bits));
        }
    }

    /**
     * Parses six hexadecimal bytes with colons.
     *
     * @param text such as {@code 02:00:00:00:00:0a}
     * @return the address
     * @throws IllegalArgumentException if the text is not an Ethernet address
     */
    public static MacAddress parse(String text) {
        if (text.length() != 17) {
            throw notAnAddress(text);
        }
        try {
            return of(COLONS.parseHex(text));
        } catch (IllegalArgumentException e) {
            throw notAnAddress(text);
        }
    }

    /**
     * Makes an address of its bytes on the wire.
     *
     * @param wire six bytes
     * @return the address
     */
    public static MacAddress of(byte[] wire) {
        if (wire.length != 6) {
            throw new IllegalArgumentException("Ethernet address has 6 bytes: length=" + wire.length);
        }
        long bits = 0;
        for (byte b : wire) {
            bits = bits << 8 | (b & 0xff);
        }
        return new MacAddress(bits);
    }

    private static IllegalArgumentException notAnAddress(String text) {
        return new IllegalArgumentException(
                "not an Ethernet address (six hexadecimal bytes with colons, as 02:00:00:00:00:0a): " + text);
    }

    /**
     * Returns the bytes in the order of the wire.
     *
     * @return six bytes
     */
    public byte[] toBytes() {
        byte[] wire = new byte[6];
        for (int i = 0; i < wire.length; i++) {
            wire[i] = (byte) (bits >>> (40 - 8 * i));
        }
        return wire;
    }

    @Override
    public String toString() {
        return COLONS.formatHex(toBytes());
    }
}
