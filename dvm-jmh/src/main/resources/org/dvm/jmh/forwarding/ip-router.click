// An IP router with two interfaces: 10.0.0.1/24 on if0 and 10.0.1.1/24 on if1.

// What comes in by an interface: [0] IP packets, [1] ARP replies; ARP requests are answered here.
elementclass Input { $device, $ip, $color |
    FromDevice($device)
      -> c :: Classifier(12/0806 20/0001, 12/0806 20/0002, 12/0800, -);
    c [0] -> ARPResponder($ip $device) -> [2] output;
    c [1] -> [1] output;
    c [2] -> Paint($color) -> Strip(14) -> CheckIPHeader(INTERFACES 10.0.0.1/24 10.0.1.1/24) -> [0] output;
    c [3] -> Discard;
}

// What leaves by an interface; [0] IP packets to send, [1] ICMP errors about them.
elementclass Output { $ip, $color, $mtu |
    input -> DropBroadcasts
      -> same :: PaintTee($color)
      -> options :: IPGWOptions($ip)
      -> FixIPSrc($ip)
      -> ttl :: DecIPTTL
      -> fragment :: IPFragmenter($mtu)
      -> [0] output;
    same [1] -> ICMPError($ip, redirect, host) -> [1] output;
    options [1] -> ICMPError($ip, parameterproblem) -> [1] output;
    ttl [1] -> ICMPError($ip, timeexceeded) -> [1] output;
    fragment [1] -> ICMPError($ip, unreachable, needfrag, PMTU $mtu) -> [1] output;
}

in0 :: Input(if0, 10.0.0.1, 1);
in1 :: Input(if1, 10.0.1.1, 2);
out0 :: Output(10.0.0.1, 1, 1500);
out1 :: Output(10.0.1.1, 2, 1500);
arpq0 :: ARPQuerier(10.0.0.1, if0);
arpq1 :: ARPQuerier(10.0.1.1, if1);
queue0 :: Queue(512) -> ToDevice(if0);
queue1 :: Queue(512) -> ToDevice(if1);

rt :: LookupIPRoute(
    10.0.0.1/32 0, 10.0.1.1/32 0, 10.0.0.255/32 0, 10.0.1.255/32 0,
    10.0.0.0/24 1, 10.0.1.0/24 2, 0.0.0.0/0 10.0.1.2 2);

in0 -> GetIPAddress(16) -> rt;
in1 -> GetIPAddress(16) -> rt;
in0 [1] -> [1] arpq0;
in1 [1] -> [1] arpq1;
in0 [2] -> queue0;
in1 [2] -> queue1;

rt [0] -> ping :: ICMPPingResponder -> rt;
ping [1] -> Discard;
rt [1] -> out0 -> [0] arpq0 -> queue0;
rt [2] -> out1 -> [0] arpq1 -> queue1;
out0 [1] -> rt;
out1 [1] -> rt;
