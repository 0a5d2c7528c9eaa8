package org.dvm.nodeos.click.internal;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.dvm.nodeos.PacketBuffer;
import org.dvm.nodeos.click.Args;
import org.dvm.nodeos.click.Element;
import org.dvm.nodeos.click.Values;
import org.jspecify.annotations.Nullable;

/**
 * Gives IP packets an Ethernet header with the address of their destination (input 0), asking for it by ARP when it isn't
 * known; ARP replies come to input 1. A packet per destination waits for the answer, the latest one. Entries are asked for
 * again after a while and forgotten after five minutes.
 */
final class ArpQuerier extends Element {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final int MAX_ENTRIES = 4096;

    private static final class Entry {
        long ether;
        boolean known;
        long heardNanos;
        long askedNanos;

        @Nullable
        PacketBuffer waiting;
    }

    private int ip;
    private long ether;
    private long timeoutNanos;
    private long pollNanos;
    private final Map<Integer, Entry> entries = new HashMap<>();

    /** The entry used last: flows repeat their destination, and a look-up in the map would box it. */
    private int lastIp;

    private @Nullable Entry last;
    private long queries;
    private long responses;
    private long drops;

    @Override
    public String className() {
        return "ARPQuerier";
    }

    @Override
    protected String portCount() {
        return "2/1-2";
    }

    @Override
    protected String processing() {
        return "h/h";
    }

    @Override
    protected String flowCode() {
        return "xy/x";
    }

    @Override
    protected Set<String> keywords() {
        return Set.of("IP", "ETH", "TIMEOUT", "POLL_TIMEOUT");
    }

    @Override
    protected void configure(Args args) {
        ip = args.mandatory("IP", Values::ipAddress, 0);
        ether = args.mandatory("ETH", text -> Devices.address(context(), text), 0L);
        timeoutNanos = args.keyword("TIMEOUT", Values::nanos, 300 * NANOS_PER_SECOND);
        pollNanos = args.keyword("POLL_TIMEOUT", Values::nanos, 60 * NANOS_PER_SECOND);
        readHandler("ipaddr", () -> Values.dotted(ip));
        readHandler("table", this::tableText);
        readHandler("queries", () -> Long.toString(queries));
        readHandler("responses", () -> Long.toString(responses));
        readHandler("drops", () -> Long.toString(drops));
        writeHandler("insert", this::insert);
        writeHandler("clear", value -> clear());
    }

    private String tableText() {
        return entries.entrySet().stream()
                .map(entry -> Values.dotted(entry.getKey()) + "\t" + (entry.getValue().known ? "1" : "0") + "\t"
                        + Values.etherText(entry.getValue().ether))
                .sorted()
                .collect(Collectors.joining("\n"));
    }

    private void insert(String text) {
        String[] words = text.trim().split("\\s+");
        if (words.length != 2) {
            throw new IllegalArgumentException("expected 'IP ETHER', found '" + text + "'");
        }
        learn(Values.ipAddress(words[0]), Values.etherAddress(words[1]));
    }

    @Override
    protected void push(int port, PacketBuffer packet) {
        if (port == 1) {
            if (Arp.is(packet, Arp.REPLY)) {
                responses++;
                if (entries.containsKey(Arp.senderIp(packet))) { // only what was asked for: unasked answers may be lies
                    learn(Arp.senderIp(packet), Arp.senderEther(packet));
                }
            }
            packet.release();
            return;
        }
        int destination = Annotations.destination(packet);
        if (destination == -1) {
            send(packet, Ether.BROADCAST);
        } else if (destination >>> 28 == 14) {
            send(packet, 0x0100_5e00_0000L | (destination & 0x7f_ffff));
        } else {
            resolve(packet, destination);
        }
    }

    private void resolve(PacketBuffer packet, int destination) {
        Entry entry = last;
        if (entry == null || lastIp != destination) {
            entry = entries.get(destination);
            if (entry == null) {
                entry = newEntry(destination);
            }
            lastIp = destination;
            last = entry;
        }
        long now = context().roundNanos();
        if (entry.known && now - entry.heardNanos > timeoutNanos) {
            entry.known = false;
        }
        if (entry.known) {
            if (now - entry.heardNanos > pollNanos && now - entry.askedNanos > NANOS_PER_SECOND) {
                ask(destination, entry, now);
            }
            send(packet, entry.ether);
            return;
        }
        PacketBuffer older = entry.waiting;
        if (older != null) {
            drops++;
            older.release();
        }
        entry.waiting = packet;
        if (older == null || now - entry.askedNanos > NANOS_PER_SECOND) {
            ask(destination, entry, now);
        }
    }

    private Entry newEntry(int destination) {
        if (entries.size() >= MAX_ENTRIES) {
            clear(); // a scan fills the table: forget all rather than grow
        }
        Entry entry = new Entry();
        entries.put(destination, entry);
        return entry;
    }

    private void send(PacketBuffer packet, long destination) {
        if (packet.headroom() < Ether.HEADER_BYTES) {
            drops++;
            packet.release();
            return;
        }
        Ether.push(packet, destination, ether, Ip.ETHERTYPE);
        output(0).push(packet);
    }

    private void ask(int destination, Entry entry, long now) {
        PacketBuffer query = context().newPacket();
        if (query != null) {
            entry.askedNanos = now;
            queries++;
            Arp.write(query, Arp.REQUEST, Ether.BROADCAST, ether, ip, 0, destination);
            output(outputCount() - 1).push(query);
        }
    }

    private void learn(int address, long etherAddress) {
        Entry entry = entries.get(address);
        if (entry == null) {
            entry = newEntry(address);
        }
        entry.ether = etherAddress;
        entry.known = true;
        entry.heardNanos = context().roundNanos();
        PacketBuffer packet = entry.waiting;
        entry.waiting = null;
        if (packet != null) {
            send(packet, etherAddress);
        }
    }

    private void clear() {
        last = null;
        for (Entry entry : entries.values()) {
            PacketBuffer packet = entry.waiting;
            if (packet != null) {
                packet.release();
            }
        }
        entries.clear();
    }

    @Override
    protected void cleanup() {
        clear();
    }
}
