package org.dvm.nodeos;

/**
 * One end of a flow: a range of IPv4 addresses and of ports.
 *
 * @param address network address as an unsigned number, host bits 0
 * @param prefixLength leading bits that are given, 0 (any address) to 32 (one address)
 * @param firstPort lowest port, 0 to 65535
 * @param lastPort highest port, {@code firstPort} to 65535
 */
public record Endpoint(int address, int prefixLength, int firstPort, int lastPort) {
    /** Every address and port. */
    public static final Endpoint ANY = new Endpoint(0, 0, 0, 65535);

    /** Checks the ranges. */
    public Endpoint {
        if (prefixLength < 0 || prefixLength > 32) {
            throw new IllegalArgumentException("prefix length must be 0 to 32: prefixLength=" + prefixLength);
        }
        if ((address & ~maskOf(prefixLength)) != 0) {
            throw new IllegalArgumentException("address has bits beyond its prefix: " + dotted(address) + "/"
                    + prefixLength + " (did you mean " + dotted(address & maskOf(prefixLength)) + "/" + prefixLength
                    + "?)");
        }
        if (firstPort < 0 || firstPort > lastPort || lastPort > 65535) {
            throw new IllegalArgumentException(
                    "ports must be a range within 0 to 65535: firstPort=" + firstPort + ", lastPort=" + lastPort);
        }
    }

    /**
     * Parses an endpoint.
     *
     * @param text {@code ADDRESS[/PREFIX][:PORT[-PORT]]}; address or port may be {@code *}, any
     * @return the endpoint
     * @throws SpecificationException if the text is none
     */
    public static Endpoint parse(String text) {
        try {
            int colon = text.indexOf(':');
            String host = colon < 0 ? text : text.substring(0, colon);
            String ports = colon < 0 ? "*" : text.substring(colon + 1);
            int slash = host.indexOf('/');
            int prefix = slash < 0 ? 32 : Integer.parseInt(host.substring(slash + 1));
            String address = slash < 0 ? host : host.substring(0, slash);
            int dash = ports.indexOf('-');
            int first = ports.equals("*") ? 0 : Integer.parseInt(dash < 0 ? ports : ports.substring(0, dash));
            int last = ports.equals("*") ? 65535 : dash < 0 ? first : Integer.parseInt(ports.substring(dash + 1));
            return address.equals("*")
                    ? new Endpoint(0, 0, first, last)
                    : new Endpoint(parseAddress(address), prefix, first, last);
        } catch (IllegalArgumentException e) {
            String detail = e instanceof NumberFormatException ? "" : " (" + e.getMessage() + ")";
            throw new SpecificationException(
                    "endpoint must be ADDRESS[/PREFIX][:PORT[-PORT]] with an IPv4 address or *" + detail, text);
        }
    }

    /** Parses four decimal numbers from 0 to 255 with dots. */
    static int parseAddress(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            throw new NumberFormatException(text);
        }
        int address = 0;
        for (String part : parts) {
            int value = Integer.parseInt(part);
            if (value < 0 || value > 255 || part.startsWith("+")) {
                throw new NumberFormatException(text);
            }
            address = address << 8 | value;
        }
        return address;
    }

    /**
     * Returns whether this is one address.
     *
     * @return true if the prefix has 32 bits
     */
    public boolean isOneAddress() {
        return prefixLength == 32;
    }

    /**
     * Returns whether this is one port.
     *
     * @return true if first and last port are the same
     */
    public boolean isOnePort() {
        return firstPort == lastPort;
    }

    /**
     * Returns whether every port is meant.
     *
     * @return true if the range is 0 to 65535
     */
    public boolean isAnyPort() {
        return firstPort == 0 && lastPort == 65535;
    }

    /**
     * Returns whether another endpoint lies wholly in this one.
     *
     * @param other the narrower endpoint
     * @return true if each of its addresses and ports is one of these
     */
    public boolean contains(Endpoint other) {
        return other.prefixLength >= prefixLength
                && ((other.address ^ address) & mask()) == 0
                && other.firstPort >= firstPort
                && other.lastPort <= lastPort;
    }

    /**
     * Returns the bits of the address that are given.
     *
     * @return a mask with {@code prefixLength} leading ones
     */
    public int mask() {
        return maskOf(prefixLength);
    }

    private static int maskOf(int prefixLength) {
        return prefixLength == 0 ? 0 : -1 << (32 - prefixLength);
    }

    private static String dotted(int address) {
        return (address >>> 24) + "." + (address >>> 16 & 0xff) + "." + (address >>> 8 & 0xff) + "." + (address & 0xff);
    }

    @Override
    public String toString() {
        String host = prefixLength == 0 ? "*" : dotted(address) + (prefixLength == 32 ? "" : "/" + prefixLength);
        return isAnyPort() ? host : host + ":" + firstPort + (isOnePort() ? "" : "-" + lastPort);
    }
}
