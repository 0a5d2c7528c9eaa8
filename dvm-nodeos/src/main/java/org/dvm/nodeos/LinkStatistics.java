package org.dvm.nodeos;

import java.util.Map;
import org.dvm.nodeos.link.LinkCounters;
import org.dvm.nodeos.link.LinkDescription;

/**
 * What a link has done.
 *
 * @param link the link
 * @param backEnd design of its driver
 * @param driver what the driver has moved and lost
 * @param drops packets that no domain was charged for, by reason
 */
public record LinkStatistics(LinkDescription link, String backEnd, LinkCounters driver, Map<DropReason, Long> drops) {
    /** Copies the map. */
    public LinkStatistics {
        drops = Map.copyOf(drops);
    }
}
