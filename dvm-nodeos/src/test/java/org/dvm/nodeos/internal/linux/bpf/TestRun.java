package org.dvm.nodeos.internal.linux.bpf;

import java.nio.ByteBuffer;
import org.dvm.nodeos.internal.linux.sys.LinuxException;
import org.dvm.nodeos.internal.linux.sys.NativeMemory;

/** Runs a program once over a frame, without a network, and tells what it answers and what becomes of the frame. */
public final class TestRun {

    /**
     * What came of it.
     *
     * @param answer the program's verdict
     * @param frame the frame afterwards
     */
    public record Result(int answer, byte[] frame) {}

    private TestRun() {}

    public static Result of(LoadedProgram program, byte[] frame) throws LinuxException {
        try (NativeMemory attributes = NativeMemory.allocate(BpfSystem.ATTRIBUTES_BYTES);
                NativeMemory data = NativeMemory.allocate(2L * frame.length)) {
            data.bytes().put(0, frame);
            ByteBuffer fields = attributes.bytes();
            fields.putInt(0, program.descriptor());
            fields.putInt(8, frame.length);
            fields.putInt(12, frame.length);
            fields.putLong(16, data.address());
            fields.putLong(24, data.address() + frame.length);
            fields.putInt(32, 1);
            BpfSystem.call(BpfSystem.PROGRAM_TEST_RUN, attributes, "test run");
            byte[] after = new byte[frame.length];
            data.bytes().get(frame.length, after);
            return new Result(fields.getInt(4), after);
        }
    }
}
