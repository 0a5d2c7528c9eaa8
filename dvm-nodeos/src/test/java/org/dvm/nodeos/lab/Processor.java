package org.dvm.nodeos.lab;

import org.dvm.nodeos.internal.linux.sys.Cpus;
import org.dvm.nodeos.internal.linux.sys.LinuxException;
import org.dvm.nodeos.link.LinkException;

/** A processor that a thread can be bound to, so that a measurement knows what runs where. */
public final class Processor {
    private Processor() {}

    /**
     * Binds the calling thread to one processor.
     *
     * @param number which, from 0
     * @throws LinkException if there is no such processor for this process
     */
    public static void pin(int number) {
        try {
            Cpus.pinCurrentThread(number);
        } catch (LinuxException e) {
            throw new LinkException(String.valueOf(e.getMessage()), e);
        }
    }
}
