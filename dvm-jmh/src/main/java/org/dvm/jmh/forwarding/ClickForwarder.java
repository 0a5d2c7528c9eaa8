package org.dvm.jmh.forwarding;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.FutureTask;
import org.dvm.nodeos.Node;
import org.dvm.nodeos.click.ClickChannel;
import org.dvm.nodeos.click.ClickChannelSpec;
import org.dvm.nodeos.click.ClickConfiguration;
import org.dvm.nodeos.lab.Processor;

/** The IP router of the Click paper as a Click channel of a node, with ARP, ICMP errors and fragmentation. */
final class ClickForwarder implements Forwarder {
    private static final String CONFIGURATION = "ip-router.click";
    private static final String DESTINATION_ADDRESS = "10.0.1.2";

    @Override
    public String name() {
        return "Click channel, IP router";
    }

    @Override
    public Running start(Testbed testbed) throws Exception {
        ClickConfiguration configuration = ClickConfiguration.parse(CONFIGURATION, read());
        Node node = DomainForwarder.open(testbed);
        try {
            long bandwidth = Math.min(
                    testbed.input().capacityBytesPerMilli(), testbed.output().capacityBytesPerMilli());
            // The channel's thread inherits the processor of the one that opens it.
            FutureTask<ClickChannel> opening = new FutureTask<>(() -> {
                Processor.pin(Testbed.FORWARDER_PROCESSOR);
                return ClickChannel.open(node.root(), node.links(), ClickChannelSpec.of(configuration, bandwidth));
            });
            new Thread(opening, "click-opening").start();
            ClickChannel channel = opening.get();
            channel.write(
                    "arpq1.insert",
                    DESTINATION_ADDRESS + " "
                            + testbed.nextHop().mac().toString().replace(':', '-'));
            return () -> {
                channel.close();
                node.close();
            };
        } catch (Exception e) {
            node.close();
            throw e;
        }
    }

    private static String read() throws IOException {
        try (InputStream in = Objects.requireNonNull(
                ClickForwarder.class.getResourceAsStream(CONFIGURATION),
                "the configuration is packed with this class")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
