package org.dvm.client.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import org.dvm.client.app.EverySort;
import org.dvm.core.classfile.FormatChecker;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.pipeline.ClassTransformer;
import org.dvm.core.pipeline.ClassUnit;
import org.dvm.core.pipeline.TransformContext;
import org.dvm.core.pipeline.TransformPipeline;
import org.dvm.core.pipeline.TransformResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RefusalTest {
    private static final TransformPipeline FAILING = TransformPipeline.of(new ClassTransformer() {
        @Override
        public String name() {
            return "failing";
        }

        @Override
        public String fingerprint() {
            return "";
        }

        @Override
        public void transform(ClassUnit unit, TransformContext context) {
            throw new IllegalStateException("no");
        }
    });

    private static byte[] bytesOf(String className) throws IOException {
        try (InputStream in =
                RefusalTest.class.getClassLoader().getResourceAsStream(className.replace('.', '/') + ".class")) {
            return in.readAllBytes();
        }
    }

    private static final class Loader extends ClassLoader {
        Class<?> define(String name, byte[] bytes) {
            return defineClass(name, bytes, 0, bytes.length);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "$Named", "$Letter", "$Pair", "$Derived"})
    void standInHasTheMembersAndKeepsTheFormat(String suffix) throws Exception {
        byte[] original = bytesOf(EverySort.class.getName() + suffix);
        byte[] standIn = Refusal.classFile(original, FAILING.process(original));

        RawClass raw = RawClass.parse(standIn);
        assertThat(FormatChecker.check(raw)).isEmpty();
        assertThat(raw.className()).isEqualTo(RawClass.parse(original).className());
        assertThat(raw.fieldCount()).isEqualTo(RawClass.parse(original).fieldCount());
    }

    @Test
    void standInThrowsWhateverIsDone() throws Exception {
        byte[] original = bytesOf(EverySort.class.getName());
        TransformResult failed = FAILING.process(original);
        Class<?> standIn = new Loader().define(EverySort.class.getName(), Refusal.classFile(original, failed));

        assertThatThrownBy(() -> standIn.getMethod("main", String[].class).invoke(null, (Object) new String[0]))
                .satisfiesAnyOf(
                        thrown -> assertThat(thrown).isInstanceOf(LinkageError.class),
                        thrown -> assertThat(thrown)
                                .isInstanceOf(InvocationTargetException.class)
                                .hasCauseInstanceOf(LinkageError.class));
    }

    @Test
    void inputThatIsNoClassStaysNone() {
        byte[] garbage = {1, 2, 3};

        byte[] standIn = Refusal.classFile(garbage, FAILING.process(garbage));

        assertThatThrownBy(() -> new Loader().define("x", standIn)).isInstanceOf(ClassFormatError.class);
    }
}
