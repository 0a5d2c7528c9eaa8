package org.dvm.nodeos.internal.linux.xdp;

import static org.dvm.nodeos.internal.linux.bpf.Register.R0;
import static org.dvm.nodeos.internal.linux.bpf.Register.R1;
import static org.dvm.nodeos.internal.linux.bpf.Register.R10;
import static org.dvm.nodeos.internal.linux.bpf.Register.R2;
import static org.dvm.nodeos.internal.linux.bpf.Register.R3;
import static org.dvm.nodeos.internal.linux.bpf.Register.R4;
import static org.dvm.nodeos.internal.linux.bpf.Register.R5;
import static org.dvm.nodeos.internal.linux.bpf.Register.R9;

import org.dvm.nodeos.internal.linux.bpf.Alu;
import org.dvm.nodeos.internal.linux.bpf.BpfAssembler;
import org.dvm.nodeos.internal.linux.bpf.BpfMap;
import org.dvm.nodeos.internal.linux.bpf.Condition;
import org.dvm.nodeos.internal.linux.bpf.Helper;
import org.dvm.nodeos.internal.linux.bpf.Width;
import org.dvm.nodeos.internal.linux.sys.LinuxException;

/**
 * Holds a flow to its share of a link, inside an XDP program: the generic cell rate algorithm over bytes.
 *
 * <p>The state is a theoretical arrival time: when the link would be free again if it ran at the policed rate. A frame
 * moves it by its own length's time; a frame that would move it further than the burst ahead of the clock is dropped and
 * moves nothing.
 */
final class Policer implements AutoCloseable {
    /*
     * Reading the clock costs as much as the rest of the program, so it is read only when the answer depends on it. The
     * last reading is kept beside the arrival time; since the clock never goes back, what conforms to an old reading
     * conforms now. Only when the credit of the old reading is used up is the clock read anew, and only then does credit
     * above the burst lapse. So an idle flow can first spend what was left under the old reading and then a burst under
     * the new one: half of the allowed burst is granted each time, and the sum is the burst.
     *
     * Several processors may run the program at once. Each adds its frame with an atomic addition and takes it back if
     * it drops it. The lapse of credit is a compare-and-exchange which may fail when another processor was faster; then
     * that one has done it.
     *
     * Times are in 1/64 ns: rounding is then 0.03 % for the shortest frame at 10 Gb/s, and the range is nine years.
     */
    private static final int TIME_SHIFT = 6;

    private static final int COST_SHIFT = 16;
    private static final long NANOS_PER_MILLI = 1_000_000;

    // The value of the map
    private static final int ARRIVAL_TIME = 0;
    private static final int CLOCK_READING = 8;
    private static final int STATE_BYTES = 16;

    // The stack of the program
    private static final int SAVED_COST = -8;
    private static final int SAVED_ARRIVAL_TIME = -16;

    private final BpfMap state;
    private final long costPerByte;
    private final long tolerance;

    private Policer(BpfMap state, long costPerByte, long tolerance) {
        this.state = state;
        this.costPerByte = costPerByte;
        this.tolerance = tolerance;
    }

    /**
     * Makes a policer with all its credit.
     *
     * @param bytesPerMilli the rate, from 1 to 2^30
     * @param burstBytes how much may come at once, at least 1
     * @return the policer
     * @throws LinuxException if the kernel refuses its map
     */
    static Policer create(long bytesPerMilli, long burstBytes) throws LinuxException {
        if (bytesPerMilli < 1 || bytesPerMilli > 1 << 30 || burstBytes < 1) {
            throw new IllegalArgumentException(
                    "policer needs a rate from 1 to 2^30 bytes per millisecond and a burst: bytesPerMilli="
                            + bytesPerMilli + ", burstBytes=" + burstBytes);
        }
        long costPerByte = Math.round((double) (NANOS_PER_MILLI << TIME_SHIFT + COST_SHIFT) / bytesPerMilli);
        long tolerance = Math.max(
                1,
                Math.multiplyHigh(burstBytes / 2, costPerByte) == 0
                        ? (burstBytes / 2) * costPerByte >> COST_SHIFT
                        : Long.MAX_VALUE >> 2);
        return new Policer(BpfMap.create(BpfMap.Kind.ARRAY, "policer", STATE_BYTES, 1), costPerByte, tolerance);
    }

    /**
     * Emits the decision; it falls through for a frame that conforms. R9 holds the length of the frame; R0-R5 and 16
     * bytes of stack are destroyed.
     *
     * @param code where to
     * @param prefix begins the labels
     * @param exceeded label to go to for a frame to be dropped
     */
    void emit(BpfAssembler code, String prefix, String exceeded) {
        String conforms = prefix + "conforms";
        String over = prefix + "over_rate";
        code.move(R1, R9)
                .load64(R3, costPerByte)
                .alu(Alu.MUL, R1, R3)
                .alu(Alu.ADD, R1, 1 << COST_SHIFT - 1)
                .alu(Alu.SHIFT_RIGHT, R1, COST_SHIFT)
                .store(Width.DOUBLE, R10, SAVED_COST, R1)
                .loadMapValue(R4, state, 0)
                .atomicFetchAdd(R4, ARRIVAL_TIME, R1)
                .load(Width.DOUBLE, R2, R4, CLOCK_READING)
                .load64(R3, tolerance)
                .alu(Alu.ADD, R2, R3)
                .jumpIf(Condition.LESS_OR_EQUAL, R1, R2, conforms);
        // The credit of the last reading is spent: look at the clock.
        code.store(Width.DOUBLE, R10, SAVED_ARRIVAL_TIME, R1)
                .call(Helper.KTIME_GET_NS)
                .alu(Alu.SHIFT_LEFT, R0, TIME_SHIFT)
                .loadMapValue(R4, state, 0)
                .store(Width.DOUBLE, R4, CLOCK_READING, R0)
                .load(Width.DOUBLE, R5, R10, SAVED_COST)
                .load(Width.DOUBLE, R1, R10, SAVED_ARRIVAL_TIME)
                .move(R2, R0)
                .load64(R3, tolerance)
                .alu(Alu.ADD, R2, R3)
                .jumpIf(Condition.GREATER, R1, R2, over)
                .jumpIf(Condition.GREATER_OR_EQUAL, R1, R0, conforms);
        // The flow has idled: credit above the burst lapses.
        code.move(R3, R0)
                .alu(Alu.ADD, R3, R5)
                .move(R0, R1)
                .alu(Alu.ADD, R0, R5)
                .atomicCompareExchange(R4, ARRIVAL_TIME, R3)
                .jump(conforms);
        code.label(over)
                .move(R1, 0)
                .alu(Alu.SUB, R1, R5)
                .atomicAdd(R4, ARRIVAL_TIME, R1)
                .jump(exceeded)
                .label(conforms);
    }

    /** Gives up the map; a loaded program keeps it. */
    @Override
    public void close() {
        state.close();
    }
}
