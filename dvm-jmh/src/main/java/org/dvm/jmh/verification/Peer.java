package org.dvm.jmh.verification;

/** One verifier. */
interface Peer {
    /** Returns what stands in the tables. */
    String name();

    /**
     * Judges a class.
     *
     * @param index which of the classes that it was made with
     * @return whether the class is accepted
     * @throws Exception if the peer gives up or says so that it refuses the class
     */
    boolean verify(int index) throws Exception;

    /** Judges a class; who throws refuses it. */
    default boolean accepts(int index) {
        try {
            return verify(index);
        } catch (Exception | LinkageError | AssertionError e) {
            return false;
        }
    }
}
