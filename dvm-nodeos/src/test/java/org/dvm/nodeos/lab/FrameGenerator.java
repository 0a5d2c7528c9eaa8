package org.dvm.nodeos.lab;

import static org.dvm.nodeos.internal.linux.bpf.Register.R1;
import static org.dvm.nodeos.internal.linux.bpf.Register.R2;
import static org.dvm.nodeos.internal.linux.bpf.Register.R3;
import static org.dvm.nodeos.internal.linux.bpf.Register.R7;
import static org.dvm.nodeos.internal.linux.bpf.Register.R8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.dvm.nodeos.internal.linux.bpf.Alu;
import org.dvm.nodeos.internal.linux.bpf.BpfAssembler;
import org.dvm.nodeos.internal.linux.bpf.BpfMap;
import org.dvm.nodeos.internal.linux.bpf.BpfProgram;
import org.dvm.nodeos.internal.linux.bpf.Condition;
import org.dvm.nodeos.internal.linux.bpf.Helper;
import org.dvm.nodeos.internal.linux.bpf.LiveRun;
import org.dvm.nodeos.internal.linux.bpf.LoadedProgram;
import org.dvm.nodeos.internal.linux.bpf.Width;
import org.dvm.nodeos.internal.linux.sys.Cpus;
import org.dvm.nodeos.internal.linux.sys.LinuxException;
import org.dvm.nodeos.internal.linux.sys.Resources;
import org.dvm.nodeos.link.LinkDescription;
import org.dvm.nodeos.link.LinkException;
import org.dvm.nodeos.link.MacAddress;

/**
 * Sends one frame again and again, millions of times a second: the kernel's test runner redirects it to an interface.
 *
 * <p>Frames come back to the runner as the receiver left them, so the program writes the headers anew each time.
 *
 * <p><b>Threads:</b> threads of its own send; one other thread uses the methods.
 */
public final class FrameGenerator implements AutoCloseable {
    private static final int BATCH = 64;
    private static final int FRAMES_A_CALL = 1 << 18;

    /** The kernel sleeps some 20 ms at the end of each call until its pages are free; meanwhile another thread sends. */
    private static final int SENDERS = 2;

    private static final int XDP_DROP = 1;
    private static final int MAC_BYTES = 6;
    /** Ethernet, IPv4 and UDP header: all that a router may change. */
    private static final int REWRITTEN_BYTES = 42;

    private final NetworkNamespace namespace;
    private final byte[] frame;
    private final Resources resources = new Resources();
    private final BpfMap output;
    private final BpfMap addresses;
    private final List<LiveRun> runs = new ArrayList<>();
    private final AtomicLong sent = new AtomicLong();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopping;
    private volatile int cpu;

    private FrameGenerator(NetworkNamespace namespace, LinkDescription link, byte[] frame) throws LinuxException {
        this.namespace = namespace;
        this.frame = frame;
        try {
            output = resources.add(BpfMap.create(BpfMap.Kind.DEVICES, "output", Integer.BYTES, 1));
            addresses = resources.add(BpfMap.create(BpfMap.Kind.ARRAY, "addresses", Long.BYTES, 1));
            LoadedProgram program = resources.add(LoadedProgram.loadXdp(program(frame, output, addresses)));
            point(link, MacAddress.of(Arrays.copyOf(frame, MAC_BYTES)));
            for (int i = 0; i < SENDERS; i++) {
                LiveRun run = resources.add(new LiveRun(program, frame, link.index(), BATCH));
                Thread thread = new Thread(() -> send(run), "generator-" + link.name() + "-" + i);
                thread.setDaemon(true);
                runs.add(run);
                threads.add(thread);
            }
        } catch (LinuxException | RuntimeException e) {
            resources.close();
            throw e;
        }
    }

    /**
     * Prepares a generator.
     *
     * @param namespace where the interface is
     * @param link the interface
     * @param frame what to send, at least 42 bytes, with headers
     * @return the generator, not yet sending
     * @throws LinkException if the system refuses
     */
    public static FrameGenerator on(NetworkNamespace namespace, LinkDescription link, byte[] frame) {
        if (frame.length < REWRITTEN_BYTES) {
            throw new IllegalArgumentException(
                    "frame must have Ethernet, IPv4 and UDP headers, 42 bytes: length=" + frame.length);
        }
        byte[] copy = frame.clone();
        return namespace.call(() -> new FrameGenerator(namespace, link, copy));
    }

    private static BpfProgram program(byte[] frame, BpfMap output, BpfMap addresses) {
        String tooShort = "too_short";
        BpfAssembler code = new BpfAssembler("generator")
                .load(Width.WORD, R7, R1, 0)
                .load(Width.WORD, R8, R1, 4)
                .move(R2, R7)
                .alu(Alu.ADD, R2, REWRITTEN_BYTES)
                .jumpIf(Condition.GREATER, R2, R8, tooShort);
        code.loadMapValue(R2, addresses, 0).load(Width.DOUBLE, R2, R2, 0).store(Width.DOUBLE, R7, 0, R2);
        ByteBuffer headers = ByteBuffer.wrap(frame).order(ByteOrder.nativeOrder());
        int at = Long.BYTES;
        for (; at + Long.BYTES <= REWRITTEN_BYTES; at += Long.BYTES) {
            code.load64(R2, headers.getLong(at)).store(Width.DOUBLE, R7, at, R2);
        }
        code.store(Width.HALF, R7, at, headers.getShort(at));
        return code.loadMap(R1, output)
                .move(R2, 0)
                .move(R3, 0)
                .call(Helper.REDIRECT_MAP)
                .exit()
                .label(tooShort)
                .exit(XDP_DROP)
                .assemble();
    }

    /**
     * Sends by another interface from now on; also while it sends, and for any thread.
     *
     * @param link an interface in the generator's namespace
     * @param station whom the frames are for
     * @throws LinkException if the system refuses
     */
    public void aim(LinkDescription link, MacAddress station) {
        namespace.run(() -> point(link, station));
    }

    private void point(LinkDescription link, MacAddress station) throws LinuxException {
        byte[] first = Arrays.copyOf(frame, Long.BYTES);
        System.arraycopy(station.toBytes(), 0, first, 0, MAC_BYTES);
        addresses.put(0, first);
        output.putInt(0, link.index());
    }

    /**
     * Begins to send, as fast as one processor can.
     *
     * @param onCpu the processor, which then has little time for anything else
     */
    public void start(int onCpu) {
        cpu = onCpu;
        threads.forEach(Thread::start);
    }

    private void send(LiveRun run) {
        try {
            namespace.enter();
            Cpus.pinCurrentThread(cpu);
            while (!stopping) {
                run.run(FRAMES_A_CALL);
                sent.addAndGet(FRAMES_A_CALL);
            }
        } catch (LinuxException e) {
            throw new LinkException("generator has failed: " + e.getMessage(), e);
        }
    }

    /**
     * Sends a number of frames from the calling thread, which must not be called while the generator runs.
     *
     * @param frames how many
     * @throws LinkException if the system refuses
     */
    public void send(int frames) {
        try {
            runs.get(0).run(frames);
            sent.addAndGet(frames);
        } catch (LinuxException e) {
            throw new LinkException("generator has failed: " + e.getMessage(), e);
        }
    }

    /**
     * Returns how many frames were sent; the cable may have refused some.
     *
     * @return frames
     */
    public long sent() {
        return sent.get();
    }

    /** Stops sending and gives everything back. */
    @Override
    public void close() {
        stopping = true;
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true; // memory may be unmapped only after the thread's last call
                }
            }
        }
        resources.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
