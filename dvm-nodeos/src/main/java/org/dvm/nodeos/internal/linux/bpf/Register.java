package org.dvm.nodeos.internal.linux.bpf;

/**
 * The registers of the eBPF machine. A call takes its arguments from R1-R5, destroys them and answers in R0; R6-R9 live
 * through calls; R10 is the frame pointer, read only.
 */
public enum Register {
    R0,
    R1,
    R2,
    R3,
    R4,
    R5,
    R6,
    R7,
    R8,
    R9,
    R10;

    @Override
    public String toString() {
        return "r" + ordinal();
    }
}
