package org.dvm.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.dvm.testkit.Jdks;
import org.dvm.testkit.assembly.Bytes;
import org.dvm.testkit.assembly.ClassAssembler;
import org.dvm.testkit.oracle.HotSpotOracle;
import org.dvm.testkit.oracle.OracleVerdict;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One small class for each way to break a rule, judged as its rule and by HotSpot with the same error. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RuleTest {
    private static final int V51 = 51;
    private static final int V49 = 49;

    private final Corpus world = Corpus.ofModules(Path.of(System.getProperty("java.home")));

    /** A static method {@code void m(int, Object)} with two free locals and a stack of three. */
    private record Fixture(String name, int version, byte[] classFile, TypeRule rule) {
        @Override
        public String toString() {
            return name + " (version " + version + ")";
        }
    }

    private static Fixture code(String name, int version, TypeRule rule, int... instructions) {
        ClassAssembler assembler = new ClassAssembler("demo/Fixture").version(version, 0);
        Bytes code = Bytes.of().u1(instructions);
        return new Fixture(
                name,
                version,
                assembler
                        .method(0x0009, "m", "(ILjava/lang/Object;)V", assembler.code(3, 4, code))
                        .toBytes(),
                rule);
    }

    /** Fixtures of both verifiers: straight-line code needs no frames. */
    private static Stream<Fixture> both(String name, TypeRule rule, int... instructions) {
        return Stream.of(code(name, V51, rule, instructions), code(name, V49, rule, instructions));
    }

    static List<Fixture> fixtures() {
        return Stream.of(
                        both("an unknown instruction", TypeRule.INSTRUCTION, 0xcb, 0xb1),
                        both("an instruction cut off", TypeRule.INSTRUCTION, 0xb1, 0x11),
                        both("wide before a plain instruction", TypeRule.INSTRUCTION, 0xc4, 0x60, 0xb1),
                        both("a constant that isn't there", TypeRule.CONSTANT_OPERAND, 0x12, 0xff, 0xb1),
                        both("a Utf8 constant loaded", TypeRule.CONSTANT_OPERAND, 0x12, 0x01, 0xb1),
                        both("an element type that doesn't exist", TypeRule.OPERAND, 0x04, 0xbc, 3, 0xb1),
                        both("a local variable beyond the last", TypeRule.LOCAL_INDEX, 0x1a, 0x36, 4, 0xb1),
                        both("a long's second half beyond the last", TypeRule.LOCAL_INDEX, 0x09, 0x42, 0xb1),
                        both("a reference loaded as an int", TypeRule.LOCAL_TYPE, 0x1b, 0x57, 0xb1),
                        both("an int loaded as a reference", TypeRule.LOCAL_TYPE, 0x2a, 0x57, 0xb1),
                        both("half of a long loaded", TypeRule.LOCAL_TYPE, 0x09, 0x41, 0x1c, 0x57, 0xb1),
                        both("a variable never stored", TypeRule.LOCAL_TYPE, 0x1d, 0x57, 0xb1),
                        both("an empty stack popped", TypeRule.STACK_UNDERFLOW, 0x57, 0xb1),
                        both("a stack too high", TypeRule.STACK_OVERFLOW, 0x04, 0x04, 0x04, 0x04, 0xb1),
                        both("a float added to an int", TypeRule.OPERAND_TYPE, 0x1a, 0x0b, 0x60, 0x57, 0xb1),
                        both("half of a long popped", TypeRule.OPERAND_TYPE, 0x09, 0x57, 0x57, 0xb1),
                        both("a long swapped", TypeRule.OPERAND_TYPE, 0x04, 0x09, 0x5f, 0xb1),
                        both("an int thrown", TypeRule.OPERAND_TYPE, 0x04, 0xbf),
                        both("the length of an int", TypeRule.OPERAND_TYPE, 0x1a, 0xbe, 0x57, 0xb1),
                        both("an int returned from a void method", TypeRule.RETURN_TYPE, 0x04, 0xac),
                        both("no return at the end", TypeRule.FALLS_OFF_END, 0x00),
                        Stream.of(
                                code(
                                        "a branch without a frame",
                                        V51,
                                        TypeRule.STACK_MAP_MISSING,
                                        0x1a,
                                        0x99,
                                        0,
                                        3,
                                        0xb1),
                                code("code after a return", V51, TypeRule.STACK_MAP_MISSING, 0xb1, 0xb1),
                                code("a subroutine", V51, TypeRule.INSTRUCTION, 0xa8, 0, 3, 0x57, 0xb1),
                                code("a branch into an instruction", V49, TypeRule.BRANCH_TARGET, 0xa7, 0, 2, 0xb1),
                                code("stacks of different heights", V49, TypeRule.JOIN, 0x1a, 0x99, 0, 4, 0x04, 0xb1),
                                code(
                                        "an int on one path, a float on the other",
                                        V49,
                                        TypeRule.JOIN,
                                        0x1a,
                                        0x99,
                                        0,
                                        7,
                                        0x04,
                                        0xa7,
                                        0,
                                        4,
                                        0x0b,
                                        0x57,
                                        0xb1),
                                code("an int as a return address", V49, TypeRule.SUBROUTINE, 0xa9, 0),
                                code(
                                        "a recursive subroutine",
                                        V49,
                                        TypeRule.SUBROUTINE,
                                        0xa8,
                                        0,
                                        3,
                                        0x4d,
                                        0xa8,
                                        0xff,
                                        0xff,
                                        0xb1)))
                .flatMap(each -> each)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void rejectsByTheRule(Fixture fixture) {
        Verdict verdict = Verifier.closedWorld(world).verify(fixture.classFile());

        assertThat(verdict).isInstanceOf(Verdict.Rejected.class);
        assertThat(((Verdict.Rejected) verdict).faults().get(0).finding().rule())
                .isEqualTo(fixture.rule());
    }

    @Tag("once")
    @Test
    void hotSpotRaisesTheSameErrors() {
        assumeTrue(Jdks.home(25).isPresent(), "no JDK 25 found: HotSpot can't be asked");
        try (HotSpotOracle oracle = HotSpotOracle.start(25, List.of())) {
            for (Fixture fixture : fixtures()) {
                OracleVerdict verdict = oracle.judge(fixture.classFile());
                assertThat(verdict.error())
                        .as(fixture + ": " + verdict)
                        .isEqualTo(fixture.rule().error().className());
            }
        }
    }
}
