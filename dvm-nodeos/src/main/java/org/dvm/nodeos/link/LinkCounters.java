package org.dvm.nodeos.link;

/**
 * What a driver has moved and what was lost beneath the node.
 *
 * @param receivedFrames frames handed to the node
 * @param receivedBytes their bytes, Ethernet headers included
 * @param transmittedFrames frames taken from the node and sent
 * @param transmittedBytes their bytes, Ethernet headers included
 * @param receiveDrops frames that arrived and found no empty frame or no room in a ring
 * @param transmitDrops frames taken from the node that the link could not send
 */
public record LinkCounters(
        long receivedFrames,
        long receivedBytes,
        long transmittedFrames,
        long transmittedBytes,
        long receiveDrops,
        long transmitDrops) {}
