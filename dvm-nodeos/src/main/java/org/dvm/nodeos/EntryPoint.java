package org.dvm.nodeos;

/** What a domain does first, in a thread of its own. */
@FunctionalInterface
public interface EntryPoint {
    /**
     * Runs the domain. Returning does not end it: its channels and other threads go on until it is destroyed.
     *
     * @param self the domain
     * @throws Exception what goes wrong; it is logged and ends this thread only
     */
    void run(Domain self) throws Exception;
}
