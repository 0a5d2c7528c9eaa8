package org.dvm.nodeos.click.internal;

import java.util.Set;
import org.dvm.nodeos.PacketBuffer;
import org.dvm.nodeos.click.Args;
import org.dvm.nodeos.click.Element;

/** Counts packets and bytes, and their rates over the last seconds. */
final class Counter extends Element {
    private static final double NANOS_PER_SECOND = 1e9;

    private long count;
    private long bytes;
    private final RateMeter packetRate = new RateMeter();
    private final RateMeter byteRate = new RateMeter();

    @Override
    protected Set<String> keywords() {
        return Set.of();
    }

    @Override
    protected void configure(Args args) {
        readHandler("count", () -> Long.toString(count));
        readHandler("byte_count", () -> Long.toString(bytes));
        readHandler(
                "rate",
                () -> RateMeter.text(packetRate.perSecond(count, context().nanoTime())));
        readHandler(
                "bit_rate",
                () -> RateMeter.text(8 * byteRate.perSecond(bytes, context().nanoTime())));
        readHandler(
                "byte_rate",
                () -> RateMeter.text(byteRate.perSecond(bytes, context().nanoTime())));
        writeHandler("reset", value -> reset());
        writeHandler("reset_counts", value -> reset());
    }

    @Override
    protected PacketBuffer process(PacketBuffer packet) {
        count++;
        bytes += packet.length();
        return packet;
    }

    private void reset() {
        count = 0;
        bytes = 0;
        packetRate.reset(context().nanoTime());
        byteRate.reset(context().nanoTime());
    }

    /** The rate of a counter between two looks at least a tenth of a second apart. */
    private static final class RateMeter {
        private static final long MIN_INTERVAL_NANOS = 100_000_000L;

        private long lastCount;
        private long lastNanos = Long.MIN_VALUE;
        private double rate;

        double perSecond(long count, long now) {
            if (lastNanos == Long.MIN_VALUE) {
                reset(now);
            } else if (now - lastNanos >= MIN_INTERVAL_NANOS) {
                rate = (count - lastCount) * NANOS_PER_SECOND / (now - lastNanos);
                lastCount = count;
                lastNanos = now;
            }
            return rate;
        }

        void reset(long now) {
            lastCount = 0;
            lastNanos = now;
            rate = 0;
        }

        static String text(double rate) {
            return String.format(java.util.Locale.ROOT, "%.3f", rate);
        }
    }
}
