package org.dvm.nodeos.click.internal;

/**
 * Says when the next packet may go at a given rate. Debt is allowed for one packet: who is ready may send a whole packet
 * and waits for what it cost afterwards.
 */
final class TokenBucket {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** What may be saved up while nobody sends: a 50th of a second, so that timer ticks don't lower the rate. */
    private static final int BURST_DIVISOR = 50;

    private long rate = 1;
    private double tokens;
    private long last = Long.MIN_VALUE;

    void setRate(long perSecond) {
        rate = perSecond;
    }

    long rate() {
        return rate;
    }

    /** Returns whether something may be sent now. */
    boolean ready(long now) {
        if (last == Long.MIN_VALUE) {
            tokens = 0;
        } else {
            double earned = (double) (now - last) * rate / NANOS_PER_SECOND;
            tokens = Math.min(tokens + earned, Math.max(1, (double) rate / BURST_DIVISOR));
        }
        last = now;
        return rate > 0 && tokens >= 0;
    }

    void spend(int cost) {
        tokens -= cost;
    }
}
