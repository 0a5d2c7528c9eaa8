package org.dvm.nodeos.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrameMemoryTest {
    @Test
    void cutsARegionIntoDistinctFrames() {
        FrameMemory memory = FrameMemory.allocate(4, 4096);

        assertThat(memory.take(4)).containsExactlyInAnyOrder(0, 4096, 8192, 12288);
        assertThat(memory.freeFrames()).isZero();
        memory.give(8192 + 77);
        assertThat(memory.take(1)).containsExactly(8192);
    }

    @Test
    void refusesGeometryThatNoBackEndCouldUse() {
        assertThatThrownBy(() -> FrameMemory.allocate(4, 3000)).hasMessageContaining("frameBytes=3000");
        assertThatThrownBy(() -> FrameMemory.allocate(4, 1024)).hasMessageContaining("frameBytes=1024");
        assertThatThrownBy(() -> FrameMemory.allocate(0, 2048)).hasMessageContaining("frames=0");
        assertThatThrownBy(() -> FrameMemory.allocate(1 << 20, 2048)).hasMessageContaining("1 GiB");
        assertThatThrownBy(() -> FrameMemory.over(java.nio.ByteBuffer.allocate(4096), 2048))
                .hasMessageContaining("direct");
    }

    @Test
    void noticesAFrameGivenTwice() {
        FrameMemory memory = FrameMemory.allocate(1, 2048);

        assertThatThrownBy(() -> memory.give(0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void batchKeepsOffsetsAndLengthsInOrder() {
        FrameBatch batch = new FrameBatch(3);
        batch.add(1 << 29, 1514);
        batch.add(4096, 60);
        batch.add(8192, 0);

        batch.removeFirst(1);

        assertThat(batch.size()).isEqualTo(2);
        assertThat(batch.offset(0)).isEqualTo(4096);
        assertThat(batch.length(0)).isEqualTo(60);
        assertThat(FrameBatch.offsetOf(batch.removeLast())).isEqualTo(8192);
        assertThat(batch.remaining()).isEqualTo(2);
        assertThat(FrameBatch.offsetOf(FrameBatch.entry(1 << 29, 1514))).isEqualTo(1 << 29);
    }

    @Test
    void readsAndPrintsEthernetAddresses() {
        MacAddress address = MacAddress.parse("02:00:5e:10:00:ff");

        assertThat(address).hasToString("02:00:5e:10:00:ff");
        assertThat(MacAddress.of(address.toBytes())).isEqualTo(address);
        assertThatThrownBy(() -> MacAddress.parse("02:00:5e:10:00")).hasMessageContaining("02:00:5e:10:00");
        assertThatThrownBy(() -> MacAddress.parse("02:00:5e:10:00:zz")).hasMessageContaining("zz");
        assertThatThrownBy(() -> new MacAddress(1L << 48)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesLinksThatCannotBe() throws UnknownHostException {
        InetAddress host = InetAddress.getByAddress(new byte[] {10, 0, 0, 1});

        assertThat(new InterfaceAddress(host, 24)).hasToString("10.0.0.1/24");
        assertThatThrownBy(() -> new InterfaceAddress(host, 33)).hasMessageContaining("10.0.0.1/33");
        assertThatThrownBy(() -> new LinkDescription("a/b", 0, MacAddress.NONE, 1500, List.of(), 1))
                .hasMessageContaining("a/b");
        assertThatThrownBy(() -> new LinkDescription("if0", 0, MacAddress.NONE, 67, List.of(), 1))
                .hasMessageContaining("mtuBytes=67");
        assertThatThrownBy(() -> new LinkDescription("if0", 0, MacAddress.NONE, 1500, List.of(), 0))
                .hasMessageContaining("capacityBytesPerMilli=0");
    }
}
