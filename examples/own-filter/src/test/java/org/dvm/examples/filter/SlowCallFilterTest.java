package org.dvm.examples.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dvm.core.pipeline.Note;
import org.dvm.core.pipeline.Services;
import org.dvm.core.pipeline.TransformPipeline;
import org.dvm.core.pipeline.TransformResult;
import org.dvm.core.repository.ClassRepository;
import org.junit.jupiter.api.Test;

class SlowCallFilterTest {
    private static final String METHOD = "org/dvm/examples/filter/Sleeper.accept";

    @Test
    void slowCallsAreToldAndQuickOnesAreNot() throws Exception {
        TransformPipeline pipeline = Services.load(getClass().getClassLoader())
                .pipeline(List.of("slow"), Map.of("slow.classes", "org.dvm.examples", "slow.millis", "40"));
        TransformResult result = pipeline.process(classFile(), "", ClassRepository.EMPTY);
        LongConsumer sleeper =
                (LongConsumer) define(result.output()).getConstructor().newInstance();

        sleeper.accept(0);
        assertThatThrownBy(() -> sleeper.accept(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(SlowCalls.longest()).doesNotContainKey(METHOD);
        sleeper.accept(50);
        assertThat(SlowCalls.longest()).containsKey(METHOD);
        assertThat(result.trail()).containsExactly(new Note("slow", "times 1 methods"));
    }

    @Test
    void otherClassesAreUntouched() throws IOException {
        byte[] classFile = classFile();
        TransformPipeline pipeline = TransformPipeline.of(new SlowCallFilter("com/acme/", 1));
        assertThat(pipeline.process(classFile).output()).isSameAs(classFile);
    }

    @Test
    void unknownOptionsAreRefused() {
        assertThatThrownBy(() -> new SlowCallService().transformer(Map.of("milis", "3")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("milis");
    }

    @Test
    void theGuideShowsThisCode() throws IOException {
        Path root = Path.of(System.getProperty("dvm.root"));
        String guide = Files.readString(root.resolve("docs/write-your-own-filter.md"));
        StringBuilder code = new StringBuilder();
        try (var files = Files.walk(root.resolve("examples/own-filter/src"))) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                code.append(squeezed(Files.readString(file, StandardCharsets.UTF_8)));
            }
        }
        Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(guide);
        int blocks = 0;
        while (block.find()) {
            assertThat(code.toString()).contains(squeezed(block.group(1)));
            blocks++;
        }
        assertThat(blocks).isPositive();
    }

    private static String squeezed(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }

    private static byte[] classFile() throws IOException {
        try (var in = Sleeper.class.getResourceAsStream("Sleeper.class")) {
            return in.readAllBytes();
        }
    }

    private static Class<?> define(byte[] classFile) {
        return new ClassLoader(SlowCallFilterTest.class.getClassLoader()) {
            Class<?> define() {
                return defineClass(Sleeper.class.getName(), classFile, 0, classFile.length);
            }
        }.define();
    }
}
