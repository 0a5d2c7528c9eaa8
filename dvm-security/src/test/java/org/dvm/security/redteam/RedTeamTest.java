package org.dvm.security.redteam;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.dvm.runtime.security.EnforcementManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Attack programs and benign ones, run by a trusted host in forked JVMs of the running JDK. The programs are sources in
 * {@code src/test/redteam}; an attack that doesn't succeed on a plain JVM proves nothing and fails its test.
 */
class RedTeamTest {
    /** Attacks by a plugin that may do nothing; those that a plain JVM has nothing to show for come last. */
    private static final List<String> ATTACKS = List.of(
            "FileAttacks",
            "OtherAttacks",
            "TamperAttacks",
            "ObjectAttacks",
            "DeputyAttacks",
            "RouteAttacks",
            "ApplicationAttacks",
            "EscapeAttacks",
            "DeferredAttacks");

    /** Succeeds nowhere: what it asks for twice is answered by the same snapshot on a plain JVM, too. */
    private static final String SNAPSHOT_ANYWAY = "TamperAttacks.lyingFile";

    /** How the names of the jars begin that benign programs use. */
    private static final List<String> LIBRARIES =
            List.of("h2-", "hsqldb-", "jackson-", "junit-", "opentest4j-", "apiguardian-", "jspecify-");

    private static final Path SOURCES = Path.of(System.getProperty("dvm.root"), "dvm-security/src/test/redteam");

    @TempDir
    private static Path directory;

    @BeforeAll
    static void build() throws IOException {
        Path host = Files.createDirectories(directory.resolve("redteam-host"));
        copyClasses(host, "Host");
        copyClasses(host, "HostObjects");
        copyClasses(host, "HostHandedOut");
        copyClasses(host, "HostOperations");
        copyClasses(host, "HostUses");
        Path runtime = location(EnforcementManager.class);
        if (Files.isDirectory(runtime)) {
            jar(directory.resolve("runtime.jar"), new Manifest(), runtime);
        } else {
            Files.copy(runtime, directory.resolve("runtime.jar"));
        }
        Path agent = Files.createDirectories(directory.resolve("agent"));
        copyClasses(agent, "TestAgent");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", TestAgent.class.getName());
        manifest.getMainAttributes().putValue("Can-Retransform-Classes", "true");
        manifest.getMainAttributes().putValue("Can-Redefine-Classes", "true");
        jar(directory.resolve("agent.jar"), manifest, agent);
        List<String> attacks = new ArrayList<>(ATTACKS);
        attacks.addAll(List.of("ManagerAttacks", "ExitAttacks"));
        compile("redteam-attacks", attacks);
        compile("redteam-resident", List.of("ResidentAttacks"));
        compile("redteam-maker", List.of("MakerAttacks", "p/Packed"));
        compile("redteam-benign", List.of("Benign", "BenignLibraries"));
        copyLibraries();
    }

    @Test
    void everyAttackSucceedsOnAPlainJvm() throws Exception {
        Map<String, String> results = run(List.of(), "redteam-attacks", ATTACKS);
        results.putAll(run(List.of(), "redteam-resident", List.of("ResidentAttacks")));
        results.putAll(run(List.of(), "redteam-maker", List.of("MakerAttacks")));

        assertThat(results).hasSizeGreaterThan(520);
        results.remove(SNAPSHOT_ANYWAY);
        assertThat(results).allSatisfy((name, result) -> assertThat(result).isEqualTo("OK"));
    }

    @Test
    void everyAttackIsDenied() throws Exception {
        List<String> all = new ArrayList<>(ATTACKS);
        all.addAll(List.of("ManagerAttacks", "ExitAttacks"));

        Map<String, String> results = run(guarded(), "redteam-attacks", all);

        assertThat(results).hasSizeGreaterThan(490);
        assertDenied(results);
    }

    @Test
    void aPluginWithADirectoryAndAPortDoesNotGetBeyondThem() throws Exception {
        Map<String, String> results = run(guarded(), "redteam-resident", List.of("ResidentAttacks"));

        assertThat(results).hasSizeGreaterThan(40);
        assertDenied(results);
    }

    @Test
    void aPluginThatMayMakeClassesDoesNotMakeThemSomebodyElses() throws Exception {
        Map<String, String> results = run(guarded(), "redteam-maker", List.of("MakerAttacks"));

        assertThat(results).hasSizeGreaterThan(30);
        assertDenied(results);
    }

    private static void assertDenied(Map<String, String> results) {
        assertThat(results).allSatisfy((name, result) -> assertThat(result).startsWith("NO"));
        Map<String, String> accidents = new TreeMap<>(results);
        // An attack may have caught the denial itself.
        accidents.values().removeIf(result -> result.contains("AccessDeniedException") || result.equals("NO false"));
        assertThat(accidents).as("what is no denial").hasSizeLessThan(5);
    }

    @Test
    void everyBenignProgramWorks() throws Exception {
        Map<String, String> results = run(guarded(), "redteam-benign", List.of("Benign", "BenignLibraries"));

        assertThat(results).hasSizeGreaterThan(75);
        assertThat(results).allSatisfy((name, result) -> assertThat(result).isEqualTo("OK"));
    }

