package org.dvm.nodeos;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Which domain receives at which place, and who may take packets from whom.
 *
 * <p><b>Threads:</b> with the lock of the node's administration.
 */
final class Owners {
    private final Map<PacketSink, Domain> owners = new IdentityHashMap<>();

    void add(PacketSink sink, Domain domain) {
        owners.put(sink, domain);
    }

    void remove(PacketSink sink) {
        owners.remove(sink);
    }

    /**
     * Refuses a rule that would take packets from a domain, unless that is the same or beneath, or it is above and the rule
     * takes only a part of what it receives.
     *
     * @throws AuthorityException if a packet might match both
     */
    void checkOverlap(Port port, DemuxRule rule, Domain domain) {
        for (DemuxTable.Entry<PacketSink> entry : port.rules()) {
            Domain other = Objects.requireNonNull(owners.get(entry.sink()));
            boolean mayTake = other == domain
                    || isBeneath(other, domain)
                    || (isBeneath(domain, other)
                            && rule.implies(entry.rule())
                            && !entry.rule().implies(rule));
            if (!mayTake && rule.overlaps(entry.rule())) {
                throw new AuthorityException("packets of link " + port.name()
                        + " are received by another domain already (narrow the addresses or the key): " + other.path());
            }
        }
    }

    private static boolean isBeneath(Domain lower, Domain upper) {
        return lower.path().startsWith(upper.path() + "/");
    }
}
