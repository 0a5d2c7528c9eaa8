package org.dvm.verifier.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.finding.Location;
import org.dvm.verifier.Assumption;
import org.dvm.verifier.Assumption.Scope;
import org.dvm.verifier.Deferred;
import org.jspecify.annotations.Nullable;

/**
 * What one class has to check on the client, by scope: with the class, on a method's first call, at an instruction.
 *
 * @paper DVM 3.1
 */
public final class LinkPlan {
    /** A place in the code of a class. */
    private record Place(int method, int bci) {}

    /** In a longer method there may be no room for a check at its entry. */
    private static final int ROOM_AT_ENTRY = 65_000;

    /** In a longer method checks within might lengthen branches, and so on up to the limit of 64 KB. */
    private static final int ROOM_WITHIN = 32_000;

    private static final int CALL_LENGTH = 3;

    private final RawClass raw;
    private final Map<String, Integer> methodIndices = new LinkedHashMap<>();
    private final AssumptionTable ofClass = new AssumptionTable();
    private final Map<Integer, AssumptionTable> ofMethods = new LinkedHashMap<>();
    private final Map<Place, AssumptionTable> ofInstructions = new LinkedHashMap<>();

    /**
     * Makes the plan of a class.
     *
     * <p>Where a method is too long to hold a check at its entry, the class checks it, which is no earlier than a JVM
     * verifies; where it is too long to hold checks within, what its instructions rely on is left to the JVM.
     */
    public LinkPlan(RawClass raw, List<Deferred> assumptions) {
        this.raw = raw;
        for (int i = 0; i < raw.methodCount(); i++) {
            methodIndices.put(raw.memberName(raw.method(i)) + raw.memberDescriptor(raw.method(i)), i);
        }
        for (Deferred each : assumptions) {
            add(each.assumption(), each.location());
        }
        Map<Integer, Integer> lengths = new HashMap<>();
        for (Place place : ofInstructions.keySet()) {
            lengths.merge(place.method(), codeLength(place.method()) + CALL_LENGTH, (all, one) -> all + CALL_LENGTH);
        }
        ofInstructions.keySet().removeIf(place -> lengths.getOrDefault(place.method(), 0) > ROOM_WITHIN);
        ofMethods.values().removeIf(AssumptionTable::isEmpty);
        ofInstructions.values().removeIf(AssumptionTable::isEmpty);
    }

    private void add(Assumption assumption, Location location) {
        @Nullable Integer method = methodIndices.get(String.valueOf(location.member()));
        boolean wholeClass = assumption.scope() == Scope.CLASS
                || assumption.scope() == Scope.METHOD && method != null && codeLength(method) > ROOM_AT_ENTRY;
        if (method == null || wholeClass) {
            ofClass.add(assumption);
        } else if (assumption.scope() == Scope.METHOD) {
            ofMethods.computeIfAbsent(method, key -> new AssumptionTable()).add(assumption);
        } else {
            ofInstructions
                    .computeIfAbsent(new Place(method, location.bci()), key -> new AssumptionTable())
                    .add(assumption);
        }
    }

    private int codeLength(int method) {
        return raw.codeLength(raw.method(method));
    }

    /** Returns whether nothing is left to check. */
    public boolean isEmpty() {
        return size() == 0;
    }

    /** Returns how many assumptions are to be checked. */
    public int size() {
        int size = ofClass.size();
        for (AssumptionTable each : ofMethods.values()) {
            size += each.size();
        }
        for (AssumptionTable each : ofInstructions.values()) {
            size += each.size();
        }
        return size;
    }

    /** Returns the tables of the class as a whole; none where nothing is left to check. */
    public List<String> ofClass() {
        return ofClass.texts();
    }

    /** Returns a hash of all tables in their order. */
    int hashOfTables() {
        List<String> tables = new ArrayList<>(ofClass());
        forEachMethod((method, texts) -> tables.addAll(texts));
        forEachInstruction((method, bci, texts) -> tables.addAll(texts));
        return tables.hashCode();
    }

    /** Gives the tables of methods, by the method's index. */
    public void forEachMethod(BiConsumer<Integer, List<String>> action) {
        ofMethods.forEach((method, table) -> action.accept(method, table.texts()));
    }

    /** Hears of an instruction with something to check. */
    public interface InstructionAction {
        /** Takes the index of a method, a bci, and the tables. */
        void accept(int method, int bci, List<String> tables);
    }

    /** Gives the tables of instructions. */
    public void forEachInstruction(InstructionAction action) {
        ofInstructions.forEach((place, table) -> action.accept(place.method(), place.bci(), table.texts()));
    }
}
