package org.dvm.nodeos.internal.linux.bpf;

/** The two-operand operations, 64 bits wide unless the assembler is asked for 32. */
public enum Alu {
    ADD(0x00, "+="),
    SUB(0x10, "-="),
    MUL(0x20, "*="),
    DIV(0x30, "/="),
    OR(0x40, "|="),
    AND(0x50, "&="),
    SHIFT_LEFT(0x60, "<<="),
    SHIFT_RIGHT(0x70, ">>="),
    MOD(0x90, "%="),
    XOR(0xa0, "^="),
    MOVE(0xb0, "=");

    private final int bits;
    private final String sign;

    Alu(int bits, String sign) {
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
