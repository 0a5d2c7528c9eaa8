package org.dvm.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.pipeline.TransformPipeline;
import org.dvm.core.pipeline.TransformResult;
import org.dvm.core.pipeline.TransformResult.Status;
import org.dvm.core.repository.ClassRepository;
import org.dvm.testkit.assembly.Bytes;
import org.dvm.testkit.assembly.ClassAssembler;
import org.dvm.verifier.VerifyFilter.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A class that breaks the format is replaced as far as it can be read, so that its users hear why. */
class MalformedStandInTest {
    private static final String SOURCE = "app.jar!/META-INF/versions/11/demo/Broken.class";

    private static ClassAssembler assembler() {
        ClassAssembler assembler = new ClassAssembler("demo/Broken");
        assembler.implement(assembler.classConstant("java/lang/Runnable"));
        assembler.field(1, "field", "I");
        assembler.method(1, "run", "()V", assembler.code(0, 1, Bytes.of().u1(0xb1)));
        assembler.method(9, "main", "()V", assembler.code(0, 0, Bytes.of().u1(0xb1)));
        return assembler;
    }

    private static byte[] changed(UnaryOperator<ClassAssembler> change) {
        return change.apply(assembler()).toBytes();
    }

    static Stream<Arguments> malformed() {
        byte[] sound = assembler().toBytes();
        byte[] noConstants = sound.clone();
        noConstants[10] = 99;
        byte[] future = sound.clone();
        future[6] = 9;
        return Stream.of(
                Arguments.argumentSet(
                        "flags that exclude each other", changed(a -> a.flags(0x0411 | 0x0200)), 2, "ClassFormatError"),
                Arguments.argumentSet("final and abstract", changed(a -> a.flags(0x0431)), 3, "ClassFormatError"),
                Arguments.argumentSet(
                        "a bad descriptor", changed(a -> a.field(1, "other", "Q")), 3, "ClassFormatError"),
                Arguments.argumentSet(
                        "a method without code", changed(a -> a.method(1, "other", "()V")), 4, "ClassFormatError"),
                Arguments.argumentSet("a field twice", changed(a -> a.field(1, "field", "I")), 0, "ClassFormatError"),
                Arguments.argumentSet("an unknown version", future, 3, "UnsupportedClassVersionError"),
                Arguments.argumentSet("no superclass", changed(a -> a.superClass(0)), 3, "ClassFormatError"),
                Arguments.argumentSet(
                        "bytes behind the end", Arrays.copyOf(sound, sound.length + 1), 0, "ClassFormatError"),
                Arguments.argumentSet("truncated", Arrays.copyOf(sound, sound.length - 5), 0, "ClassFormatError"),
                Arguments.argumentSet("an unknown constant", noConstants, 0, "ClassFormatError"),
                Arguments.argumentSet(
                        "text", "no class at all".getBytes(StandardCharsets.UTF_8), 0, "ClassFormatError"),
                Arguments.argumentSet("nothing", new byte[0], 0, "ClassFormatError"));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void raisesTheErrorWhenInitialized(byte[] bytes, int members, String error) throws Exception {
        TransformResult result = process(bytes, SOURCE);

        assertThat(result.status()).isEqualTo(Status.REPLACED);
        RawClass raw = RawClass.parse(result.output());
        assertThat(raw.className()).isEqualTo("demo/Broken");
        assertThat(raw.fieldCount() + raw.methodCount() - 1).isEqualTo(members);
        Class<?> type = new Loader().define(result.output());
        assertThatThrownBy(() -> Class.forName("demo.Broken", true, type.getClassLoader()))
                .isInstanceOf(LinkageError.class)
                .satisfies(
                        thrown -> assertThat(thrown.getClass().getSimpleName()).isEqualTo(error))
                .hasMessageContaining("[JVMS 4");
    }

    private static TransformResult process(byte[] bytes, String source) {
        return TransformPipeline.of(new VerifyFilter(World.OPEN)).process(bytes, source, ClassRepository.EMPTY);
    }

    @Test
    void failsWhereNothingTellsTheName() {
        assertThat(process(new byte[] {1, 2, 3}, "app.jar").status()).isEqualTo(Status.FAILED);
    }

    @Test
    void leavesModuleDescriptorsAlone() {
        assertThat(process(new byte[] {1, 2, 3}, "app.jar!/module-info.class").status())
                .isEqualTo(Status.FAILED);
    }

    private static final class Loader extends ClassLoader {
        Class<?> define(byte[] bytes) {
            return defineClass("demo.Broken", bytes, 0, bytes.length);
        }
    }
}
