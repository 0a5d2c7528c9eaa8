package org.dvm.security.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.dvm.runtime.security.ResourceKind;
import org.dvm.security.engine.PolicyEngine;
import org.dvm.security.engine.PolicyTexts;
import org.dvm.security.policy.Policy;
import org.dvm.security.policy.PolicyException;
import org.dvm.security.policy.PolicyReader;
import org.junit.jupiter.api.Test;

class JavaPolicyImporterTest {
    private static final String TEXT = """
            // the host's policy
            keystore "keys";
            grant codeBase "file:/opt/app/lib/-" {
                permission java.io.FilePermission "/var/data/-", "read,write";
                permission java.net.SocketPermission "*.example.org:443", "connect,resolve";
                permission java.util.PropertyPermission "app.*", "read";
                permission java.lang.RuntimePermission "exitVM.0";
                permission com.example.OwnPermission "x";
            };
            grant { permission java.util.PropertyPermission "java.version", "read"; };
            grant codeBase "file:/opt/trusted.jar" { permission java.security.AllPermission; };
            """;

    @Test
    void translatesWhatHasACounterpartAndWarnsOfTheRest() {
        JavaPolicyImporter.Result result = JavaPolicyImporter.importPolicy(TEXT, "java.policy");
        PolicyEngine engine = new PolicyEngine(result.policy(), "");

        assertThat(engine.decide("code-1", "file.open.read", ResourceKind.FILE, "/var/data/a/b")
                        .allowed())
                .isTrue();
        assertThat(engine.decide("code-1", "file.delete", ResourceKind.FILE, "/var/data/a")
                        .allowed())
                .isFalse();
        assertThat(engine.decide("code-1", "net.connect", ResourceKind.HOST, "www.example.org/1.2.3.4:443")
                        .allowed())
                .isTrue();
        assertThat(engine.decide("code-1", "property.read", ResourceKind.PROPERTY, "app.x")
                        .allowed())
                .isTrue();
        assertThat(engine.decide("code-1", "vm.exit", ResourceKind.NONE, "").allowed())
                .isTrue();
        assertThat(engine.decide("all-code", "property.read", ResourceKind.PROPERTY, "java.version")
                        .allowed())
                .isTrue();
        assertThat(engine.decide("code-3", "anything", ResourceKind.NONE, "").allowed())
                .isTrue();
        assertThat(result.warnings()).hasSize(2).anyMatch(w -> w.contains("com.example.OwnPermission"));
    }

    @Test
    void writesAPolicyThatReadsBackTheSame() throws PolicyException {
        Policy imported = JavaPolicyImporter.importPolicy(TEXT, "java.policy").policy();

        Policy again =
                PolicyReader.parse(PolicyTexts.xml(imported, List.of()).getBytes(StandardCharsets.UTF_8), "again.xml");

        assertThat(new PolicyEngine(again).fingerprint()).isEqualTo(new PolicyEngine(imported).fingerprint());
    }

    @Test
    void namesTheLineOfWhatItCantRead() {
        assertThatThrownBy(() -> JavaPolicyImporter.importPolicy("grant {\n permission ;\n};", "p"))
                .hasMessageStartingWith("p:2:1: expected the permission's class");
    }
}
