package org.dvm.core.edit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dvm.core.edit.MethodEdits.CallReplacement;
import org.dvm.core.edit.MethodEdits.Insertion;
import org.dvm.core.edit.MethodEdits.Place;
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

    final List<Snippet> entry = new ArrayList<>();
    final List<Snippet> initialized = new ArrayList<>();
    final List<Snippet> exit = new ArrayList<>();
    final List<Snippet> throwOut = new ArrayList<>();
    final List<Snippet> throwBeforeSuper = new ArrayList<>();
    final List<Snippet> backEdge = new ArrayList<>();
    final List<Snippet> handler = new ArrayList<>();

    /** Items at an instruction: {@code bci << 40 | phase << 38 | order of filter << 24 | index}, ascending. */
    private long[] items = new long[32];

    private int itemCount;
    private @Nullable MethodEdits[] edits = {};

    /** Merges the edits of the filters, in the filters' order; null for one that has none here. */
    void merge(@Nullable MethodEdits[] edits, boolean constructor) {
        this.edits = edits;
        entry.clear();
        initialized.clear();
        exit.clear();
        throwOut.clear();
        throwBeforeSuper.clear();
        backEdge.clear();
        handler.clear();
        itemCount = 0;
        for (int filter = edits.length - 1; filter >= 0; filter--) {
            mergeOuterFirst(edits[filter], edits.length - 1 - filter, constructor);
        }
        for (int filter = 0; filter < edits.length; filter++) {
            mergeInnerFirst(edits[filter], filter, constructor);
        }
        for (int i = 1; i < itemCount; i++) {
            if (items[i] < items[i - 1]) {
                Arrays.sort(items, 0, itemCount);
                break;
            }
        }
    }

    /** Where {@code this} is initialized from the start, as java.lang.Object's own constructor has it, nothing waits. */
    void mergeInitializedIntoEntry() {
        entry.addAll(initialized);
        initialized.clear();
        throwBeforeSuper.clear();
    }

    private void mergeOuterFirst(@Nullable MethodEdits of, int rank, boolean constructor) {
        if (of == null) {
            return;
        }
        List<Insertion> insertions = of.insertions();
        for (int i = 0; i < insertions.size(); i++) {
            Insertion insertion = insertions.get(i);
            Snippet snippet = insertion.snippet();
            switch (insertion.place()) {
                case ENTRY -> entry.add(snippet);
                case ENTRY_INITIALIZED -> (constructor ? initialized : entry).add(snippet);
                case HANDLER -> handler.add(snippet);
                case BACK_EDGE -> backEdge.add(snippet);
                case BEFORE, BEFORE_CALL -> addItem(insertion.bci(), BEFORE, rank, i);
                default -> {
                    // those that come after something
                }
            }
        }
    }

    private void mergeInnerFirst(@Nullable MethodEdits of, int rank, boolean constructor) {
        if (of == null) {
            return;
        }
        List<Insertion> insertions = of.insertions();
        for (int i = 0; i < insertions.size(); i++) {
            Insertion insertion = insertions.get(i);
            Place place = insertion.place();
            if (place == Place.RETURN) {
                exit.add(insertion.snippet());
            } else if (place == Place.THROW_OUT) {
                throwOut.add(insertion.snippet());
            } else if (place == Place.THROW_BEFORE_SUPER && constructor) {
                throwBeforeSuper.add(insertion.snippet());
            } else if (place == Place.AFTER || place == Place.AFTER_CALL) {
                addItem(insertion.bci(), AFTER, rank, i);
            }
        }
        List<CallReplacement> replacements = of.replacements();
        for (int i = 0; i < replacements.size(); i++) {
            addItem(replacements.get(i).bci(), REPLACE, rank, i);
        }
    }

    private void addItem(int bci, int phase, int rank, int index) {
        if (itemCount == items.length) {
            items = Arrays.copyOf(items, 2 * itemCount);
        }
        items[itemCount++] = (long) bci << INDEX_BITS + FILTER_BITS + 2
                | (long) phase << INDEX_BITS + FILTER_BITS
                | (long) rank << INDEX_BITS
                | index;
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

    Insertion insertion(int item) {
        int rank = (int) (items[item] >>> INDEX_BITS) & (1 << FILTER_BITS) - 1;
        int filter = itemPhase(item) == BEFORE ? edits.length - 1 - rank : rank;
        return of(filter).insertions().get((int) items[item] & (1 << INDEX_BITS) - 1);
    }

    CallReplacement replacement(int item) {
        int filter = (int) (items[item] >>> INDEX_BITS) & (1 << FILTER_BITS) - 1;
        return of(filter).replacements().get((int) items[item] & (1 << INDEX_BITS) - 1);
    }

    private MethodEdits of(int filter) {
        MethodEdits of = edits[filter];
        if (of == null) {
            throw new IllegalStateException("no edits of filter " + filter);
        }
        return of;
    }
}
