package org.dvm.nodeos;

/** A protocol that a {@link ProtocolSpec} can name, lowest first. */
public enum Protocol {
    /** Ethernet. */
    ETH("eth"),
    /** IPv4. */
    IP("ip"),
    /** UDP over IPv4. */
    UDP("udp"),
    /** TCP over IPv4: single segments with their headers, not streams. */
    TCP("tcp");

    private final String word;

    Protocol(String word) {
        this.word = word;
    }

    /**
     * Returns the word of the specification language.
     *
     * @return such as {@code udp}
     */
    public String word() {
        return word;
    }
}
