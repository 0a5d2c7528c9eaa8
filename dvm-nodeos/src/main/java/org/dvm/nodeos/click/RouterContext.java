package org.dvm.nodeos.click;

import java.util.function.Consumer;
import org.dvm.nodeos.PacketBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a router gives its elements: buffers, time, devices and a place to print to.
 *
 * <p><b>Threads:</b> used by the router's thread only.
 */
public interface RouterContext {
    /** Returns an empty buffer held by the running thread; null where the domain has none left. */
    @Nullable
    PacketBuffer newPacket();

    /** Returns the time in nanoseconds, monotonic, from an arbitrary origin. */
    long nanoTime();

    /** Returns the time at which the present round of the router began: cheap, and late by a round at most. */
    long roundNanos();

    /** Returns the device of that name, or null. */
    @Nullable
    RouterDevice device(String name);

    /** Returns where Print elements write their lines. */
    Consumer<String> printer();

    /** Runs an element's task in every round of the router. */
    void addTask(Task task);

    /** Returns a timer that calls the action, once each time it is set, on the router's thread. */
    RouterTimer newTimer(Runnable action);

    /** Returns the element of that name, or null. */
    @Nullable
    Element element(String name);

    /** Ends the router's work after the current round, as the DriverManager and Stop options of sources ask. */
    void stop();

    /** Work that an element does by itself. */
    interface Task {
        /** Does some work and returns whether there was any. */
        boolean run();
    }
}
