package org.dvm.nodeos.internal.linux.xdp;

import static org.dvm.nodeos.internal.linux.bpf.Register.R0;
import static org.dvm.nodeos.internal.linux.bpf.Register.R1;
import static org.dvm.nodeos.internal.linux.bpf.Register.R10;
import static org.dvm.nodeos.internal.linux.bpf.Register.R2;
import static org.dvm.nodeos.internal.linux.bpf.Register.R3;
import static org.dvm.nodeos.internal.linux.bpf.Register.R7;
import static org.dvm.nodeos.internal.linux.bpf.Register.R8;
import static org.dvm.nodeos.internal.linux.bpf.Register.R9;

import org.dvm.nodeos.internal.linux.HeaderOffsets;
import org.dvm.nodeos.internal.linux.InterfaceStatistics;
import org.dvm.nodeos.internal.linux.bpf.Alu;
import org.dvm.nodeos.internal.linux.bpf.BpfAssembler;
import org.dvm.nodeos.internal.linux.bpf.BpfMap;
import org.dvm.nodeos.internal.linux.bpf.Condition;
import org.dvm.nodeos.internal.linux.bpf.Helper;
import org.dvm.nodeos.internal.linux.bpf.Width;
import org.dvm.nodeos.internal.linux.sys.LinuxException;
import org.dvm.nodeos.internal.linux.sys.Resources;
import org.dvm.nodeos.link.CutThroughOffload;
import org.dvm.nodeos.link.CutThroughPlan;
import org.dvm.nodeos.link.CutThroughPlan.Forwarding;
import org.jspecify.annotations.Nullable;

/**
 * A cut-through channel as a part of an interface's XDP program: compare, police, account, rewrite, redirect.
 *
 * <p>The plan is compiled into the program as constants; what changes while it runs is in maps: the policer's state, and
 * counters that each processor keeps for itself.
 */
final class CutThrough implements CutThroughOffload {
    private static final int XDP_DROP = 1;

    // The value of the counter map, 64-bit words
    private static final int PACKETS = 0;
    private static final int BYTES = 1;
    private static final int POLICED = 2;
    private static final int EXPIRED = 3;
    private static final int COUNTERS = 4;

    private static final int STACK_KEY = -4;

    private final InterfaceProgram program;
    private final CutThroughPlan plan;
    private final int inputMtuBytes;
    private final Resources resources = new Resources();
    private final InterfaceStatistics outputStatistics;
    private final BpfMap counters;
    private final BpfMap output;
    private final @Nullable Policer policer;
    private boolean closed;
    private Counters last = new Counters(0, 0, 0, 0, 0);

    private CutThrough(InterfaceProgram program, CutThroughPlan plan, int inputMtuBytes) throws LinuxException {
        this.program = program;
        this.plan = plan;
        this.inputMtuBytes = inputMtuBytes;
        try {
            outputStatistics = resources.add(InterfaceStatistics.open(plan.output()));
            counters = resources.add(BpfMap.create(BpfMap.Kind.PER_CPU_ARRAY, "cut_through", COUNTERS * Long.BYTES, 1));
            output = resources.add(BpfMap.create(BpfMap.Kind.DEVICES, "output", Integer.BYTES, 1));
            output.putInt(0, plan.output().index());
            policer = plan.policedBytesPerMilli() == 0
                    ? null
                    : resources.add(Policer.create(plan.policedBytesPerMilli(), Math.max(1, plan.burstBytes())));
        } catch (LinuxException | RuntimeException e) {
            resources.close();
            throw e;
        }
    }

    /**
     * Makes a channel and puts it into an interface's program.
     *
     * @param program the interface's program
     * @param plan what the channel does
     * @param inputMtuBytes MTU of the interface
     * @return the running channel
     * @throws LinuxException if the kernel refuses; nothing has changed then
     */
    static CutThrough start(InterfaceProgram program, CutThroughPlan plan, int inputMtuBytes) throws LinuxException {
        CutThrough channel = new CutThrough(program, plan, inputMtuBytes);
        try {
            program.add(channel);
            return channel;
        } catch (LinuxException | RuntimeException e) {
            channel.resources.close();
            throw e;
        }
    }

