package org.dvm.nodeos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CalibrationTest {
    @Test
    void mapsPortableUnitsByTheNumbersItReports() {
        Calibration calibration = new Calibration(250, 240, 300, 11, 1500, 2048);

        Calibration.Mapping mapping = calibration.map(new PortableSpec(10_000, 100, 1000, 2));

        // 10,000 x 250 ns; 100 frames of 2048 bytes are 50 pages, their queue 4; 1000 x 1514 bytes/s; 2 x 1500 bytes
        assertThat(mapping.resources()).isEqualTo(new ResourceSpec(54, 2_500_000, 1514, 3000));
        assertThat(mapping.report()).hasSize(4);
        assertThat(mapping.report().get(0)).contains("250.0 ns", "240.0 to 300.0", "2,500,000 ns/s", "0.25 %");
    }

    @Test
    void measuresAForwardingOnThisMachine() {
        Calibration calibration = Calibration.measure(1500);

        assertThat(calibration.forwardingNanos()).isBetween(calibration.fastestNanos(), calibration.slowestNanos());
        assertThat(calibration.forwardingNanos()).isBetween(1.0, 1_000_000.0);
        assertThat(calibration.map(new PortableSpec(1000, 0, 0, 0)).resources().cpuNanosPerSecond())
                .isEqualTo((long) Math.ceil(1000 * calibration.forwardingNanos()));
    }

    @Test
    void aMappedSpecificationIsAdmittedAndLeavesRoomForItsPackets() {
        Calibration calibration = new Calibration(250, 240, 300, 11, 1500, 2048);
        try (Node node = Node.builder().frames(512).manual().build()) {
            ResourceSpec resources =
                    calibration.map(new PortableSpec(1000, 100, 0, 0)).resources();
            Domain domain = node.root().create(DomainSpec.of("d", resources, Authority.NONE));

            assertThat(domain.allotBuffers(100).size()).isEqualTo(100);
            assertThat(domain.available().pages()).isZero();
        }
    }

    @Test
    void refusesUnitsThatAreNoNumbers() {
        assertThatThrownBy(() -> new PortableSpec(-1, 0, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PortableSpec(0, Double.NaN, 0, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
