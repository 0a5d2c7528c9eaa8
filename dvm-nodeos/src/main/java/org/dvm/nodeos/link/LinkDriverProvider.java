package org.dvm.nodeos.link;

import java.util.List;

/**
 * A back end: knows the links of the machine and opens drivers for them. Found by {@link java.util.ServiceLoader}; the
 * node asks the providers in order of {@link #preference} and takes the first that can serve a link.
 *
 * <p><b>Threads:</b> any thread.
 */
public interface LinkDriverProvider {
    /**
     * Returns the name of the back end.
     *
     * @return such as {@code af_xdp}
     */
    String backEnd();

    /**
     * Ranks the provider among others that serve the same link.
     *
     * @return the higher, the sooner it is asked
     */
    int preference();

    /**
     * Lists the links that the back end can see.
     *
     * @return descriptions, empty where the back end does not exist
     */
    List<LinkDescription> links();

    /**
     * Says whether the back end can serve a link here, and if not, why and what to grant.
     *
     * @param link one of {@link #links}
     * @return the answer
     */
    Availability availability(LinkDescription link);

    /**
     * Opens a driver.
     *
     * @param link one of {@link #links}
     * @param memory where frames live; the driver may register it
     * @return the driver, holding no frame yet
     * @throws LinkException if the link cannot be opened; the message names the operation and the cure
     */
    LinkDriver open(LinkDescription link, FrameMemory memory);

    /**
     * Opens several drivers that share what arrives at a link, every flow going to one of them: for several threads that
     * receive at once. Unless overridden there is one.
     *
     * @param link one of {@link #links}
     * @param memory where frames live; the drivers may register it
     * @param most the most drivers wanted, at least 1
     * @return one driver or more, all to be closed
     * @throws LinkException if the link cannot be opened; nothing stays open
     */
    default List<LinkDriver> openGroup(LinkDescription link, FrameMemory memory, int most) {
        return List.of(open(link, memory));
    }

    /**
     * Whether a back end can serve a link.
     *
     * @param usable true if {@link #open} is expected to succeed
     * @param reason why not, and what to grant; empty if usable
     */
    record Availability(boolean usable, String reason) {
        /** The answer of a back end that can serve. */
        public static final Availability USABLE = new Availability(true, "");

        /**
         * The answer of a back end that cannot serve.
         *
         * @param reason why, and what to grant
         * @return the answer
         */
        public static Availability missing(String reason) {
            return new Availability(false, reason);
        }
    }
}
