package org.dvm.jmh.forwarding;

/**
 * A short measurement.
 *
 * @param framesPerSecond frames a second that reached the sink
 * @param isFullSpeed whether both processors ran at full speed all the time
 */
record Slice(double framesPerSecond, boolean isFullSpeed) {}
