package org.dvm.verifier.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dvm.verifier.TypeRule;

/**
 * Sets of classes, numbered: what a value can be where paths join. No common superclass is guessed; a use of the value
 * must be right for every member.
 *
 * <p><b>Threads:</b> confined to one thread; reused for one class after the other.
 */
final class ClassSets {
    /** More sets than this in one class are refused: real classes need a few dozen. */
    private static final int MAX_SETS = 1 << 16;

    /** More members than this are refused, too. */
    private static final int MAX_MEMBERS = 1 << 10;

    private final List<int[]> sets = new ArrayList<>();
    private final Map<List<Integer>, Integer> numbers = new HashMap<>();

    void reset() {
        if (!sets.isEmpty()) {
            sets.clear();
            numbers.clear();
        }
    }

    /** Returns the class ids in a set, ascending. */
    int[] members(int id) {
        return sets.get(id - Types.FIRST_SET);
    }

    /** Returns the id for the union of two classes or sets; {@code left} itself where it holds all of {@code right}. */
    int union(int left, int right) throws MethodFault {
        int[] leftMembers = membersOf(left);
        int[] rightMembers = membersOf(right);
        if (containsAll(leftMembers, rightMembers)) {
            return left;
        }
        int[] all = Arrays.copyOf(leftMembers, leftMembers.length + rightMembers.length);
        System.arraycopy(rightMembers, 0, all, leftMembers.length, rightMembers.length);
        all = Arrays.stream(all).sorted().distinct().toArray();
        List<Integer> key = Arrays.stream(all).boxed().toList();
        Integer number = numbers.get(key);
        if (number == null) {
            if (sets.size() >= MAX_SETS || all.length > MAX_MEMBERS) {
                throw MethodFault.of(TypeRule.UNDECIDED, "more joined classes than the verifier follows");
            }
            number = Types.FIRST_SET + sets.size();
            sets.add(all);
            numbers.put(key, number);
        }
        return number;
    }

    private int[] membersOf(int id) {
        return id >= Types.FIRST_SET ? members(id) : new int[] {id};
    }

    private static boolean containsAll(int[] set, int[] other) {
        for (int each : other) {
            if (Arrays.binarySearch(set, each) < 0) {
                return false;
            }
        }
        return true;
    }
}
