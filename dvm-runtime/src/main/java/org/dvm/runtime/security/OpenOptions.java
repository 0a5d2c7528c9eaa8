package org.dvm.runtime.security;

import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells which permission the options of an opening need, and copies them where they could change. */
final class OpenOptions {
    /** The classes of sets that nobody can change. */
    private static final Class<?> IMMUTABLE = Set.of().getClass();

    private static final Class<?> IMMUTABLE_SMALL = Set.of("").getClass();
    private static final Class<?> EMPTY = Collections.emptySet().getClass();

    private OpenOptions() {}

    static Set<?> snapshot(Set<?> options) {
        Class<?> type = options.getClass();
        return type == IMMUTABLE || type == IMMUTABLE_SMALL || type == EMPTY ? options : new HashSet<Object>(options);
    }

    static Permission permission(@Nullable Set<?> options) {
        boolean reads = false;
        boolean writes = false;
        if (options != null && !options.isEmpty()) {
            for (Object option : options) {
                reads |= option == StandardOpenOption.READ;
                writes |= writes(option);
            }
        }
        return permission(reads, writes);
    }

    static Permission permission(OpenOption @Nullable [] options) {
        boolean reads = false;
        boolean writes = false;
        if (options != null) {
            for (OpenOption option : options) {
                reads |= option == StandardOpenOption.READ;
                writes |= writes(option);
            }
        }
        return permission(reads, writes);
    }

    /** Returns the permission for one of the modes of {@link java.io.RandomAccessFile}. */
    static Permission permission(@Nullable String mode) {
        return "r".equals(mode) ? Permissions.FILE_OPEN_READ : Permissions.FILE_OPEN_RW;
    }

    /** Returns whether an option changes a file; one that isn't known does. */
    private static boolean writes(@Nullable Object option) {
        return option != StandardOpenOption.READ && !(option instanceof LinkOption);
    }

    private static Permission permission(boolean reads, boolean writes) {
        return writes ? reads ? Permissions.FILE_OPEN_RW : Permissions.FILE_OPEN_WRITE : Permissions.FILE_OPEN_READ;
    }
}
