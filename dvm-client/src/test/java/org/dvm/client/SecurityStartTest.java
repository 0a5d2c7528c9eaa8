package org.dvm.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.dvm.client.app.Restricted;
import org.dvm.testkit.ForkedJvm;
import org.dvm.testkit.ForkedJvm.Outcome;
import org.dvm.testkit.Jdks;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The security service under the agent as it is shipped: with and without what earlier starts have found. */
class SecurityStartTest {
    private static final Path AGENT = Path.of(System.getProperty("dvm.agent"));
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    @TempDir
    Path directory;

    private Path policy;
    private Path secret;

    @BeforeEach
    void writePolicy() throws IOException {
        directory = directory.toRealPath();
        policy = Files.writeString(directory.resolve("policy.xml"), policy(""));
        secret = Files.writeString(directory.resolve("secret"), "x");
    }

    private static String policy(String more) {
        return """
                <policy xmlns="urn:dvm:policy:1" name="start">
                  <include href="standard:plugin-host"/>
                  <code subject="plugin" package="org.dvm.client.app"/>
                  %s
                </policy>
                """.formatted(more);
    }

    private Outcome run(String services, String cache, Path read, Path write) {
        return ForkedJvm.of(Jdks.current(), List.of(ForkedJvm.classesOf(Restricted.class)), Restricted.class.getName())
                .withOptions("-javaagent:" + AGENT + "=services=" + services + ",security.policy=" + policy
                        + ",security.cache=" + cache)
                .withArguments(read.toString(), write.toString())
                .run(directory, TIMEOUT);
    }

    private Outcome run(Path cache) {
        return run("security", cache.toString(), secret, directory.resolve("written"));
    }

    private static void assertHeld(Outcome outcome) {
        assertThat(outcome.out())
                .contains("computed [a, b] 42", "read denied: ", "wrote denied: ")
                .contains("lacks permission file.open.read");
    }

    private static List<Path> files(Path cache) throws IOException {
        try (Stream<Path> files = Files.list(cache)) {
            return files.toList();
        }
    }

    @Test
    void deniesTheSameWithWhatEarlierStartsFound() throws IOException {
        Path cache = directory.resolve("cache");

        assertHeld(run(cache));
        assertThat(files(cache)).hasSize(2);
        assertHeld(run(cache));
        assertHeld(run(cache));
    }

    @Test
    void followsThePolicyRatherThanTheCache() throws IOException {
        Path cache = directory.resolve("cache");
        assertHeld(run(cache));
        Files.writeString(
                policy,
                policy("<object name='s'/><file path='" + secret + "' object='s'/>"
                        + "<allow subject='plugin' object='s' permissions='file.*'/>"));

        assertThat(run(cache).out()).contains("read fine", "wrote denied: ");
    }

    @Test
    void ignoresADamagedCache() throws IOException {
        Path cache = directory.resolve("cache");
        assertHeld(run(cache));
        for (Path file : files(cache)) {
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length / 2] ^= 1;
            Files.write(file, bytes);
        }

        assertHeld(run(cache));
    }

    @Test
    void ignoresACacheThatOthersCanWrite() throws IOException {
        Path cache = Files.createDirectory(directory.resolve("cache"));
        Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertHeld(run(cache));
        assertThat(files(cache)).isEmpty();
    }

    @Test
    void keepsPolicyAndCacheFromThoseWhoMayWriteEverything() throws IOException {
        Files.writeString(policy, policy("<allow subject='plugin' permissions='file.*'/>"));
        Path cache = directory.resolve("cache");

        assertThat(run("security", cache.toString(), policy, policy).out())
                .contains("read fine", "wrote denied: ", "protects itself");
        assertThat(run("security", cache.toString(), policy, cache.resolve("new"))
                        .out())
                .contains("wrote denied: ", "protects itself");
        assertThat(run("security", cache.toString(), policy, directory.resolve("other"))
                        .out())
                .contains("wrote fine");
    }

    @Test
    void rewritesForOtherServicesInThreadsOfTheRestricted() {
        Outcome outcome = run("audit,security", "none", secret, directory.resolve("written"));

        assertHeld(outcome);
        assertThat(outcome.err()).doesNotContain("refused");
    }
}
