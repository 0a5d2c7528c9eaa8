package org.dvm.nodeos;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Which packets of a channel's protocols and addresses a domain wants: conditions on bytes of the packet, all of which
 * must hold.
 *
 * <p>Offsets count from the first byte that the channel delivers, so {@code (0, 16, mask, hash)} on {@code
 * if0/eth/ip/udp} looks at the first 16 bytes of the datagram. A packet too short for a condition does not match.
 *
 * @param fields the conditions; none means every packet
 * @paper Janos 3.1
 */
public record DemuxKey(List<Field> fields) {
    /** Every packet of the channel's protocols and addresses. */
    public static final DemuxKey ALL = new DemuxKey(List.of());

    private static final int HIGHEST_OFFSET = 65535;

    /** Copies the list. */
    public DemuxKey {
        fields = List.copyOf(fields);
    }

    /**
     * One condition: {@code bytes[offset .. offset + length) & mask == value}.
     *
     * @param offset bytes from the first byte delivered, 0 to 65535
     * @param length number of bytes, at least 1
     * @param mask bits that matter, {@code length} bytes
     * @param value what they must be, {@code length} bytes; bits outside the mask must be 0
     */
    public record Field(int offset, int length, byte[] mask, byte[] value) {
        /** Checks and copies the arrays. */
        public Field {
            if (offset < 0 || length < 1 || offset + (long) length > HIGHEST_OFFSET + 1) {
                throw new IllegalArgumentException("condition must lie within bytes 0 to " + HIGHEST_OFFSET
                        + ": offset=" + offset + ", length=" + length);
            }
            if (mask.length != length || value.length != length) {
                throw new IllegalArgumentException("mask and value must have the condition's length: length=" + length
                        + ", mask=" + mask.length + ", value=" + value.length);
            }
            for (int i = 0; i < length; i++) {
                if ((value[i] & ~mask[i]) != 0) {
                    throw new IllegalArgumentException("value has a bit outside the mask: byte=" + i);
                }
            }
            mask = mask.clone();
            value = value.clone();
        }

        @Override
        public byte[] mask() {
            return mask.clone();
        }

        @Override
        public byte[] value() {
            return value.clone();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Field field
                    && field.offset == offset
                    && Arrays.equals(field.mask, mask)
                    && Arrays.equals(field.value, value);
        }

        @Override
        public int hashCode() {
            return 31 * (31 * offset + Arrays.hashCode(mask)) + Arrays.hashCode(value);
        }

        @Override
        public String toString() {
            HexFormat hex = HexFormat.of();
            return "(" + offset + "," + length + "," + hex.formatHex(mask) + "," + hex.formatHex(value) + ")";
        }
    }

    /**
     * Makes a key of one condition.
     *
     * @param offset bytes from the first byte delivered
     * @param length number of bytes
     * @param mask bits that matter
     * @param value what they must be
     * @return the key
     */
    public static DemuxKey of(int offset, int length, byte[] mask, byte[] value) {
        return new DemuxKey(List.of(new Field(offset, length, mask, value)));
    }

    /**
     * Makes a key of one condition on whole bytes.
     *
     * @param offset bytes from the first byte delivered
     * @param value what the bytes must be
     * @return the key
     */
    public static DemuxKey of(int offset, byte[] value) {
        byte[] mask = new byte[value.length];
        Arrays.fill(mask, (byte) 0xff);
        return of(offset, value.length, mask, value);
    }

    /**
     * Adds the conditions of another key.
     *
     * @param other its conditions must hold too
     * @return the narrower key
     */
    public DemuxKey and(DemuxKey other) {
        List<Field> both = new ArrayList<>(fields);
        both.addAll(other.fields);
        return new DemuxKey(both);
    }

    /**
     * Parses conditions.
     *
     * @param text {@code *} for every packet, or conditions {@code (offset,length,mask,value)} one after another, offset
     *     and length decimal, mask and value hexadecimal
     * @return the key
     * @throws SpecificationException if the text is none
     */
    public static DemuxKey parse(String text) {
        if (text.equals("*")) {
            return ALL;
        }
        List<Field> fields = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int end = text.indexOf(')', at);
            if (text.charAt(at) != '(' || end < 0) {
                throw notAKey(text, at);
            }
            String[] parts = text.substring(at + 1, end).split(",", -1);
            try {
                if (parts.length != 4) {
                    throw new IllegalArgumentException("four parts expected");
                }
                HexFormat hex = HexFormat.of();
                fields.add(new Field(
                        Integer.parseInt(parts[0].strip()),
                        Integer.parseInt(parts[1].strip()),
                        hex.parseHex(parts[2].strip()),
                        hex.parseHex(parts[3].strip())));
            } catch (IllegalArgumentException e) {
                throw notAKey(text, at);
            }
            at = end + 1;
        }
        if (fields.isEmpty()) {
            throw notAKey(text, 0);
        }
        return new DemuxKey(fields);
    }

    private static SpecificationException notAKey(String text, int at) {
        return new SpecificationException(
                "demultiplexing key must be * or (offset,length,mask,value)...; mistake at character " + (at + 1),
                text);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        fields.forEach(text::append);
        return fields.isEmpty() ? "*" : text.toString();
    }
}
