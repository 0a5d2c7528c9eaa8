package org.dvm.nodeos.click;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClickConfigurationTest {
    /** Returns elements and connections in a compact form. */
    private static String shape(String text) throws ClickException {
        ClickConfiguration configuration = ClickConfiguration.parse("c", text);
        List<ClickConfiguration.Declaration> elements = configuration.elements();
        return elements.stream()
                        .map(e -> e.name() + "::" + e.className()
                                + (e.configuration().isEmpty() ? "" : "(" + e.configuration() + ")"))
                        .collect(Collectors.joining(" "))
                + " | "
                + configuration.connections().stream()
                        .map(c -> elements.get(c.from()).name() + "[" + c.outputPort() + "]->[" + c.inputPort() + "]"
                                + elements.get(c.to()).name())
                        .collect(Collectors.joining(" "));
    }

    @Test
    void readsDeclarationsAndChainsWithPorts() throws ClickException {
        assertThat(shape("a :: A(1, 2); b, c :: B; a -> b [1] -> [2] c; a [3] -> c // comment\n /* more */;"))
                .isEqualTo("a::A(1, 2) b::B c::B | a[0]->[0]b b[1]->[2]c a[3]->[0]c");
    }

    @Test
    void readsDeclarationsInsideChainsAndAnonymousElements() throws ClickException {
        assertThat(shape("x :: X -> Y(7) -> z :: Z; z -> Y"))
                .isEqualTo("x::X Y@2::Y(7) z::Z Y@4::Y | x[0]->[0]Y@2 Y@2[0]->[0]z z[0]->[0]Y@4");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "a :: A; b :: B; a => b#a[0]->[0]b",
                "a [0, 1] => [2, 3] b#a[0]->[2]b a[1]->[3]b",
                "a [0-2] => b#a[0]->[0]b a[1]->[1]b a[2]->[2]b",
                "a => [1, 3] b#a[0]->[1]b a[1]->[3]b",
                "a [1-] => [0, 1, 2] b#a[1]->[0]b a[2]->[1]b a[3]->[2]b",
                "a [] => [4, 5] b#a[0]->[4]b a[1]->[5]b",
                "a, b => c [0], d -> e#a[0]->[0]c b[0]->[0]d c[0]->[0]e d[0]->[0]e",
                "a [0], b [1] -> c#a[0]->[0]c b[1]->[0]c",
                "a -> b, c#a[0]->[0]b a[0]->[0]c",
                "a [0, 1] -> b#a[0]->[0]b a[1]->[0]b",
                "a -> [0, 2] b#a[0]->[0]b a[0]->[2]b",
                "a => ( input [0] -> b -> output; input [1] -> [1] output ) => c#" + "b[0]->[0]c a[0]->[0]b a[1]->[1]c",
                "a -> ( -> b -> ) -> c#b[0]->[0]c a[0]->[0]b",
                "a -> { -> b2 :: B -> } -> c#compound@1/b2[0]->[0]c a[0]->[0]compound@1/b2",
                "a [0, 1] => { [0] => x :: X [0, 1] => [0, 1] output; [1] -> [1] x } => [0, 1] c#"
                        + "compound@1/x[0]->[0]c compound@1/x[1]->[1]c a[0]->[0]compound@1/x a[1]->[1]compound@1/x",
            })
    void joinsListsOfPorts(String text, String connections) throws ClickException {
        String shape = shape(text.contains("::") && text.startsWith("a ::") ? text : text + DECLARED);
        assertThat(shape.substring(shape.indexOf(" | ") + 3)).isEqualTo(connections);
    }

    private static final String DECLARED = "; a :: A; b :: B; c :: C; d :: D; e :: E";

    @Test
    void declaresAllNamesOfAListAlike() throws ClickException {
        assertThat(shape("a, b :: A(1); b -> c :: C")).isEqualTo("a::A(1) b::A(1) c::C | b[0]->[0]c");
    }

    @Test
    void choosesOverloadsByPorts() throws ClickException {
        assertThat(shape("elementclass M { input -> One -> output || input [0] -> t :: Two; input [1] -> [1] t;"
                        + " t -> output || $x | input -> Arg($x) -> output }"
                        + " a :: A; a -> M -> b :: B; a [1] -> m :: M; a [2] -> [1] m -> b; a [3] -> M(7) -> b"))
                .startsWith("a::A M@2/One@1::One b::B m/t::Two M@5/Arg@1::Arg(7) |");
    }

    @Test
    void allowsUseBeforeDeclaration() throws ClickException {
        assertThat(shape("a -> b; a :: A; b :: B;")).isEqualTo("a::A b::B | a[0]->[0]b");
    }

    @Test
    void expandsCompoundsWithArguments() throws ClickException {
        assertThat(shape("elementclass Pair { $x, LIMIT $l | input -> A($x) -> [0] b :: B($l, '$x') -> [1] output;"
                        + " input [1] -> output }"
                        + " s :: S; s -> p :: Pair(10, LIMIT 5) [1] -> t :: T; s [1] -> [1] p; p -> t;"))
                .isEqualTo("s::S p/A@1::A(10) p/b::B(5, '$x') t::T | "
                        + "p/A@1[0]->[0]p/b p/b[0]->[0]t s[0]->[0]p/A@1 s[1]->[0]t");
    }

    @Test
    void choosesOverloadsByArgumentsAndSeesOnlyEarlierClasses() throws ClickException {
        assertThat(shape("elementclass Q { input -> Queue -> output || $n | input -> Queue($n) -> output }"
                        + " elementclass Queue { input -> Other -> output }"
                        + " a -> Q -> Q(3) -> b; a :: A; b :: B"))
                .isEqualTo("Q@1/Queue@1::Queue Q@2/Queue@1::Queue(3) a::A b::B | "
                        + "Q@1/Queue@1[0]->[0]Q@2/Queue@1 Q@2/Queue@1[0]->[0]b a[0]->[0]Q@1/Queue@1");
    }

    @Test
    void fallsBackToTheOuterClassWithEllipsis() throws ClickException {
        assertThat(
                        shape(
                                "elementclass F { $a, $b | input -> G($a) -> H($b) -> output || ... } a :: A -> F(1) -> b :: B"))
                .contains("F@2::F(1)");
    }

    @Test
    void substitutesDefinedVariables() throws ClickException {
        assertThat(shape("define($rate 10, $net 10.0.0.0/8); a :: A($rate, ${rate}0, \"$net\", $other)"))
                .isEqualTo("a::A(10, 100, \"10.0.0.0/8\", $other) | ");
    }

    @Test
    void passesThroughCompoundsThatContainNothing() throws ClickException {
        assertThat(shape("a :: A -> { input -> output } -> { input -> output } -> b :: B"))
                .isEqualTo("a::A b::B | a[0]->[0]b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '~',
            value = {
                "a :: A; a :: B;#c:1:9: 'a' is declared twice; first in line 1",
                "a :: A -> ;#c:1:11: expected a name, found ';'",
                "a -> b -> [1;#c:1:13: expected ']', found ';'",
                "a :: A(1#c:1:7: '(' is never closed",
                "a :: { input -> A -> output#c:1:6: '{' is never closed",
                "a :: A; } b :: B#c:1:9: '}' without a compound element or group to close",
                "a :: A; a(1) -> B#c:1:9: 'a' is an element; configure it where it is declared: a :: Class(1)",
                "elementclass C { $x | input -> A -> output } a::A -> C -> a"
                        + "#c:1:54: compound element 'C' doesn't take 0 arguments; it takes ($x)",
                "elementclass C { input -> A -> output } a :: A [0] -> [1] C -> B"
                        + "#c:1:59: compound 'C@2' has no input 1",
                "elementclass C { input -> A -> output } C [2] -> B -> C#c:1:50: compound 'C@1' has no output 2",
                "/* never ends#c:1:1: the comment is never closed",
                "a :: A ? b#c:1:8: unexpected character '?'",
                "a [70000] -> b#c:1:4: port numbers end at 65535",
                "a :: A; a [0, 1] -> [0, 1] a#c:1:28: several ports on both sides need '=>'",
                "a :: A; a [0, 1] => [0, 1, 2] a#c:1:31: 2 outputs are connected to 3 inputs",
                "a :: A; a [0-] => [0-] a#c:1:24: at most one side of an arrow can take as many ports",
                "a :: A; -> a#c:1:9: expected a name, found '->'",
                "a :: A; a -> ( input -> a#c:1:14: '(' is never closed",
                "a :: A; a [1]#c:1:9: a port without a connection",
                "1 :: A#c:1:1: a name needs a letter, found '1'",
                "a [0-65535, 0-65535, 0-65535, 0-65535, 0-65535] -> b#more than 262144 ports are listed in brackets",
                "elementclass M { input -> A -> output || input -> [1] B -> output } a :: A -> M [1] -> a"
                        + "#doesn't take 0 arguments with 1 input and 2 outputs; it takes () with 1 input and 1 output",
            })
    void saysWhereAMistakeIs(String text, String expected) {
        String message = expected.replace("~", "");
        assertThatThrownBy(() -> ClickConfiguration.parse("c", text))
                .isInstanceOf(ClickException.class)
                .hasMessageContaining(message.isBlank() ? "c:1:" : message);
    }

    @Test
    void reportsSeveralMistakesAtOnce() {
        assertThatThrownBy(() -> ClickConfiguration.parse("c", "a :: ;\nb :: B -> ;\nc :: C [x] -> d;"))
                .isInstanceOfSatisfying(
                        ClickException.class,
                        e -> assertThat(e.errors()).extracting(ClickError::line).containsExactly(1, 2, 3));
    }

    @Test
    void refusesExponentialCompounds() {
        StringBuilder text = new StringBuilder("elementclass C0 { A; A }\n");
        for (int i = 1; i < 64; i++) {
            text.append("elementclass C" + i + " { C" + (i - 1) + "; C" + (i - 1) + " }\n");
        }
        text.append("C63;");
        assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertThatThrownBy(() -> ClickConfiguration.parse("c", text.toString()))
                        .isInstanceOf(ClickException.class)
                        .hasMessageContaining("more than 65536 elements"));
    }

    @Test
    void refusesDeepNesting() {
        String text = "{".repeat(100_000);
        assertThatThrownBy(() -> ClickConfiguration.parse("c", text))
                .isInstanceOf(ClickException.class)
                .hasMessageContaining("nested deeper");
    }

    @Test
    void throwsNothingButClickExceptionsOnNoise() {
        String[] pieces = {
            "a",
            "b",
            "Queue",
            "::",
            "->",
            "=>",
            "-",
            "[",
            "]",
            "0",
            "1",
            "(",
            ")",
            "{",
            "}",
            ";",
            ",",
            "|",
            "||",
            "...",
            "$x",
            "elementclass",
            "define",
            "require",
            "input",
            "output",
            "\"",
            "'",
            "//",
            "/*",
            "*/",
            "\n",
            " ",
            "\\",
            "#",
            "KEY",
            "\u00e9"
        };
        Random random = new Random(7);
        for (int run = 0; run < 20_000; run++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(40);
            for (int i = 0; i < length; i++) {
                text.append(pieces[random.nextInt(pieces.length)]).append(random.nextInt(3) == 0 ? "" : " ");
            }
            try {
                ClickConfiguration.parse("noise", text.toString());
            } catch (ClickException e) {
                assertThat(e.errors()).isNotEmpty();
            } catch (RuntimeException | StackOverflowError e) {
                throw new AssertionError("input: " + text, e);
            }
        }
    }
}
