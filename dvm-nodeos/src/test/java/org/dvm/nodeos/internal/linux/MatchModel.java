package org.dvm.nodeos.internal.linux;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.dvm.nodeos.link.CutThroughPlan.Base;
import org.dvm.nodeos.link.CutThroughPlan.Match;

/** What keys mean, in plain Java, and random keys and frames that often meet. */
public final class MatchModel {
    private static final int NOT_THERE = -1;

    private final Random random;

    public MatchModel(long seed) {
        random = new Random(seed);
    }

    /** Tells whether all conditions hold for a frame. */
    public static boolean matches(byte[] frame, List<Match> key) {
        return key.stream().allMatch(match -> matches(frame, match));
    }

    private static boolean matches(byte[] frame, Match match) {
        int base = base(frame, match.base());
        if (base == NOT_THERE || base + match.offset() + match.length() > frame.length) {
            return false;
        }
        long value = 0;
        for (int i = 0; i < match.length(); i++) {
            value = value << 8 | frame[base + match.offset() + i] & 0xff;
        }
        return (value & match.mask()) == (match.value() & match.mask());
    }

    private static int base(byte[] frame, Base base) {
        if (base == Base.LINK) {
            return 0;
        }
        boolean ipv4 = frame.length >= 34
                && frame[12] == 8
                && frame[13] == 0
                && (frame[14] & 0xff) >= 0x45
                && (frame[14] & 0xff) <= 0x4f;
        if (!ipv4) {
            return NOT_THERE;
        }
        if (base == Base.NETWORK) {
            return 14;
        }
        if ((ByteBuffer.wrap(frame).getShort(20) & 0x1fff) != 0) {
            return NOT_THERE;
        }
        int transport = 14 + (frame[14] & 0x0f) * 4;
        if (base == Base.TRANSPORT) {
            return transport;
        }
        return switch (frame[23]) {
            case 17 -> transport + 8;
            case 6 -> transport + 13 > frame.length ? NOT_THERE : transport + (frame[transport + 12] >> 4 & 0xf) * 4;
            default -> NOT_THERE;
        };
    }

    /** Returns a frame, most often one with sensible headers. */
    public byte[] frame() {
        byte[] frame = new byte[14 + random.nextInt(100)];
        random.nextBytes(frame);
        for (int i = 0; i < frame.length; i++) {
            frame[i] &= 3; // few different bytes, so that conditions hold now and then
        }
        if (random.nextInt(8) != 0) {
            frame[12] = 8;
            frame[13] = 0;
        }
        if (frame.length > 23 && random.nextInt(8) != 0) {
            frame[14] = (byte) (0x45 + random.nextInt(4) * random.nextInt(3));
            frame[20] = 0;
            frame[21] = (byte) (random.nextInt(8) == 0 ? 1 : 0);
            frame[23] = (byte) (random.nextInt(4) == 0 ? random.nextInt(256) : random.nextBoolean() ? 6 : 17);
        }
        int tcpWords = frame.length > 14 ? 14 + (frame[14] & 0x0f) * 4 + 12 : Integer.MAX_VALUE;
        if (tcpWords < frame.length) {
            frame[tcpWords] = (byte) (random.nextInt(16) << 4);
        }
        return frame;
    }

    /** Returns a key of up to three conditions. */
    public List<Match> key() {
        List<Match> key = new ArrayList<>();
        int conditions = random.nextInt(4);
        for (int i = 0; i < conditions; i++) {
            int length = 1 + random.nextInt(8);
            long mask = random.nextInt(3) == 0 ? -1 : random.nextLong() & ~random.nextLong();
            long ones = length == 8 ? -1 : (1L << length * 8) - 1;
            long value = random.nextLong() & 0x0303_0303_0303_0303L;
            key.add(new Match(
                    Base.values()[random.nextInt(Base.values().length)],
                    random.nextInt(24),
                    length,
                    mask & ones,
                    value & mask & ones));
        }
        return key;
    }

    /** Returns a key that a frame meets if it has the headers for it: conditions are read off the frame. */
    public List<Match> keyOf(byte[] frame) {
        List<Match> key = new ArrayList<>();
        for (Match match : key()) {
            int base = base(frame, match.base());
            if (base == NOT_THERE || base + match.offset() + match.length() > frame.length) {
                key.add(match);
                continue;
            }
            long value = 0;
            for (int i = 0; i < match.length(); i++) {
                value = value << 8 | frame[base + match.offset() + i] & 0xff;
            }
            key.add(new Match(match.base(), match.offset(), match.length(), match.mask(), value & match.mask()));
        }
        return key;
    }
}
