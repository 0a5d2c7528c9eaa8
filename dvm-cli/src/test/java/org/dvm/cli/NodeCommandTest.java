package org.dvm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dvm.cli.Outcome.dvm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeCommandTest {
    @TempDir
    Path directory;

    private Path configuration(String text) throws IOException {
        return Files.writeString(directory.resolve("router.click"), text);
    }

    @Test
    void listsInterfacesAsJson() {
        Outcome outcome = dvm("node", "list", "--json");
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.out()).startsWith("{\"links\":[").endsWith("]}" + System.lineSeparator());
    }

    @Test
    void checksAConfigurationWithoutRunningIt() throws IOException {
        Outcome outcome = dvm(
                "node",
                "click",
                configuration("FromDevice(eth0) -> Queue -> ToDevice(eth1)").toString(),
                "--check");
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("3 elements, 2 connections, devices [eth0, eth1]");
    }

    @Test
    void saysWhereAConfigurationIsWrong() throws IOException {
        Path file = configuration("a :: Queue;\nb -> ;");
        Outcome outcome = dvm("node", "click", file.toString(), "--check");
        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains(file + ":2:6: expected a name, found ';'");
    }

    @Test
    void runsAConfigurationThatNeedsNoDevices() throws IOException {
        Path file = configuration("InfiniteSource(LIMIT 10) -> c :: Counter -> Discard");
        Outcome outcome = dvm("node", "click", file.toString(), "--seconds", "1", "--json");
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("\"c.count\":\"10\"");
    }

    @Test
    void refusesUnknownInterfaces() {
        Outcome outcome = dvm("node", "forward", "nosuch0", "nosuch1", "--seconds", "1");
        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("nosuch0");
    }

    @Test
    void listsElementClasses() {
        assertThat(dvm("node", "click", "--elements").out()).contains("LookupIPRoute");
    }
}
