package org.dvm.nodeos.internal.linux.xdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.HexFormat;
import java.util.List;
import org.dvm.nodeos.internal.linux.MatchModel;
import org.dvm.nodeos.internal.linux.bpf.BpfAssembler;
import org.dvm.nodeos.internal.linux.bpf.LoadedProgram;
import org.dvm.nodeos.internal.linux.bpf.Register;
import org.dvm.nodeos.internal.linux.bpf.TestRun;
import org.dvm.nodeos.internal.linux.bpf.Width;
import org.dvm.nodeos.internal.linux.sys.LinuxException;
import org.dvm.nodeos.lab.NetworkNamespace;
import org.dvm.nodeos.link.CutThroughPlan.Match;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MatchCodeTest {
    private static final int KEYS = 150;
    private static final int FRAMES_A_KEY = 40;
    private static final int MATCHED = 1;
    private static final int MISMATCHED = 2;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theKernelAgreesWithTheModel(long seed) throws LinuxException {
        String obstacle = NetworkNamespace.obstacle();
        assumeTrue(obstacle.isEmpty(), "programs can't be loaded here: " + obstacle);
        MatchModel model = new MatchModel(seed);
        int matched = 0;
        for (int i = 0; i < KEYS; i++) {
            byte[] first = model.frame();
            List<Match> key = model.keyOf(first);
            try (LoadedProgram program = program(key)) {
                matched += compare(program, key, first);
                for (int j = 0; j < FRAMES_A_KEY; j++) {
                    matched += compare(program, key, model.frame());
                }
            }
        }
        assertThat(matched)
                .as("frames that matched: the test must see both answers")
                .isGreaterThan(200);
    }

    private static int compare(LoadedProgram program, List<Match> key, byte[] frame) throws LinuxException {
        boolean expected = MatchModel.matches(frame, key);
        assertThat(TestRun.of(program, frame).answer())
                .as("%s on %s", key, HexFormat.of().formatHex(frame))
                .isEqualTo(expected ? MATCHED : MISMATCHED);
        return expected ? 1 : 0;
    }

    private static LoadedProgram program(List<Match> key) throws LinuxException {
        BpfAssembler code = new BpfAssembler("match")
                .load(Width.WORD, Register.R7, Register.R1, 0)
                .load(Width.WORD, Register.R8, Register.R1, 4);
        MatchCode.emit(code, key, 0, MatchCode.NetworkHeader.ANY, "mismatch");
        return LoadedProgram.loadXdp(
                code.exit(MATCHED).label("mismatch").exit(MISMATCHED).assemble());
    }
}
