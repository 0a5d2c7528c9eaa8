package org.dvm.jmh.security;

import static java.util.Objects.requireNonNull;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import org.dvm.client.AgentJar;
import org.jspecify.annotations.Nullable;

/** What the benchmark's JVMs are started with: agents, policies and files, in a directory of its own. */
final class Setup {
    private static final List<String> AGENT_PARTS =
            List.of("dvm-client", "dvm-runtime", "dvm-core", "dvm-security", "proguard-core", "slf4j-api", "commons-");

    private final Path directory;
    private final List<Path> classPath = Arrays.stream(
                    System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .filter(element -> !element.isEmpty())
            .map(element -> Path.of(element).toAbsolutePath())
            .toList();

    Setup(Path directory) throws IOException {
        this.directory = directory.toRealPath();
        Files.write(Files.createDirectories(file().getParent()).resolve("data"), new byte[100]);
        AgentJar.assemble(
                agent(), classPath.stream().filter(Setup::belongsToAgent).toList());
    }

    private static boolean belongsToAgent(Path element) {
        String path = element.toString();
        return AGENT_PARTS.stream().anyMatch(path::contains);
    }

    Path agent() {
        return directory.resolve("dvm-agent.jar");
    }

    /** Returns the file that the operations open. */
    Path file() {
        return directory.resolve("files").resolve("data");
    }

    /** Returns the class path of the workers: this module's own classes and nothing else. */
    String workerClassPath() {
        return classPath.stream()
                .filter(element -> element.toString().contains("dvm-jmh"))
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Returns the class path of forked JVMs that use the library themselves. */
    String wholeClassPath() {
        return classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    /** Returns the options of the contenders of a JDK, by name; the first has no checks. */
    Map<String, List<String>> contenders(Path java, int release) throws IOException {
        Map<String, List<String>> contenders = new LinkedHashMap<>();
        contenders.put("unchecked", List.of());
        contenders.put("dvm", List.of(agentOption(write("named.xml", policy("bench", "")), "none")));
        contenders.put(
                "dvm, uniform",
                List.of(agentOption(
                        write(
                                "uniform.xml",
                                policy(
                                        "bench",
                                        "<allow subject='bench' permissions='property.read file.open.read file.read"
                                                + " file.channel file.attr.read'/>")),
                        "none")));
        if (release < 24) {
            Path file = write("manager.policy", """
                    grant {
                      permission java.util.PropertyPermission "dvm.bench.*", "read";
                      permission java.io.FilePermission "%s/-", "read";
                      permission java.lang.management.ManagementPermission "monitor";
                      permission java.lang.RuntimePermission "*";
                    };
                    """.formatted(file().getParent()));
            contenders.put("Security Manager", List.of("-Djava.security.manager", "-Djava.security.policy==" + file));
        }
        if (release >= 21) {
            Path agent = openSearchAgent();
            if (agent != null) {
                contenders.put("OpenSearch agent", List.of("-javaagent:" + agent, "-Ddvm.bench.opensearch=true"));
            }
        }
        return contenders;
    }

    String agentOption(Path policy, String cache) {
        return "-javaagent:" + agent() + "=services=security,security.policy=" + policy + ",security.cache=" + cache;
    }

    /** Returns a policy with the operations' code as a subject. */
    String policy(String subject, String more) {
        return String.format(Locale.ROOT, """
                <policy xmlns="urn:dvm:policy:1" name="bench">
                  <include href="standard:plugin-host"/>
                  <subject name="bench" extends="basic"/>
                  <object name="names"/>
                  <property name="dvm.bench.*" object="names"/>
                  <object name="data"/>
                  <file path="%s/**" object="data"/>
                  <allow subject="bench" object="names" permissions="property.read"/>
                  <allow subject="bench" object="data" permissions="file.*"/>
                  %s
                  <code subject="%s" package="org.dvm.jmh.security.guarded"/>
                  <code subject="host" package="org.dvm.jmh.security"/>
                </policy>
                """, file().getParent(), more, subject);
    }

    /** Puts OpenSearch's agent beside what its manifest names; null if it isn't on the class path. */
    private @Nullable Path openSearchAgent() throws IOException {
        Map<String, Path> jars = new TreeMap<>();
        for (Path element : classPath) {
            String name = String.valueOf(element.getFileName());
            for (String wanted : List.of("opensearch-agent-bootstrap", "opensearch-agent", "byte-buddy")) {
                if (name.startsWith(wanted) && name.endsWith(".jar")) {
                    jars.putIfAbsent(wanted, element);
                    break;
                }
            }
        }
        Path agent = jars.get("opensearch-agent");
        if (agent == null || jars.size() < 3) {
            return null;
        }
        List<String> needed = new ArrayList<>();
        try (JarFile jar = new JarFile(agent.toFile())) {
            Manifest manifest = jar.getManifest();
            needed.addAll(List.of(manifest.getMainAttributes()
                    .getValue("Boot-Class-Path")
                    .trim()
                    .split(" +")));
        }
        for (String name : needed) {
            Path from = jars.get(name.startsWith("byte-buddy") ? "byte-buddy" : "opensearch-agent-bootstrap");
            Files.copy(requireNonNull(from), directory.resolve(name));
        }
        return Files.copy(agent, directory.resolve("opensearch-agent.jar"));
    }
}
