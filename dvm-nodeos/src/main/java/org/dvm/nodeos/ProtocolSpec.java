package org.dvm.nodeos;

import java.util.Optional;

/**
 * Which link and which headers a channel is about, such as {@code if0/eth/ip/udp}.
 *
 * <p>The headers named are the node's: on input it checks and strips them, on output it makes and prepends them. The
 * domain's data is what follows:
 *
 * <pre>
 *   if0              the whole Ethernet frame
 *   if0/eth          what Ethernet carries: the IP header is the first byte
 *   if0/eth/ip       what IPv4 carries
 *   if0/eth/ip/udp   the datagram
 *   if0/eth/ip/tcp   one TCP segment from its header on: the node checks ports and checksum, the domain keeps state
 * </pre>
 *
 * The stripped headers of an arrived packet are still before its data; {@link PacketBuffer#push} shows them.
 *
 * @param link name of the link
 * @param top the highest protocol named; empty for whole frames
 * @paper Janos 3.1.7
 */
public record ProtocolSpec(String link, Optional<Protocol> top) {
    /**
     * Parses a specification.
     *
     * @param text a link name, then {@code /eth}, {@code /eth/ip}, {@code /eth/ip/udp}, {@code /eth/ip/tcp} or nothing
     * @return the specification
     * @throws SpecificationException if the text is none
     */
    public static ProtocolSpec parse(String text) {
        String[] words = text.split("/", -1);
        if (words[0].isEmpty() || words[0].chars().anyMatch(Character::isWhitespace)) {
            throw new SpecificationException("protocol specification must begin with the name of a link", text);
        }
        String rest = text.substring(words[0].length());
        Optional<Protocol> top = switch (rest) {
            case "" -> Optional.empty();
            case "/eth" -> Optional.of(Protocol.ETH);
            case "/eth/ip" -> Optional.of(Protocol.IP);
            case "/eth/ip/udp" -> Optional.of(Protocol.UDP);
            case "/eth/ip/tcp" -> Optional.of(Protocol.TCP);
            default ->
                throw new SpecificationException(
                        "protocols after the link must be eth, eth/ip, eth/ip/udp or eth/ip/tcp", text);
        };
        return new ProtocolSpec(words[0], top);
    }

    /**
     * Returns whether the node handles a protocol for the channel.
     *
     * @param protocol any protocol
     * @return true if it is named or lies beneath the one named
     */
    public boolean handles(Protocol protocol) {
        return top.map(t -> t == protocol || protocol == Protocol.ETH || (protocol == Protocol.IP && t != Protocol.ETH))
                .orElse(false);
    }

    @Override
    public String toString() {
        return link
                + top.map(t -> switch (t) {
                            case ETH -> "/eth";
                            case IP -> "/eth/ip";
                            case UDP -> "/eth/ip/udp";
                            case TCP -> "/eth/ip/tcp";
                        })
                        .orElse("");
    }
}