    /**
     * Emits the channel; frames that are not its own fall through.
     *
     * @param code where to, with the frame between R7 and R8
     * @param prefix begins the labels
     */
    void emit(BpfAssembler code, String prefix) {
        String next = prefix + "next";
        String policed = prefix + "policed";
        String expired = prefix + "expired";
        boolean routes = plan.forwarding() == Forwarding.ROUTE;
        MatchCode.emit(
                code,
                plan.matches(),
                HeaderOffsets.ETHERNET_BYTES,
                routes ? MatchCode.NetworkHeader.IPV4 : MatchCode.NetworkHeader.ANY,
                next);
        code.move(R9, R8).alu(Alu.SUB, R9, R7);
        if (inputMtuBytes > plan.output().mtuBytes()) {
            // Too long for the output: the node fragments it or says so to the sender.
            code.jumpIf(Condition.GREATER, R9, plan.output().mtuBytes() + HeaderOffsets.ETHERNET_BYTES, next);
        }
        if (routes) {
            code.load(Width.BYTE, R2, R7, MatchCode.network(HeaderOffsets.IPV4_TTL))
                    .jumpIf(Condition.LESS_OR_EQUAL, R2, 1, expired);
        }
        if (policer != null) {
            policer.emit(code, prefix, policed);
        }
        if (routes) {
            rewrite(code, prefix);
        }
        lookUpCounters(code, next);
        count(code, PACKETS, 1);
        code.load(Width.DOUBLE, R2, R0, BYTES * Long.BYTES)
                .alu(Alu.ADD, R2, R9)
                .store(Width.DOUBLE, R0, BYTES * Long.BYTES, R2)
                .loadMap(R1, output)
                .move(R2, 0)
                .move(R3, XDP_DROP)
                .call(Helper.REDIRECT_MAP)
                .exit();
        if (policer != null) {
            drop(code, policed, POLICED, next);
        }
        if (routes) {
            drop(code, expired, EXPIRED, next);
        }
        code.label(next);
    }

    /**
     * Takes one from the time to live, mends the checksum (RFC 1624; a checksum that was wrong stays wrong) and sets both
     * Ethernet addresses.
     */
    private void rewrite(BpfAssembler code, String prefix) {
        String folded = prefix + "folded";
        int ttl = MatchCode.network(HeaderOffsets.IPV4_TTL);
        int checksum = MatchCode.network(HeaderOffsets.IPV4_CHECKSUM);
        // The header's word changes by -0x0100 and its complement sum by +0x0100, whose bytes are 1, 0 in memory.
        code.load(Width.BYTE, R2, R7, ttl)
                .alu(Alu.SUB, R2, 1)
                .store(Width.BYTE, R7, ttl, R2)
                .load(Width.HALF, R2, R7, checksum)
                .alu(Alu.ADD, R2, 1)
                .jumpIf(Condition.LESS, R2, 0xffff, folded)
                .alu(Alu.ADD, R2, 1)
                .label(folded)
                .store(Width.HALF, R7, checksum, R2);
        long destination = plan.destinationMac().bits();
        long source = plan.sourceMac().bits();
        code.store(Width.WORD, R7, 0, Integer.reverseBytes((int) (destination >>> 16)))
                .store(Width.WORD, R7, 4, Integer.reverseBytes((int) (destination << 16 | source >>> 32)))
                .store(Width.WORD, R7, 8, Integer.reverseBytes((int) source));
    }

    private void drop(BpfAssembler code, String label, int counter, String next) {
        code.label(label);
        lookUpCounters(code, next);
        count(code, counter, 1);
        code.exit(XDP_DROP);
    }

    private void lookUpCounters(BpfAssembler code, String absent) {
        code.store(Width.WORD, R10, STACK_KEY, 0)
                .move(R2, R10)
                .alu(Alu.ADD, R2, STACK_KEY)
                .loadMap(R1, counters)
                .call(Helper.MAP_LOOKUP_ELEM)
                .jumpIf(Condition.EQUAL, R0, 0, absent); // never; the verifier wants to see it
    }

    private static void count(BpfAssembler code, int counter, int amount) {
        code.load(Width.DOUBLE, R2, R0, counter * Long.BYTES)
                .alu(Alu.ADD, R2, amount)
                .store(Width.DOUBLE, R0, counter * Long.BYTES, R2);
    }

    @Override
    public synchronized Counters counters() {
        if (!closed) {
            try {
                long[] words = counters.words(0);
                last = new Counters(
                        words[PACKETS],
                        words[BYTES],
                        words[POLICED],
                        words[EXPIRED],
                        Math.min(words[PACKETS], outputStatistics.transmitDrops()));
            } catch (LinuxException e) {
                throw new IllegalStateException("counters of a running cut-through channel can be read", e);
            }
        }
        return last;
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            program.remove(this);
            last = counters();
            closed = true;
            resources.close();
        }
    }
}
