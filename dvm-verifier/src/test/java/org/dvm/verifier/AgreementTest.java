package org.dvm.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.dvm.testkit.Corpora;
import org.dvm.testkit.Jdks;
import org.dvm.testkit.mutation.Mutator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Verdicts on mutants of real classes, of all kinds and versions, are HotSpot's. */
@Tag("once")
class AgreementTest {
    private static final int COUNT_OF_SLOW = Integer.getInteger("dvm.mutants", 250_000);

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void judgesMutantsAsHotSpotDoes(int release) {
        Agreement agreement = compare(release, 4_000, 20260101);

        assertThat(agreement.modern().disagreements()).isEmpty();
        assertThat(agreement.old().disagreements()).isEmpty();
        assertThat(agreement.modern().sameErrors()).isGreaterThanOrEqualTo(0.995);
        assertThat(agreement.old().sameErrors()).isGreaterThanOrEqualTo(0.995);
    }

    /** Prints the figures; {@code -Ddvm.mutants=N} makes more of them, {@code -Ddvm.seed=N} the same again. */
    @Tag("slow")
    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void judgesManyMutantsOfANewSeedAsHotSpotDoes(int release) {
        long seed = Long.getLong("dvm.seed", System.nanoTime());
        Agreement agreement = compare(release, COUNT_OF_SLOW, seed);
        System.out.println("HotSpot " + release + ", seed " + seed + ", versions from 50: " + agreement.modern()
                + "\nversions below 50: " + agreement.old());

        assertThat(agreement.modern().sameVerdicts()).isGreaterThanOrEqualTo(0.999);
        assertThat(agreement.modern().sameErrors()).isGreaterThanOrEqualTo(0.995);
        assertThat(agreement.old().sameVerdicts()).isGreaterThanOrEqualTo(0.998);
        assertThat(agreement.old().sameErrors()).isGreaterThanOrEqualTo(0.995);
    }

    private static Agreement compare(int release, int count, long seed) {
        assumeTrue(Jdks.home(release).isPresent(), () -> "no JDK " + release + " found: HotSpot can't be asked");
        assumeTrue(!Corpora.jars().isEmpty(), "the corpus is copied by the build");
        Corpus corpus = Corpus.ofJars(Jdks.home(release).orElseThrow(), Corpora.jars());
        Agreement agreement =
                new Agreement(release, corpus).compare(new Mutants(corpus, Mutator.ofAllKinds(), count, seed));
        assertThat(agreement.modern().count()).isGreaterThan(count / 2);
        assertThat(agreement.modern().refusedByBoth()).isBetween(count / 4, count * 3 / 4);
        return agreement;
    }
}
