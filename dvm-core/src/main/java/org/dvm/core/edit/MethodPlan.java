package org.dvm.core.edit;

import java.util.Arrays;
import org.dvm.core.edit.MethodEdits.CallReplacement;
import org.jspecify.annotations.Nullable;

/**
 * What all filters ask for in one method, in the order in which it will stand: before something the later filters
 * first, after something the later filters last.
 */
final class MethodPlan {
    // How an item belongs to its instruction: the order within one bci.
    static final int BEFORE = 0;
    static final int REPLACE = 1;
    static final int AFTER = 2;

    private static final int INDEX_BITS = 24;
    private static final int FILTER_BITS = 14;

    /** The places that come before something, so that later filters come first there. */
    private static final int OUTER_FIRST = 1 << MethodEdits.ENTRY
            | 1 << MethodEdits.ENTRY_INITIALIZED
            | 1 << MethodEdits.BACK_EDGE
            | 1 << MethodEdits.HANDLER
            | 1 << MethodEdits.BEFORE
            | 1 << MethodEdits.BEFORE_CALL
            | 1 << MethodEdits.BEFORE_EVERY;

    // The snippets of each place that isn't at one instruction, by its number.
    private final Snippet[][] shared = new Snippet[MethodEdits.BEFORE][4];
    private final int[] sharedCounts = new int[MethodEdits.BEFORE];

    /** Items at an instruction: {@code bci << 40 | phase << 38 | order of filter << 24 | index}, ascending. */
    private long[] items = new long[16];

    private int itemCount;

    // Insertions before every instruction of a set, by the filter's order and the index there as in items.
    private long[] everyKeys = new long[4];
    private int everyCount;

    private @Nullable MethodEdits[] edits = {};
    private int places;
    private boolean plain;

    /** Where what waits for {@code this} to be initialized stands. */
    private int initialized;

    /**
     * Merges the edits of the filters.
     *
     * @param edits in the filters' order; null for one that has none here
     * @param constructor whether something may have to wait for {@code this} to be initialized
     */
    void merge(@Nullable MethodEdits[] edits, boolean constructor) {
        this.edits = edits;
        initialized = constructor ? MethodEdits.ENTRY_INITIALIZED : MethodEdits.ENTRY;
        Arrays.fill(sharedCounts, 0);
        itemCount = 0;
        everyCount = 0;
        places = 0;
        plain = true;
        int last = edits.length - 1;
        if (last == 0) {
            mergeOnly(edits[0]);
            return;
        }
        for (int filter = last; filter >= 0; filter--) {
            MethodEdits of = edits[filter];
            if (of != null) {
                places |= of.places();
                plain &= of.isPlain();
                if ((of.places() & OUTER_FIRST) != 0) {
                    mergeOuterFirst(of, last - filter);
                }
            }
        }
        if ((places & ~OUTER_FIRST) != 0 || !plain) {
            for (int filter = 0; filter <= last; filter++) {
                MethodEdits of = edits[filter];
                if (of != null) {
                    mergeInnerFirst(of, filter);
                }
            }
        }
        sort();
    }

    private void sort() {
        for (int i = 1; i < itemCount; i++) {
            if (items[i] < items[i - 1]) {
                Arrays.sort(items, 0, itemCount);
                return;
            }
        }
    }

    /** Merges the edits of one filter: no other's come in between. */
    private void mergeOnly(@Nullable MethodEdits of) {
        if (of != null) {
            places = of.places();
            plain = of.isPlain();
            int count = of.count();
            for (int i = 0; i < count; i++) {
                add(of, i, 0);
            }
            addReplacements(of, 0);
            sort();
        }
    }

    private void add(MethodEdits of, int index, int rank) {
        int place = of.place(index);
        if (place == MethodEdits.THROW_BEFORE_SUPER && initialized == MethodEdits.ENTRY) {
            return; // no constructor
        } else if (place < MethodEdits.BEFORE) {
            addShared(place == MethodEdits.ENTRY_INITIALIZED ? initialized : place, of.snippet(index));
        } else if (place == MethodEdits.BEFORE_EVERY) {
            addEvery((long) rank << INDEX_BITS | index);
        } else {
            addItem(of.bci(index), (OUTER_FIRST >> place & 1) != 0 ? BEFORE : AFTER, rank, index);
        }
    }

    private void addReplacements(MethodEdits of, int rank) {
        int count = of.replacements().size();
        for (int i = 0; i < count; i++) {
            addItem(of.replacements().get(i).bci(), REPLACE, rank, i);
        }
    }

    private void mergeOuterFirst(MethodEdits of, int rank) {
        int count = of.count();
        for (int i = 0; i < count; i++) {
            if ((OUTER_FIRST >> of.place(i) & 1) != 0) {
                add(of, i, rank);
            }
        }
    }

