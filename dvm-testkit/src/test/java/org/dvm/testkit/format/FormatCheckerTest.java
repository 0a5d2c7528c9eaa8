package org.dvm.testkit.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import org.dvm.core.classfile.FormatChecker;
import org.dvm.core.classfile.FormatRule;
import org.dvm.core.classfile.JvmRelease;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.ClassFormatException;
import org.dvm.core.finding.Finding;
import org.dvm.core.finding.LinkError;
import org.dvm.testkit.Corpora;
import org.dvm.testkit.assembly.Bytes;
import org.dvm.testkit.assembly.ClassAssembler;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FormatCheckerTest {
    private static final JvmRelease JAVA_25 = JvmRelease.of(25);

    static List<String> jdkModules() {
        return Corpora.jdkModules();
    }

    @Test
    void acceptsTheClassesOfJavaBase() {
        assertThat(findingsIn("java.base")).isEmpty();
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("jdkModules")
    void acceptsAllClassesOfTheJdk(String module) {
        assertThat(findingsIn(module)).isEmpty();
    }

    private static List<String> findingsIn(String module) {
        List<String> findings = new ArrayList<>();
        Corpora.forEachJdkClass(
                module,
                file -> FormatChecker.examine(file.bytes(), JvmRelease.NEWEST)
                        .forEach(finding -> findings.add(file.name() + ": " + finding)));
        return findings;
    }

    @Test
    void reportsARefusedVersionBeforeAllElse() {
        byte[] truncated = Bytes.of().u4(0xCAFEBABE).u2(0, 99, 5).toArray();

        List<Finding> findings = FormatChecker.examine(truncated, JAVA_25);

        assertThat(findings).extracting(Finding::rule).containsExactly(FormatRule.VERSION);
        assertThat(findings.get(0).rule().error()).isEqualTo(LinkError.UNSUPPORTED_CLASS_VERSION);
    }

    @Test
    void reportsAllThatIsWrong() {
        byte[] classFile = new ClassAssembler("demo/Wrong")
                .field(0x0003, "a", "I")
                .field(0x0000, "b;", "I")
                .method(0x0401, "m", "(V)V")
                .toBytes();

        List<Finding> findings = FormatChecker.examine(classFile, JAVA_25);

        assertThat(findings)
                .extracting(Finding::rule)
                .containsExactly(FormatRule.FIELD_FLAGS, FormatRule.FIELD_NAME, FormatRule.METHOD_DESCRIPTOR);
        assertThat(findings.get(0).toString())
                .startsWith("FIELD_FLAGS at demo/Wrong.aI offset=")
                .contains("more than one of public, protected and private")
                .endsWith("[JVMS 4.5]");
    }

    @Test
    void stopsCollectingAfterFiftyFindings() {
        ClassAssembler assembler = new ClassAssembler("demo/Wrong");
        for (int i = 0; i < 1000; i++) {
            assembler.field(0x0003, "f" + i, "I");
        }

        assertThat(FormatChecker.examine(assembler.toBytes(), JAVA_25)).hasSize(50);
    }

    @Test
    void throwsTheFindingsWhenAskedForTheClass() {
        byte[] classFile = new ClassAssembler("demo/Flags").flags(0x0411).toBytes();

        ClassFormatException thrown =
                catchThrowableOfType(ClassFormatException.class, () -> FormatChecker.read(classFile));

        assertThat(thrown.findings()).extracting(Finding::rule).containsExactly(FormatRule.CLASS_FLAGS);
    }

    @Test
    void tellsModuleDescriptorsFromClasses() throws Exception {
        byte[] descriptor = Object.class.getResourceAsStream("/module-info.class") == null
                ? new byte[0]
                : Object.class.getResourceAsStream("/module-info.class").readAllBytes();

        RawClass raw = FormatChecker.readModule(descriptor);

        assertThat(FormatChecker.isModule(raw)).isTrue();
        assertThat(FormatChecker.check(raw))
                .extracting(finding -> finding.rule().error())
                .startsWith(LinkError.NO_CLASS_DEF_FOUND);
    }

    @Test
    void acceptsPreviewVersionsByRelease() {
        byte[] preview = new ClassAssembler("demo/Preview").version(69, 0xffff).toBytes();

        assertThat(FormatChecker.examine(preview, JAVA_25)).hasSize(1);
        assertThat(FormatChecker.examine(preview, new JvmRelease(25, JvmRelease.Preview.ENABLED)))
                .isEmpty();
        assertThat(FormatChecker.examine(preview, new JvmRelease(26, JvmRelease.Preview.ENABLED)))
                .hasSize(1);
        assertThat(FormatChecker.examine(preview, JvmRelease.NEWEST)).isEmpty();
    }
}
