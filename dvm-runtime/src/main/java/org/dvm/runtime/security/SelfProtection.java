package org.dvm.runtime.security;

import java.io.File;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** What no policy can allow: reaching into the enforcement manager by reflection, and changing what it starts from. */
final class SelfProtection {
    private static final String PROTECTED = "org.dvm.runtime.";

    /** What applications are meant to use. */
    private static final String[] PUBLIC = {
        "org.dvm.runtime.security.Privileged",
        "org.dvm.runtime.security.AccessDeniedException",
        "org.dvm.runtime.security.Denial",
        "org.dvm.runtime.security.ResourceKind",
    };

    /** What inserted code of other services calls: it may be linked to, and not be reflected upon. */
    private static final Set<String> PROBES = Set.of(
            "org.dvm.runtime.audit.Audit", "org.dvm.runtime.profile.Profile", "org.dvm.runtime.verify.LinkChecks");

    /** Permissions on files that change neither a file nor where a name leads. */
    private static final Set<String> READING = Set.of(
            "file.attr.read",
            "file.attr.view",
            "file.channel",
            "file.fd",
            "file.list",
            "file.lock",
            "file.map",
            "file.open.read",
            "file.read",
            "file.readlink",
            "file.watch");

    private static final Object LOCK = new Object();

    /** Absolute paths, links followed; replaced, never changed. */
    private static volatile String[] paths = {};

    private SelfProtection() {}

    /** Adds files, and directories with all below them, that nobody restricted may change. */
    static void protect(Collection<String> more) {
        synchronized (LOCK) {
            List<String> all = new ArrayList<>(Arrays.asList(paths));
            all.addAll(more);
            paths = all.toArray(new String[0]);
        }
    }

    static boolean refuses(Permission permission, ResourceKind kind, String resource) {
        return switch (kind) {
            case CLASS ->
                permission.reflective
                        && isProtected(resource)
                        && !(permission.name.equals("class.load") && PROBES.contains(resource));
            case FILE -> permission.changesFiles && isProtectedPath(resource);
            case NONE, HOST, PROPERTY, ENVIRONMENT, NAME -> false;
        };
    }

    /** Returns whether a permission changes files or where their names lead. */
    static boolean changesFiles(String permission) {
        return permission.startsWith("file.") && !READING.contains(permission);
    }

    /** Returns whether a path is protected, lies below one that is, or above it, so that moving it moves that. */
    private static boolean isProtectedPath(String path) {
        for (String own : paths) {
            if (isSameOrBelow(path, own) || isSameOrBelow(own, path)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSameOrBelow(String path, String directory) {
        return path.startsWith(directory)
                && (path.length() == directory.length()
                        || directory.endsWith(File.separator)
                        || path.charAt(directory.length()) == File.separatorChar);
    }

    /** Returns whether a permission reaches into classes. */
    static boolean isReflective(String permission) {
        return permission.startsWith("reflect.")
                || permission.startsWith("class.")
                || permission.startsWith("classloader.")
                || permission.startsWith("serial.");
    }

    /**
     * Returns whether a permission may be refused on some resources whatever policy says, so that no answer holds for
     * all of them.
     */
    static boolean isPartial(Permission permission, ResourceKind kind) {
        return kind == ResourceKind.CLASS || permission.reflective || permission.changesFiles;
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
