package org.dvm.nodeos;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dvm.nodeos.link.CutThroughPlan.Base;
import org.dvm.nodeos.link.CutThroughPlan.Match;
import org.jspecify.annotations.Nullable;

/**
 * Finds the channel of a frame. Immutable, but for scratch words: one thread at a time looks up.
 *
 * @param <S> what is found
 */
final class DemuxTable<S> {
    /*
     * Tuple-space search. Rules that look at the same bits of the same bytes form a shape; the values of a shape's rules are
     * in one open-addressed hash table. A look-up tries the shapes from the most to the least specific, and takes from each
     * one probe (mostly), so its cost grows with the number of shapes, not of channels. Rules of different domains never
     * overlap unless one is beneath the other, so "most bits first" is "most specific first".
     */

    /** A rule and whom it leads to. */
    record Entry<S>(DemuxRule rule, S sink) {}

    private final Shape<?>[] shapes;
    private final int level;

    DemuxTable(List<Entry<S>> entries) {
        Map<List<Object>, List<Entry<S>>> byShape = new LinkedHashMap<>();
        for (Entry<S> entry : entries) {
            List<Object> shape = new ArrayList<>();
            shape.add(entry.rule.level());
            entry.rule.matches().forEach(m -> shape.add(List.of(m.base(), m.offset(), m.length(), m.mask())));
            byShape.computeIfAbsent(shape, s -> new ArrayList<>()).add(entry);
        }
        List<Shape<S>> all = new ArrayList<>();
        byShape.values().forEach(group -> all.add(new Shape<>(group)));
        all.sort(Comparator.comparingInt((Shape<S> shape) -> shape.bits).reversed());
        this.shapes = all.toArray(new Shape<?>[0]);
        this.level = all.stream().mapToInt(shape -> shape.level).max().orElse(Headers.RAW);
    }

    /** Returns how far frames must be parsed for a look-up, {@link Headers#RAW} to {@link Headers#TRANSPORT}. */
    int level() {
        return level;
    }

    // Hot path: no allocation, no locks, no logging.

    @Nullable
    S find(ByteBuffer bytes, Headers headers) {
        for (Shape<?> shape : shapes) {
            if (headers.level >= shape.level) {
                Object sink = shape.find(bytes, headers);
                if (sink != null) {
                    return cast(sink);
                }
            }
        }
        return null;
    }

    @SuppressWarnings("unchecked") // only sinks of type S are inserted
    private S cast(Object sink) {
        return (S) sink;
    }

    private static final class Shape<S> {
        private static final Base[] BASES = Base.values();

        final int level;
        final int bits;
        private final int words;
        private final int[] bases;
        private final int[] offsets;
        private final int[] lengths;
        private final long[] masks;
        private final long[] scratch;

        /** Slot i holds {@code words} values at i * words, and its sink. */
        private final long[] values;

        private final @Nullable Object[] sinks;
        private final int slotMask;

        Shape(List<Entry<S>> entries) {
            List<Match> first = entries.get(0).rule.matches();
            this.level = entries.get(0).rule.level();
            this.bits = entries.get(0).rule.bits();
            this.words = first.size();
            this.bases = first.stream().mapToInt(m -> m.base().ordinal()).toArray();
            this.offsets = first.stream().mapToInt(Match::offset).toArray();
            this.lengths = first.stream().mapToInt(Match::length).toArray();
            this.masks = first.stream().mapToLong(Match::mask).toArray();
            this.scratch = new long[words];
            int slots = Integer.highestOneBit(entries.size()) << 2; // at most half full
            this.values = new long[slots * words];
            this.sinks = new Object[slots];
            this.slotMask = slots - 1;
            for (Entry<S> entry : entries) {
                insert(entry);
            }
        }

        private void insert(Entry<S> entry) {
            long[] wanted =
                    entry.rule.matches().stream().mapToLong(Match::value).toArray();
            int slot = slotOf(wanted);
            while (sinks[slot] != null) {
                if (Arrays.equals(wanted, 0, words, values, slot * words, slot * words + words)) {
                    return; // the same rule again, of the same domain: the first channel keeps its packets
                }
                slot = (slot + 1) & slotMask;
            }
            System.arraycopy(wanted, 0, values, slot * words, words);
            sinks[slot] = entry.sink;
        }

        private int slotOf(long[] wanted) {
            long hash = 0;
            for (int i = 0; i < words; i++) {
                hash = mix(hash ^ wanted[i]);
            }
            return (int) (hash >>> 32) & slotMask;
        }

        private static long mix(long value) {
            return (value ^ value >>> 32) * 0x9e37_79b9_7f4a_7c15L;
        }

        @Nullable
        Object find(ByteBuffer bytes, Headers headers) {
            final long[] scratch = this.scratch;
            long hash = 0;
            for (int i = 0; i < words; i++) {
                int base = baseOf(bases[i], headers);
                int length = lengths[i];
                if (base < 0 || base + offsets[i] + length > endOf(headers)) {
                    return null;
                }
                long word = load(bytes, base + offsets[i], length) & masks[i];
                scratch[i] = word;
                hash = mix(hash ^ word);
            }
            int slot = (int) (hash >>> 32) & slotMask;
            while (true) {
                Object sink = sinks[slot];
                if (sink == null || matches(slot)) {
                    return sink;
                }
                slot = (slot + 1) & slotMask;
            }
        }

        private boolean matches(int slot) {
            for (int i = 0; i < words; i++) {
                if (values[slot * words + i] != scratch[i]) {
                    return false;
                }
            }
            return true;
        }

        /** Returns the end of the bytes that a key may look at: padding behind an IP packet is no part of it. */
        private int endOf(Headers headers) {
            return level >= Headers.IP ? headers.end : headers.frameEnd;
        }

        private static int baseOf(int base, Headers headers) {
            return switch (BASES[base]) {
                case LINK -> headers.link;
                case NETWORK -> headers.network;
                case TRANSPORT -> headers.level >= Headers.IP ? headers.transport : -1;
                case PAYLOAD -> headers.level >= Headers.TRANSPORT ? headers.payload : -1;
            };
        }

        private static long load(ByteBuffer bytes, int at, int length) {
            return switch (length) {
                case 1 -> bytes.get(at) & 0xff;
                case 2 -> bytes.getShort(at) & 0xffff;
                case 4 -> bytes.getInt(at) & 0xffff_ffffL;
                default -> bytes.getLong(at);
            };
        }
    }
}
