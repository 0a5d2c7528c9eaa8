package org.dvm.nodeos.internal.linux.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.dvm.nodeos.internal.linux.bpf.Register.R0;
import static org.dvm.nodeos.internal.linux.bpf.Register.R1;
import static org.dvm.nodeos.internal.linux.bpf.Register.R2;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.dvm.nodeos.internal.linux.sys.LinuxException;
import org.dvm.nodeos.lab.NetworkNamespace;
import org.junit.jupiter.api.Test;

class BpfAssemblerTest {
    @Test
    void listsAProgramWithItsLabels() {
        BpfProgram program = new BpfAssembler("sample")
                .load(Width.WORD, R2, R1, 4)
                .load64(R0, 0x1_0000_0001L)
                .jumpIf(Condition.EQUAL, R2, 7, "seven")
                .exit(1)
                .label("seven")
                .alu(Alu.ADD, R0, -2)
                .exit()
                .assemble();

        assertThat(program.toString().lines())
                .containsExactly(
                        "sample:",
                        "    0  r2 = *(u32 *)(r1 + 4)",
                        "    1  r0 = 0x100000001 ll",
                        "    3  if r2 == 7 goto seven",
                        "    4  r0 = 1",
                        "    5  exit",
                        "seven:",
                        "    6  r0 += -2",
                        "    7  exit");
    }

    @Test
    void encodesJumpsRelativeToTheNextInstruction() {
        BpfProgram program = new BpfAssembler("jump")
                .jumpIf(Condition.EQUAL, R1, 0, "end")
                .move(R0, 5)
                .label("end")
                .exit()
                .assemble();

        ByteBuffer code = ByteBuffer.allocate(program.lengthBytes()).order(ByteOrder.LITTLE_ENDIAN);
        program.writeTo(code);

        assertThat(code.getShort(2)).isEqualTo((short) 1);
        assertThat(code.get(8)).isEqualTo((byte) 0xb7);
        assertThat(code.getInt(12)).isEqualTo(5);
        assertThat(code.get(16)).isEqualTo((byte) 0x95);
    }

    @Test
    void leavesOutWhatNoPathLeadsTo() {
        BpfProgram program = new BpfAssembler("dead")
                .move(R0, 1)
                .jump("end")
                .label("orphan")
                .move(R0, 2)
                .exit()
                .label("end")
                .exit()
                .assemble();

        assertThat(program.toString().lines())
                .containsExactly("dead:", "    0  r0 = 1", "    1  goto end", "end:", "    2  exit");
    }

    @Test
    void refusesAJumpToNowhere() {
        BpfAssembler assembler = new BpfAssembler("nowhere").jump("missing");

        assertThatThrownBy(assembler::assemble).hasMessageContaining("label=missing");
    }

    @Test
    void aRefusedProgramSaysWhatTheVerifierSaidAndShowsItsListing() {
        String obstacle = NetworkNamespace.obstacle();
        assumeTrue(obstacle.isEmpty(), "programs can't be loaded here: " + obstacle);
        BpfProgram reading = new BpfAssembler("astray")
                .load(Width.WORD, R2, R1, 0)
                .load(Width.WORD, R0, R2, 0)
                .exit()
                .assemble();

        assertThatThrownBy(() -> LoadedProgram.loadXdp(reading))
                .isInstanceOf(LinuxException.class)
                .hasMessageContaining("bpf: load program astray")
                .hasMessageContaining("invalid access to packet")
                .hasMessageContaining("r0 = *(u32 *)(r2 + 0)");
    }
}
