package org.dvm.nodeos.internal.linux.bpf;

/** The comparisons of conditional jumps; unsigned unless the name says otherwise. */
public enum Condition {
    EQUAL(0x10, "=="),
    GREATER(0x20, ">"),
    GREATER_OR_EQUAL(0x30, ">="),
    NOT_EQUAL(0x50, "!="),
    SIGNED_GREATER(0x60, "s>"),
    LESS(0xa0, "<"),
    LESS_OR_EQUAL(0xb0, "<=");

    private final int bits;
    private final String sign;

    Condition(int bits, String sign) {
        this.bits = bits;
        this.sign = sign;
    }

    int bits() {
        return bits;
    }

    @Override
    public String toString() {
        return sign;
    }
}
