package org.dvm.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.pipeline.TransformPipeline;
import org.dvm.core.pipeline.TransformResult;
import org.dvm.core.pipeline.TransformResult.Status;
import org.dvm.testkit.Jdks;
import org.dvm.testkit.mutation.MutationKind.Family;
import org.dvm.testkit.mutation.Mutator;
import org.dvm.testkit.oracle.HotSpotOracle;
import org.dvm.testkit.oracle.OracleCase;
import org.dvm.testkit.oracle.OracleVerdict;
import org.dvm.testkit.oracle.OracleVerdict.Stage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Unsound classes are replaced by classes that link and raise the error when they are initialized. */
@Tag("once")
class ReplacementTest {
    private static final int RELEASE = 25;

    /** An unsound class's replacement, and the error that the original deserves. */
    private record Replaced(OracleCase oracleCase, Fault fault) {}

    @Test
    void linksAndRaisesTheErrorWhenInitialized() {
        assumeTrue(Jdks.home(RELEASE).isPresent(), "no JDK 25 found: HotSpot can't be asked");
        List<Replaced> replaced =
                replacements(Corpus.ofModules(Jdks.home(RELEASE).orElseThrow(), "java.xml"));

        try (HotSpotOracle oracle = HotSpotOracle.start(RELEASE, List.of("jrt:/java.xml"))) {
            List<OracleVerdict> verdicts =
                    oracle.judge(replaced.stream().map(Replaced::oracleCase).toList());
            for (int i = 0; i < verdicts.size(); i++) {
                Fault fault = replaced.get(i).fault();
                assertThat(verdicts.get(i).stage())
                        .as(verdicts.get(i).toString())
                        .isEqualTo(Stage.INITIALIZE);
                assertThat(verdicts.get(i).error()).isEqualTo(fault.error().className());
                assertThat(verdicts.get(i).message())
                        .contains(fault.finding().rule().name());
            }
        }
    }

    private static List<Replaced> replacements(Corpus corpus) {
        Verifier verifier = Verifier.openWorld(corpus);
        TransformPipeline pipeline = TransformPipeline.of(new VerifyFilter(VerifyFilter.World.KNOWN));
        Mutator mutator = Mutator.of(Family.CODE, Family.FRAMES);
        List<Replaced> replaced = new ArrayList<>();
        // Superclasses with initializers of their own would fail first.
        List<RawClass> classes = corpus.classes().stream()
                .filter(raw -> "java/lang/Object".equals(raw.superName()))
                .toList();
        for (int i = 0; replaced.size() < 150; i++) {
            RawClass original = classes.get(i * 7 % classes.size());
            byte[] mutant = mutator.mutate(original, i).bytes();
            TransformResult result = pipeline.process(mutant, "test", corpus);
            if (result.status() == Status.REPLACED && verifier.verify(mutant) instanceof Verdict.Rejected rejected) {
                OracleCase initialize =
                        new OracleCase(original.className(), result.output(), Map.of(), OracleCase.Depth.INITIALIZE);
                replaced.add(new Replaced(initialize, rejected.faults().get(0)));
            }
        }
        return replaced;
    }
}
