package org.dvm.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.dvm.core.pipeline.Note;
import org.dvm.core.pipeline.Service;
import org.dvm.core.pipeline.Services;
import org.dvm.core.pipeline.TransformPipeline;
import org.dvm.core.pipeline.TransformResult;
import org.dvm.core.pipeline.TransformResult.Status;
import org.dvm.runtime.ProbedMethod;
import org.dvm.runtime.profile.Profile;
import org.dvm.testkit.assembly.Bytes;
import org.dvm.testkit.assembly.ClassAssembler;
import org.junit.jupiter.api.Test;

class MonitorFiltersTest {
    /** What is transformed. */
    public static final class Sample implements IntUnaryOperator {
        @Override
        public int applyAsInt(int n) {
            return n == 0 ? 0 : 1 + applyAsInt(n - 1);
        }

        native void hasNoCode();
    }

    private static final String NAME = Sample.class.getName();

    private static byte[] bytes(Class<?> of) throws IOException {
        try (InputStream in = of.getResourceAsStream("/" + of.getName().replace('.', '/') + ".class")) {
            return in.readAllBytes();
        }
    }

    private static Object instance(byte[] classFile) throws ReflectiveOperationException {
        class Loader extends ClassLoader {
            Loader() {
                super(MonitorFiltersTest.class.getClassLoader());
            }

            Class<?> define() {
                return defineClass(NAME, classFile, 0, classFile.length);
            }
        }
        return new Loader().define().getConstructor().newInstance();
    }

    @Test
    void profileCountsEveryCall() throws Exception {
        TransformResult result =
                TransformPipeline.of(new ProfileFilter(MethodSelector.ALL)).process(bytes(Sample.class));

        int answer = ((IntUnaryOperator) instance(result.output())).applyAsInt(41);

        assertThat(answer).isEqualTo(41);
        assertThat(result.trail()).containsExactly(new Note("profile", "methods=2/3"));
        assertThat(Profile.snapshot())
                .containsEntry(new ProbedMethod(NAME, "applyAsInt", "(I)I"), 42L)
                .containsEntry(new ProbedMethod(NAME, "<init>", "()V"), 1L);
    }

    @Test
    void classThatNoRuleChoosesIsTheSameArray() throws Exception {
        byte[] original = bytes(Sample.class);

        TransformResult result = TransformPipeline.of(
                        new AuditFilter(MethodSelector.parse("com.acme.**")),
                        new ProfileFilter(MethodSelector.parse("**.Sample.noSuchMethod")))
                .process(original);

        assertThat(result.status()).isEqualTo(Status.UNCHANGED);
        assertThat(result.output()).isSameAs(original);
    }

    @Test
    void whatTheCollectorsStandOnIsLeftOutAndSaid() throws Exception {
        TransformResult result =
                TransformPipeline.of(new AuditFilter(MethodSelector.ALL)).process(bytes(java.util.ArrayList.class));

        assertThat(result.status()).isEqualTo(Status.UNCHANGED);
        assertThat(result.trail()).singleElement().asString().contains("left out");
    }

    @Test
    void methodWhoseNameFitsInNoConstantIsLeftOutWithAFinding() {
        String longName = "m".repeat(65_530);
        ClassAssembler assembler = new ClassAssembler("a/LongName");
        byte[] code = assembler.code(0, 0, Bytes.of().u1(0xb1)); // return
        byte[] classFile = assembler.method(0x0009, longName, "()V", code).toBytes();

        TransformResult result =
                TransformPipeline.of(new AuditFilter(MethodSelector.ALL)).process(classFile);

        assertThat(result.status()).isEqualTo(Status.UNCHANGED);
        assertThat(result.findings())
                .extracting(finding -> finding.rule().name())
                .containsExactly("METHOD_NAME_TOO_LONG");
    }

    @Test
    void servicesAreFoundByNameAndTakeOptions() {
        Services services = Services.load(MonitorFiltersTest.class.getClassLoader());

        assertThat(services.all()).extracting(Service::name).contains("audit", "profile");
        TransformPipeline pipeline =
                services.pipeline(List.of("audit", "profile"), Map.of("audit.spec", "a.**", "profile.spec", "b.**"));
        assertThat(pipeline.filters()).extracting(Object::toString).containsExactly("audit[a.**]", "profile[b.**]");
    }

    @Test
    void wrongOptionsAreRefusedWithTheCure() {
        Services services = Services.load(MonitorFiltersTest.class.getClassLoader());

        assertThatThrownBy(() -> services.pipeline(List.of("audit"), Map.of("audit.spek", "a.**")))
                .hasMessage("service audit has no option [spek]; it has spec and specFile");
        assertThatThrownBy(() -> services.pipeline(List.of("audit"), Map.of("audit.specFile", "/no/such/file")))
                .hasMessageContaining("audit.specFile can't be read");
        assertThatThrownBy(() -> services.pipeline(List.of("audit"), Map.of("profile.spec", "a.**")))
                .hasMessageContaining("options for services that are not asked for: [profile]");
    }

    @Test
    void fingerprintChangesWithTheRules() {
        assertThat(TransformPipeline.of(new AuditFilter(MethodSelector.parse("a.**")))
                        .fingerprint())
                .isNotEqualTo(TransformPipeline.of(new AuditFilter(MethodSelector.parse("b.**")))
                        .fingerprint());
    }
}
