package org.dvm.nodeos.click.internal;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.dvm.nodeos.click.Element;

/** The element classes that every router knows. */
public final class StandardElements {
    private StandardElements() {}

    /** Returns makers of elements by class name. */
    public static Map<String, Supplier<Element>> all() {
        Map<String, Supplier<Element>> all = new TreeMap<>();
        all.put("ARPQuerier", ArpQuerier::new);
        all.put("ARPResponder", ArpResponder::new);
        all.put("BandwidthRatedUnqueue", () -> new RatedUnqueue(Limit.BYTES));
        all.put("BandwidthShaper", () -> new Shaper(Limit.BYTES));
        all.put("CheckIPHeader", () -> new CheckIpHeader(CheckIpHeader.Depth.ALL));
        all.put("CheckIPHeader2", () -> new CheckIpHeader(CheckIpHeader.Depth.NO_CHECKSUM));
        all.put("CheckPaint", () -> new PaintTest(PaintTest.Action.CHECK));
        all.put("Classifier", Classifier::new);
        all.put("Counter", Counter::new);
        all.put("DecIPTTL", DecIpTtl::new);
        all.put("DirectIPLookup", () -> new LookupIpRoute("DirectIPLookup"));
        all.put("Discard", Discard::new);
        all.put("DropBroadcasts", DropBroadcasts::new);
        all.put("EtherEncap", EtherEncap::new);
        all.put("EtherMirror", EtherMirror::new);
        all.put("FixIPSrc", FixIpSrc::new);
        all.put("FromDevice", () -> new DeviceSource("FromDevice"));
        all.put("FrontDropQueue", () -> new Queue(Queue.Drop.OLDEST));
        all.put("GetIPAddress", GetIpAddress::new);
        all.put("HostEtherFilter", HostEtherFilter::new);
        all.put("ICMPError", IcmpError::new);
        all.put("ICMPPingResponder", IcmpPingResponder::new);
        all.put("IPClassifier", () -> new IpRules(IpRules.Form.CLASSIFIER));
        all.put("IPFilter", () -> new IpRules(IpRules.Form.FILTER));
        all.put("IPFragmenter", IpFragmenter::new);
        all.put("IPGWOptions", IpGatewayOptions::new);
        all.put("IPReassembler", IpReassembler::new);
        all.put("Idle", Idle::new);
        all.put("InfiniteSource", () -> new Source(Source.Pace.INFINITE));
        all.put("LinearIPLookup", () -> new LookupIpRoute("LinearIPLookup"));
        all.put("LookupIPRoute", () -> new LookupIpRoute("LookupIPRoute"));
        all.put("MarkIPHeader", () -> new CheckIpHeader(CheckIpHeader.Depth.NOTHING));
        all.put("Null", Pass::new);
        all.put("Paint", Paint::new);
        all.put("PaintTee", () -> new PaintTest(PaintTest.Action.TEE));
        all.put("PollDevice", () -> new DeviceSource("PollDevice"));
        all.put("PrioSched", PrioSched::new);
        all.put("Print", Print::new);
        all.put("Queue", () -> new Queue(Queue.Drop.NEWEST));
        all.put("RED", Red::new);
        all.put("RadixIPLookup", () -> new LookupIpRoute("RadixIPLookup"));
        all.put("RatedSource", () -> new Source(Source.Pace.RATED));
        all.put("RatedUnqueue", () -> new RatedUnqueue(Limit.PACKETS));
        all.put("RoundRobinSched", RoundRobinSched::new);
        all.put("SetIPAddress", SetIpAddress::new);
        all.put("SetIPChecksum", SetIpChecksum::new);
        all.put("Shaper", () -> new Shaper(Limit.PACKETS));
        all.put("SimpleQueue", () -> new Queue(Queue.Drop.NEWEST));
        all.put("StaticIPLookup", () -> new LookupIpRoute("StaticIPLookup"));
        all.put("StrideSched", StrideSched::new);
        all.put("Strip", () -> new Strip(Strip.Direction.OFF));
        all.put("Tee", Tee::new);
        all.put("TimedSource", () -> new Source(Source.Pace.TIMED));
        all.put("ToDevice", ToDevice::new);
        all.put("Unqueue", Unqueue::new);
        all.put("Unstrip", () -> new Strip(Strip.Direction.BACK));
        return all;
    }
}
