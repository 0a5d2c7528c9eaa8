package org.dvm.nodeos.click.internal;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.dvm.nodeos.PacketBuffer;
import org.dvm.nodeos.click.Args;
import org.dvm.nodeos.click.Element;
import org.dvm.nodeos.click.RouterTimer;
import org.dvm.nodeos.click.Values;
import org.jspecify.annotations.Nullable;

/**
 * Makes packets of given data: InfiniteSource as fast as it can, RatedSource at a rate, TimedSource at intervals. The
 * first two may be pulled from.
 */
final class Source extends Element {
    /** When packets are made. */
    enum Pace {
        INFINITE,
        RATED,
        TIMED
    }

    private static final String DEFAULT_DATA = "A packet of sixty-four bytes, made by a source that got no data.";

    private final Pace pace;
    private final TokenBucket bucket = new TokenBucket();
    private byte[] data = {};
    private long limit;
    private int burst = 1;
    private long intervalNanos;
    private boolean active;
    private boolean stop;
    private long count;
    private @Nullable RouterTimer timer;

    Source(Pace pace) {
        this.pace = pace;
    }

    @Override
    public String className() {
        return switch (pace) {
            case INFINITE -> "InfiniteSource";
            case RATED -> "RatedSource";
            case TIMED -> "TimedSource";
        };
    }

    @Override
    protected String portCount() {
        return "0/1";
    }

    @Override
    protected String processing() {
        return pace == Pace.TIMED ? "h/h" : "a/a";
    }

    @Override
    protected Set<String> keywords() {
        return Set.of("DATA", "LIMIT", "BURST", "RATE", "INTERVAL", "ACTIVE", "STOP", "LENGTH", "BANDWIDTH");
    }

    @Override
    protected void configure(Args args) {
        String text = DEFAULT_DATA;
        if (pace == Pace.TIMED) {
            intervalNanos = args.optional("INTERVAL", Values::nanos, 500_000_000L);
            text = args.optional("DATA", Values::string, DEFAULT_DATA);
            limit = args.keyword("LIMIT", Values.integer(-1, Integer.MAX_VALUE), -1);
        } else {
            text = args.optional("DATA", Values::string, DEFAULT_DATA);
            if (pace == Pace.RATED) {
                bucket.setRate(args.optional("RATE", Limit.PACKETS::parse, 10L));
            }
            limit = args.optional("LIMIT", Values.integer(-1, Integer.MAX_VALUE), -1);
            if (pace == Pace.INFINITE) {
                burst = args.optional("BURST", Values.integer(1, 4096), 1);
            }
        }
        if (pace == Pace.INFINITE || pace == Pace.TIMED) {
            active = args.keyword("ACTIVE", Values::truth, true);
        } else {
            active = args.optional("ACTIVE", Values::truth, true);
        }
        stop = args.keyword("STOP", Values::truth, false);
        data = bytes(text, args.keyword("LENGTH", Values.integer(-1, 0xffff), -1));
        addHandlers();
    }

    private void addHandlers() {
        readHandler("count", () -> Long.toString(count));
        readHandler("limit", () -> Long.toString(limit));
        readHandler("active", () -> Boolean.toString(active));
        writeHandler("active", value -> setActive(Values.truth(value)));
        writeHandler(
                "limit", value -> limit = Values.integer(-1, Integer.MAX_VALUE).parse(value));
        writeHandler("reset", value -> reset());
        writeHandler("reset_counts", value -> count = 0);
        writeHandler("data", value -> data = bytes(Values.string(value), -1));
        if (pace == Pace.RATED) {
            readHandler("rate", () -> Long.toString(bucket.rate()));
            writeHandler("rate", value -> bucket.setRate(Limit.PACKETS.parse(value)));
        }
        if (pace == Pace.TIMED) {
            writeHandler("interval", value -> intervalNanos = Values.nanos(value));
        }
    }

    /** Returns the text's characters as bytes, cut or repeated to the length if one is given. */
    private static byte[] bytes(String text, int length) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        if (length < 0) {
            return bytes;
        }
        byte[] sized = new byte[length];
        for (int i = 0; i < length && bytes.length > 0; i++) {
            sized[i] = bytes[i % bytes.length];
        }
        return sized;
    }

    private void setActive(boolean value) {
        active = value;
        if (active && timer != null && !timer.isSet()) {
            timer.setAfter(intervalNanos);
        }
    }

    private void reset() {
        count = 0;
        setActive(true);
    }

    @Override
    protected void initialize() {
        if (pace == Pace.TIMED) {
            timer = context().newTimer(this::tick);
            if (active) {
                timer.setAfter(intervalNanos);
            }
        } else if (!outputPulls(0)) {
            context().addTask(this::run);
        }
    }

    private void tick() {
        PacketBuffer packet = active ? make() : null;
        if (packet != null) {
            output(0).push(packet);
        }
        if (active && !isDone() && timer != null) {
            timer.setAt(timer.dueNanos() + intervalNanos);
        }
    }

    private boolean run() {
        int made = 0;
        while (made < burst) {
            PacketBuffer packet = next();
            if (packet == null) {
                break;
            }
            made++;
            output(0).push(packet);
        }
        return made > 0;
    }

    @Override
    protected @Nullable PacketBuffer pull(int port) {
        return next();
    }

    private @Nullable PacketBuffer next() {
        if (!active || isDone() || pace == Pace.RATED && !bucket.ready(context().nanoTime())) {
            return null;
        }
        PacketBuffer packet = make();
        if (packet != null && pace == Pace.RATED) {
            bucket.spend(1);
        }
        return packet;
    }

    private @Nullable PacketBuffer make() {
        PacketBuffer packet = isDone() ? null : Packets.of(context(), data);
        if (packet != null) {
            count++;
            Annotations.setTimeStamp(packet, context().nanoTime());
            if (stop && isDone()) {
                context().stop();
            }
        }
        return packet;
    }

    private boolean isDone() {
        return limit >= 0 && count >= limit;
    }
}
