package org.dvm.nodeos.internal.linux.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.dvm.nodeos.internal.linux.LinuxLinks;
import org.dvm.nodeos.internal.linux.sys.LinuxException;
import org.dvm.nodeos.lab.Cable;
import org.dvm.nodeos.lab.NetworkNamespace;
import org.dvm.nodeos.link.LinkDescription;
import org.dvm.nodeos.link.MacAddress;
import org.junit.jupiter.api.Test;

class RtnetlinkTest {
    @Test
    void listsTheLoopback() throws LinuxException {
        assumeTrue(LinuxLinks.obstacle().isEmpty(), LinuxLinks.obstacle());
        try (Rtnetlink rtnetlink = Rtnetlink.open()) {
            assertThat(rtnetlink.link("lo")).hasValueSatisfying(link -> {
                assertThat(link.isLoopback()).isTrue();
                assertThat(link.mtu()).isPositive();
                assertThat(link.mac()).isEqualTo(MacAddress.NONE);
            });
        }
    }

    @Test
    void seesWhatItHasChanged() throws Exception {
        String obstacle = NetworkNamespace.obstacle();
        assumeTrue(obstacle.isEmpty(), "no network laboratory here: " + obstacle);
        InetAddress address = InetAddress.getByAddress(new byte[] {10, 1, 2, 3});
        try (NetworkNamespace left = NetworkNamespace.create("left");
                NetworkNamespace right = NetworkNamespace.create("right")) {
            Cable cable = Cable.lay(left, "left0", right, "right0");
            int index = cable.left().index();
            left.run(() -> {
                try (Rtnetlink rtnetlink = Rtnetlink.open()) {
                    rtnetlink.setMtu(index, 1400);
                    rtnetlink.addAddress(index, address, 24);
                    assertThat(rtnetlink.addresses()).contains(new AddressInfo(index, address, 24));
                    assertThat(rtnetlink.routes())
                            .contains(
                                    new RouteInfo(InetAddress.getByAddress(new byte[] {10, 1, 2, 0}), 24, null, index));
                    assertThat(rtnetlink.neighbours()).isEmpty();
                    assertThat(rtnetlink.link("left0"))
                            .hasValueSatisfying(link -> assertThat(link.kind()).isEqualTo("veth"));
                }
                LinkDescription described = LinuxLinks.list().get(0);
                assertThat(described.mtuBytes()).isEqualTo(1400);
                assertThat(described.addresses()).hasToString("[10.1.2.3/24]");
            });
            left.run(() -> {
                try (Rtnetlink rtnetlink = Rtnetlink.open()) {
                    rtnetlink.deleteLink(index);
                    assertThat(rtnetlink.link("left0")).isEmpty();
                    assertThatThrownBy(() -> rtnetlink.setUp(index))
                            .isInstanceOf(LinuxException.class)
                            .hasMessageContaining("ENODEV");
                }
            });
        }
    }

    @Test
    void attributesWithLyingLengthsEndTheList() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            ByteBuffer message = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
            Attributes attributes = Attributes.read(message, 0, bytes.length);
            attributes.mac(1);
            attributes.text(3);
            attributes.integer(4, 0);
            attributes.word(23, 56);
            attributes.address(2);
            attributes.nested(18).text(1);
        }
    }
}
