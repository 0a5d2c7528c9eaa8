package org.dvm.security.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyReaderTest {
    private static final String HEAD = "<policy xmlns=\"urn:dvm:policy:1\" name=\"t\">\n";

    private static Policy parse(String body) throws PolicyException {
        return PolicyReader.parse((HEAD + body + "</policy>").getBytes(StandardCharsets.UTF_8), "t.xml");
    }

    private static PolicyProblem firstProblem(String text) {
        return catchThrowableOfType(
                        PolicyException.class, () -> PolicyReader.parse(text.getBytes(StandardCharsets.UTF_8), "t.xml"))
                .problems()
                .get(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"operations", "baseline", "plugin-host", "build-tool", "read-only-service", "no-network"})
    void readsWhatShips(String name) {
        assertThat(StandardPolicies.load(name).operations()).hasSizeGreaterThan(1_800);
    }

    @Test
    void namesLineColumnAndCureOfAnUndeclaredSubject() {
        PolicyProblem problem = firstProblem(HEAD + "<subject name=\"plugin\"/>\n"
                + "<allow subject=\"plugni\" permissions=\"file.read\"/></policy>");

        assertThat(problem.position().line()).isEqualTo(3);
        assertThat(problem.position().column()).isPositive();
        assertThat(problem.message()).isEqualTo("no subject is named \"plugni\"");
        assertThat(problem.cure()).isEqualTo("did you mean \"plugin\"?");
    }

    @Test
    void namesAnElementThatTheLanguageDoesntHave() {
        PolicyProblem problem = firstProblem(HEAD + "<alow subject=\"x\" permissions=\"y\"/></policy>");

        assertThat(problem.position().line()).isEqualTo(2);
        assertThat(problem.message()).contains("alow");
        assertThat(problem.cure()).contains("urn:dvm:policy:1");
    }

    @Test
    void refusesADocumentTypeAndSoEveryEntity() {
        PolicyProblem problem = firstProblem("<!DOCTYPE policy [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>\n"
                + "<policy xmlns=\"urn:dvm:policy:1\" name=\"&x;\"/>");

        assertThat(problem.cure()).isEqualTo("remove the document type declaration and its entities");
    }

    @Test
    void refusesAnEntityBombAtOnce() {
        StringBuilder bomb = new StringBuilder("<!DOCTYPE p [<!ENTITY a0 \"aaaaaaaaaa\">");
        for (int i = 1; i < 30; i++) {
            bomb.append("<!ENTITY a")
                    .append(i)
                    .append(" \"")
                    .append(("&a" + (i - 1) + ";").repeat(10))
                    .append("\">");
        }
        bomb.append("]><policy xmlns=\"urn:dvm:policy:1\" name=\"&a29;\"/>");

        assertThat(firstProblem(bomb.toString()).message()).containsIgnoringCase("doctype");
    }

    @Test
    void refusesDeepNestingWithoutOverflowingTheStack() {
        assertThatThrownBy(() -> parse("<a>".repeat(20_000))).isInstanceOf(PolicyException.class);
    }

    @Test
    void survivesRandomDamage() {
        byte[] good = (HEAD + "<subject name=\"a\" extends=\"b\"/><subject name=\"b\"/><object name=\"o\"/>"
                        + "<file path=\"/x/**\" object=\"o\"/><host name=\"10.0.0.0/8\" ports=\"1-2\" object=\"o\"/>"
                        + "<allow subject=\"a\" object=\"o\" permissions=\"file.*\"/></policy>")
                .getBytes(StandardCharsets.UTF_8);
        Random random = new Random(7);
        for (int i = 0; i < 3_000; i++) {
            byte[] damaged = good.clone();
            for (int k = random.nextInt(4); k >= 0; k--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            try {
                PolicyReader.parse(damaged, "t.xml");
            } catch (PolicyException e) {
                assertThat(e.problems()).isNotEmpty();
            }
        }
    }

    @Test
    void refusesInheritanceInACircle() {
        assertThat(firstProblem(HEAD + "<object name=\"a\" extends=\"b\"/><object name=\"b\" extends=\"a\"/></policy>")
                        .message())
                .contains("extends itself");
    }

    @ParameterizedTest
    @ValueSource(strings = {"relative/path", "/a/*/b", "/a**"})
    void refusesFilePatternsThatMeanNothing(String path) {
        assertThatThrownBy(() -> parse("<object name=\"o\"/><file path=\"" + path + "\" object=\"o\"/>"))
                .isInstanceOf(PolicyException.class);
    }

    @Test
    void refusesAPolicyThatDeclaresTheUnknownSubject() {
        assertThatThrownBy(() -> parse("<subject name=\"unknown\"/>")).hasMessageContaining("reserved");
    }

    @Test
    void includesFilesOnceAndOnlyBelowTheFirst(@TempDir Path directory) throws IOException, PolicyException {
        Path below = Files.createDirectories(directory.resolve("policies/sub"));
        write(directory.resolve("outside.xml"), "");
        write(below.resolve("common.xml"), "<subject name=\"common\"/>");
        Path main = directory.resolve("policies/main.xml");
        write(main, "<include href=\"sub/common.xml\"/><include href=\"sub/../sub/common.xml\"/>");

        assertThat(PolicyReader.read(main).subjects())
                .extracting(Policy.Subject::name)
                .containsExactly("common");

        write(main, "<include href=\"../outside.xml\"/>");
        assertThatThrownBy(() -> PolicyReader.read(main)).hasMessageContaining("outside the policy's directory");
    }

    @Test
    void refusesIncludesOfFilesFromMemory() {
        assertThatThrownBy(() -> parse("<include href=\"/etc/passwd\"/>")).isInstanceOf(PolicyException.class);
    }

    private static void write(Path file, String body) throws IOException {
        Files.writeString(file, HEAD + body + "</policy>");
    }
}
