package org.dvm.nodeos;

import java.util.ArrayList;
import java.util.List;

/**
 * Shares one link's output among channels in proportion to their weights, by surplus round robin: each visit gives a
 * channel credit for {@code quantum} bytes, and it sends while it has credit. What it sends too much is taken from its next
 * visit, so over time each busy channel gets its weight to the byte, and an idle one leaves its part to the others.
 *
 * <p>Used with the link's transmit token only.
 *
 * @paper Janos 2.2, Table 2
 */
final class LinkScheduler {
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** How far a paced link may catch up: as long as its keeper may sleep, and once more. */
    private static final long BURST_NANOS = 2_000_000;

    private static final class Share {
        final OutputChannel channel;
        final long weight;
        long quantum;
        long credit;

        Share(OutputChannel channel, long weight) {
            this.channel = channel;
            this.weight = weight;
        }
    }

    private final int largestFrameBytes;
    private final long pacedBytesPerMilli;
    private final PacketBuffer[] batch = new PacketBuffer[Port.BATCH];
    private final List<Share> shares = new ArrayList<>();
    private volatile Share[] snapshot = {};
    private int current;
    private long nextSendNanos = Long.MIN_VALUE / 2;

    /**
     * Makes a scheduler without channels.
     *
     * @param pacedBytesPerMilli rate that the link is held to; 0 if it holds itself back
     */
    LinkScheduler(int largestFrameBytes, long pacedBytesPerMilli) {
        this.largestFrameBytes = largestFrameBytes;
        this.pacedBytesPerMilli = pacedBytesPerMilli;
    }

    boolean isPaced() {
        return pacedBytesPerMilli > 0;
    }

    long pacedBytesPerMilli() {
        return pacedBytesPerMilli;
    }

    /** Returns whether a channel has packets; for any thread, a hint. */
    boolean hasWaiting() {
        for (Share share : snapshot) {
            if (!share.channel.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    void add(OutputChannel channel, long weight) {
        shares.add(new Share(channel, weight));
        weigh();
    }

    void remove(OutputChannel channel) {
        shares.removeIf(share -> share.channel == channel);
        current = 0;
        weigh();
    }

    /** The smallest weight gets one largest frame a round, so that every visit can send. */
    private void weigh() {
        snapshot = shares.toArray(new Share[0]);
        long smallest = shares.stream().mapToLong(share -> share.weight).min().orElse(1);
        for (Share share : shares) {
            share.quantum = Math.multiplyExact(largestFrameBytes, share.weight) / smallest;
        }
    }

    // Hot path: no allocation, no locks, no logging.

    /** Moves packets from the channels to the port while it has room, and the pace allows. */
    void fill(Port port, long now) {
        final int count = shares.size();
        int idle = 0;
        while (idle < count) {
            Share share = shares.get(current);
            if (share.credit <= 0) {
                share.credit += share.quantum;
            }
            boolean sent = serve(share, port, now);
            if (share.credit > 0 && !share.channel.isEmpty()) {
                return; // no room or no time: this channel goes on where it stopped
            }
            current = current + 1 == count ? 0 : current + 1;
            idle = sent ? 0 : idle + 1;
        }
    }

    private boolean serve(Share share, Port port, long now) {
        long allowed = Math.min(share.credit, paceCredit(now));
        int room = port.transmitRoom();
        if (allowed <= 0 || room == 0) {
            return false;
        }
        int packets = share.channel.next(batch, Math.min(room, batch.length), allowed);
        if (packets == 0) {
            share.credit = 0;
            return false;
        }
        long bytes = 0;
        for (int i = 0; i < packets; i++) {
            PacketBuffer packet = batch[i];
            bytes += packet.length;
            port.depart(packet);
        }
        port.settle(share.channel, packets, bytes);
        share.credit -= bytes;
        if (share.credit > 0 && share.channel.isEmpty()) {
            share.credit = 0; // idleness is not saved up
        }
        if (isPaced()) {
            nextSendNanos = Math.max(nextSendNanos, now - BURST_NANOS) + bytes * NANOS_PER_MILLI / pacedBytesPerMilli;
        }
        return true;
    }

    /** Returns how many bytes the pace lets start now, the last packet being sent whole. */
    private long paceCredit(long now) {
        if (!isPaced()) {
            return Long.MAX_VALUE;
        }
        long lead = now - Math.max(nextSendNanos, now - BURST_NANOS);
        return lead < 0 ? 0 : lead * pacedBytesPerMilli / NANOS_PER_MILLI + 1;
    }
}
