package org.dvm.testkit.mutation;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.ClassFormatException;

/**
 * Makes mutants of well-formed classes: the same class, seed and kinds give the same mutant on every JDK.
 *
 * <p><b>Threads:</b> safe to share; it holds no state.
 */
public final class Mutator {
    private static final int MAX_ATTEMPTS = 200;

    private final MutationKind[] kinds;

    private Mutator(Set<MutationKind> kinds) {
        if (kinds.isEmpty()) {
            throw new IllegalArgumentException("no kinds of mutations");
        }
        this.kinds = EnumSet.copyOf(kinds).toArray(MutationKind[]::new);
    }

    /** Returns a mutator that knows every kind. */
    public static Mutator ofAllKinds() {
        return new Mutator(EnumSet.allOf(MutationKind.class));
    }

    /** Returns a mutator of those kinds. */
    public static Mutator of(Set<MutationKind> kinds) {
        return new Mutator(kinds);
    }

    /** Returns a mutator of the kinds of those families. */
    public static Mutator of(MutationKind.Family first, MutationKind.Family... more) {
        Set<MutationKind.Family> families = EnumSet.of(first, more);
        Set<MutationKind> chosen = EnumSet.noneOf(MutationKind.class);
        for (MutationKind kind : MutationKind.values()) {
            if (families.contains(kind.family())) {
                chosen.add(kind);
            }
        }
        return new Mutator(chosen);
    }

    /**
     * Makes a mutant: mostly by one mutation, in one case of eight by two or three of them.
     *
     * @param original a well-formed class
     * @param seed any number
     */
    public Mutant mutate(RawClass original, long seed) {
        Random random = new Random(seed * 0x9E3779B97F4A7C15L + original.bytes().length);
        int steps = random.nextInt(8) == 0 ? 2 + random.nextInt(2) : 1;
        List<MutationKind> done = new ArrayList<>(steps);
        RawClass current = original;
        byte[] bytes = original.bytes();
        for (int attempt = 0; attempt < MAX_ATTEMPTS && done.size() < steps; attempt++) {
            MutationKind kind = kinds[random.nextInt(kinds.length)];
            Surgery surgery = new Surgery(current, random);
            if (!kind.operation().test(surgery)) {
                continue; // the class has nothing of the kind
            }
            bytes = surgery.toBytes();
            done.add(kind);
            try {
                current = RawClass.parse(bytes);
            } catch (ClassFormatException e) {
                break; // too broken for a further structural mutation
            }
        }
        return new Mutant(done, seed, bytes);
    }
}
