package org.dvm.nodeos.internal.linux.bpf;

/** The widths of memory accesses, with their bits in the operation code. */
public enum Width {
    BYTE(0x10, 1, "u8"),
    HALF(0x08, 2, "u16"),
    WORD(0x00, 4, "u32"),
    DOUBLE(0x18, 8, "u64");

    private final int bits;
    private final int bytes;
    private final String name;

    Width(int bits, int bytes, String name) {
        this.bits = bits;
        this.bytes = bytes;
        this.name = name;
    }

    int bits() {
        return bits;
    }

    /**
     * Returns the width.
     *
     * @return bytes
     */
    public int bytes() {
        return bytes;
    }

    /**
     * Finds a width.
     *
     * @param bytes 1, 2, 4 or 8
     * @return the width of that many bytes
     */
    public static Width ofBytes(int bytes) {
        for (Width width : values()) {
            if (width.bytes == bytes) {
                return width;
            }
        }
        throw new IllegalArgumentException("width must be 1, 2, 4 or 8 bytes: bytes=" + bytes);
    }

    @Override
    public String toString() {
        return name;
    }
}
