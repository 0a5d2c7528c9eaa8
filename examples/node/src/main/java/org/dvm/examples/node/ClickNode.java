package org.dvm.examples.node;

import org.dvm.nodeos.Domain;
import org.dvm.nodeos.Node;
import org.dvm.nodeos.click.ClickChannel;
import org.dvm.nodeos.click.ClickChannelSpec;
import org.dvm.nodeos.click.ClickConfiguration;
import org.dvm.nodeos.click.ClickException;

/** A Click configuration as a channel: counts, filters and queues what goes from one interface to another. */
public final class ClickNode {
    private static final String CONFIGURATION = """
            FromDevice($in)
              -> ether :: Classifier(12/0800, -)
              -> Strip(14) -> CheckIPHeader
              -> filter :: IPFilter(allow udp && dst port 53, deny all)
              -> passed :: Counter -> DecIPTTL
              -> EtherEncap(0x0800, $out, $next)
              -> queue :: Queue(200) -> ToDevice($out);
            ether [1] -> other :: Counter -> Discard;
            """;

    private ClickNode() {}

    /** Prints the counters each second until it is interrupted; the arguments are input, output and next hop. */
    public static void main(String[] arguments) throws ClickException, InterruptedException {
        try (Node node = Node.builder().build()) {
            node.open(arguments[0]);
            node.open(arguments[1]);
            ClickChannel channel = open(node, node.root(), arguments[0], arguments[1], arguments[2], 1000);
            while (channel.isOpen()) {
                Thread.sleep(1000);
                System.out.println(
                        channel.read("passed.count") + " passed, " + channel.read("queue.drops") + " dropped");
            }
        }
    }

    static ClickChannel open(Node node, Domain domain, String from, String to, String nextHop, long bytesPerMilli)
            throws ClickException {
        String text = CONFIGURATION.replace("$in", from).replace("$out", to).replace("$next", nextHop);
        ClickConfiguration configuration = ClickConfiguration.parse("dns-only.click", text);
        return ClickChannel.open(domain, node.links(), ClickChannelSpec.of(configuration, bytesPerMilli));
    }
}
