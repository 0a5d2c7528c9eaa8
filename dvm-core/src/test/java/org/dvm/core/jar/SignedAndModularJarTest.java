package org.dvm.core.jar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dvm.core.testing.Archives.entries;
import static org.dvm.core.testing.Archives.unzip;
import static org.dvm.core.testing.Archives.zip;
import static org.dvm.core.testing.TestFilters.filter;
import static org.dvm.core.testing.TestFilters.replaceText;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertPath;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.ZipFile;
import jdk.security.jarsigner.JarSigner;
import org.dvm.core.finding.Finding;
import org.dvm.core.jar.RewriteReport.Outcome;
import org.dvm.core.pipeline.TransformPipeline;
import org.dvm.core.testing.JavaSources;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignedAndModularJarTest {
    private static final byte[] HELLO = JavaSources.compileOne(
            "demo/Hello.java",
            "package demo; public class Hello { public static void main(String[] a) {"
                    + " System.out.println(\"hello \" + Hello.class.getModule().isNamed()); } }");
    private static final TransformPipeline SHOUT = TransformPipeline.of(replaceText("hello", "HELLO"));
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    static Path keys;

    @TempDir
    Path temp;

    @BeforeAll
    static void makeKey() throws Exception {
        run(
                "keytool",
                "-genkeypair",
                "-alias",
                "dvm",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=DVM test",
                "-keystore",
                keys.resolve("keys.p12").toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD));
    }

    @Test
    void signaturesOfAChangedJarAreDroppedAndSaid() throws Exception {
        Path jar = signed(entries(
                "META-INF/MANIFEST.MF",
                "Manifest-Version: 1.0\r\nMain-Class: demo.Hello\r\n\r\nName: demo/\r\nSealed: true\r\n\r\n",
                "demo/Hello.class",
                HELLO,
                "text.txt",
                "text"));
        Path out = temp.resolve("out.jar");
        RewriteReport report = Rewriter.of(SHOUT).rewrite(jar, out);

        assertThat(report.outcome()).isEqualTo(Outcome.REWRITTEN);
        assertThat(report.signaturesDropped()).containsExactlyInAnyOrder("META-INF/DVM.SF", "META-INF/DVM.EC");
        assertThat(report.findings()).extracting(Finding::rule).containsExactly(ArchiveRule.SIGNATURES_DROPPED);
        assertThat(unzip(out).keySet())
                .containsExactlyInAnyOrder("META-INF/MANIFEST.MF", "demo/Hello.class", "text.txt");
        assertThat(unzip(out).get("META-INF/MANIFEST.MF"))
                .asString(StandardCharsets.UTF_8)
                .contains("Main-Class: demo.Hello", "Name: demo/", "Sealed: true")
                .doesNotContain("Digest", "text.txt");
        assertThat(signers(out, "demo/Hello.class")).isZero();
        assertThat(run("java", "-jar", out.toString())).isEqualTo("HELLO false");
    }

    @Test
    void aSignedJarInWhichNothingChangesStaysSigned() throws Exception {
        Path jar = signed(entries("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\r\n\r\n", "demo/Hello.class", HELLO));
        Path out = temp.resolve("out.jar");
        RewriteReport report = Rewriter.of(TransformPipeline.of()).rewrite(jar, out);

        assertThat(report.outcome()).isEqualTo(Outcome.UNCHANGED);
        assertThat(report.signaturesDropped()).isEmpty();
        assertThat(signers(out, "demo/Hello.class")).isEqualTo(1);
    }

    @Test
    void aSignedJarWithBytesInFrontIsNormalizedAndStaysSigned() throws Exception {
        Path jar = signed(entries("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\r\n\r\n", "demo/Hello.class", HELLO));
        byte[] signed = Files.readAllBytes(jar);
        try (OutputStream out = Files.newOutputStream(jar)) {
            out.write("some bytes in front".getBytes(StandardCharsets.UTF_8));
            out.write(signed);
        }
        Path out = temp.resolve("out.jar");
        RewriteReport report = Rewriter.of(TransformPipeline.of()).rewrite(jar, out);

        assertThat(report.findings())
                .extracting(Finding::rule)
                .containsExactly(ArchiveRule.PREAMBLE_DROPPED, ArchiveRule.NORMALIZED);
        assertThat(signers(out, "demo/Hello.class")).isEqualTo(1);
    }

    @Test
    void digestsGoAndEverythingElseOfAManifestStays() {
        String manifest = "Manifest-Version: 1.0\nLong: a\n b\n\nName: x\nSHA-256-Digest: 12\n 34\n\n"
                + "Name: y\nSHA-1-Digest: 1\nKept: 2\n\nName: z\nOther: 3\n\n";
        assertThat(new String(
                        Manifests.withoutDigests(manifest.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8))
                .isEqualTo("Manifest-Version: 1.0\nLong: a\n b\n\nName: y\nKept: 2\n\nName: z\nOther: 3\n\n");
    }

    @Test
    void aModuleThatRefersToTheRuntimeRequiresItAndRuns() throws Exception {
        Map<String, byte[]> runtime = JavaSources.compile(
                Map.of(
                        "module-info.java",
                        "module org.dvm.runtime { exports org.dvm.runtime.test; }",
                        "org/dvm/runtime/test/Counter.java",
                        "package org.dvm.runtime.test; public class Counter { public static String count() { return \"counted\"; } }"));
        Path runtimeJar = Files.write(temp.resolve("runtime.jar"), zip(runtime));
        Path runtimeClasses = temp.resolve("runtime");
        JavaSources.write(runtimeClasses, runtime);
        byte[] instrumented = JavaSources.compile(
                        Map.of(
                                "demo/Hello.java",
                                "package demo; public class Hello { public static void main(String[] a) {"
                                        + " System.out.println(org.dvm.runtime.test.Counter.count()); } }"),
                        "-classpath",
                        runtimeClasses.toString())
                .getOrDefault("demo/Hello.class", new byte[0]);
        Map<String, byte[]> module = new TreeMap<>(JavaSources.compile(Map.of(
                "module-info.java", "module demo { requires java.logging; exports demo; }",
                "demo/Hello.java", "package demo; public class Hello {}")));
        Path jar = Files.write(temp.resolve("in.jar"), zip(module));
        Path out = temp.resolve("out.jar");
        RewriteReport report = Rewriter.of(
                        TransformPipeline.of(filter("count", (unit, context) -> context.replaceClass(instrumented))))
                .rewrite(jar, out);

        assertThat(report.moduleExtended()).isTrue();
        ModuleDescriptor descriptor = descriptor(out);
        assertThat(descriptor.requires())
                .extracting(ModuleDescriptor.Requires::name)
                .containsExactlyInAnyOrder("java.base", "java.logging", "org.dvm.runtime");
        assertThat(descriptor.exports()).hasSize(1);
        assertThat(run(
                        "java",
                        "-Xverify:all",
                        "-p",
                        out + java.io.File.pathSeparator + runtimeJar,
                        "-m",
                        "demo/demo.Hello"))
                .isEqualTo("counted");

        RewriteReport again = Rewriter.of(TransformPipeline.of(
                        filter("count", (unit, context) -> context.replaceClass(instrumented.clone()))))
                .rewrite(out, temp.resolve("again.jar"));
        assertThat(again.moduleExtended()).isFalse();
    }

    @Test
    void aModuleThatDoesNotReferToTheRuntimeKeepsItsDescriptor() throws IOException {
        Map<String, byte[]> module = JavaSources.compile(Map.of("module-info.java", "module demo {}"));
        module.put("demo/Hello.class", HELLO);
        Path jar = Files.write(temp.resolve("in.jar"), zip(module));
        Path out = temp.resolve("out.jar");
        RewriteReport report = Rewriter.of(SHOUT).rewrite(jar, out);

        assertThat(report.moduleExtended()).isFalse();
        assertThat(unzip(out).get("module-info.class")).isEqualTo(module.get("module-info.class"));
    }

    private static ModuleDescriptor descriptor(Path jar) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile());
                var in = zip.getInputStream(zip.getEntry("module-info.class"))) {
            return ModuleDescriptor.read(in);
        }
    }

    private static int signers(Path jar, String entry) throws IOException {
        try (JarFile file = new JarFile(jar.toFile(), true)) {
            JarEntry read = file.getJarEntry(entry);
            try (var in = file.getInputStream(read)) {
                in.readAllBytes();
            }
            return read.getCodeSigners() == null ? 0 : read.getCodeSigners().length;
        }
    }

    private Path signed(Map<String, byte[]> entries) throws Exception {
        Path plain = Files.write(temp.resolve("plain.jar"), zip(entries));
        Path signed = temp.resolve("in.jar");
        KeyStore store = KeyStore.getInstance(keys.resolve("keys.p12").toFile(), PASSWORD);
        CertPath path = CertificateFactory.getInstance("X.509").generateCertPath(List.of(store.getCertificate("dvm")));
        JarSigner signer = new JarSigner.Builder((PrivateKey) store.getKey("dvm", PASSWORD), path)
                .signerName("DVM")
                .build();
        try (ZipFile zip = new ZipFile(plain.toFile());
                OutputStream out = Files.newOutputStream(signed)) {
            signer.sign(zip, out);
        }
        return signed;
    }

    /** Runs a tool of the running JDK and returns what it prints, stripped. */
    private static String run(String tool, String... arguments) throws Exception {
        List<String> command = new java.util.ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", tool).toString());
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }
}
