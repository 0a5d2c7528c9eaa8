package org.dvm.testkit.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.dvm.core.classfile.FormatChecker;
import org.dvm.core.classfile.JvmRelease;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.ClassFormatException;
import org.dvm.core.finding.Finding;
import org.dvm.testkit.Corpora;
import org.dvm.testkit.Jdks;
import org.dvm.testkit.mutation.Mutant;
import org.dvm.testkit.mutation.MutationKind.Family;
import org.dvm.testkit.mutation.Mutator;
import org.dvm.testkit.oracle.HotSpotOracle;
import org.dvm.testkit.oracle.OracleCase;
import org.dvm.testkit.oracle.OracleVerdict;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the format check with HotSpot's class file parser on mutants of real classes. */
@Tag("once")
class FormatDifferentialTest {
    private static final int BATCH = 4000;
    private static final Mutator MUTATOR =
            Mutator.of(Family.BYTES, Family.HEADER, Family.CONSTANTS, Family.MEMBERS, Family.ATTRIBUTES, Family.CODE);

    private final List<RawClass> originals = new ArrayList<>();
    private final List<String> world = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void agreesWithHotSpot(int release) {
        compare(release, Corpora.jars(), 12_000, 20_261_122);
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void agreesWithHotSpotOnManyNewMutants(int release) {
        long seed = new SplittableRandom().nextLong();
        System.out.println("format differential, release " + release + ", seed " + seed);
        compare(release, Corpora.allJars(), 600_000, seed);
    }

    private void compare(int release, List<Path> jars, int count, long seed) {
        assumeThat(Jdks.available()).as("JDK %d is needed", release).contains(release);
        JvmRelease judge = JvmRelease.of(release);
        collectOriginals(jars, judge.maxMajorVersion());
        List<String> disagreements = new ArrayList<>();
        int refused = 0;
        SplittableRandom random = new SplittableRandom(seed);
        try (HotSpotOracle oracle = HotSpotOracle.start(release, world)) {
            for (int done = 0; done < count; done += BATCH) {
                List<Mutant> mutants = IntStream.range(0, BATCH)
                        .mapToObj(
                                i -> MUTATOR.mutate(originals.get(random.nextInt(originals.size())), random.nextLong()))
                        .toList();
                List<OracleVerdict> verdicts = oracle.judge(mutants.stream()
                        .map(mutant -> OracleCase.define(mutant.bytes()))
                        .toList());
                for (int i = 0; i < BATCH; i++) {
                    OracleVerdict verdict = verdicts.get(i);
                    refused += isAboutFormat(verdict) ? 1 : 0;
                    String disagreement = compare(mutants.get(i), verdict, judge);
                    if (!disagreement.isEmpty()) {
                        disagreements.add(disagreement);
                    }
                }
            }
        }
        assertThat(disagreements).isEmpty();
        assertThat(refused).as("mutants that HotSpot refuses").isBetween(count / 4, count * 3 / 4);
    }

    /** Takes all classes of the jars, and these as the world, but leaves out jars that the release can't load. */
    private void collectOriginals(List<Path> jars, int maxMajorVersion) {
        for (Path jar : jars) {
            List<RawClass> classes = new ArrayList<>();
            Corpora.forEachClass(jar, file -> {
                try {
                    classes.add(RawClass.parse(file.bytes()));
                } catch (ClassFormatException e) {
                    throw new AssertionError(file.name(), e);
                }
            });
            if (classes.stream().allMatch(raw -> raw.majorVersion() <= maxMajorVersion)) {
                originals.addAll(classes);
                world.add(jar.toString());
            }
        }
        assumeThat(originals).as("the corpus is copied by the build").isNotEmpty();
    }

    private static String compare(Mutant mutant, OracleVerdict verdict, JvmRelease release) {
        List<Finding> findings = FormatChecker.examine(mutant.bytes(), release);
        boolean refusedByHotSpot = isAboutFormat(verdict);
        if (!verdict.accepted() && !refusedByHotSpot) {
            return ""; // HotSpot stopped at a supertype: what else it would have found isn't known
        }
        if (findings.isEmpty() != refusedByHotSpot
                && (findings.isEmpty()
                        || findings.get(0).rule().error().className().equals(verdict.error()))) {
            return "";
        }
        return mutant.kinds() + ": HotSpot says " + verdict + "; we say " + findings + "; class file "
                + Base64.getEncoder().encodeToString(mutant.bytes());
    }

    private static boolean isAboutFormat(OracleVerdict verdict) {
        return verdict.error().equals("java/lang/ClassFormatError")
                || verdict.error().equals("java/lang/UnsupportedClassVersionError")
                || verdict.error().equals("java/lang/NoClassDefFoundError")
                        && verdict.message().contains("ACC_MODULE");
    }
}
