package org.dvm.nodeos.click.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.dvm.nodeos.click.Values;

/*
 * Longest-prefix match by direct tables of 16 and 8 and 8 bits: a first table of 65536 entries for the upper half of the
 * address, and chunks of 256 where prefixes are longer. An entry is a route's index + 1, or minus a chunk's index - 1.
 * A look-up reads one to three integers whatever the number of routes; a change rebuilds the tables.
 */
/** Routes by address prefix. */
final class RouteTable {
    private static final int TOP_BITS = 16;
    private static final int CHUNK = 256;

    /**
     * A route.
     *
     * @param prefix the destinations
     * @param gateway the next hop; 0 where the destination is on the link
     * @param output the output to take
     */
    record Route(Values.IpPrefix prefix, int gateway, int output) {
        String text() {
            int length = Integer.bitCount(prefix.mask());
            return Values.dotted(prefix.address()) + "/" + length + "\t" + (gateway == 0 ? "-" : Values.dotted(gateway))
                    + "\t" + output;
        }
    }

    private final List<Route> routes = new ArrayList<>();
    private int[] top = new int[1 << TOP_BITS];
    private int[] chunks = {};
    private int chunkCount;
    private Route[] compiled = {};

    /** Parses {@code ADDR/MASK [GATEWAY] OUTPUT}. */
    static Route parse(String text) {
        String[] words = text.trim().split("\\s+");
        if (words.length < 2 || words.length > 3) {
            throw new IllegalArgumentException("expected 'ADDR/MASK [GATEWAY] OUTPUT', found '" + text + "'");
        }
        Values.IpPrefix prefix = Values.ipPrefix(words[0]);
        int mask = prefix.mask();
        if (mask != 0 && (mask | mask - 1) != -1) {
            throw new IllegalArgumentException("mask must be contiguous in '" + words[0] + "'");
        }
        int gateway = words.length == 2 || words[1].equals("-") ? 0 : Values.ipAddress(words[1]);
        int output = Values.integer(0, 0xffff).parse(words[words.length - 1]);
        return new Route(new Values.IpPrefix(prefix.address() & mask, mask), gateway, output);
    }

    /** Adds a route; one for the same prefix is replaced. */
    void add(Route route) {
        routes.removeIf(old -> old.prefix().equals(route.prefix()));
        routes.add(route);
    }

    /** Removes the route for a prefix and returns whether there was one. */
    boolean remove(Values.IpPrefix prefix) {
        return routes.removeIf(old -> old.prefix().equals(prefix));
    }

    /** Builds the tables; needed after changes. */
    void compile() {
        Route[] sorted = routes.toArray(new Route[0]);
        Arrays.sort(
                sorted,
                Comparator.comparingInt(route -> Integer.bitCount(route.prefix().mask())));
        compiled = sorted;
        Arrays.fill(top, 0);
        chunks = new int[0];
        chunkCount = 0;
        for (int i = 0; i < sorted.length; i++) {
            fill(sorted[i].prefix(), i + 1);
        }
    }

    private void fill(Values.IpPrefix prefix, int entry) {
        int length = Integer.bitCount(prefix.mask());
        int high = prefix.address() >>> TOP_BITS;
        if (length <= TOP_BITS) {
            for (int i = 0; i < 1 << (TOP_BITS - length); i++) {
                setTop(high + i, entry);
            }
            return;
        }
        int chunk = chunkOf(top[high]);
        top[high] = -chunk - 1;
        int middle = prefix.address() >>> 8 & 255;
        if (length <= 24) {
            fillChunk(chunk, middle, 1 << (24 - length), entry);
            return;
        }
        int slot = chunk * CHUNK + middle;
        int lower = chunkOf(chunks[slot]);
        chunks[slot] = -lower - 1;
        fillChunk(lower, prefix.address() & 255, 1 << (32 - length), entry);
    }

    /** Shorter prefixes come first, so a top entry is never a chunk when a short prefix is filled in. */
    private void setTop(int index, int entry) {
        top[index] = entry;
    }

    private void fillChunk(int chunk, int from, int count, int entry) {
        for (int i = 0; i < count; i++) {
            chunks[chunk * CHUNK + from + i] = entry;
        }
    }

    /** Returns the chunk that an entry refers to, or a new one filled with the entry. */
    private int chunkOf(int entry) {
        if (entry < 0) {
            return -entry - 1;
        }
        int chunk = chunkCount++;
        if (chunkCount * CHUNK > chunks.length) {
            chunks = Arrays.copyOf(chunks, Math.max(CHUNK, chunks.length * 2));
        }
        fillChunk(chunk, 0, CHUNK, entry);
        return chunk;
    }

    /** Returns the route with the longest prefix, or null. */
    @org.jspecify.annotations.Nullable
    Route find(int address) {
        int entry = top[address >>> TOP_BITS];
        if (entry < 0) {
            entry = chunks[(-entry - 1) * CHUNK + (address >>> 8 & 255)];
            if (entry < 0) {
                entry = chunks[(-entry - 1) * CHUNK + (address & 255)];
            }
        }
        return entry == 0 ? null : compiled[entry - 1];
    }

    List<Route> routes() {
        return routes;
    }
}
