package org.dvm.nodeos.click.internal;

import java.util.List;
import org.dvm.nodeos.PacketBuffer;
import org.dvm.nodeos.click.Args;
import org.dvm.nodeos.click.Element;
import org.dvm.nodeos.click.Values;
import org.jspecify.annotations.Nullable;

/**
 * Pulls from its inputs in proportion to their tickets; what an input without packets leaves goes to the others.
 *
 * <p>Source: C. Waldspurger, W. Weihl, Stride Scheduling, MIT/LCS/TM-528, 1995.
 */
final class StrideSched extends Element {
    private static final int MAX_TICKETS = 1 << 15;
    private static final long STRIDE_ONE = 1L << 32;

    private int[] tickets = {};
    private long[] stride = {};
    private long[] pass = {};

    @Override
    protected String portCount() {
        return Math.max(1, tickets.length) + "/1";
    }

    @Override
    protected String processing() {
        return "l/l";
    }

    @Override
    protected void configure(Args args) {
        List<String> list = args.all();
        tickets = new int[list.size()];
        for (int i = 0; i < tickets.length; i++) {
            tickets[i] = args.parse("tickets of input " + i, list.get(i), Values.integer(1, MAX_TICKETS), 1);
            int input = i;
            readHandler("tickets" + i, () -> Integer.toString(tickets[input]));
            writeHandler(
                    "tickets" + i,
                    value -> set(input, Values.integer(1, MAX_TICKETS).parse(value)));
        }
        if (tickets.length == 0) {
            args.error("too few arguments: the tickets of at least one input are needed");
        }
        stride = new long[tickets.length];
        pass = new long[tickets.length];
        for (int i = 0; i < tickets.length; i++) {
            set(i, tickets[i]);
        }
    }

    private void set(int input, int count) {
        tickets[input] = count;
        stride[input] = STRIDE_ONE / count;
    }

    @Override
    protected @Nullable PacketBuffer pull(int port) {
        long tried = 0;
        for (int n = 0; n < stride.length; n++) {
            int input = leastPass(tried);
            if (input < 0) {
                return null;
            }
            // An input pays for its turn even when it has nothing, so that it can't save turns up.
            pass[input] += stride[input];
            PacketBuffer packet = input(input).pull();
            if (packet != null) {
                return packet;
            }
            tried |= 1L << (input & 63);
        }
        return null;
    }

    /** Returns the input whose turn it is among those not tried (of the first 64; later ones may be tried again). */
    private int leastPass(long tried) {
        int least = -1;
        for (int i = 0; i < pass.length; i++) {
            boolean skipped = i < Long.SIZE && (tried >>> i & 1) != 0;
            if (!skipped && (least < 0 || pass[i] - pass[least] < 0)) {
                least = i;
            }
        }
        return least;
    }
}
