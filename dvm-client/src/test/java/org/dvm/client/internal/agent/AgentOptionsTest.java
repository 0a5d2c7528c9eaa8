package org.dvm.client.internal.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentOptionsTest {
    @Test
    void commasInValuesBelongToTheValues() {
        AgentOptions options = AgentOptions.parse(
                "services=audit,profile,audit.spec=a.B.m(int,String)[enter,throw];-**.x,dvm.audit.file=/tmp/x,report=-");

        assertThat(options.services()).containsExactly("audit", "profile");
        assertThat(options.serviceOptions()).isEqualTo(Map.of("audit.spec", "a.B.m(int,String)[enter,throw];-**.x"));
        assertThat(options.systemProperties()).isEqualTo(Map.of("dvm.audit.file", "/tmp/x"));
        assertThat(options.reportToConsole()).isTrue();
    }

    @Test
    void configFileGivesWhatTheLineDoesNot(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(
                directory.resolve("a.properties"), "services=audit\naudit.spec=a.**\nreport=r.jsonl\n");

        AgentOptions options = AgentOptions.parse("config=" + file + ",services=profile");

        assertThat(options.services()).containsExactly("profile");
        assertThat(options.serviceOptions()).containsEntry("audit.spec", "a.**");
        assertThat(options.report()).isEqualTo(Path.of("r.jsonl"));
    }

    @Test
    void wrongOptionsAreNamed() {
        assertThatThrownBy(() -> AgentOptions.parse("audit")).hasMessageContaining("NAME=VALUE: audit");
        assertThatThrownBy(() -> AgentOptions.parse("colour=red")).hasMessageContaining("no such option: colour");
        assertThatThrownBy(() -> AgentOptions.parse("report=a,report=b")).hasMessageContaining("given twice: report");
        assertThatThrownBy(() -> AgentOptions.parse("config=/no/such/file"))
                .hasMessageContaining("config can't be read");
    }
}
