package org.dvm.testkit.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.List;
import java.util.Map;
import org.dvm.testkit.Jdks;
import org.dvm.testkit.assembly.Bytes;
import org.dvm.testkit.assembly.ClassAssembler;
import org.dvm.testkit.oracle.OracleCase.Depth;
import org.dvm.testkit.oracle.OracleVerdict.Stage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("once")
class HotSpotOracleTest {
    private static final byte[] GOOD = new ClassAssembler("demo/Good").toBytes();
    private static final byte[] BAD_FORMAT =
            new ClassAssembler("demo/Flags").flags(0x0411).toBytes();
    private static final byte[] BAD_CODE =
            withMethod("demo/Code", 0x0009, "run", Bytes.of().u1(0x57, 0xb1));

    private static byte[] withMethod(String name, int flags, String method, Bytes code) {
        ClassAssembler assembler = new ClassAssembler(name);
        return assembler
                .method(flags, method, "()V", assembler.code(2, 0, code))
                .toBytes();
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void tellsAtWhichStageAndWithWhichErrorAClassIsRefused(int release) {
        assumeThat(Jdks.available()).as("JDK %d is needed", release).contains(release);
        try (HotSpotOracle oracle = HotSpotOracle.start(release, List.of())) {
            List<OracleVerdict> verdicts = oracle.judge(List.of(
                    OracleCase.link(GOOD),
                    OracleCase.link(BAD_FORMAT),
                    OracleCase.link(BAD_CODE),
                    OracleCase.define(BAD_CODE)));

            assertThat(verdicts)
                    .extracting(OracleVerdict::stage)
                    .containsExactly(Stage.ACCEPTED, Stage.DEFINE, Stage.LINK, Stage.ACCEPTED);
            assertThat(verdicts)
                    .extracting(OracleVerdict::error)
                    .containsExactly("", "java/lang/ClassFormatError", "java/lang/VerifyError", "");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void linksWithoutInitializingUnlessAsked(int release) {
        assumeThat(Jdks.available()).as("JDK %d is needed", release).contains(release);
        byte[] classFile =
                withMethod("demo/Failing", 0x0008, "<clinit>", Bytes.of().u1(0x03, 0x03, 0x6c, 0x57, 0xb1));
        try (HotSpotOracle oracle = HotSpotOracle.start(release, List.of())) {
            List<OracleVerdict> verdicts = oracle.judge(
                    List.of(OracleCase.link(classFile), new OracleCase(null, classFile, Map.of(), Depth.INITIALIZE)));

            assertThat(verdicts.get(0).accepted()).isTrue();
            assertThat(verdicts.get(1).stage()).isEqualTo(Stage.INITIALIZE);
            assertThat(verdicts.get(1).error()).isEqualTo("java/lang/ExceptionInInitializerError");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void putsOtherClassesInTheRunTimePackageOfTheCase(int release) {
        assumeThat(Jdks.available()).as("JDK %d is needed", release).contains(release);
        byte[] parent = new ClassAssembler("demo/Parent").flags(0x0020).toBytes();
        ClassAssembler child = new ClassAssembler("demo/Child");
        byte[] childFile = child.superClass(child.classConstant("demo/Parent")).toBytes();
        try (HotSpotOracle oracle = HotSpotOracle.start(release, List.of())) {
            List<OracleVerdict> verdicts = oracle.judge(List.of(
                    new OracleCase("demo/Child", childFile, Map.of("demo/Parent", parent), Depth.LINK),
                    OracleCase.link(childFile)));

            assertThat(verdicts.get(0).accepted()).isTrue();
            assertThat(verdicts.get(1).error()).isEqualTo("java/lang/NoClassDefFoundError");
        }
    }
}
