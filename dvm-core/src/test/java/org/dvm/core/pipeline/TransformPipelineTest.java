package org.dvm.core.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.dvm.core.testing.TestFilters.filter;
import static org.dvm.core.testing.TestFilters.replaceText;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dvm.core.edit.Snippet;
import org.dvm.core.edit.Value;
import org.dvm.core.finding.Finding;
import org.dvm.core.finding.Location;
import org.dvm.core.pipeline.TransformResult.Scope;
import org.dvm.core.pipeline.TransformResult.Status;
import org.dvm.core.testing.JavaSources;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

public class TransformPipelineTest {
    private static final byte[] HELLO = JavaSources.compileOne(
            "demo/Hello.java", "package demo; public class Hello { public String say() { return \"hello\"; } }");

    private static final List<String> LOG = new ArrayList<>();

    private static final Finding ERROR =
            new Finding(PipelineRule.FILTER_FAILED, Location.ofClass("demo/Hello"), "refused by the test");

    @Test
    void returnsTheIdenticalArrayWhenNoFilterChangesTheClass() {
        TransformResult result = TransformPipeline.of(filter("look", (unit, context) -> unit.edits()))
                .process(HELLO);

        assertThat(result.status()).isEqualTo(Status.UNCHANGED);
        assertThat(result.output()).isSameAs(HELLO);
        assertThat(result.isIdentity()).isTrue();
        assertThat(result.className()).isEqualTo("demo/Hello");
    }

    @Test
    void checksTheFormatEvenWithoutFilters() {
        TransformResult result = TransformPipeline.of().process(new byte[] {1, 2, 3});

        assertThat(result.status()).isEqualTo(Status.FAILED);
        assertThat(result.className()).isNull();
        assertThat(result.findings()).isNotEmpty();
    }

