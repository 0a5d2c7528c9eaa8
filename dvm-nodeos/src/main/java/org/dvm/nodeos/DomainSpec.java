package org.dvm.nodeos;

/**
 * What a new domain is given by its parent.
 *
 * @param name unique among its siblings: letters, digits, dots, dashes and underscores, not beginning with a dot
 * @param resources what it may use, taken out of the parent's
 * @param authority what it may see and send as, at most the parent's
 * @param memory whether it has a memory pool of its own
 */
public record DomainSpec(String name, ResourceSpec resources, Authority authority, Pooling memory) {
    private static final int LONGEST_NAME = 64;

    /** Which memory pool a domain belongs to. */
    public enum Pooling {
        /** A pool of its own. */
        OWN,
        /** Its parent's pool, whose limit stays the sum: the domains of the group may use each other's pages. */
        PARENTS
    }

    /** Checks the name. */
    public DomainSpec {
        if (!name.matches("[A-Za-z0-9_-][A-Za-z0-9._-]*") || name.length() > LONGEST_NAME) {
            throw new IllegalArgumentException(
                    "domain name must be 1 to 64 letters, digits, dots, dashes or underscores and not begin with a dot:"
                            + " name='" + name + "'");
        }
    }

    /**
     * Makes the specification of a domain with a memory pool of its own.
     *
     * @param name unique among its siblings
     * @param resources what it may use
     * @param authority what it may see and send as
     * @return the specification
     */
    public static DomainSpec of(String name, ResourceSpec resources, Authority authority) {
        return new DomainSpec(name, resources, authority, Pooling.OWN);
    }
}
