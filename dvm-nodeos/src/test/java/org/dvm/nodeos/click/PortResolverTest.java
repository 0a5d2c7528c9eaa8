package org.dvm.nodeos.click;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PortResolverTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "InfiniteSource -> Counter -> Discard",
                "InfiniteSource -> Queue -> Counter -> Discard",
                "s :: InfiniteSource -> Queue -> Null -> Shaper(5) -> Unqueue -> Discard",
                "Idle -> Queue -> [0] r :: RoundRobinSched -> Discard; Idle -> Queue -> [1] r",
                "s :: InfiniteSource -> c :: CheckPaint(1) -> Queue -> Discard; c [1] -> Discard",
                "Idle -> Queue -> c :: CheckPaint(1) -> Discard; c [1] -> Queue -> Discard",
                "Idle -> [0] a :: ARPQuerier(1.2.3.4, 0:0:0:0:0:1) -> Discard; Idle -> [1] a",
                "InfiniteSource -> Tee -> Discard"
            })
    void acceptsWhatClickAccepts(String text) {
        assertThatCode(() -> new RouterHarness(text).close()).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '~',
            value = {
                "TimedSource -> Shaper(1) -> Discard#is connected to pull input 0 of",
                "Idle -> Queue -> Queue -> Discard#pull output 0 of 'Queue@2 :: Queue' is connected to push input 0",
                "Idle -> q :: Queue -> n :: Null; n -> Tee -> Discard"
                        + "#agnostic 'n :: Null' in mixed context: pull input 0, push output 0",
                "s :: InfiniteSource -> Discard; s -> Discard#is connected more than once; use a Tee",
                "q :: Queue -> Discard; Idle -> q; q -> Discard#output 0 of 'q :: Queue' is connected more than once",
                "q :: Queue -> d :: Discard; r :: Queue -> d; Idle -> q; Idle -> r"
                        + "#is connected more than once; use a scheduler",
                "InfiniteSource -> [1] Discard#'Discard@2 :: Discard' has no input 1; it has one",
                "InfiniteSource [2] -> Discard#has no output 2; it has one",
                "Discard -> Discard#has no output 0; it has none",
                "Counter -> Discard#input 0 of 'Counter@1 :: Counter' is not connected",
                "InfiniteSource -> Counter#output 0 of 'Counter@2 :: Counter' is not connected",
                "InfiniteSource -> t :: Tee(3) -> Discard; t [1] -> Discard#output 2 of 't :: Tee' is not connected",
                "InfiniteSource -> Diskard#did you mean 'Discard'?",
                "InfiniteSource -> Queue(0) -> Discard#c:CAPACITY: expected 1 to 1048576, found 0",
                "InfiniteSource -> Queue(CAPACITY 5, 6) -> Discard#too many arguments: '6' is left over",
                "InfiniteSource -> Paint -> Discard#too few arguments: COLOR is missing",
                "FromDevice(eth9) -> Discard#unknown device 'eth9'",
                "Idle -> RED(1, 2, 0.5) -> Discard#no queue nearby",
                "Idle -> Classifier(12/080) -> Discard#need an even number of digits",
                "Idle -> IPFilter(permit all) -> Discard#expected allow, deny or the number of an output, found 'permit'",
                "Idle -> IPFilter(allow src 1.2.3) -> Discard#expected an IP address such as 10.0.0.1, found '1.2.3'"
            })
    void refusesWhatClickRefuses(String text, String message) {
        assertThatThrownBy(() -> new RouterHarness(text))
                .isInstanceOf(ClickException.class)
                .hasMessageContaining("test:1:")
                .hasMessageContaining(message.replace("c:CAP", "CAP"));
    }

    @Test
    void reportsAllMistakes() {
        assertThatThrownBy(() -> new RouterHarness("Idle -> Queue(x) -> Paint(300) -> Nowhere -> Discard(1)"))
                .isInstanceOfSatisfying(
                        ClickException.class,
                        e -> org.assertj.core.api.Assertions.assertThat(e.errors())
                                .hasSize(4));
    }
}