    private void mergeInnerFirst(MethodEdits of, int rank) {
        int count = of.count();
        for (int i = 0; i < count; i++) {
            if ((OUTER_FIRST >> of.place(i) & 1) == 0) {
                add(of, i, rank);
            }
        }
        addReplacements(of, rank);
    }

    private void addShared(int place, Snippet snippet) {
        int index = sharedCounts[place]++;
        if (index == shared[place].length) {
            shared[place] = Arrays.copyOf(shared[place], 2 * index);
        }
        shared[place][index] = snippet;
    }

    private void addEvery(long key) {
        if (everyCount == everyKeys.length) {
            everyKeys = Arrays.copyOf(everyKeys, 2 * everyCount);
        }
        everyKeys[everyCount++] = key;
    }

    private void addItem(int bci, int phase, int rank, int index) {
        add((long) bci << INDEX_BITS + FILTER_BITS + 2
                | (long) phase << INDEX_BITS + FILTER_BITS
                | (long) rank << INDEX_BITS
                | index);
    }

    private void add(long item) {
        if (itemCount == items.length) {
            items = Arrays.copyOf(items, 2 * itemCount);
        }
        items[itemCount++] = item;
    }

    /** Where {@code this} is initialized from the start, nothing waits: what is initialized joins the entry. */
    void mergeInitializedIntoEntry() {
        for (int i = 0; i < sharedCounts[MethodEdits.ENTRY_INITIALIZED]; i++) {
            addShared(MethodEdits.ENTRY, shared[MethodEdits.ENTRY_INITIALIZED][i]);
        }
        sharedCounts[MethodEdits.ENTRY_INITIALIZED] = 0;
        sharedCounts[MethodEdits.THROW_BEFORE_SUPER] = 0;
    }

    /** Makes items of the insertions before every instruction of a set. */
    void spreadSets(OriginalCode code) {
        if (everyCount > 0) {
            int length;
            for (int bci = 0; bci < code.length; bci += length) {
                length = Bytecode.length(code.bytes, code.start, bci, code.length);
                int opcode = Bytecode.opcode(code.bytes, code.at(bci));
                for (int i = 0; i < everyCount; i++) {
                    if (everySet(i).contains(opcode)) {
                        add((long) bci << INDEX_BITS + FILTER_BITS + 2 | everyKeys[i]);
                    }
                }
            }
            everyCount = 0;
            sort();
        }
    }

    // ---- what there is ----

    /** Returns whether something stands at a place, whatever it is. */
    boolean isAt(int place) {
        return (places >> place & 1) != 0;
    }

    /** Returns the places at which something stands: for each a bit of its number. */
    int places() {
        return places;
    }

    /** Returns whether no insertion needs anything of the method but an exception at hand where one leaves it. */
    boolean isPlain() {
        return plain;
    }

    /** Returns the number of snippets at a place that isn't at one instruction. */
    int count(int place) {
        return sharedCounts[place];
    }

    boolean isEmpty(int place) {
        return sharedCounts[place] == 0;
    }

    /** Returns a snippet at a place that isn't at one instruction. */
    Snippet snippet(int place, int index) {
        return shared[place][index];
    }

    int everyCount() {
        return everyCount;
    }

    OpcodeSet everySet(int index) {
        return of(filterBefore(everyKeys[index])).set(indexOf(everyKeys[index]));
    }

    Snippet everySnippet(int index) {
        return of(filterBefore(everyKeys[index])).snippet(indexOf(everyKeys[index]));
    }

    int itemCount() {
        return itemCount;
    }

    int itemBci(int item) {
        return (int) (items[item] >>> INDEX_BITS + FILTER_BITS + 2);
    }

    int itemPhase(int item) {
        return (int) (items[item] >>> INDEX_BITS + FILTER_BITS) & 3;
    }

    /** Returns where an item stands that isn't a replacement: one of the places of {@link MethodEdits}. */
    int itemPlace(int item) {
        return editsOf(item).place(indexOf(items[item]));
    }

    /** Returns the snippet of an item that isn't a replacement. */
    Snippet itemSnippet(int item) {
        return editsOf(item).snippet(indexOf(items[item]));
    }

    CallReplacement replacement(int item) {
        return of(filterAfter(items[item])).replacements().get(indexOf(items[item]));
    }

    private MethodEdits editsOf(int item) {
        return of(itemPhase(item) == BEFORE ? filterBefore(items[item]) : filterAfter(items[item]));
    }

    private static int indexOf(long key) {
        return (int) key & (1 << INDEX_BITS) - 1;
    }

    private int filterBefore(long key) {
        return edits.length - 1 - filterAfter(key);
    }

    private static int filterAfter(long key) {
        return (int) (key >>> INDEX_BITS) & (1 << FILTER_BITS) - 1;
    }

    private MethodEdits of(int filter) {
        MethodEdits of = edits[filter];
        if (of == null) {
            throw new IllegalStateException("no edits of filter " + filter);
        }
        return of;
    }
}
