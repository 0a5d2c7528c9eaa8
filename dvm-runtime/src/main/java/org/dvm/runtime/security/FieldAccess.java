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
 * manager opens {@code java.io} and {@code sun.nio.ch} of {@code java.base} to it beforehand.
 */
final class FieldAccess {
    private static final @Nullable VarHandle FILE = path(File.class, "path");
    private static final @Nullable VarHandle INPUT = path(FileInputStream.class, "path");
    private static final @Nullable VarHandle OUTPUT = path(FileOutputStream.class, "path");
    private static final @Nullable VarHandle RANDOM = path(RandomAccessFile.class, "path");
    private static final @Nullable Class<?> CHANNEL_TYPE = channelType();
    private static final @Nullable VarHandle CHANNEL = CHANNEL_TYPE == null ? null : path(CHANNEL_TYPE, "path");

    private FieldAccess() {}

    private static @Nullable Class<?> channelType() {
        try {
            return Class.forName("sun.nio.ch.FileChannelImpl");
        } catch (ClassNotFoundException e) {
            return null;
        }
    }

    private static @Nullable VarHandle path(Class<?> owner, String field) {
        try {
            return MethodHandles.privateLookupIn(owner, MethodHandles.lookup())
                    .findVarHandle(owner, field, String.class);
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
        return null;
    }
}
