package org.dvm.nodeos;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

    private final Shape[] shapes;
    private final int level;

    DemuxTable(List<Entry<S>> entries) {
        Map<List<Object>, List<Entry<S>>> byShape = new LinkedHashMap<>();
        for (Entry<S> entry : entries) {
            List<Object> shape = new ArrayList<>();
            shape.add(entry.rule.level());
            entry.rule.matches().forEach(m -> shape.add(List.of(m.base(), m.offset(), m.length(), m.mask())));
            byShape.computeIfAbsent(shape, s -> new ArrayList<>()).add(entry);
        }
        List<Shape> all = new ArrayList<>();
        byShape.values().forEach(group -> all.add(group.size() == 1 ? new Single(group.get(0)) : new Many(group)));
        all.sort(Comparator.comparingInt((Shape shape) -> shape.bits).reversed());
        this.shapes = all.toArray(new Shape[0]);
        this.level = all.stream().mapToInt(shape -> shape.level).max().orElse(Headers.RAW);
    }

    /** Returns how far frames must be parsed for a look-up, {@link Headers#RAW} to {@link Headers#TRANSPORT}. */
    int level() {
        return level;
    }

    // Hot path: no allocation, no locks, no logging.

    @Nullable
    S find(ByteBuffer bytes, Headers headers) {
        for (Shape shape : shapes) {
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

    /** Rules that look at the same words. */
    private abstract static class Shape {
        private static final int LINK = 0;
        private static final int NETWORK = 1;
        private static final int TRANSPORT = 2;
        private static final int PAYLOAD = 3;

        final int level;
        final int bits;
        final int words;
        final long[] masks;
        private final int[] bases;
        private final int[] offsets;
        private final int[] lengths;

        Shape(DemuxRule rule, List<Match> matches) {
            this.level = rule.level();
            this.bits = rule.bits();
            this.words = matches.size();
            this.bases = matches.stream().mapToInt(m -> numberOf(m.base())).toArray();
            this.offsets = matches.stream().mapToInt(Match::offset).toArray();
            this.lengths = matches.stream().mapToInt(Match::length).toArray();
            this.masks = matches.stream().mapToLong(Match::mask).toArray();
        }

        private static int numberOf(Base base) {
            return switch (base) {
                case LINK -> LINK;
                case NETWORK -> NETWORK;
                case TRANSPORT -> TRANSPORT;
                case PAYLOAD -> PAYLOAD;
            };
        }

        abstract @Nullable Object find(ByteBuffer bytes, Headers headers);

        /** Returns where the i-th word lies; negative if the packet doesn't reach so far. */
        final int at(int i, Headers headers) {
            int base = switch (bases[i]) {
                case LINK -> headers.link;
                case NETWORK -> headers.network;
                case TRANSPORT -> headers.level >= Headers.IP ? headers.transport : -1;
                default -> headers.level >= Headers.TRANSPORT ? headers.payload : -1;
            };
            int at = base + offsets[i];
            return base < 0 || at + lengths[i] > endOf(headers) ? -1 : at;
        }

        /** Returns the end of the bytes that a key may look at: padding behind an IP packet is no part of it. */
        private int endOf(Headers headers) {
            return level >= Headers.IP ? headers.end : headers.frameEnd;
        }

        /** Returns the bits of the i-th word that count. */
        final long word(int i, ByteBuffer bytes, int at) {
            long word = switch (lengths[i]) {
                case 1 -> bytes.get(at) & 0xff;
                case 2 -> bytes.getShort(at) & 0xffff;
                case 4 -> bytes.getInt(at) & 0xffff_ffffL;
                default -> bytes.getLong(at);
            };
            return word & masks[i];
        }
    }

    /** One rule: its words are compared until one differs, and its Ethernet type, which has been parsed, first. */
    private static final class Single extends Shape {
        private static final int ANY_TYPE = -1;
        private static final int TYPE_OFFSET = 12;
        private static final long TYPE_MASK = 0xffff;

        private final int type;
        private final long[] values;
        private final Object sink;

        Single(Entry<?> entry) {
            super(entry.rule, withoutType(entry.rule));
            this.type = entry.rule.matches().stream()
                    .filter(match -> isType(entry.rule, match))
                    .mapToInt(match -> (int) match.value())
                    .findFirst()
                    .orElse(ANY_TYPE);
            this.values =
                    withoutType(entry.rule).stream().mapToLong(Match::value).toArray();
            this.sink = Objects.requireNonNull(entry.sink);
        }

        private static List<Match> withoutType(DemuxRule rule) {
            return rule.matches().stream().filter(match -> !isType(rule, match)).toList();
        }

        private static boolean isType(DemuxRule rule, Match match) {
            return rule.level() >= Headers.ETHERNET
                    && match.base() == Base.LINK
                    && match.offset() == TYPE_OFFSET
                    && match.length() == Short.BYTES
                    && match.mask() == TYPE_MASK;
        }

        @Override
        @Nullable
        Object find(ByteBuffer bytes, Headers headers) {
            if (type != ANY_TYPE && type != headers.type) {
                return null;
            }
            for (int i = 0; i < words; i++) {
                int at = at(i, headers);
                if (at < 0 || word(i, bytes, at) != values[i]) {
                    return null;
                }
            }
            return sink;
        }
    }

    /** Several rules: the values of their words are looked up together. */
    private static final class Many extends Shape {
        private final long[] scratch;

        /** Slot i holds {@code words} values at i * words, and its sink. */
        private final long[] values;

        private final @Nullable Object[] sinks;
        private final int slotMask;

        Many(List<? extends Entry<?>> entries) {
            super(entries.get(0).rule(), entries.get(0).rule().matches());
            this.scratch = new long[words];
            int slots = Integer.highestOneBit(entries.size()) << 2; // at most half full
            this.values = new long[slots * words];
            this.sinks = new Object[slots];
            this.slotMask = slots - 1;
            for (Entry<?> entry : entries) {
                insert(entry);
            }
        }

        private void insert(Entry<?> entry) {
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

        @Override
        @Nullable
        Object find(ByteBuffer bytes, Headers headers) {
            final long[] scratch = this.scratch;
            long hash = 0;
            for (int i = 0; i < words; i++) {
                int at = at(i, headers);
                if (at < 0) {
                    return null;
                }
                long word = word(i, bytes, at);
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
    }
}
