package org.dvm.nodeos;

/** Which packet a full queue loses. */
public enum DropPolicy {
    /** The one that arrives. */
    NEWEST,
    /** The one that has waited longest; the new one takes its place. */
    OLDEST
}
