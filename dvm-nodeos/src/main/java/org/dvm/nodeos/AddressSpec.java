package org.dvm.nodeos;

import java.util.Optional;
import org.dvm.nodeos.link.MacAddress;

/**
 * Which packets of its protocols a channel is about, such as {@code local=10.0.0.1:5000,remote=10.0.0.2:*}.
 *
 * @param local this node's end: destination of arriving packets, source of departing ones
 * @param remote the other end
 * @param mac Ethernet address of the next hop, or of the sender on input; empty for any
 * @param type Ethernet type, for {@code if0/eth}; empty for IPv4 on output, any on input
 * @param number Internet protocol number, for {@code if0/eth/ip}; empty for any on input
 */
public record AddressSpec(
        Endpoint local, Endpoint remote, Optional<MacAddress> mac, Optional<Integer> type, Optional<Integer> number) {
    /** Everything. */
    public static final AddressSpec ANY =
            new AddressSpec(Endpoint.ANY, Endpoint.ANY, Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * Parses a specification.
     *
     * @param text {@code *} for everything, or items with commas: {@code local=}ENDPOINT, {@code remote=}ENDPOINT, {@code
     *     mac=}ADDRESS, {@code type=}HEX, {@code proto=}NUMBER; an item without name is {@code local}
     * @return the specification
     * @throws SpecificationException if the text is none
     */
    public static AddressSpec parse(String text) {
        AddressSpec spec = ANY;
        if (text.equals("*")) {
            return spec;
        }
        for (String item : text.split(",", -1)) {
            int equals = item.indexOf('=');
            String name = equals < 0 ? "local" : item.substring(0, equals);
            spec = spec.with(name, item.substring(equals + 1), text);
        }
        return spec;
    }

    private AddressSpec with(String name, String value, String text) {
        try {
            return switch (name) {
                case "local" -> new AddressSpec(Endpoint.parse(value), remote, mac, type, number);
                case "remote" -> new AddressSpec(local, Endpoint.parse(value), mac, type, number);
                case "mac" -> new AddressSpec(local, remote, Optional.of(MacAddress.parse(value)), type, number);
                case "type" ->
                    new AddressSpec(
                            local, remote, mac, Optional.of(inRange(Integer.parseInt(value, 16), 65535)), number);
                case "proto" ->
                    new AddressSpec(local, remote, mac, type, Optional.of(inRange(Integer.parseInt(value), 255)));
                default ->
                    throw new SpecificationException(
                            "address specification knows local, remote, mac, type and proto, not '" + name + "'", text);
            };
        } catch (SpecificationException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new SpecificationException("address specification has a wrong value for " + name, text);
        }
    }

    private static int inRange(int value, int most) {
        if (value < 0 || value > most) {
            throw new IllegalArgumentException("out of range");
        }
        return value;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("local=" + local + ",remote=" + remote);
        mac.ifPresent(m -> text.append(",mac=").append(m));
        type.ifPresent(t -> text.append(",type=").append(String.format("%04x", t)));
        number.ifPresent(n -> text.append(",proto=").append(n));
        return text.toString();
    }
}