    @Test
    void everyOperationIsGuardedInTheClassesThatTheJvmRuns() throws Exception {
        List<String> options = new ArrayList<>(guarded());
        options.add("-Dredteam.coverage=true");

        Map<String, String> results = run(options, "redteam-attacks", List.of());

        String guarded = results.remove("coverage.guarded");
        assertThat(results).as("operations without a check").isEmpty();
        assertThat(Integer.parseInt(guarded)).isGreaterThan(1_500);
    }

    @Test
    @Tag("slow")
    void everyExitAttackEndsAPlainJvm() throws Exception {
        for (String attack : List.of("exit", "runtimeExit", "halt", "methodRef", "reflection", "inThread")) {
            Process process = start(List.of(), "redteam-attacks", List.of("ExitAttacks#" + attack));
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(attack).isEqualTo(42);
        }
    }

    private static List<String> guarded() {
        String classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .reduce((a, b) -> a + File.pathSeparator + b)
                .orElseThrow();
        return List.of("-javaagent:" + directory.resolve("agent.jar") + "=" + directory.resolve("runtime.jar") + "|"
                + classPath + "|" + SOURCES.resolve("policy.xml") + "|enforcing");
    }

    private static Map<String, String> run(List<String> options, String plugin, List<String> classes) throws Exception {
        Process process = start(options, plugin, classes);
        Map<String, String> results = new TreeMap<>();
        List<String> output = new ArrayList<>();
        process.inputReader().lines().forEach(line -> {
            output.add(line);
            int at = line.indexOf("RESULT ");
            if (at >= 0) {
                String[] parts = line.substring(at).split(" ", 3);
                results.put(parts[1], parts[2]);
            }
        });
        assertThat(process.waitFor(300, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as("%s", output).isZero();
        return results;
    }

    private static Process start(List<String> options, String plugin, List<String> classes) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-Djava.awt.headless=true",
                "-Djava.io.tmpdir=" + Files.createDirectories(directory.resolve("tmp")),
                "-Dredteam.number=7",
                "-Dredteam.flag=true"));
        command.addAll(options);
        command.addAll(
                List.of("-cp", directory.resolve("redteam-host").toString(), Host.class.getName(), classPath(plugin)));
        command.addAll(classes);
        return new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
    }

    /** Puts what benign programs use into a directory of its own, so that it isn't the host's. */
    private static void copyLibraries() throws IOException {
        Path libraries = Files.createDirectories(directory.resolve("redteam-lib"));
        for (String element : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            String name = Path.of(element).getFileName().toString();
            if (LIBRARIES.stream().anyMatch(name::startsWith) && name.endsWith(".jar")) {
                Files.copy(Path.of(element), libraries.resolve(name));
            }
        }
    }

    /** Returns the class path of a plugin: its classes and the libraries. */
    private static String classPath(String plugin) throws IOException {
        try (Stream<Path> libraries = Files.list(directory.resolve("redteam-lib"))) {
            return Stream.concat(Stream.of(directory.resolve(plugin)), libraries.sorted())
                    .map(Path::toString)
                    .collect(Collectors.joining(File.pathSeparator));
        }
    }

    private static Path location(Class<?> type) {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
    }

    private static void compile(String plugin, List<String> classes) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "-nowarn",
                "-proc:none",
                "-XDignore.symbol.file",
                "-d",
                Files.createDirectories(directory.resolve(plugin)).toString(),
                "-cp",
                directory.resolve("redteam-host") + File.pathSeparator + System.getProperty("java.class.path")));
        for (String name : classes) {
            arguments.add(SOURCES.resolve(name + ".java").toString());
        }
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        int status =
                ToolProvider.getSystemJavaCompiler().run(null, messages, messages, arguments.toArray(new String[0]));
        assertThat(status)
                .as("compiling %s: %s", plugin, messages.toString(StandardCharsets.UTF_8))
                .isZero();
    }

    /** Copies a class of this package and its nested classes. */
    private static void copyClasses(Path target, String name) throws IOException {
        Path packages = Path.of("org/dvm/security/redteam");
        Files.createDirectories(target.resolve(packages));
        try (Stream<Path> files = Files.list(location(RedTeamTest.class).resolve(packages))) {
            for (Path file : files.toList()) {
                String fileName = file.getFileName().toString();
                if (fileName.equals(name + ".class") || fileName.startsWith(name + "$")) {
                    Files.copy(file, target.resolve(packages).resolve(fileName));
                }
            }
        }
    }

    private static void jar(Path jar, Manifest manifest, Path classes) throws IOException {
        manifest.getMainAttributes().putIfAbsent(Attributes.Name.MANIFEST_VERSION, "1.0");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = classes.relativize(file).toString().replace(File.separatorChar, '/');
                if (!name.startsWith("META-INF/")) {
                    out.putNextEntry(new JarEntry(name));
                    Files.copy(file, out);
                }
            }
        }
    }
}
