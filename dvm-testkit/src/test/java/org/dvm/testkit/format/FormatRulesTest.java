package org.dvm.testkit.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.dvm.core.classfile.FormatChecker;
import org.dvm.core.classfile.FormatRule;
import org.dvm.core.classfile.JvmRelease;
import org.dvm.core.finding.Finding;
import org.dvm.testkit.Jdks;
import org.dvm.testkit.format.FormatFixtures.Fixture;
import org.dvm.testkit.oracle.HotSpotOracle;
import org.dvm.testkit.oracle.OracleCase;
import org.dvm.testkit.oracle.OracleVerdict;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rule by rule: our verdict on each fixture, and that HotSpot says the same. */
class FormatRulesTest {
    static List<Fixture> fixtures() {
        return FormatFixtures.all();
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void namesTheRule(Fixture fixture) {
        List<Finding> findings = FormatChecker.examine(fixture.bytes(), JvmRelease.of(25));

        if (fixture.rule() == null) {
            assertThat(findings).isEmpty();
        } else {
            assertThat(findings.get(0).rule()).isEqualTo(fixture.rule());
        }
    }

    @Test
    void everyRuleHasAFixture() {
        Set<FormatRule> broken = EnumSet.noneOf(FormatRule.class);
        Stream.concat(FormatFixtures.all().stream(), ModuleFixtures.all().stream())
                .map(Fixture::rule)
                .filter(Objects::nonNull)
                .forEach(broken::add);

        assertThat(broken).containsExactly(FormatRule.values());
    }

    @Tag("once")
    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void agreesWithHotSpot(int release) {
        assumeThat(Jdks.available()).as("JDK %d is needed", release).contains(release);
        List<Fixture> fixtures = FormatFixtures.all();
        List<String> disagreements = new ArrayList<>();
        try (HotSpotOracle oracle = HotSpotOracle.start(release, List.of())) {
            List<OracleVerdict> verdicts = oracle.judge(fixtures.stream()
                    .map(fixture -> OracleCase.define(fixture.bytes()))
                    .toList());
            for (int i = 0; i < fixtures.size(); i++) {
                List<Finding> findings = FormatChecker.examine(fixtures.get(i).bytes(), JvmRelease.of(release));
                String error =
                        findings.isEmpty() ? "" : findings.get(0).rule().error().className();
                if (!error.equals(verdicts.get(i).error())) {
                    disagreements.add(fixtures.get(i) + ": HotSpot says " + verdicts.get(i) + ", we " + findings);
                }
            }
        }

        assertThat(disagreements).isEmpty();
    }
}
