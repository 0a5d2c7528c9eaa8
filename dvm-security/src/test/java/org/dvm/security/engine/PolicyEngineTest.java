package org.dvm.security.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.dvm.runtime.security.Decision;
import org.dvm.runtime.security.ResourceKind;
import org.dvm.security.policy.Policy;
import org.dvm.security.policy.PolicyException;
import org.dvm.security.policy.PolicyReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyEngineTest {
    private static final String TEXT = """
            <subject name="reader"/>
            <subject name="writer" extends="reader"/>
            <subject name="host" trusted="true"/>
            <object name="data"/>
            <object name="secret" extends="data"/>
            <object name="web"/>
            <object name="tls"/>
            <object name="lan"/>
            <object name="mine"/>
            <file path="/data/**" object="data"/>
            <file path="/data/secret/*" object="secret"/>
            <file path="/data/secret/known" object="data"/>
            <host name="*.example.org" ports="80" object="web"/>
            <host name="*.example.org" ports="443" object="tls"/>
            <host name="10.1.0.0/16" object="lan"/>
            <property name="app.*" object="mine"/>
            <allow subject="reader" object="data" permissions="file.open.read file.read"/>
            <deny subject="reader" object="secret" permissions="file.*"/>
            <allow subject="writer" object="data" permissions="file.*"/>
            <allow subject="reader" object="tls" permissions="net.connect"/>
            <allow subject="reader" object="lan" permissions="net.connect"/>
            <allow subject="reader" object="mine" permissions="property.read"/>
            <allow subject="reader" permissions="vm.gc"/>
            <permission name="file.open.write"/>
            <code subject="reader" source="lib/*.jar"/>
            <code subject="writer" source="lib/*.jar" package="org.writer.*"/>
            <code subject="host" maven="org.host:core"/>
            """;

    private static Policy policy(String body) {
        try {
            return PolicyReader.parse(
                    ("<policy xmlns=\"urn:dvm:policy:1\" name=\"t\">" + body + "</policy>")
                            .getBytes(StandardCharsets.UTF_8),
                    "t.xml");
        } catch (PolicyException e) {
            throw new AssertionError(e);
        }
    }

    private final PolicyEngine engine = new PolicyEngine(policy(TEXT), "nobody");

    @ParameterizedTest
    @CsvSource({
        "reader, file.open.read, FILE, /data/x/y, true",
        "reader, file.open.read, FILE, /data, true",
        "reader, file.open.read, FILE, /database, false",
        "reader, file.open.read, FILE, /data/secret/a, false",
        "reader, file.open.read, FILE, /data/secret/known, true",
        "reader, file.open.read, FILE, /data/secret/a/b, true",
        "reader, file.open.write, FILE, /data/x, false",
        "writer, file.open.write, FILE, /data/x, true",
        "writer, file.open.write, FILE, /data/secret/a, false",
        "reader, net.connect, HOST, www.example.org/93.184.216.34:443, true",
        "reader, net.connect, HOST, www.example.org/93.184.216.34:80, false",
        "reader, net.connect, HOST, /93.184.216.34:443, false",
        "reader, net.connect, HOST, evil/10.1.200.3:9, true",
        "reader, net.connect, HOST, www.example.org/10.2.0.1:443, true",
        "reader, net.connect, HOST, example.org/1.2.3.4:443, false",
        "reader, property.read, PROPERTY, app.name, true",
        "reader, property.read, PROPERTY, apple, false",
        "reader, vm.gc, NONE, '', true",
        "reader, vm.exit, NONE, '', false",
        "host, vm.exit, NONE, '', true",
        "unknown, vm.gc, NONE, '', false",
        "nonesuch, vm.gc, NONE, '', false",
    })
    void decidesByTheMatrix(String subject, String permission, ResourceKind kind, String resource, boolean allowed) {
        Decision decision = engine.decide(subject, permission, kind, resource);

        assertThat(decision.allowed()).as(decision.rule()).isEqualTo(allowed);
        assertThat(decision.epoch()).isEqualTo(1);
    }

    @Test
    void namesTheRuleThatDenied() {
        assertThat(engine.decide("reader", "file.read", ResourceKind.FILE, "/data/secret/a")
                        .rule())
                .startsWith("deny reader -> secret file.*");
        assertThat(engine.decide("reader", "file.open.write", ResourceKind.FILE, "/x")
                        .rule())
                .isEqualTo("no rule allows reader file.open.write on unnamed objects");
    }

    @Test
    void aDecisionIsUniformOnlyIfNoRuleDeniesElsewhere() {
        assertThat(engine.decide("reader", "vm.gc", ResourceKind.NONE, "").scope())
                .isEqualTo(Decision.Scope.EVERY_RESOURCE);
        PolicyEngine mixed = new PolicyEngine(
                policy("<subject name=\"s\"/><object name=\"o\"/><allow subject=\"s\" permissions=\"p.q\"/>"
                        + "<deny subject=\"*\" object=\"o\" permissions=\"p.*\"/>"),
                "");
        assertThat(mixed.decide("s", "p.q", ResourceKind.NAME, "x").scope()).isEqualTo(Decision.Scope.THIS_RESOURCE);
    }

    @Test
    void explainsWhatWouldAllow() {
        Explanation explanation = engine.explain("reader", "file.open.read", ResourceKind.FILE, "/etc/passwd");

        assertThat(explanation.decision().allowed()).isFalse();
        assertThat(explanation.remedies())
                .containsExactly(
                        "<object name=\"reader-files\"/> <file path=\"/etc/passwd\" object=\"reader-files\"/>",
                        "<allow subject=\"reader\" object=\"reader-files\" permissions=\"file.open.read\"/>");
    }

    @Test
    void assignsCodeToTheAssignmentWithMostConditions() {
        assertThat(engine.subjectOf(facts("/srv/lib/a.jar", "org.reader.A"))).isEqualTo("reader");
        assertThat(engine.subjectOf(facts("/srv/lib/a.jar", "org.writer.sub.A")))
                .isEqualTo("writer");
        assertThat(engine.subjectOf(facts("/srv/lib/sub/a.jar", "org.reader.A")))
                .isEqualTo("unknown");
        assertThat(engine.subjectOf(facts("/r/org/host/core/1.0/core-1.0.jar", "x.Y")))
                .isEmpty();
    }

    private static CodeFacts facts(String source, String className) {
        return new CodeFacts(className, source, "", "", "", Set.of());
    }

    @Test
    void aUsersSubjectRestrictsAllCode() {
        PolicyEngine forAlice = new PolicyEngine(
                policy("<subject name=\"s\"/><subject name=\"guest\"/><user name=\"al*\" subject=\"guest\"/>"
                        + "<allow subject=\"s\" permissions=\"a b\"/><allow subject=\"guest\" permissions=\"b\"/>"),
                "alice");

        assertThat(forAlice.decide("s", "a", ResourceKind.NONE, "").allowed()).isFalse();
        assertThat(forAlice.decide("s", "b", ResourceKind.NONE, "").allowed()).isTrue();
    }

    @Test
    void replacingStartsANewEpochAndFingerprint() {
        String before = engine.fingerprint();

        assertThat(engine.replace(policy(""))).isEqualTo(2);
        assertThat(engine.fingerprint()).isNotEqualTo(before);
        assertThat(engine.decide("reader", "vm.gc", ResourceKind.NONE, "").allowed())
                .isFalse();
        engine.replace(policy(TEXT));
        assertThat(engine.fingerprint()).isEqualTo(before);
    }
}
