package org.dvm.jmh.forwarding;

import java.util.List;
import org.dvm.nodeos.link.CutThroughOffload;
import org.dvm.nodeos.link.CutThroughPlan;
import org.dvm.nodeos.link.CutThroughPlan.Base;
import org.dvm.nodeos.link.CutThroughPlan.Forwarding;
import org.dvm.nodeos.link.CutThroughPlan.Match;
import org.dvm.nodeos.link.FrameMemory;
import org.dvm.nodeos.link.LinkDriver;
import org.dvm.nodeos.link.LinkDriverProvider;

/** A cut-through channel in the kernel. */
final class CutThroughForwarder implements Forwarder {
    /** What the channel does besides passing frames on and counting them. */
    enum Work {
        NONE,
        ROUTE_AND_POLICE
    }

    /** Above what the generator can do, so that nothing is dropped and everything is checked: 10 Gb/s. */
    private static final long POLICED_BYTES_PER_MILLI = 1_250_000;

    private static final long BURST_BYTES = 1 << 20;

    private final Work work;

    CutThroughForwarder(Work work) {
        this.work = work;
    }

    @Override
    public String name() {
        return switch (work) {
            case NONE -> "cut-through, bare";
            case ROUTE_AND_POLICE -> "cut-through, policed and accounted";
        };
    }

    @Override
    public boolean isCompiledWhileItRuns() {
        return false;
    }

    @Override
    public Running start(Testbed testbed) {
        LinkDriverProvider provider = DriverForwarder.provider("packet_mmsg");
        FrameMemory memory = FrameMemory.allocate(2, 2048);
        LinkDriver driver = testbed.node().call(() -> provider.open(testbed.input(), memory));
        CutThroughOffload offload = testbed.node()
                .call(() -> driver.offload(plan(testbed)))
                .orElseThrow(() -> new IllegalStateException("the kernel doesn't take the cut-through channel"));
        return () -> {
            offload.close();
            driver.close();
        };
    }

    private CutThroughPlan plan(Testbed testbed) {
        return switch (work) {
            case NONE ->
                new CutThroughPlan(
                        testbed.output(),
                        List.of(),
                        Forwarding.BRIDGE,
                        testbed.output().mac(),
                        testbed.nextHop().mac(),
                        0,
                        0);
            case ROUTE_AND_POLICE ->
                new CutThroughPlan(
                        testbed.output(),
                        List.of(new Match(Base.TRANSPORT, 2, 2, 0xffff, Testbed.PORT)),
                        Forwarding.ROUTE,
                        testbed.output().mac(),
                        testbed.nextHop().mac(),
                        POLICED_BYTES_PER_MILLI,
                        BURST_BYTES);
        };
    }
}
