package org.dvm.runtime.security;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.RandomAccessFile;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.Socket;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * Reads the names under which the JDK's streams and channels were opened. They are private fields: whoever installs the
 * manager opens their packages to it beforehand.
 */
final class FieldAccess {
    private static final @Nullable VarHandle FILE = text(File.class, "path");
    private static final @Nullable VarHandle SOCKET_OUTPUT =
            field(type("java.net.Socket$SocketOutputStream"), "parent", Socket.class);
    private static final @Nullable VarHandle SOCKET_INPUT =
            field(type("java.net.Socket$SocketInputStream"), "parent", Socket.class);
    private static final @Nullable VarHandle ARCHIVE = field(type("jdk.nio.zipfs.ZipFileSystem"), "zfpath", Path.class);

    /** A secure directory's stream wraps a plain one. */
    private static final @Nullable VarHandle SECURE_DIRECTORY =
            field(type("sun.nio.fs.UnixSecureDirectoryStream"), "ds", type("sun.nio.fs.UnixDirectoryStream"));

    private static final @Nullable VarHandle INPUT = text(FileInputStream.class, "path");
    private static final @Nullable VarHandle OUTPUT = text(FileOutputStream.class, "path");

    /** Where classes of open files keep the name, which isn't the same in all JDKs. */
    private static final List<VarHandle> NAMES = Stream.of(
                    text(RandomAccessFile.class, "path"),
                    text(type("sun.nio.ch.FileChannelImpl"), "path"),
                    text(type("sun.nio.ch.SimpleAsynchronousFileChannelImpl"), "path"),
                    text(ZipFile.class, "name"),
                    text(ZipFile.class, "filePath"),
                    field(type("sun.nio.fs.UnixFileAttributeViews$Basic"), "file", type("sun.nio.fs.UnixPath")),
                    field(type("sun.nio.fs.UnixDirectoryStream"), "dir", type("sun.nio.fs.UnixPath")))
            .filter(Objects::nonNull)
            .map(handle -> Objects.requireNonNull(handle, "handle"))
            .toList();

    private FieldAccess() {}

    /** The platform loader finds the classes of java.base, too. */
    private static @Nullable Class<?> type(String name) {
        try {
            return Class.forName(name, false, ClassLoader.getPlatformClassLoader());
        } catch (ClassNotFoundException e) {
            return null;
        }
    }

    private static @Nullable VarHandle text(@Nullable Class<?> owner, String field) {
        return field(owner, field, String.class);
    }

    /** Returns access to a private field; null if there is none, or its package isn't open to the manager. */
    static @Nullable VarHandle field(@Nullable Class<?> owner, String field, @Nullable Class<?> type) {
        if (owner == null || type == null) {
            return null;
        }
        try {
            return MethodHandles.privateLookupIn(owner, MethodHandles.lookup()).findVarHandle(owner, field, type);
        } catch (ReflectiveOperationException e) {
            return null; // names aren't known then, and open files count as bare descriptors
        }
    }

    /** Loads what it needs. */
    static void warmUp() {
        path(new File("warm-up"));
    }

    /** Returns the name that a file object has inside, whatever its subclass claims. */
    static String path(File file) {
        return FILE == null ? file.getPath() : (String) FILE.get(file);
    }

    /** Returns the name under which a stream, channel, directory or archive was opened; null if it isn't known. */
    static @Nullable String openedAs(Object open) {
        // Hot path: no allocation; what is read and written again and again.
        if (open instanceof FileInputStream input && INPUT != null) {
            return (String) INPUT.get(input);
        }
        if (open instanceof FileOutputStream output && OUTPUT != null) {
            return (String) OUTPUT.get(output);
        }
        Object opened = open;
        if (SECURE_DIRECTORY != null
                && SECURE_DIRECTORY.coordinateTypes().get(0).isInstance(open)) {
            opened = SECURE_DIRECTORY.get(open);
        }
        for (VarHandle name : NAMES) {
            if (name.coordinateTypes().get(0).isInstance(opened)) {
                Object value = name.get(opened);
                return value == null ? null : value.toString(); // a string, or a path of the JDK's own class
            }
        }
        return null;
    }

    /** Returns the path of the archive that a file system shows; null if it shows none. */
    static @Nullable Path archive(FileSystem system) {
        if (ARCHIVE == null || !ARCHIVE.coordinateTypes().get(0).isInstance(system)) {
            return null;
        }
        return (Path) ARCHIVE.get(system);
    }

    /** Returns the socket that a stream belongs to; null if it is no socket's. */
    static @Nullable Socket socketOf(Object stream) {
        for (VarHandle parent : new VarHandle[] {SOCKET_INPUT, SOCKET_OUTPUT}) {
            if (parent != null && parent.coordinateTypes().get(0).isInstance(stream)) {
                return (Socket) parent.get(stream);
            }
        }
        return null;
    }
}
