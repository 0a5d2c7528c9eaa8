package org.dvm.nodeos.click;

import static java.util.Objects.requireNonNull;

import org.dvm.nodeos.ThreadSpec;

/**
 * What a Click channel is opened with.
 *
 * @param configuration the configuration, parsed
 * @param inputBuffers packet buffers of each device that packets come from, at least 1
 * @param ownBuffers packet buffers of which elements make packets and copies, at least 1
 * @param bytesPerMilli bandwidth guaranteed on each device that packets leave by, in bytes per millisecond, at least 1
 * @param thread the thread that drives the router: its name and share of the domain's CPU time
 */
public record ClickChannelSpec(
        ClickConfiguration configuration, int inputBuffers, int ownBuffers, long bytesPerMilli, ThreadSpec thread) {
    private static final int USUAL_BUFFERS = 512;

    /** Checks the ranges. */
    public ClickChannelSpec {
        requireNonNull(configuration, "configuration");
        requireNonNull(thread, "thread");
        if (inputBuffers < 1 || ownBuffers < 1 || bytesPerMilli < 1) {
            throw new IllegalArgumentException("buffers and bandwidth must be at least 1: inputBuffers=" + inputBuffers
                    + ", ownBuffers=" + ownBuffers + ", bytesPerMilli=" + bytesPerMilli);
        }
    }

    /**
     * Returns a specification with the usual numbers of buffers and no guarantee of CPU time.
     *
     * @param configuration the configuration
     * @param bytesPerMilli bandwidth guaranteed on each device that packets leave by
     */
    public static ClickChannelSpec of(ClickConfiguration configuration, long bytesPerMilli) {
        return new ClickChannelSpec(
                configuration, USUAL_BUFFERS, USUAL_BUFFERS, bytesPerMilli, new ThreadSpec("click", 1, 0));
    }
}
