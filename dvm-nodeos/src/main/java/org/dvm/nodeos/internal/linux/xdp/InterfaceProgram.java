package org.dvm.nodeos.internal.linux.xdp;

import static org.dvm.nodeos.internal.linux.bpf.Register.R1;
import static org.dvm.nodeos.internal.linux.bpf.Register.R2;
import static org.dvm.nodeos.internal.linux.bpf.Register.R3;
import static org.dvm.nodeos.internal.linux.bpf.Register.R6;
import static org.dvm.nodeos.internal.linux.bpf.Register.R7;
import static org.dvm.nodeos.internal.linux.bpf.Register.R8;

import java.util.ArrayList;
import java.util.List;
import org.dvm.nodeos.internal.linux.bpf.BpfAssembler;
import org.dvm.nodeos.internal.linux.bpf.BpfMap;
import org.dvm.nodeos.internal.linux.bpf.BpfProgram;
import org.dvm.nodeos.internal.linux.bpf.Helper;
import org.dvm.nodeos.internal.linux.bpf.LoadedProgram;
import org.dvm.nodeos.internal.linux.bpf.Width;
import org.dvm.nodeos.internal.linux.bpf.XdpLink;
import org.dvm.nodeos.internal.linux.sys.LinuxException;
import org.dvm.nodeos.link.CutThroughPlan.Match;
import org.dvm.nodeos.link.LinkDescription;
import org.dvm.nodeos.link.LinkException;
import org.jspecify.annotations.Nullable;

/**
 * The one XDP program of an interface: its cut-through channels in the order they were added, then the redirection to
 * AF_XDP sockets if there are any; what is left goes to the host.
 *
 * <p>Each change assembles a new program and puts it in the place of the old one, so that no frame passes unseen. The
 * first part to be added attaches it, from a thread in the interface's network namespace; the last one to go detaches it.
 *
 * <p><b>Threads:</b> any.
 */
public final class InterfaceProgram implements AutoCloseable {
    private static final List<List<Match>> EVERYTHING = List.of(List.of());
    private static final int XDP_PASS = 2;

    // struct xdp_md
    private static final int CONTEXT_DATA = 0;
    private static final int CONTEXT_DATA_END = 4;
    private static final int CONTEXT_RECEIVE_QUEUE = 16;

    private final LinkDescription link;
    private final List<CutThrough> channels = new ArrayList<>();
    private List<List<Match>> selection = EVERYTHING;
    private @Nullable BpfMap sockets;
    private @Nullable XdpLink attachment;

    /**
     * Makes the program of an interface; it is attached with its first part.
     *
     * @param link the interface
     */
    public InterfaceProgram(LinkDescription link) {
        this.link = link;
    }

    /** Sends what no channel takes to the sockets in a map, by receive queue. */
    synchronized void redirectTo(BpfMap socketMap) throws LinuxException {
        install(channels, socketMap, selection);
        sockets = socketMap;
    }

    /** Leaves frames to the host that match none of the keys. */
    synchronized void select(List<List<Match>> keys) throws LinuxException {
        install(channels, sockets, keys);
        selection = keys;
    }

    synchronized void add(CutThrough channel) throws LinuxException {
        List<CutThrough> next = new ArrayList<>(channels);
        next.add(channel);
        install(next, sockets, selection);
        channels.add(channel);
    }

    synchronized void remove(CutThrough channel) {
        if (channels.remove(channel) && attachment != null) {
            try {
                install(channels, sockets, selection);
            } catch (LinuxException e) {
                throw new LinkException("cut-through channel of " + link.name() + " could not be taken out", e);
            }
        }
    }

    private void install(List<CutThrough> parts, @Nullable BpfMap socketMap, List<List<Match>> keys)
            throws LinuxException {
        if (parts.isEmpty() && socketMap == null) {
            close();
            return;
        }
        try (LoadedProgram program = LoadedProgram.loadXdp(assemble(parts, socketMap, keys))) {
            if (attachment == null) {
                attachment = XdpLink.attach(program, link.index(), link.name());
            } else {
                attachment.replace(program);
            }
        }
    }

    private static BpfProgram assemble(List<CutThrough> channels, @Nullable BpfMap socketMap, List<List<Match>> keys) {
        BpfAssembler code = new BpfAssembler("dvm_nodeos");
        code.move(R6, R1).load(Width.WORD, R7, R6, CONTEXT_DATA).load(Width.WORD, R8, R6, CONTEXT_DATA_END);
        for (int i = 0; i < channels.size(); i++) {
            channels.get(i).emit(code, "channel" + i + ".");
        }
        if (socketMap != null) {
            redirectSelected(code, socketMap, keys);
        }
        return code.exit(XDP_PASS).assemble();
    }

    private static void redirectSelected(BpfAssembler code, BpfMap socketMap, List<List<Match>> keys) {
        for (int i = 0; i < keys.size(); i++) {
            String next = "key" + i + ".next";
            MatchCode.emit(code, keys.get(i), 0, MatchCode.NetworkHeader.ANY, next);
            code.jump("to_socket").label(next);
        }
        code.exit(XDP_PASS)
                .label("to_socket")
                .load(Width.WORD, R2, R6, CONTEXT_RECEIVE_QUEUE)
                .loadMap(R1, socketMap)
                .move(R3, XDP_PASS)
                .call(Helper.REDIRECT_MAP)
                .exit();
    }

    /** Returns where the program sits, or null if there is none. */
    synchronized XdpLink.@Nullable Mode mode() {
        return attachment == null ? null : attachment.mode();
    }

    /** Detaches the program with all its parts. */
    @Override
    public synchronized void close() {
        if (attachment != null) {
            attachment.close();
            attachment = null;
        }
        sockets = null;
    }
}
