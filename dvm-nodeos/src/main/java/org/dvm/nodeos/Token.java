package org.dvm.nodeos;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A right that one thread at a time has, for a short while: to pump a link, to send on a channel. Taking it is an acquire,
 * giving it back a release, so plain fields that are used only with the token need nothing more.
 */
final class Token {
    private static final int FREE = 0;
    private static final int TAKEN = 1;
    private static final int SPINS = 100;

    /** The state stands alone in two cache lines: tokens of different threads must not share one. */
    private static final int STATE = 32;

    private static final VarHandle INTS = MethodHandles.arrayElementVarHandle(int[].class);

    private final int[] padded = new int[2 * STATE];

    boolean tryTake() {
        return (int) INTS.getOpaque(padded, STATE) == FREE && INTS.compareAndSet(padded, STATE, FREE, TAKEN);
    }

    /** Waits for the token; only where the present holder gives it back soon. */
    void take() {
        int spins = 0;
        while (!tryTake()) {
            if (++spins > SPINS) {
                Thread.yield();
            } else {
                Thread.onSpinWait();
            }
        }
    }

    void give() {
        INTS.setRelease(padded, STATE, FREE);
    }
}
