package org.dvm.nodeos.internal.linux.bpf;

import java.nio.ByteBuffer;
import org.dvm.nodeos.internal.linux.sys.Errno;
import org.dvm.nodeos.internal.linux.sys.Libc;
import org.dvm.nodeos.internal.linux.sys.LinuxException;
import org.dvm.nodeos.internal.linux.sys.NativeMemory;

/**
 * Runs an XDP program over copies of one frame that are as good as received: what the program redirects leaves.
 *
 * <p>The kernel recycles the copies unmodified, so each carries what the last run of the program left in it.
 *
 * <p><b>Threads:</b> one.
 */
public final class LiveRun implements AutoCloseable {
    private static final int FLAG_LIVE_FRAMES = 1 << 1;
    private static final int CONTEXT_BYTES = 24;
    private static final int CONTEXT_DATA_END = 4;
    private static final int CONTEXT_INGRESS_INTERFACE = 12;

    // union bpf_attr of BPF_PROG_TEST_RUN
    private static final int PROGRAM = 0;
    private static final int DATA_SIZE_IN = 8;
    private static final int DATA_IN = 16;
    private static final int REPEAT = 32;
    private static final int CONTEXT_SIZE_IN = 40;
    private static final int CONTEXT_IN = 48;
    private static final int FLAGS = 64;
    private static final int BATCH_SIZE = 72;

    private final NativeMemory attributes;
    private final NativeMemory data;

    /**
     * Prepares a run.
     *
     * @param program the program, which must outlive this object
     * @param frame the frame it is run on
     * @param interfaceIndex the interface the frames seem to come from
     * @param batch frames handed on at a time, from 1 to 256
     * @throws LinuxException if there is no memory
     */
    public LiveRun(LoadedProgram program, byte[] frame, int interfaceIndex, int batch) throws LinuxException {
        attributes = NativeMemory.allocate(BpfSystem.ATTRIBUTES_BYTES);
        data = NativeMemory.allocate(CONTEXT_BYTES + frame.length);
        ByteBuffer context = data.bytes();
        context.putInt(CONTEXT_DATA_END, frame.length);
        context.putInt(CONTEXT_INGRESS_INTERFACE, interfaceIndex);
        context.put(CONTEXT_BYTES, frame);
        ByteBuffer fields = attributes.bytes();
        fields.putInt(PROGRAM, program.descriptor());
        fields.putInt(DATA_SIZE_IN, frame.length);
        fields.putLong(DATA_IN, data.address() + CONTEXT_BYTES);
        fields.putInt(CONTEXT_SIZE_IN, CONTEXT_BYTES);
        fields.putLong(CONTEXT_IN, data.address());
        fields.putInt(FLAGS, FLAG_LIVE_FRAMES);
        fields.putInt(BATCH_SIZE, batch);
    }

    /**
     * Runs the program.
     *
     * @param times how many frames
     * @throws LinuxException if the kernel refuses
     */
    public void run(int times) throws LinuxException {
        attributes.bytes().putInt(REPEAT, times);
        int result = Libc.bpf(BpfSystem.PROGRAM_TEST_RUN, attributes.address(), BpfSystem.ATTRIBUTES_BYTES);
        if (result < 0 && Libc.errno() != Errno.EINTR.number()) {
            LinuxException.check(result, "bpf: run program on live frames");
        }
    }

    /** Gives the memory back. */
    @Override
    public void close() {
        data.close();
        attributes.close();
    }
}
