package org.dvm.examples.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.dvm.client.AgentJar;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the shop as a user would, without and with the agent. */
class ShopTest {
    private static final Path CLASSES = locationOf(Shop.class);

    @TempDir
    private static Path shop;

    @BeforeAll
    static void layOut() throws IOException {
        Files.createDirectories(shop.resolve("inbox"));
        Files.writeString(shop.resolve("inbox/order-1.txt"), "2 apples\n1 pear\n");
        Files.copy(
                Path.of(System.getProperty("dvm.root"), "examples/plugin-host/policy.xml"), shop.resolve("policy.xml"));
        Files.createDirectories(shop.resolve("lib"));
        jar(shop.resolve("lib/shop.jar"), new Manifest(), "host", "");
        for (Class<?> library :
                List.of(org.pf4j.Plugin.class, org.slf4j.Logger.class, com.github.zafarkhaja.semver.Version.class)) {
            Path jar = locationOf(library);
            Files.copy(jar, shop.resolve("lib").resolve(jar.getFileName()));
        }
        for (String plugin : List.of("Importer", "Notifier", "Thief")) {
            String id = plugin.toLowerCase(Locale.ROOT);
            Manifest manifest = new Manifest();
            manifest.getMainAttributes().putValue("Plugin-Id", id);
            manifest.getMainAttributes().putValue("Plugin-Version", "1.0.0");
            Files.createDirectories(shop.resolve("plugins"));
            jar(
                    shop.resolve("plugins/" + id + ".jar"),
                    manifest,
                    "plugins/" + id,
                    "org.dvm.examples.plugins." + id + "." + plugin);
        }
        List<Path> parts = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(Path::of)
                .filter(part -> !part.startsWith(CLASSES.getParent())
                        && !part.toString().contains("junit"))
                .filter(Files::exists)
                .toList();
        AgentJar.assemble(shop.resolve("dvm-agent.jar"), parts);
    }

    @Test
    void withoutThePolicyTheThiefGetsAway() throws Exception {
        Map<String, String> said = run(List.of());

        assertThat(said).containsEntry("importer", "imported 2 lines of 1 orders");
        assertThat(said).containsEntry("notifier", "the gateway says accepted");
        assertThat(said).containsEntry("thief", "stole 1 orders");
    }

    @Test
    void eachPluginDoesWhatItsPolicyAllowsAndNothingElse() throws Exception {
        Path audit = shop.resolve("audit.jsonl");

        Map<String, String> said = run(List.of(
                "-javaagent:dvm-agent.jar=services=security,security.policy=policy.xml", "-Ddvm.audit.file=" + audit));

        assertThat(said).containsEntry("importer", "imported 2 lines of 1 orders");
        assertThat(said).containsEntry("notifier", "the gateway says accepted");
        assertThat(said.get("thief"))
                .startsWith("stopped. access denied: subject plugin lacks permission file.list on file")
                .contains("/inbox\"", "no rule allows plugin file.list on inbox", "policy epoch 1");
        assertThat(Files.readAllLines(audit))
                .anySatisfy(line -> assertThat(line).contains("\"kind\":\"denied\"", "\"permission\":\"net.connect\""))
                .anySatisfy(line -> assertThat(line).contains("\"kind\":\"denied\"", "\"permission\":\"file.list\""));
    }

    /** Returns what each plugin said. */
    @SuppressWarnings("AddressSelection") // the loopback address is what is meant
    private static Map<String, String> run(List<String> options) throws Exception {
        try (ServerSocket gateway = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread thread = new Thread(() -> accept(gateway), "gateway");
            thread.setDaemon(true);
            thread.start();
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.add("-Xmx256m");
            command.addAll(options);
            command.addAll(List.of("-cp", "lib/*", Shop.class.getName(), Integer.toString(gateway.getLocalPort())));
            Process process = new ProcessBuilder(command)
                    .directory(shop.toFile())
                    .redirectErrorStream(true)
                    .start();
            Map<String, String> said = new TreeMap<>();
            List<String> output = process.inputReader().lines().toList();
            for (String line : output) {
                int colon = line.indexOf(": ");
                if (colon > 0) {
                    said.putIfAbsent(line.substring(0, colon), line.substring(colon + 2));
                }
            }
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as("%s", output).isZero();
            return said;
        }
    }

    private static void accept(ServerSocket gateway) {
        while (!gateway.isClosed()) {
            try (Socket client = gateway.accept()) {
                client.getOutputStream().write("accepted".getBytes(StandardCharsets.US_ASCII));
                client.shutdownOutput();
                client.getInputStream().readAllBytes();
            } catch (IOException e) {
                continue; // the client went away, or the test is over
            }
        }
    }

    private static Path locationOf(Class<?> type) {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
    }

    /** Writes a package of the example as a jar, with the index by which PF4J finds extensions. */
    private static void jar(Path jar, Manifest manifest, String directory, String extension) throws IOException {
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                Stream<Path> files =
                        Files.walk(CLASSES.resolve("org/dvm/examples").resolve(directory))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(
                        new JarEntry(CLASSES.relativize(file).toString().replace(File.separatorChar, '/')));
                Files.copy(file, out);
            }
            if (!extension.isEmpty()) {
                out.putNextEntry(new JarEntry("META-INF/extensions.idx"));
                out.write(extension.getBytes(StandardCharsets.UTF_8));
            }
        }
    }
}
