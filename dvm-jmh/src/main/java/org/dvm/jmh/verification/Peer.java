package org.dvm.jmh.verification;

/** One verifier. */
interface Peer {
    /** Returns what stands in the tables. */
    String name();

    /**
     * Judges a class.
     *
     * @param index which of the classes that it was made with
     * @throws Exception if the peer gives up: it has done its work on the class all the same
     */
    void verify(int index) throws Exception;
}
