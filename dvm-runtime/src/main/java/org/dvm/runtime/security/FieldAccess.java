package org.dvm.runtime.security;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.RandomAccessFile;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Reads the names under which the JDK's streams and channels were opened. They are private fields: whoever installs the
 * manager opens {@code java.io}, {@code sun.nio.ch} and {@code sun.nio.fs} of {@code java.base} to it beforehand.
 */
final class FieldAccess {
    private static final @Nullable VarHandle FILE = path(File.class, "path");
    private static final @Nullable VarHandle INPUT = path(FileInputStream.class, "path");
    private static final @Nullable VarHandle OUTPUT = path(FileOutputStream.class, "path");
    private static final @Nullable VarHandle RANDOM = path(RandomAccessFile.class, "path");
    private static final @Nullable Class<?> CHANNEL_TYPE = type("sun.nio.ch.FileChannelImpl");
    private static final @Nullable VarHandle CHANNEL = CHANNEL_TYPE == null ? null : path(CHANNEL_TYPE, "path");

    /** The attribute views of Unix, which hold the path that they were made for. */
    private static final @Nullable Class<?> VIEW_TYPE = type("sun.nio.fs.UnixFileAttributeViews$Basic");

    private static final @Nullable Class<?> PATH_TYPE = type("sun.nio.fs.UnixPath");
    private static final @Nullable VarHandle VIEW =
            VIEW_TYPE == null || PATH_TYPE == null ? null : field(VIEW_TYPE, "file", PATH_TYPE);

    private FieldAccess() {}

    private static @Nullable Class<?> type(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            return null;
        }
    }

    private static @Nullable VarHandle path(Class<?> owner, String field) {
        return field(owner, field, String.class);
    }

    private static @Nullable VarHandle field(Class<?> owner, String field, Class<?> type) {
        try {
            return MethodHandles.privateLookupIn(owner, MethodHandles.lookup()).findVarHandle(owner, field, type);
        } catch (ReflectiveOperationException e) {
            return null; // the package isn't open: names aren't known, and open files count as bare descriptors
        }
    }

    /** Returns the name that a file object has inside, whatever its subclass claims. */
    static String path(File file) {
        return FILE == null ? file.getPath() : (String) FILE.get(file);
    }

    /** Returns the name under which a stream or channel was opened; null if it was made from a descriptor. */
    static @Nullable String openedAs(Object stream) {
        if (stream instanceof FileInputStream && INPUT != null) {
            return (String) INPUT.get(stream);
        }
        if (stream instanceof FileOutputStream && OUTPUT != null) {
            return (String) OUTPUT.get(stream);
        }
        if (stream instanceof RandomAccessFile && RANDOM != null) {
            return (String) RANDOM.get(stream);
        }
        if (CHANNEL_TYPE != null && CHANNEL != null && CHANNEL_TYPE.isInstance(stream)) {
            return (String) CHANNEL.get(stream);
        }
        return openedByView(stream);
    }

    private static @Nullable String openedByView(Object view) {
        if (VIEW_TYPE != null && VIEW != null && VIEW_TYPE.isInstance(view)) {
            return String.valueOf(VIEW.get(view));
        }
        return null;
    }
}
