package org.dvm.nodeos.click.internal;

/** What queues tell elements that decide by their length. */
interface Storage {
    /** Returns the number of packets waiting. */
    int size();
}
