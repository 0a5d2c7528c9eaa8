package org.dvm.nodeos;

/**
 * What a domain wants, in units that mean the same on every node: the cost of forwarding one IP packet and the size of one
 * packet of the largest size. {@link Calibration#map} says what that is here.
 *
 * @param forwardingsPerSecond CPU time, as IP packets that could be forwarded with it each second
 * @param bufferedMtuPackets memory, as packets of the largest size that it holds
 * @param sentMtuPacketsPerSecond output bandwidth, as packets of the largest size each second
 * @param storedMtuPackets file space, as packets of the largest size
 * @paper Janos 3.2.3
 */
public record PortableSpec(
        double forwardingsPerSecond,
        double bufferedMtuPackets,
        double sentMtuPacketsPerSecond,
        double storedMtuPackets) {
    /** Checks the ranges. */
    public PortableSpec {
        for (double value :
                new double[] {forwardingsPerSecond, bufferedMtuPackets, sentMtuPacketsPerSecond, storedMtuPackets}) {
            if (!(value >= 0) || Double.isInfinite(value)) {
                throw new IllegalArgumentException("resources must be finite and not negative: value=" + value);
            }
        }
    }
}
