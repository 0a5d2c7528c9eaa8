package org.dvm.nodeos;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What a domain may see on links and send as: its own addresses, and rights beyond them.
 *
 * @param rights rights that reach beyond its own addresses
 * @param addresses addresses and ports that are its own
 * @paper Janos 2.1
 */
public record Authority(Set<Right> rights, List<Endpoint> addresses) {
    /** A right that reaches beyond a domain's own addresses. */
    public enum Right {
        /** To receive packets that are not addressed to the domain. */
        RECEIVE_ANY,
        /** To send packets whose source is not the domain: what forwarding takes. */
        SEND_AS_ANY
    }

    /** Everything: the authority of the root domain. */
    public static final Authority FULL = new Authority(EnumSet.allOf(Right.class), List.of(Endpoint.ANY));

    /** Nothing: a domain that only computes. */
    public static final Authority NONE = new Authority(Set.of(), List.of());

    /** Copies the collections. */
    public Authority {
        rights = Set.copyOf(rights);
        addresses = List.copyOf(addresses);
    }

    /**
     * Makes the authority of an ordinary domain.
     *
     * @param endpoints its addresses and ports, as {@link Endpoint#parse} reads them
     * @return the authority, without rights beyond these
     */
    public static Authority over(String... endpoints) {
        return new Authority(
                Set.of(), List.of(endpoints).stream().map(Endpoint::parse).toList());
    }

    /**
     * Returns whether a domain with this authority may give another one to its child.
     *
     * @param child the narrower authority
     * @return true if the child's rights and addresses are all contained in these
     */
    public boolean contains(Authority child) {
        return rights.containsAll(child.rights) && child.addresses.stream().allMatch(this::owns);
    }

    /**
     * Returns whether an endpoint is the domain's own.
     *
     * @param endpoint addresses and ports
     * @return true if they all lie within one of its endpoints
     */
    public boolean owns(Endpoint endpoint) {
        return addresses.stream().anyMatch(own -> own.contains(endpoint));
    }

    void checkReceive(ProtocolSpec protocols, AddressSpec addresses) {
        if (!rights.contains(Right.RECEIVE_ANY) && !(protocols.handles(Protocol.IP) && owns(addresses.local()))) {
            throw new AuthorityException("domain may receive only what is addressed to it (name a local address of "
                    + this.addresses + " on .../eth/ip or above, or ask for RECEIVE_ANY): " + protocols + " "
                    + addresses);
        }
    }

    void checkSend(ProtocolSpec protocols, AddressSpec addresses) {
        if (!rights.contains(Right.SEND_AS_ANY) && !(protocols.top().isPresent() && owns(addresses.local()))) {
            throw new AuthorityException("domain may send only as itself (name a local address of " + this.addresses
                    + " on .../eth or above, or ask for SEND_AS_ANY): " + protocols + " " + addresses);
        }
    }
}
