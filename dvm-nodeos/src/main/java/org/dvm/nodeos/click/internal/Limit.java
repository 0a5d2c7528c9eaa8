package org.dvm.nodeos.click.internal;

import org.dvm.nodeos.click.Values;

/** What a rate counts. */
enum Limit {
    PACKETS,
    BYTES;

    /** Parses a rate per second in this unit. */
    Long parse(String text) {
        return this == BYTES
                ? Values.bytesPerSecond(text)
                : (Long) Values.integer(0, Integer.MAX_VALUE).parse(text).longValue();
    }
}
