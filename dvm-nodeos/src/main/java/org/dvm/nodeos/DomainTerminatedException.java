package org.dvm.nodeos;

/** The domain has been destroyed. Every call of its threads into the node ends so; they are expected to unwind. */
public final class DomainTerminatedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DomainTerminatedException(String domain) {
        super("domain was destroyed: " + domain);
    }
}
