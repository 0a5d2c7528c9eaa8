package org.dvm.verifier;

import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.ClassFormatException;
import org.dvm.testkit.mutation.Mutant;
import org.dvm.testkit.mutation.Mutator;

/**
 * A seeded sequence of mutants of the sound classes of a corpus, half of them as if of another version. Where a class has
 * more than one fault, it depends on chance which method HotSpot verifies first.
 */
final class Mutants implements Iterator<Agreement.Case> {
    private static final int[] VERSIONS = {45, 46, 47, 48, 49, 50, 51, 52, 55, 61};

    private final List<RawClass> classes;
    private final Verifier verifier;
    private final Mutator mutator;
    private final Random random;
    private int left;

    Mutants(Corpus corpus, Mutator mutator, int count, long seed) {
        this.classes = corpus.classes();
        this.verifier = Verifier.closedWorld(corpus);
        this.mutator = mutator;
        this.random = new Random(seed);
        this.left = count;
    }

    @Override
    public boolean hasNext() {
        return left > 0;
    }

    @Override
    public Agreement.Case next() {
        left--;
        RawClass original = classes.get(random.nextInt(classes.size()));
        while (!verifier.verify(original).isAccepted()) {
            original = classes.get(random.nextInt(classes.size()));
        }
        int version = random.nextBoolean() ? VERSIONS[random.nextInt(VERSIONS.length)] : original.majorVersion();
        Mutant mutant = mutator.mutate(ofVersion(original, version), random.nextLong());
        return new Agreement.Case(
                original.className() + " as version " + version + " " + mutant.kinds() + " seed=" + mutant.seed(),
                mutant.bytes());
    }

    private static RawClass ofVersion(RawClass original, int version) {
        byte[] bytes = original.bytes().clone();
        bytes[6] = 0;
        bytes[7] = (byte) version;
        try {
            return RawClass.parse(bytes);
        } catch (ClassFormatException e) {
            throw new IllegalStateException("only the version was changed", e);
        }
    }
}
