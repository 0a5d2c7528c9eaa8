package org.dvm.jmh.verification;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.dvm.core.jar.RewriteReport;
import org.dvm.core.jar.Rewriter;
import org.dvm.core.pipeline.TransformPipeline;
import org.dvm.core.repository.ClassRepositories;
import org.dvm.jmh.verification.ApplicationRun.Repetition;
import org.dvm.verifier.VerifyFilter;
import org.dvm.verifier.VerifyFilter.World;

/** An application as it was and made self-verifying, with the JVM's verifier on and off. */
final class Variants implements AutoCloseable {
    private static final String ON = "-XX:+BytecodeVerificationRemote";
    private static final String OFF = "-XX:-BytecodeVerificationRemote";

    /** How an application runs. */
    enum Variant {
        UNVERIFIED(OFF),
        ORIGINAL(ON),
        /** The same once more: shows what the machine does to a ratio of equals. */
        ORIGINAL_AGAIN(ON),
        SELF_VERIFYING(OFF),
        SELF_VERIFYING_AND_VERIFIED(ON),
        /** Made self-verifying without knowledge of any other class. */
        SELF_VERIFYING_OPEN(OFF);

        private final String verification;

        Variant(String verification) {
            this.verification = verification;
        }
    }

    private final Application application;
    private final Path directory;
    private final List<Path> original;
    private final List<Path> known;
    private final List<Path> open;

    /** Rewrites an application into a temporary directory. */
    Variants(Application application) throws IOException {
        this.application = application;
        this.directory = Files.createTempDirectory("dvm-bench");
        this.original = new ArrayList<>();
        for (Path jar : application.jars()) {
            original.add(unsigned(jar));
        }
        this.known = rewritten(World.KNOWN);
        this.open = rewritten(World.OPEN);
    }

    /** Copies a jar without its signature, which costs the JVM time and which rewritten classes don't have. */
    private Path unsigned(Path jar) throws IOException {
        Path copy = directory.resolve(jar.getFileName());
        if (Files.isDirectory(jar)) {
            return jar;
        }
        try (JarFile in = new JarFile(jar.toFile(), false)) {
            Manifest manifest = in.getManifest();
            manifest.getEntries().clear();
            try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(copy), manifest)) {
                for (JarEntry entry : in.stream().toList()) {
                    String name = entry.getName();
                    if (!name.matches("META-INF/(MANIFEST\\.MF|[^/]*\\.(SF|RSA|DSA|EC))")) {
                        out.putNextEntry(new JarEntry(name));
                        in.getInputStream(entry).transferTo(out);
                    }
                }
            }
        }
        return copy;
    }

    private List<Path> rewritten(World world) throws IOException {
        List<Path> rewritten = new ArrayList<>();
        try (ClassRepositories classes =
                ClassRepositories.of(ClassRepositories.classPath(Classpath.all()), ClassRepositories.runningJdk())) {
            Rewriter rewriter =
                    Rewriter.of(TransformPipeline.of(new VerifyFilter(world))).withClasses(classes);
            for (Path jar : original) {
                Path out = directory.resolve(world + "-" + jar.getFileName());
                RewriteReport report = rewriter.rewrite(jar, out);
                if (report.outcome() != RewriteReport.Outcome.REWRITTEN) {
                    throw new IOException(jar + ": " + report.outcome() + " " + report.findings());
                }
                rewritten.add(out);
            }
        }
        return rewritten;
    }

    private List<Path> jars(Variant variant) {
        return switch (variant) {
            case UNVERIFIED, ORIGINAL, ORIGINAL_AGAIN -> original;
            case SELF_VERIFYING, SELF_VERIFYING_AND_VERIFIED -> known;
            case SELF_VERIFYING_OPEN -> open;
        };
    }

    /** Runs variants in turns; in every other round in the reverse order. */
    Map<Variant, ApplicationRun[]> run(List<Variant> variants, int rounds, Repetition repetition) {
        Map<Variant, ApplicationRun[]> runs = new EnumMap<>(Variant.class);
        variants.forEach(each -> runs.put(each, new ApplicationRun[rounds]));
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < variants.size(); i++) {
                Variant variant = variants.get(round % 2 == 0 ? i : variants.size() - 1 - i);
                Objects.requireNonNull(runs.get(variant))[round] =
                        ApplicationRun.of(application, jars(variant), variant.verification, repetition);
            }
        }
        return runs;
    }

    @Override
    public void close() throws IOException {
        ApplicationRun.delete(directory);
    }
}
