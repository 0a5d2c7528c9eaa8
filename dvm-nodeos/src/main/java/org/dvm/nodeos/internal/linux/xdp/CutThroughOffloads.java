package org.dvm.nodeos.internal.linux.xdp;

import java.util.Optional;
import org.dvm.nodeos.internal.linux.netlink.XdpFeatures;
import org.dvm.nodeos.internal.linux.sys.LinuxException;
import org.dvm.nodeos.link.CutThroughOffload;
import org.dvm.nodeos.link.CutThroughPlan;
import org.dvm.nodeos.link.LinkDescription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides whether a cut-through channel can run in an interface's XDP program, and starts it there. */
public final class CutThroughOffloads {
    private static final Logger LOG = LoggerFactory.getLogger(CutThroughOffloads.class);

    private CutThroughOffloads() {}

    /**
     * Starts a channel in the kernel, if it can run there. To be called by a thread in the network namespace of both
     * interfaces.
     *
     * @param program the program of the input interface
     * @param plan what the channel does
     * @param input the input interface
     * @return the running channel, or nothing - the reason is logged - if it must run in the node
     */
    public static Optional<CutThroughOffload> start(
            InterfaceProgram program, CutThroughPlan plan, LinkDescription input) {
        String names = input.name() + " -> " + plan.output().name();
        try {
            if (plan.output().index() == 0) {
                LOG.info("cut-through {} runs in the node: the output is no interface of this machine", names);
                return Optional.empty();
            }
            if (!XdpFeatures.acceptsRedirectedFrames(plan.output().index())) {
                LOG.info(
                        "cut-through {} runs in the node: the output takes no redirected frames (a virtual Ethernet"
                                + " interface does if its peer has GRO on or an XDP program)",
                        names);
                return Optional.empty();
            }
            CutThrough channel = CutThrough.start(program, plan, input.mtuBytes());
            LOG.info("cut-through {} runs in the kernel (XDP {})", names, program.mode());
            return Optional.of(channel);
        } catch (LinuxException e) {
            LOG.info("cut-through {} runs in the node: {}", names, e.getMessage());
            return Optional.empty();
        }
    }
}
