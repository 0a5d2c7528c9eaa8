package org.dvm.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dvm.core.classfile.JvmRelease;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.ClassFormatException;
import org.dvm.core.finding.Finding;
import org.dvm.core.repository.ClassRepositories;
import org.dvm.core.repository.ClassRepository;
import org.dvm.testkit.Jdks;
import org.dvm.testkit.oracle.HotSpotOracle;
import org.dvm.testkit.oracle.OracleCase;
import org.dvm.testkit.oracle.OracleVerdict;
import org.dvm.verifier.TypeFixtures.Fixture;
import org.dvm.verifier.TypeFixtures.Kind;
import org.dvm.verifier.Verifier.References;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rule by rule: small classes that break it are judged as its breach, and HotSpot raises the same error. */
class RuleTest {
    private static final int LATEST = 25;

    private static final ClassRepository WORLD = world();

    static List<Fixture> fixtures() {
        return TypeFixtures.all();
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void namesTheRule(Fixture fixture) {
        Finding finding = firstFinding(fixture, fixture.release() == 0 ? LATEST : fixture.release());

        assertThat(finding.rule()).as(finding.toString()).isEqualTo(fixture.rule());
    }

    @Test
    void everyRuleHasAFixture() {
        Set<TypeRule> broken = EnumSet.noneOf(TypeRule.class);
        fixtures().forEach(fixture -> broken.add(fixture.rule()));

        assertThat(broken).containsExactly(TypeRule.values());
    }

    @Tag("once")
    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void hotSpotRaisesTheSameErrors(int release) {
        assumeTrue(Jdks.home(release).isPresent(), () -> "no JDK " + release + " found: HotSpot can't be asked");
        List<String> differences = new ArrayList<>();
        try (HotSpotOracle oracle = HotSpotOracle.start(release, List.of())) {
            for (Fixture fixture : fixtures()) {
                boolean asked = fixture.kind() != Kind.REJECTED_BY_US
                        && (fixture.release() == 0 || fixture.release() == release);
                OracleVerdict verdict = asked ? judge(oracle, fixture) : null;
                if (verdict != null
                        && !verdict.error().equals(fixture.rule().error().className())) {
                    differences.add(fixture + ": " + verdict + " but we " + firstFinding(fixture, release));
                }
            }
        }

        assertThat(differences).isEmpty();
    }

    /** References fail when they are executed; what they refer to is in the initializer. */
    private static OracleVerdict judge(HotSpotOracle oracle, Fixture fixture) {
        OracleCase.Depth depth = fixture.kind() == Kind.FAILING ? OracleCase.Depth.INITIALIZE : OracleCase.Depth.LINK;
        return oracle.judge(List.of(new OracleCase(null, fixture.classFile(), TypeFixtures.world(), depth)))
                .get(0);
    }

    private static Finding firstFinding(Fixture fixture, int release) {
        Verifier verifier = (fixture.kind() == Kind.REJECTED_BY_US
                        ? Verifier.openWorld(WORLD)
                        : Verifier.closedWorld(WORLD))
                .forJvm(JvmRelease.of(release))
                .with(References.COLLECT);
        Verdict verdict = fixture.kind() == Kind.REJECTED_UNCHECKED
                ? verifier.verify(parse(fixture.classFile()))
                : verifier.verify(fixture.classFile());
        return verdict instanceof Verdict.Rejected rejected
                ? rejected.faults().get(0).finding()
                : ((Verdict.Accepted) verdict).failing().get(0).fault().finding();
    }

    private static ClassRepository world() {
        Map<String, byte[]> classes = TypeFixtures.world();
        ClassRepository own = name -> classes.containsKey(name) ? parse(classes.get(name)) : null;
        return ClassRepositories.chain(own, ClassRepositories.runningJdk());
    }

    private static RawClass parse(byte[] classFile) {
        try {
            return RawClass.parse(classFile);
        } catch (ClassFormatException e) {
            throw new IllegalStateException("its structure is sound", e);
        }
    }
}
