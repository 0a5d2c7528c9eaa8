package org.dvm.nodeos.internal.linux.packet;

import org.dvm.nodeos.internal.linux.TransferCounters;
import org.dvm.nodeos.internal.linux.sys.Errno;
import org.dvm.nodeos.internal.linux.sys.Libc;
import org.dvm.nodeos.internal.linux.sys.LinuxException;
import org.dvm.nodeos.link.FrameBatch;

/**
 * Sends frames with one sendmmsg(2) a batch, straight from the frame memory.
 *
 * <p>The kernel copies a frame while the call lasts, so its buffer is free again at once. The frames go through the
 * interface's queueing discipline: what the administrator configured there holds.
 *
 * <p><b>Threads:</b> one at a time.
 */
final class BatchSender implements AutoCloseable {
    /** The most frames that wait to be reclaimed. */
    static final int CAPACITY = 512;

    private final PacketSocket socket;
    private final long memoryAddress;
    private final MessageVector messages;
    private final TransferCounters counters = new TransferCounters();
    private final FrameBatch done = new FrameBatch(CAPACITY);

    BatchSender(PacketSocket socket, long memoryAddress) throws LinuxException {
        this.socket = socket;
        this.memoryAddress = memoryAddress;
        messages = new MessageVector(MessageVector.Control.NONE);
    }

    TransferCounters counters() {
        return counters;
    }

    // Hot path: no allocation, no locks, no logging.

    int transmit(FrameBatch frames) {
        int taken = 0;
        int limit = Math.min(frames.size(), done.remaining());
        while (taken < limit) {
            int count = Math.min(MessageVector.BATCH, limit - taken);
            for (int i = 0; i < count; i++) {
                messages.set(i, memoryAddress + frames.offset(taken + i), frames.length(taken + i));
            }
            int sent = Libc.sendmmsg(socket.number(), messages.address(), count, Libc.MSG_DONTWAIT);
            if (sent <= 0) {
                if (isFull(Libc.errno())) {
                    break;
                }
                // The first frame of the batch can't be sent: too long, refused by the queue, or the link is down.
                counters.drop(1);
                sent = 1;
            } else {
                count(frames, taken, sent);
            }
            for (int i = 0; i < sent; i++) {
                done.add(frames.offset(taken + i), 0);
            }
            taken += sent;
        }
        if (taken > 0) {
            frames.removeFirst(taken);
        }
        return taken;
    }

    private static boolean isFull(int errno) {
        return errno == Errno.EAGAIN.number() || errno == Errno.EINTR.number();
    }

    private void count(FrameBatch frames, int from, int sent) {
        long bytes = 0;
        for (int i = 0; i < sent; i++) {
            bytes += frames.length(from + i);
        }
        counters.add(sent, bytes);
    }

    int reclaim(FrameBatch into) {
        int count = Math.min(done.size(), into.remaining());
        for (int i = 0; i < count; i++) {
            into.add(FrameBatch.offsetOf(done.removeLast()), 0);
        }
        return count;
    }

    @Override
    public void close() {
        messages.close();
    }
}
