package org.dvm.nodeos;

import org.dvm.nodeos.link.CutThroughPlan.Forwarding;

/**
 * What a cut-through channel moves where.
 *
 * @param input which packets; they are moved as whole frames, whatever protocols are named
 * @param output by which link and as what share of it; its {@code mac} is the next hop
 * @param forwarding what is rewritten on the way
 * @param policing whether the guaranteed bandwidth is also the most the channel may use
 */
public record CutThroughSpec(InputSpec input, OutputSpec output, Forwarding forwarding, Policing policing) {
    /** What happens to packets above the guarantee. */
    public enum Policing {
        /** They use what other channels leave idle. */
        NONE,
        /** They are dropped. */
        DROP_EXCESS
    }
}
