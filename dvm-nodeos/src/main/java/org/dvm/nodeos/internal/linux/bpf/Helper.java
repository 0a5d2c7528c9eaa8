package org.dvm.nodeos.internal.linux.bpf;

/** The kernel functions that our programs call. */
public enum Helper {
    /** {@code void *map_lookup_elem(map, key)}. */
    MAP_LOOKUP_ELEM(1),
    /** {@code u64 ktime_get_ns()}. */
    KTIME_GET_NS(5),
    /** {@code long redirect(ifindex, flags)}. */
    REDIRECT(23),
    /** {@code long redirect_map(map, key, flags)}. */
    REDIRECT_MAP(51);

    private final int number;

    Helper(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
