package org.dvm.jmh.engine;

/** The work that each contender does to every class. */
public enum Task {
    /** A probe at the entry and before each return of every method. */
    ENTRY_AND_EXIT("entry + exit probes in every method"),
    /** A probe before each call and allocation and on each backward branch. */
    CALLS("probes at all calls, allocations and back-edges"),
    /** Entry and exit probes in every sixteenth method of the class. */
    ONE_IN_16("entry + exit probes in one method in 16"),
    /** Four filters with entry and exit probes each. */
    FOUR_FILTERS("four stacked filters"),
    /** Nothing: the class comes out as it went in. */
    UNTOUCHED("class that no filter touches");

    static final String PROBE = "org/dvm/jmh/Probe";
    static final String PROBE_DESCRIPTOR = "(I)V";

    private final String title;

    Task(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /** Returns whether the method of that number, counted in the class file, gets probes. */
    boolean touches(int method) {
        return this != UNTOUCHED && (this != ONE_IN_16 || method % 16 == 0);
    }
}
