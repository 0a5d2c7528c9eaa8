package org.dvm.nodeos.link;

import java.nio.ByteBuffer;

/**
 * A wire inside the process, with a capacity and a delay, between two nodes or a node and a {@link MemoryStation}.
 *
 * <p>Frames take as long to send as they would on a wire of that capacity, one after another, by the clock given; under a
 * {@link SimulatedClock} two runs are the same to the nanosecond. A wire that is full loses frames and counts them.
 *
 * <p><b>Threads:</b> each end is a {@link LinkDriver} of its own; the ends may be used by different threads.
 */
public final class MemoryLink {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final int TRANSMIT_FRAMES = 64;
    private static final int RECEIVE_FRAMES = 256;
    private static final int WIRE_FRAMES = 1024;

    private final LinkDescription left;
    private final LinkDescription right;
    private final NodeClock clock;
    private final Direction toRight;
    private final Direction toLeft;

    /**
     * Lays a wire.
     *
     * @param left description of one end; its capacity is what it can send
     * @param right description of the other end
     * @param clock where the time comes from
     * @param delayNanos time from the last bit sent to the arrival
     */
    public MemoryLink(LinkDescription left, LinkDescription right, NodeClock clock, long delayNanos) {
        this.left = left;
        this.right = right;
        this.clock = clock;
        this.toRight = new Direction(left, delayNanos);
        this.toLeft = new Direction(right, delayNanos);
    }

    /**
     * Opens the left end.
     *
     * @param memory where its frames live
     * @return the driver
     */
    public LinkDriver left(FrameMemory memory) {
        return new End(left, memory, toRight, toLeft);
    }

    /**
     * Opens the right end.
     *
     * @param memory where its frames live
     * @return the driver
     */
    public LinkDriver right(FrameMemory memory) {
        return new End(right, memory, toLeft, toRight);
    }

    /** Frames on their way, in order, in memory of the wire. Its own lock; nothing is allocated per frame. */
    private static final class Direction {
        private final int slotBytes;
        private final long bytesPerMilli;
        private final long delayNanos;
        private final ByteBuffer slots;
        private final int[] lengths = new int[WIRE_FRAMES];
        private final long[] arrivals = new long[WIRE_FRAMES];
        private long head;
        private long tail;
        private long lineFreeNanos = Long.MIN_VALUE / 2;
        private boolean woken;

        /** Whether the frame sent last was lost; for the sender. */
        private boolean lost;

        Direction(LinkDescription sender, long delayNanos) {
            this.slotBytes = sender.mtuBytes() + 14;
            this.bytesPerMilli = sender.capacityBytesPerMilli();
            this.delayNanos = delayNanos;
            this.slots = ByteBuffer.allocateDirect(WIRE_FRAMES * slotBytes);
        }

        /** Puts a frame on the wire and returns when its last bit is sent; {@link #lost} says whether it gets there. */
        synchronized long send(ByteBuffer bytes, int offset, int length, long now) {
            long done = Math.max(lineFreeNanos, now) + length * NANOS_PER_MILLI / bytesPerMilli;
            lineFreeNanos = done;
            lost = tail - head == WIRE_FRAMES || length > slotBytes;
            if (lost) {
                return done;
            }
            int slot = (int) (tail % WIRE_FRAMES);
            slots.put(slot * slotBytes, bytes, offset, length);
            lengths[slot] = length;
            arrivals[slot] = done + delayNanos;
            tail++;
            notifyAll();
            return done;
        }

        /** Returns the length of the frame that has arrived first, or -1. */
        synchronized int arrived(long now) {
            int slot = (int) (head % WIRE_FRAMES);
            return head == tail || arrivals[slot] > now ? -1 : lengths[slot];
        }

        synchronized void take(ByteBuffer bytes, int offset) {
            int slot = (int) (head % WIRE_FRAMES);
            bytes.put(offset, slots, slot * slotBytes, lengths[slot]);
            head++;
        }

        synchronized void drop() {
            head++;
        }

        synchronized void await(NodeClock clock, long timeoutNanos) {
            long wait = timeoutNanos;
            if (head != tail) {
                wait = Math.min(wait, arrivals[(int) (head % WIRE_FRAMES)] - clock.nanoTime());
            }
            if (wait > 0 && !woken) {
                try {
                    wait(wait / NANOS_PER_MILLI, (int) (wait % NANOS_PER_MILLI));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            woken = false;
        }

        synchronized void wake() {
            woken = true;
            notifyAll();
        }
    }

    final class End extends PlainDriver {
        private final Direction out;
        private final Direction in;

        // With whoever transmits.
        private final int[] sending = new int[TRANSMIT_FRAMES];
        private final long[] doneNanos = new long[TRANSMIT_FRAMES];
        private long firstSending;
        private long nextSending;

        private End(LinkDescription link, FrameMemory memory, Direction out, Direction in) {
            super(link, memory, RECEIVE_FRAMES, TRANSMIT_FRAMES);
            this.out = out;
            this.in = in;
        }

        @Override
        public String backEnd() {
            return "memory";
        }

        @Override
        public int receive(FrameBatch full) {
            long now = clock.nanoTime();
            int count = 0;
            long bytes = 0;
            while (full.remaining() > 0) {
                int length = in.arrived(now);
                if (length < 0) {
                    break;
                }
                if (!hasEmptyFrame()) {
                    in.drop();
                    lostReceiving();
                    continue;
                }
                int offset = nextEmptyFrame();
                in.take(memory().bytes(), offset);
                useEmptyFrame();
                full.add(offset, length);
                bytes += length;
                count++;
            }
            received(count, bytes);
            return count;
        }

        @Override
        public int transmit(FrameBatch frames) {
            long now = clock.nanoTime();
            int count = (int) Math.min(frames.size(), TRANSMIT_FRAMES - (nextSending - firstSending));
            long bytes = 0;
            for (int i = 0; i < count; i++) {
                long done = out.send(memory().bytes(), frames.offset(i), frames.length(i), now);
                if (out.lost) {
                    lostTransmitting();
                } else {
                    bytes += frames.length(i);
                }
                int slot = (int) (nextSending++ % TRANSMIT_FRAMES);
                sending[slot] = frames.offset(i);
                doneNanos[slot] = done;
            }
            frames.removeFirst(count);
            transmitted(count, bytes);
            return count;
        }

        @Override
        public int reclaim(FrameBatch done) {
            long now = clock.nanoTime();
            int count = 0;
            while (done.remaining() > 0 && firstSending < nextSending) {
                int slot = (int) (firstSending % TRANSMIT_FRAMES);
                if (doneNanos[slot] > now) {
                    break;
                }
                done.add(sending[slot], 0);
                firstSending++;
                count++;
            }
            return count;
        }

        @Override
        public void awaitReceive(long timeoutNanos) {
            in.await(clock, timeoutNanos);
        }

        @Override
        public void wakeUp() {
            in.wake();
        }

        @Override
        public void close() {
            firstSending = nextSending;
        }
    }
}
