package org.dvm.examples.node;

import java.util.List;
import java.util.Set;
import org.dvm.nodeos.Authority;
import org.dvm.nodeos.CutThroughSpec;
import org.dvm.nodeos.Domain;
import org.dvm.nodeos.DomainSpec;
import org.dvm.nodeos.Endpoint;
import org.dvm.nodeos.InputChannel;
import org.dvm.nodeos.InputSpec;
import org.dvm.nodeos.Node;
import org.dvm.nodeos.OutputChannel;
import org.dvm.nodeos.OutputSpec;
import org.dvm.nodeos.ResourceSpec;
import org.dvm.nodeos.link.CutThroughPlan.Forwarding;

/**
 * A node with two tenants, each held to what it pays for: one answers datagrams by its own code, the traffic of the other
 * passes through and is policed. Start it with {@code Tenants eth0 10.0.0.9 eth1 02:00:00:00:00:02}.
 */
public final class Tenants {
    private static final int PAGES = 2000;
    private static final long CPU_NANOS_PER_SECOND = 100_000_000;

    private Tenants() {}

    /** Runs until it is interrupted; the arguments are the outer link, its address, the inner link and its next hop. */
    public static void main(String[] arguments) throws InterruptedException {
        try (Node node = Node.builder().build()) {
            node.open(arguments[0]);
            node.open(arguments[2]);
            Domain echo = echo(node, arguments[0], arguments[1] + ":7", arguments[3], 100);
            Domain transit = transit(node, arguments[0], arguments[2], arguments[3], 1000);
            while (!Thread.currentThread().isInterrupted()) {
                Thread.sleep(1000);
                System.out.println("echo " + echo.statistics() + ", transit " + transit.statistics());
            }
        }
    }

    /** Makes a tenant that sends datagrams back. It sees no packet that isn't for its endpoint and sends as nobody else. */
    static Domain echo(Node node, String link, String endpoint, String gateway, long bytesPerMilli) {
        DomainSpec spec = DomainSpec.of("echo", resources(bytesPerMilli), Authority.over(endpoint));
        return node.root().create(spec, self -> {
            InputChannel in = self.openInput(InputSpec.of(link + "/eth/ip/udp", "local=" + endpoint));
            OutputChannel out = self.openOutput(OutputSpec.of(
                    link + "/eth/ip/udp", "local=" + endpoint + ",remote=*,mac=" + gateway, bytesPerMilli));
            self.mainThreads().serve(in, (packets, count) -> out.send(packets, 0, count));
        });
    }

    /** Makes a tenant whose packets are routed without a thread, in the kernel where that can be, and not one byte faster. */
    static Domain transit(Node node, String from, String to, String nextHop, long bytesPerMilli) {
        Authority router = new Authority(
                Set.of(Authority.Right.RECEIVE_ANY, Authority.Right.SEND_AS_ANY),
                List.of(Endpoint.parse("10.2.0.0/16")));
        Domain transit = node.root().create(DomainSpec.of("transit", resources(bytesPerMilli), router));
        transit.openCutThrough(new CutThroughSpec(
                InputSpec.of(from + "/eth/ip", "local=10.2.0.0/16"),
                OutputSpec.of(to + "/eth", "mac=" + nextHop, bytesPerMilli),
                Forwarding.ROUTE,
                CutThroughSpec.Policing.DROP_EXCESS));
        return transit;
    }

    private static ResourceSpec resources(long bytesPerMilli) {
        return new ResourceSpec(PAGES, CPU_NANOS_PER_SECOND, bytesPerMilli, 0);
    }
}
