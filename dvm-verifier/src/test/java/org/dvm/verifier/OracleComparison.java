package org.dvm.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongFunction;
import org.dvm.core.classfile.JvmRelease;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.ClassFormatException;
import org.dvm.core.repository.ClassRepositories;
import org.dvm.core.repository.ClassRepository;
import org.dvm.testkit.Jdks;
import org.dvm.testkit.oracle.HotSpotOracle;
import org.dvm.testkit.oracle.OracleCase;
import org.dvm.testkit.oracle.OracleVerdict;

/**
 * Judges made-up classes in a small world and compares each verdict, with its class of error, to that of a HotSpot that
 * sees the same world.
 */
final class OracleComparison {
    private static final int BATCH = 5_000;

    /** Packages that a loader may not define, and subroutines that HotSpot's interpreter can't cope with. */
    private static final Set<String> LEFT_TO_THE_JVM = Set.of("java/lang/SecurityException", "java/lang/LinkageError");

    private final int release;
    private final Map<String, byte[]> world;
    private final Verifier verifier;
    private final List<String> disagreements = new ArrayList<>();
    private int accepted;
    private int rejected;

    /**
     * Makes a comparison.
     *
     * @param release the JDK to ask
     * @param world the classes besides those of the JDK, by name
     */
    OracleComparison(int release, Map<String, byte[]> world) {
        this.release = release;
        this.world = world;
        ClassRepository own = name -> world.containsKey(name) ? parse(world.get(name)) : null;
        ClassRepository jdk = Corpus.ofModules(Jdks.home(release).orElseThrow(), "java.base");
        this.verifier = Verifier.closedWorld(ClassRepositories.chain(own, jdk)).forJvm(JvmRelease.of(release));
    }

    private static RawClass parse(byte[] classFile) {
        try {
            return RawClass.parse(classFile);
        } catch (ClassFormatException e) {
            throw new IllegalStateException("the world's classes are sound", e);
        }
    }

    /** Compares the classes of so many seeds. */
    OracleComparison compare(LongFunction<byte[]> classOf, long firstSeed, int count) {
        try (HotSpotOracle oracle = HotSpotOracle.start(release, List.of())) {
            for (int from = 0; from < count; from += BATCH) {
                List<OracleCase> cases = new ArrayList<>();
                for (int i = from; i < Math.min(count, from + BATCH); i++) {
                    byte[] classFile = classOf.apply(firstSeed + i);
                    cases.add(new OracleCase(null, classFile, world, OracleCase.Depth.LINK));
                }
                List<OracleVerdict> expected = oracle.judge(cases);
                for (int i = 0; i < expected.size(); i++) {
                    compare("seed=" + (firstSeed + from + i), cases.get(i).classFile(), expected.get(i));
                }
            }
        }
        return this;
    }

    private void compare(String name, byte[] classFile, OracleVerdict expected) {
        if (LEFT_TO_THE_JVM.contains(expected.error())) {
            return;
        }
        Verdict actual = verifier.verify(classFile);
        if (expected.accepted()) {
            accepted++;
        } else {
            rejected++;
        }
        boolean same = actual instanceof Verdict.Rejected refused
                ? refused.error().className().equals(expected.error())
                : expected.accepted();
        if (!same) {
            disagreements.add(name + " " + expected + " but " + text(actual));
        }
    }

    private static String text(Verdict verdict) {
        return verdict instanceof Verdict.Rejected refused
                ? refused.faults().get(0).render()
                : "accepted";
    }

    /** Fails if any verdict differs, or nearly all were the same. */
    void assertAllAgree() {
        assertThat(disagreements).isEmpty();
        int all = accepted + rejected;
        assertThat(accepted).as("accepted of " + all).isGreaterThan(all / 50);
        assertThat(rejected).as("rejected of " + all).isGreaterThan(all / 10);
    }

    int accepted() {
        return accepted;
    }

    List<String> disagreements() {
        return disagreements;
    }
}
