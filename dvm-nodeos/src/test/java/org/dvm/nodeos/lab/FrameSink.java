package org.dvm.nodeos.lab;

import static org.dvm.nodeos.internal.linux.bpf.Register.R0;
import static org.dvm.nodeos.internal.linux.bpf.Register.R1;
import static org.dvm.nodeos.internal.linux.bpf.Register.R10;
import static org.dvm.nodeos.internal.linux.bpf.Register.R2;
import static org.dvm.nodeos.internal.linux.bpf.Register.R7;
import static org.dvm.nodeos.internal.linux.bpf.Register.R8;
import static org.dvm.nodeos.internal.linux.bpf.Register.R9;

import org.dvm.nodeos.internal.linux.HeaderOffsets;
import org.dvm.nodeos.internal.linux.bpf.Alu;
import org.dvm.nodeos.internal.linux.bpf.BpfAssembler;
import org.dvm.nodeos.internal.linux.bpf.BpfMap;
import org.dvm.nodeos.internal.linux.bpf.BpfProgram;
import org.dvm.nodeos.internal.linux.bpf.Condition;
import org.dvm.nodeos.internal.linux.bpf.Helper;
import org.dvm.nodeos.internal.linux.bpf.LoadedProgram;
import org.dvm.nodeos.internal.linux.bpf.Width;
import org.dvm.nodeos.internal.linux.bpf.XdpLink;
import org.dvm.nodeos.internal.linux.sys.LinuxException;
import org.dvm.nodeos.internal.linux.sys.Resources;
import org.dvm.nodeos.link.LinkDescription;
import org.dvm.nodeos.link.LinkException;

/**
 * Swallows and counts the UDP frames that arrive at an interface, in the driver; other frames go to the host.
 *
 * <p><b>Threads:</b> any.
 */
public final class FrameSink implements AutoCloseable {
    private static final int XDP_DROP = 1;
    private static final int XDP_PASS = 2;
    private static final int STACK_KEY = -4;

    /**
     * What has arrived.
     *
     * @param frames UDP frames
     * @param bytes their bytes, Ethernet headers included
     */
    public record Count(long frames, long bytes) {}

    private final Resources resources = new Resources();
    private final BpfMap counters;

    private FrameSink(LinkDescription link) throws LinuxException {
        try {
            counters = resources.add(BpfMap.create(BpfMap.Kind.PER_CPU_ARRAY, "sink", 2 * Long.BYTES, 1));
            try (LoadedProgram program = LoadedProgram.loadXdp(program(counters))) {
                resources.add(XdpLink.attach(program, link.index(), link.name()));
            }
        } catch (LinuxException | RuntimeException e) {
            resources.close();
            throw e;
        }
    }

    /**
     * Puts a sink on an interface.
     *
     * @param namespace where the interface is
     * @param link the interface
     * @return the sink, counting
     * @throws LinkException if the system refuses
     */
    public static FrameSink on(NetworkNamespace namespace, LinkDescription link) {
        return namespace.call(() -> new FrameSink(link));
    }

    private static BpfProgram program(BpfMap counters) {
        String pass = "pass";
        int protocol = HeaderOffsets.ETHERNET_BYTES + HeaderOffsets.IPV4_PROTOCOL;
        return new BpfAssembler("sink")
                .load(Width.WORD, R7, R1, 0)
                .load(Width.WORD, R8, R1, 4)
                .move(R2, R7)
                .alu(Alu.ADD, R2, HeaderOffsets.ETHERNET_BYTES + HeaderOffsets.IPV4_BYTES)
                .jumpIf(Condition.GREATER, R2, R8, pass)
                .load(Width.HALF, R2, R7, HeaderOffsets.ETHERNET_TYPE)
                .jumpIf(Condition.NOT_EQUAL, R2, Short.reverseBytes((short) HeaderOffsets.TYPE_IPV4), pass)
                .load(Width.BYTE, R2, R7, protocol)
                .jumpIf(Condition.NOT_EQUAL, R2, HeaderOffsets.PROTOCOL_UDP, pass)
                .move(R9, R8)
                .alu(Alu.SUB, R9, R7)
                .store(Width.WORD, R10, STACK_KEY, 0)
                .move(R2, R10)
                .alu(Alu.ADD, R2, STACK_KEY)
                .loadMap(R1, counters)
                .call(Helper.MAP_LOOKUP_ELEM)
                .jumpIf(Condition.EQUAL, R0, 0, pass)
                .load(Width.DOUBLE, R2, R0, 0)
                .alu(Alu.ADD, R2, 1)
                .store(Width.DOUBLE, R0, 0, R2)
                .load(Width.DOUBLE, R2, R0, Long.BYTES)
                .alu(Alu.ADD, R2, R9)
                .store(Width.DOUBLE, R0, Long.BYTES, R2)
                .exit(XDP_DROP)
                .label(pass)
                .exit(XDP_PASS)
                .assemble();
    }

    /**
     * Returns what has arrived since the sink was put there.
     *
     * @return the count
     */
    public Count count() {
        try {
            long[] words = counters.words(0);
            return new Count(words[0], words[1]);
        } catch (LinuxException e) {
            throw new LinkException("counters of a sink can't be read", e);
        }
    }

    /** Takes the sink away. */
    @Override
    public void close() {
        resources.close();
    }
}