    @Test
    void truncatedClassesFailWithoutReachingAFilter() {
        List<String> seen = new ArrayList<>();
        TransformPipeline pipeline = TransformPipeline.of(filter("look", (unit, context) -> seen.add(unit.name())));
        for (int length = 0; length < HELLO.length; length++) {
            assertThat(pipeline.process(Arrays.copyOf(HELLO, length)).status()).isEqualTo(Status.FAILED);
        }
        assertThat(seen).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                IllegalStateException.class,
                StackOverflowError.class,
                OutOfMemoryError.class,
                NoClassDefFoundError.class,
                AssertionError.class
            })
    void whateverAFilterThrowsFailsTheClass(Class<? extends Throwable> type) throws Exception {
        Throwable fault = type.getConstructor().newInstance();
        TransformResult result = TransformPipeline.of(
                        filter("good", (unit, context) -> context.note("seen")),
                        filter("bad", (unit, context) -> TransformPipelineTest.<RuntimeException>sneak(fault)))
                .process(HELLO);

        assertThat(result.status()).isEqualTo(Status.FAILED);
        assertThat(result.firstError().rule()).isEqualTo(PipelineRule.FILTER_FAILED);
        assertThat(result.firstError().message()).contains("bad", type.getSimpleName());
        assertThat(result.trail()).containsExactly(new Note("good", "seen"));
        assertThatThrownBy(result::output).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aReportedErrorFailsTheClassAndStopsTheFiltersBehind() {
        List<String> seen = new ArrayList<>();
        TransformResult result = TransformPipeline.of(
                        filter("judge", (unit, context) -> context.report(ERROR)),
                        filter("behind", (unit, context) -> seen.add(unit.name())))
                .process(HELLO);

        assertThat(result.status()).isEqualTo(Status.FAILED);
        assertThat(result.findings()).containsExactly(ERROR);
        assertThat(seen).isEmpty();
    }

    @Test
    void aReplacementHealsTheErrorsOfItsFilterAndSkipsTheFiltersBehind() {
        List<String> seen = new ArrayList<>();
        byte[] substitute = JavaSources.compileOne("demo/Hello.java", "package demo; public class Hello {}");
        TransformResult result = TransformPipeline.of(
                        filter("judge", (unit, context) -> {
                            context.report(ERROR);
                            context.replaceClass(substitute);
                        }),
                        filter("behind", (unit, context) -> seen.add(unit.name())))
                .process(HELLO);

        assertThat(result.status()).isEqualTo(Status.REPLACED);
        assertThat(result.output()).isSameAs(substitute);
        assertThat(result.findings()).containsExactly(ERROR);
        assertThat(seen).isEmpty();
    }

    @Test
    void aMalformedOrMisnamedReplacementFailsTheClass() {
        byte[] other = JavaSources.compileOne("demo/Other.java", "package demo; public class Other {}");
        for (byte[] substitute : List.of(new byte[] {0}, other)) {
            TransformResult result = TransformPipeline.of(
                            filter("judge", (unit, context) -> context.replaceClass(substitute)))
                    .process(HELLO);

            assertThat(result.status()).isEqualTo(Status.FAILED);
            assertThat(result.firstError().rule()).isEqualTo(PipelineRule.OUTPUT_MALFORMED);
        }
    }

    @Test
    void aMalformedExtraClassFailsTheClassEvenIfItIsReplaced() {
        TransformResult result = TransformPipeline.of(filter("adder", (unit, context) -> {
                    context.addClass(new byte[10]);
                    context.replaceClass(HELLO.clone());
                }))
                .process(HELLO);

        assertThat(result.status()).isEqualTo(Status.FAILED);
    }

    @Test
    void oneClassInManyClassesOut() {
        byte[] first = JavaSources.compileOne("demo/First.java", "package demo; class First {}");
        byte[] second = JavaSources.compileOne("demo/Second.java", "package demo; class Second {}");
        TransformResult result = TransformPipeline.of(
                        filter("a", (unit, context) -> context.addClass(first)),
                        filter("b", (unit, context) -> context.addClass(second)))
                .process(HELLO);

        assertThat(result.status()).isEqualTo(Status.UNCHANGED);
        assertThat(result.isIdentity()).isFalse();
        assertThat(result.extraClasses()).extracting(ClassFile::name).containsExactly("demo/First", "demo/Second");
    }

    @Test
    void moduleDescriptorsPassByTheFilters() {
        byte[] descriptor = JavaSources.compileOne("module-info.java", "module demo {}");
        TransformResult result = TransformPipeline.of(filter("bad", (unit, context) -> {
                    throw new IllegalStateException("must not be asked");
                }))
                .process(descriptor);

        assertThat(result.output()).isSameAs(descriptor);
    }

    @Test
    void filtersSeeTheOriginalClassAndItsModel() {
        List<String> seen = new ArrayList<>();
        TransformPipeline.of(filter("look", (unit, context) -> {
                    seen.add(unit.name());
                    seen.add(unit.model().getName());
                    assertThat(unit.raw().bytes()).isSameAs(HELLO);
                    assertThat(unit.model()).isSameAs(unit.model());
                }))
                .process(HELLO);

        assertThat(seen).containsExactly("demo/Hello", "demo/Hello");
    }

    @Test
    void theResultSaysWhetherAFilterAskedForTheSource() {
        assertThat(TransformPipeline.of().process(HELLO).scope()).isEqualTo(Scope.ANY_SOURCE);
        assertThat(TransformPipeline.of(filter("look", (unit, context) -> unit.source()))
                        .process(HELLO)
                        .scope())
                .isEqualTo(Scope.THIS_SOURCE);
    }

    @Test
    void twoInstancesOfOneFilterStackAndAreToldApart() {
        var once = filter("twin", (unit, context) -> context.note("seen"));
        TransformResult result = TransformPipeline.of(once, once).process(HELLO);

        assertThat(result.trail()).containsExactly(new Note("twin", "seen"), new Note("twin#2", "seen"));
    }

    @Test
    void editsOfAllFiltersAreWrittenTogether() throws Exception {
        TransformResult result = TransformPipeline.of(
                        filter("a", (unit, context) -> logAround(unit, "a")),
                        filter("b", (unit, context) -> logAround(unit, "b")))
                .process(HELLO);

        assertThat(result.status()).isEqualTo(Status.CHANGED);
        LOG.clear();
        assertThat(say(result.output())).isEqualTo("hello");
        assertThat(LOG).containsExactly("b enters", "a enters", "a leaves", "b leaves");
    }

    @Test
    void aRewrittenClassCanBeRewrittenAgain() throws Exception {
        TransformPipeline pipeline = TransformPipeline.of(filter("a", (unit, context) -> logAround(unit, "a")));
        byte[] once = pipeline.process(HELLO).output();
        byte[] twice = pipeline.process(once).output();

        LOG.clear();
        say(twice);
        assertThat(LOG).containsExactly("a enters", "a enters", "a leaves", "a leaves");
    }

    @Test
    void whatDoesNotFitFailsTheClassUnlessItsFilterLetsItBeLeftOut() {
        ClassTransformer greedy = filter("greedy", (unit, context) -> addManyFields(unit));
        TransformResult failed = TransformPipeline.of(greedy).process(HELLO);
        TransformResult leftOut = TransformPipeline.of(new Lenient(greedy)).process(HELLO);

        assertThat(failed.status()).isEqualTo(Status.FAILED);
        assertThat(failed.firstError().rule().name()).isEqualTo("CLASS_TOO_LARGE");
        assertThat(leftOut.output()).isSameAs(HELLO);
        assertThat(leftOut.findings())
                .extracting(finding -> finding.rule().name())
                .contains("LEFT_OUT");
    }

    @Test
    void editsOfNoInstructionFailTheClass() {
        TransformResult result = TransformPipeline.of(
                        filter("lost", (unit, context) -> unit.edits().method(1).before(1, logging("x"))))
                .process(HELLO);

        assertThat(result.status()).isEqualTo(Status.FAILED);
    }

    /** Is called by rewritten code. */
    public static void log(String text) {
        LOG.add(text);
    }

    /** A filter that may be left out. */
    private record Lenient(ClassTransformer filter) implements ClassTransformer {
        @Override
        public String name() {
            return filter.name();
        }

        @Override
        public String fingerprint() {
            return filter.fingerprint();
        }

        @Override
        public void transform(ClassUnit unit, TransformContext context) {
            filter.transform(unit, context);
        }

        @Override
        public OnOverflow onOverflow() {
            return OnOverflow.LEAVE_OUT;
        }
    }

    private static void addManyFields(ClassUnit unit) {
        for (int i = 0; i < 70_000; i++) {
            unit.edits().addField(0x1008, "field" + i, "I");
        }
    }

    private static void logAround(ClassUnit unit, String name) {
        for (int i = 0; i < unit.raw().methodCount(); i++) {
            if (unit.raw().memberName(unit.raw().method(i)).equals("say")) {
                unit.edits().method(i).atEntry(logging(name + " enters"));
                unit.edits().method(i).atEveryExit(logging(name + " leaves"));
            }
        }
    }

    private static Snippet logging(String text) {
        return Snippet.call(
                "org/dvm/core/pipeline/TransformPipelineTest", "log", "(Ljava/lang/String;)V", Value.of(text));
    }

    private static Object say(byte[] classFile) throws ReflectiveOperationException {
        Class<?> hello = new ClassLoader(TransformPipelineTest.class.getClassLoader()) {
            Class<?> define() {
                return defineClass("demo.Hello", classFile, 0, classFile.length);
            }
        }.define();
        return hello.getMethod("say").invoke(hello.getConstructor().newInstance());
    }

    @Test
    void theFingerprintDependsOnFiltersAndTheirOrder() {
        var a = replaceText("a", "b");
        var b = filter("b", (unit, context) -> {});

        assertThat(TransformPipeline.of(a, b).fingerprint())
                .isEqualTo(TransformPipeline.of(a).then(b).fingerprint())
                .isNotEqualTo(TransformPipeline.of(b, a).fingerprint())
                .isNotEqualTo(TransformPipeline.of(a).fingerprint())
                .matches("[0-9a-f]{64}");
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable fault) throws T {
        throw (T) fault;
    }
}
