package org.dvm.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.spi.ToolProvider;
import org.dvm.client.app.ConcurrentLoading;
import org.dvm.core.finding.LinkError;
import org.dvm.core.pipeline.ClassTransformer;
import org.dvm.core.pipeline.ClassUnit;
import org.dvm.core.pipeline.Services;
import org.dvm.core.pipeline.TransformContext;
import org.dvm.core.pipeline.TransformPipeline;
import org.dvm.core.pipeline.TransformResult;
import org.dvm.runtime.ProbedMethod;
import org.dvm.runtime.profile.Profile;
import org.dvm.testkit.ForkedJvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RewritingClassLoaderTest {
    private static final String WORKER = ConcurrentLoading.class.getName() + "$Worker";

    private static URL[] testClasses() throws Exception {
        return new URL[] {ForkedJvm.classesOf(ConcurrentLoading.class).toUri().toURL()};
    }

    /** A parent that has the runtime and nothing of the application. */
    private static ClassLoader runtimeOnly() {
        return new ClassLoader(ClassLoader.getPlatformClassLoader()) {
            @Override
            protected Class<?> findClass(String name) throws ClassNotFoundException {
                if (name.startsWith("org.dvm.runtime.")) {
                    return Profile.class.getClassLoader().loadClass(name);
                }
                throw new ClassNotFoundException(name);
            }
        };
    }

    @Test
    void classesRunThroughThePipeline() throws Exception {
        TransformPipeline pipeline = Services.load(RewritingClassLoaderTest.class.getClassLoader())
                .pipeline(List.of("profile"), Map.of("profile.spec", "**.call"));
        List<TransformResult> results = new ArrayList<>();
        try (RewritingClassLoader loader =
                new RewritingClassLoader(testClasses(), runtimeOnly(), pipeline, results::add)) {
            Object worker = loader.loadClass(WORKER).getConstructor().newInstance();
            ((Callable<?>) worker).call();
        }

        assertThat(Profile.snapshot()).containsEntry(new ProbedMethod(WORKER, "call", "()Ljava/lang/Integer;"), 1L);
        assertThat(results).extracting(TransformResult::className).contains(WORKER.replace('.', '/'));
    }

    @Test
    void classWhoseFilterFailsIsNotDefined() throws Exception {
        TransformPipeline pipeline = TransformPipeline.of(new Filter((unit, context) -> {
            throw new IllegalStateException("bug in a filter");
        }));
        try (RewritingClassLoader loader = new RewritingClassLoader(testClasses(), runtimeOnly(), pipeline)) {
            assertThatThrownBy(() -> loader.loadClass(WORKER))
                    .isInstanceOf(LinkageError.class)
                    .hasMessageContaining("bug in a filter");
        }
    }

    @Test
    void classThatIsNoneIsRefusedWithTheFindingsError(@TempDir Path directory) throws Exception {
        Files.write(directory.resolve("Broken.class"), new byte[] {1, 2, 3});
        try (RewritingClassLoader loader = new RewritingClassLoader(
                new URL[] {directory.toUri().toURL()}, runtimeOnly(), TransformPipeline.of())) {
            assertThatThrownBy(() -> loader.loadClass("Broken")).isInstanceOf(ClassFormatError.class);
        }
        assertThat(LinkError.CLASS_FORMAT.className()).isEqualTo("java/lang/ClassFormatError");
    }

    @Test
    void codeSourceAndPackageAreTheOriginals() throws Exception {
        try (RewritingClassLoader loader =
                new RewritingClassLoader(testClasses(), runtimeOnly(), TransformPipeline.of())) {
            Class<?> worker = loader.loadClass(WORKER);

            assertThat(worker.getPackage().getName()).isEqualTo("org.dvm.client.app");
            assertThat(worker.getProtectionDomain().getCodeSource()).isNotNull();
        }
    }

    /** Makes a jar of one class that says a text, as {@code acme.Text.toString()}. */
    private static void jar(Path jar, String className, String text, String... manifest) throws Exception {
        Path sources = Files.createTempDirectory(jar.toAbsolutePath().getParent(), "sources");
        Path source = sources.resolve(className + ".java");
        Files.writeString(
                source,
                "package acme; public class " + className + " { public String toString() { return \"" + text
                        + "\"; } }");
        Path classes = sources.resolve("classes");
        assertThat(ToolProvider.findFirst("javac")
                        .orElseThrow()
                        .run(System.out, System.err, "-d", classes.toString(), source.toString()))
                .isZero();
        Path lines = Files.write(sources.resolve("manifest"), List.of(manifest));
        assertThat(ToolProvider.findFirst("jar")
                        .orElseThrow()
                        .run(
                                System.out,
                                System.err,
                                "cfm",
                                jar.toString(),
                                lines.toString(),
                                "-C",
                                classes.toString(),
                                "."))
                .isZero();
    }

    private static String textOf(ClassLoader loader, String className) throws Exception {
        return loader.loadClass(className).getConstructor().newInstance().toString();
    }

    @Test
    void aJarThatWasReplacedIsReadAnewAndNoneStaysOpen(@TempDir Path directory) throws Exception {
        Path jar = directory.resolve("plugin.jar");
        for (String text : List.of("old", "new")) {
            jar(jar, "Text", text);
            try (RewritingClassLoader loader =
                    new RewritingClassLoader(new URL[] {jar.toUri().toURL()}, runtimeOnly(), TransformPipeline.of())) {
                assertThat(textOf(loader, "acme.Text")).isEqualTo(text);
            }
        }

        Path open = Path.of("/proc/self/fd");
        assumeThat(open).as("a system that lists open files").isDirectory();
        try (var files = Files.list(open)) {
            assertThat(files.map(RewritingClassLoaderTest::target)).doesNotContain(jar.toString());
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return ""; // that of the list itself
        }
    }

    @Test
    void aSealedPackageTakesNoClassFromAnotherJar(@TempDir Path directory) throws Exception {
        Path sealed = directory.resolve("sealed.jar");
        Path intruder = directory.resolve("intruder.jar");
        jar(sealed, "Text", "sealed", "Sealed: true");
        jar(intruder, "Intruder", "intruder");
        URL[] urls = {sealed.toUri().toURL(), intruder.toUri().toURL()};
        try (RewritingClassLoader loader = new RewritingClassLoader(urls, runtimeOnly(), TransformPipeline.of())) {
            assertThat(textOf(loader, "acme.Text")).isEqualTo("sealed");
            assertThatThrownBy(() -> loader.loadClass("acme.Intruder")).isInstanceOf(SecurityException.class);
        }
        try (RewritingClassLoader loader = new RewritingClassLoader(urls, runtimeOnly(), TransformPipeline.of())) {
            assertThat(textOf(loader, "acme.Intruder")).isEqualTo("intruder");
            assertThatThrownBy(() -> loader.loadClass("acme.Text")).isInstanceOf(SecurityException.class);
        }
    }

    private record Filter(Body body) implements ClassTransformer {
        interface Body {
            void transform(ClassUnit unit, TransformContext context);
        }

        @Override
        public String name() {
            return "test";
        }

        @Override
        public String fingerprint() {
            return "";
        }

        @Override
        public void transform(ClassUnit unit, TransformContext context) {
            body.transform(unit, context);
        }
    }
}
