package org.dvm.nodeos.click.internal;

import java.util.ArrayList;
import java.util.List;
import org.dvm.nodeos.PacketBuffer;
import org.dvm.nodeos.click.Args;
import org.dvm.nodeos.click.ConfigurationWords;
import org.dvm.nodeos.click.Element;
import org.dvm.nodeos.click.Values;
import org.jspecify.annotations.Nullable;

/** Answers ARP requests for its addresses; the request becomes the reply. Others go to output 1, or are dropped. */
final class ArpResponder extends Element {
    private record Entry(Values.IpPrefix prefix, long ether) {}

    private final List<Entry> entries = new ArrayList<>();
    private long replies;

    @Override
    public String className() {
        return "ARPResponder";
    }

    @Override
    protected String portCount() {
        return "1/1-2";
    }

    @Override
    protected String processing() {
        return "a/ah";
    }

    @Override
    protected void configure(Args args) {
        for (String text : args.all()) {
            List<String> words = ConfigurationWords.of(text);
            long ether = words.size() < 2
                    ? 0
                    : args.parse(text, words.get(words.size() - 1), word -> Devices.address(context(), word), 0L);
            if (words.size() < 2) {
                args.error("expected 'IP[/MASK]... ETHER', found '" + text + "'");
                continue;
            }
            for (String word : words.subList(0, words.size() - 1)) {
                entries.add(new Entry(args.parse(text, word, Values::ipPrefix, new Values.IpPrefix(0, -1)), ether));
            }
        }
        if (entries.isEmpty()) {
            args.error("too few arguments: at least one 'IP ETHER' is needed");
        }
        readHandler("replies", () -> Long.toString(replies));
    }

    @Override
    protected @Nullable PacketBuffer process(PacketBuffer packet) {
        if (Arp.is(packet, Arp.REQUEST)) {
            int wanted = Arp.targetIp(packet);
            for (int i = 0; i < entries.size(); i++) {
                Entry entry = entries.get(i);
                if (entry.prefix().contains(wanted)) {
                    reply(packet, entry.ether(), wanted);
                    return packet;
                }
            }
        }
        pushOrDrop(1, packet);
        return null;
    }

    private void reply(PacketBuffer packet, long ether, int ip) {
        long asker = Arp.senderEther(packet);
        int askerIp = Arp.senderIp(packet);
        packet.clear();
        Arp.write(packet, Arp.REPLY, asker, ether, ip, asker, askerIp);
        replies++;
    }
}
