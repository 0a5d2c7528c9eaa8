package org.dvm.runtime.security;

/** What no policy can allow: reaching into the enforcement manager by reflection. */
final class SelfProtection {
    private static final String PROTECTED = "org.dvm.runtime.";

    /** What applications are meant to use. */
    private static final String[] PUBLIC = {
        "org.dvm.runtime.security.Privileged",
        "org.dvm.runtime.security.AccessDeniedException",
        "org.dvm.runtime.security.Denial",
        "org.dvm.runtime.security.ResourceKind",
    };

    private SelfProtection() {}

    static boolean refuses(String permission, ResourceKind kind, String resource) {
        if (kind != ResourceKind.CLASS) {
            return false;
        }
        return isReflective(permission) && isProtected(resource);
    }

    private static boolean isReflective(String permission) {
        return permission.startsWith("reflect.")
                || permission.startsWith("class.")
                || permission.startsWith("classloader.")
                || permission.startsWith("serial.");
    }

    /**
     * Returns whether a permission may be refused on some resources whatever policy says, so that no answer holds for
     * all of them.
     */
    static boolean isPartial(String permission, ResourceKind kind) {
        return kind == ResourceKind.CLASS || isReflective(permission);
    }

    private static boolean isProtected(String className) {
        for (String own : PUBLIC) {
            if (className.equals(own)) {
                return false;
            }
        }
        return className.startsWith(PROTECTED);
    }
}
