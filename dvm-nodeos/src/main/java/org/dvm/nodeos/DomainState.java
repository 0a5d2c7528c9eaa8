package org.dvm.nodeos;

/** The life of a domain. */
public enum DomainState {
    /** Its threads run. */
    RUNNING,
    /** Its threads wait in their next call into the node; its channels still buffer. */
    SUSPENDED,
    /** It is destroyed: no call into the node succeeds, no buffer can be used, and nothing is charged to it any more. */
    TERMINATED
}
