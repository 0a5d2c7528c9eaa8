package org.dvm.nodeos.internal.linux.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.dvm.nodeos.internal.linux.LinuxLinks;
import org.dvm.nodeos.internal.linux.MatchModel;
import org.dvm.nodeos.link.CutThroughPlan.Base;
import org.dvm.nodeos.link.CutThroughPlan.Match;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClassicFilterTest {
    private static final int FILTERS = 200;
    private static final int FRAMES_A_FILTER = 40;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theKernelAgreesWithTheModel(long seed) throws Exception {
        assumeTrue(LinuxLinks.obstacle().isEmpty(), LinuxLinks.obstacle());
        MatchModel model = new MatchModel(seed);
        int taken = 0;
        for (int i = 0; i < FILTERS; i++) {
            byte[] first = model.frame();
            List<List<Match>> keys = new ArrayList<>(List.of(model.key(), model.keyOf(first)));
            keys.removeIf(List::isEmpty);
            try (FilteredPipe pipe =
                    new FilteredPipe(ClassicFilter.compile(keys).orElseThrow())) {
                taken += compare(pipe, keys, first);
                for (int j = 0; j < FRAMES_A_FILTER; j++) {
                    taken += compare(pipe, keys, model.frame());
                }
            }
        }
        assertThat(taken).as("frames taken: the test must see both answers").isGreaterThan(200);
    }

    private static int compare(FilteredPipe pipe, List<List<Match>> keys, byte[] frame) throws Exception {
        boolean expected = keys.stream().anyMatch(key -> MatchModel.matches(frame, key));
        assertThat(pipe.passes(frame))
                .as("%s on %s", keys, HexFormat.of().formatHex(frame))
                .isEqualTo(expected);
        return expected ? 1 : 0;
    }

    @Test
    void noKeyTakesNothingAndAnEmptyKeyTakesEverything() throws Exception {
        assumeTrue(LinuxLinks.obstacle().isEmpty(), LinuxLinks.obstacle());
        byte[] frame = new byte[60];
        try (FilteredPipe nothing =
                        new FilteredPipe(ClassicFilter.compile(List.of()).orElseThrow());
                FilteredPipe everything = new FilteredPipe(
                        ClassicFilter.compile(List.of(List.of())).orElseThrow())) {
            assertThat(nothing.passes(frame)).isFalse();
            assertThat(everything.passes(frame)).isTrue();
        }
    }

    @Test
    void keysTooLongForAFilterAreNotCompiled() {
        List<Match> endless = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            endless.add(new Match(Base.LINK, i, 1, 0xff, 0));
        }

        assertThat(ClassicFilter.compile(List.of(endless))).isEmpty();
        assertThat(ClassicFilter.compile(List.of(endless.subList(0, 50)))).isPresent();
    }

    @Test
    void writesInstructionsAsTheKernelReadsThem() {
        ClassicFilter filter = ClassicFilter.compile(List.of(List.of())).orElseThrow();
        ByteBuffer code = ByteBuffer.allocate(filter.size() * 8).order(ByteOrder.nativeOrder());

        filter.write(code);

        assertThat(code.getShort((filter.size() - 1) * 8)).isEqualTo((short) 0x06);
        assertThat(code.getInt((filter.size() - 1) * 8 + 4)).isEqualTo(0x40000);
    }
}
