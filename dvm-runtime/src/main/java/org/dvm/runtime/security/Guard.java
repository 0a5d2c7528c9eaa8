package org.dvm.runtime.security;

import java.io.File;
import java.io.ObjectStreamClass;
import java.io.Serializable;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URL;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.file.FileSystem;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The checks that inserted code makes before an operation has any effect. Each returns normally if the thread's
 * subject has the permission on the resource, and else throws {@link AccessDeniedException}.
 *
 * <p>A check of a mutable or overridable argument returns a snapshot, which inserted code puts in the argument's place:
 * what was checked is what is used.
 *
 * <p>Hot path: a permit in the cache costs no allocation, no lock, and doesn't depend on the depth of the stack.
 *
 * <p><b>Threads:</b> all.
 */
public final class Guard {
    private Guard() {}

    /** Checks an operation that is the same for all objects. */
    public static void check(Permission permission) {
        named(permission, ResourceKind.NONE, "", Resources.Naming.AS_GIVEN);
    }

    /** Checks an operation on a property. */
    public static void property(Permission permission, @Nullable String name) {
        if (name != null) {
            named(permission, ResourceKind.PROPERTY, name, Resources.Naming.AS_GIVEN);
        }
    }

    /** Checks an operation on an environment variable. */
    public static void environment(Permission permission, @Nullable String name) {
        if (name != null) {
            named(permission, ResourceKind.ENVIRONMENT, name, Resources.Naming.AS_GIVEN);
        }
    }

    /** Checks an operation on whatever has a name. */
    public static void name(Permission permission, @Nullable Object resource) {
        if (permission.heldByAll) {
            return;
        }
        Slot slot = Slot.current();
        if (isUnchecked(slot)) {
            return;
        }
        named(permission, ResourceKind.NAME, nameOf(resource), Resources.Naming.AS_GIVEN);
    }

    /**
     * Checks an operation on a thread. A subject may do anything to threads that it has created itself, and may look at
     * and interrupt the one that it runs in.
     */
    public static void thread(Permission permission, Thread thread) {
        if (permission.heldByAll) {
            return;
        }
        Slot slot = Slot.current();
        boolean harmless = thread == Thread.currentThread()
                && (permission == Permissions.THREAD_INSPECT || permission == Permissions.THREAD_INTERRUPT);
        if (!isUnchecked(slot) && !harmless && !Subjects.isOwn(slot.subject, thread)) {
            named(permission, ResourceKind.NAME, "thread", Resources.Naming.AS_GIVEN);
        }
    }

    /** Checks an operation on a pool or timer. A subject may do anything to those that it has made. */
    public static void pool(Permission permission, Object pool) {
        Slot slot = Slot.current();
        if (!isUnchecked(slot) && !Subjects.isOwn(slot.subject, pool)) {
            named(permission, ResourceKind.NAME, "pool", Resources.Naming.AS_GIVEN);
        }
    }

    /** Checks an operation on a class given by its name. */
    public static void type(Permission permission, @Nullable String name) {
        if (name != null) {
            named(permission, ResourceKind.CLASS, name.replace('/', '.'), Resources.Naming.AS_GIVEN);
        }
    }

    /** Checks an operation on a class. A subject may do anything to its own code by reflection. */
    public static void type(Permission permission, @Nullable Class<?> type) {
        Slot slot = Slot.current();
        if (type != null && !isUnchecked(slot) && !EnforcementManager.isOwn(slot, type)) {
            named(permission, ResourceKind.CLASS, type.getName(), Resources.Naming.AS_GIVEN);
        }
    }

    /** Checks an operation on a member of a class: the class that declares it is the resource. */
    public static void member(Permission permission, @Nullable Object member) {
        if (member instanceof java.lang.reflect.Member) {
            Class<?> owner = member instanceof java.lang.reflect.Executable
                    ? ((java.lang.reflect.Executable) member).getDeclaringClass()
                    : ((java.lang.reflect.Member) member).getDeclaringClass();
            type(permission, owner);
        } else {
            check(permission);
        }
    }

    /** Checks an operation on each member of an array. Returns a copy of it, for the operation to use. */
    public static java.lang.reflect.AccessibleObject @Nullable [] members(
            Permission permission, java.lang.reflect.AccessibleObject @Nullable [] members) {
        if (members == null) {
            return null;
        }
        java.lang.reflect.AccessibleObject[] snapshot = members.clone();
        for (java.lang.reflect.AccessibleObject member : snapshot) {
            member(permission, member);
        }
        return snapshot;
    }

    /** Checks an operation on a file given by its name. */
    public static void file(Permission permission, @Nullable String name) {
        if (name != null) {
            named(permission, ResourceKind.FILE, name, Resources.Naming.FILE);
        }
    }

    /** Checks an operation on a file. Returns what must be used in the argument's place: never of a subclass. */
    public static @Nullable File file(Permission permission, @Nullable File file) {
        if (file == null) {
            return null;
        }
        Class<?> type = file.getClass();
        File snapshot = type == File.class ? file : new File(file.getPath());
        file(permission, snapshot.getPath());
        return snapshot;
    }

    /** Checks an operation that a file object does itself, as {@link #file(Permission, String)} with its own name. */
    public static void self(Permission permission, File file) {
        Class<?> type = file.getClass();
        file(permission, type == File.class ? file.getPath() : FieldAccess.path(file));
    }

    /**
     * Checks an operation on a path. A path within an archive counts as the archive; those of other file systems are the
     * program's own.
     */
    public static void file(Permission permission, @Nullable Path path) {
        if (path == null || permission.heldByAll || isUnchecked(Slot.current())) {
            return;
        }
        FileSystem system = path.getFileSystem();
        if (system == FileNames.DEFAULT) {
            file(permission, path.toString());
        } else {
            file(permission, FieldAccess.archive(system));
        }
    }

    /** Checks an operation on an open file's stream, channel or descriptor, by the name under which it was opened. */
    public static void open(Permission permission, Object stream) {
        if (permission.heldByAll) {
            return;
        }
        Slot slot = Slot.current();
        if (isUnchecked(slot)) {
            return;
        }
        String name = FieldAccess.openedAs(stream);
        if (name == null && stream instanceof AsynchronousFileChannel) {
            if (!Subjects.isOwn(slot.subject, stream)) {
                named(permission, ResourceKind.NAME, "channel", Resources.Naming.AS_GIVEN);
            }
            return;
        }
        if (name == null) {
            named(permission, ResourceKind.NAME, "descriptor", Resources.Naming.AS_GIVEN);
            return;
        }
        long stamp = EnforcementManager.stamp(ResourceKind.FILE);
        if (slot.remembers(permission, name, stamp)) {
            return;
        }
        if (slot.subject.may(permission, ResourceKind.FILE, name, stamp)) {
            slot.remember(permission, name, stamp);
        } else {
            EnforcementManager.check(slot, permission, ResourceKind.FILE, name, Resources.Naming.FILE);
        }
    }

    /** Checks an operation on an entry of an open directory. */
    public static void entry(Permission permission, Object directory, @Nullable Object name) {
        if (permission.heldByAll || isUnchecked(Slot.current())) {
            return;
        }
        Path entry = FileNames.entry(FieldAccess.openedAs(directory), name);
        if (entry == null) {
            check(permission);
        } else {
            file(permission, entry);
        }
    }

    /** Checks the opening of an entry of an open directory, with options that are a copy already. */
    public static void entry(Object directory, @Nullable Object name, @Nullable Set<?> options) {
        entry(OpenOptions.permission(options), directory, name);
    }

    /** Checks the making of a link, and that the subject has the permission on what the link leads to. */
    public static void link(Permission permission, @Nullable Path link, @Nullable Path target) {
        if (link == null || target == null || permission.heldByAll || isUnchecked(Slot.current())) {
            return;
        }
        file(permission, link);
        if (link.getFileSystem() != FileNames.DEFAULT || target.getFileSystem() != FileNames.DEFAULT) {
            return;
        }
        if (FileNames.climbs(target)) {
            check(permission); // where it leads depends on where it is moved to
            return;
        }
        Path parent = link.toAbsolutePath().getParent();
        file(permission, parent == null ? target : parent.resolve(target));
    }

    /** Tells that names of files may lead elsewhere now: called after links were made or files moved. */
    public static void namesChanged() {
        EnforcementManager.namesChanged();
    }

    /**
     * Checks the making of an object that is read from a stream: no constructor runs of its class and of superclasses
     * that can be read, too, so that those whose constructors are operations are checked here.
     */
    public static void reading(ObjectStreamClass description) {
        Slot slot = Slot.current();
        if (isUnchecked(slot)) {
            return;
        }
        Class<?> type = description.forClass();
        while (type != null && Serializable.class.isAssignableFrom(type)) {
            if (!StackAuthority.isJdk(type)) {
                for (String permission : EnforcementManager.permissionsToCreate(type.getName())) {
                    check(Permission.of(permission));
                }
            }
            type = type.getSuperclass();
        }
    }

    /** Checks an operation on a host and port; a null host is the local one. */
    public static void host(Permission permission, @Nullable String host, int port) {
        Slot slot = Slot.current();
        if (isUnchecked(slot)) {
            return;
        }
        String name = host == null ? "localhost" : host;
        String address = "";
        slot.busy++;
        try {
            InetAddress resolved = InetAddress.getByName(name);
            address = resolved.getHostAddress();
        } catch (java.net.UnknownHostException e) {
            address = ""; // the operation will find the same; only the name can be judged
        } finally {
            slot.busy--;
        }
        named(permission, ResourceKind.HOST, name + "/" + address + ":" + port, Resources.Naming.HOST);
    }

    /** Checks an operation on a host's name, before the network is asked for its address. */
    public static void host(Permission permission, @Nullable String host) {
        if (host != null) {
            named(permission, ResourceKind.HOST, host + "/:-1", Resources.Naming.AS_GIVEN);
        }
    }

    /** Checks an operation on an address and port; a null address is the wildcard. */
    public static void address(Permission permission, @Nullable InetAddress address, int port) {
        if (permission.heldByAll) {
            return;
        }
        Slot slot = Slot.current();
        if (isUnchecked(slot)) {
            return;
        }
        if (address == null) {
            named(permission, ResourceKind.HOST, "/0.0.0.0:" + port, Resources.Naming.HOST);
            return;
        }
        if (!slot.subject.may(permission, address, port, EnforcementManager.stamp(ResourceKind.HOST))) {
            EnforcementManager.check(slot, permission, address, port);
        }
    }

    /** Checks an operation on an address without a port. */
    public static void address(Permission permission, @Nullable InetAddress address) {
        address(permission, address, -1);
    }

    /** Checks an operation on a socket address. Null is the wildcard with a port of the system's choice. */
    public static void address(Permission permission, @Nullable SocketAddress address) {
        Slot slot = Slot.current();
        if (isUnchecked(slot)) {
            return;
        }
        if (address instanceof InetSocketAddress inet) {
            if (inet.isUnresolved()) {
                host(permission, inet.getHostString(), inet.getPort());
            } else {
                address(permission, inet.getAddress(), inet.getPort());
            }
        } else if (address == null) {
            address(permission, (InetAddress) null, 0);
        } else if (address instanceof java.net.UnixDomainSocketAddress unix) {
            file(permission, unix.getPath());
        } else {
            named(permission, ResourceKind.NAME, address.getClass().getName(), Resources.Naming.AS_GIVEN);
        }
    }

    /** Checks a port to listen on. */
    public static void port(Permission permission, int port) {
        address(permission, (InetAddress) null, port);
    }

    /** Checks an operation on the far end of a socket or channel; on its own address where it has no far end. */
    public static void socket(Permission permission, Object socket) {
        if (permission.heldByAll) {
            return;
        }
        Slot slot = Slot.current();
        if (isUnchecked(slot)) {
            return;
        }
        if (!StackAuthority.isJdk(socket.getClass())) {
            check(permission); // its class may lie about addresses
            return;
        }
        InetAddress far = null;
        int port = 0;
        SocketAddress address = null;
        slot.busy++;
        try {
            if (socket instanceof Socket tcp && tcp.isConnected()) {
                far = tcp.getInetAddress();
                port = tcp.getPort();
            } else {
                address = EndPoints.of(socket);
            }
        } finally {
            slot.busy--;
        }
        if (far != null) {
            address(permission, far, port);
        } else if (address != null) {
            address(permission, address);
        } else {
            check(permission);
        }
    }

    /** Checks where a packet goes. Returns a copy to send in its place: other threads can't change its address. */
    public static @Nullable DatagramPacket packet(Permission permission, @Nullable DatagramPacket packet) {
        if (packet == null || permission.heldByAll || isUnchecked(Slot.current())) {
            return packet;
        }
        DatagramPacket snapshot;
        synchronized (packet) {
            if (packet.getAddress() == null) {
                return packet; // goes where the socket is connected to, which was checked
            }
            snapshot = new DatagramPacket(
                    packet.getData(), packet.getOffset(), packet.getLength(), packet.getAddress(), packet.getPort());
        }
        address(permission, snapshot.getAddress(), snapshot.getPort());
        return snapshot;
    }

    /** Checks a command line; its program is the resource. Returns a copy for the operation to use. */
    public static String @Nullable [] command(Permission permission, String @Nullable [] command) {
        String[] snapshot = command == null ? null : command.clone();
        named(
                permission,
                ResourceKind.NAME,
                snapshot == null || snapshot.length == 0 || snapshot[0] == null ? "" : snapshot[0],
                Resources.Naming.AS_GIVEN);
        return snapshot;
    }

    /** Checks the opening of a file in one of the modes of {@link java.io.RandomAccessFile}. */
    public static void opening(@Nullable String name, @Nullable String mode) {
        file(OpenOptions.permission(mode), name);
    }

    /** Checks the opening of a file in one of the modes of {@link java.io.RandomAccessFile}; returns a snapshot. */
    public static @Nullable File opening(@Nullable File file, @Nullable String mode) {
        return file(OpenOptions.permission(mode), file);
    }

    /** Copies the options of an opening, so that those that are checked are those that are used. */
    public static @Nullable Set<?> options(@Nullable Set<?> options) {
        return options == null || isUnchecked(Slot.current()) ? options : OpenOptions.snapshot(options);
    }

    /** Copies the options of an opening, so that those that are checked are those that are used. */
    public static OpenOption @Nullable [] options(OpenOption @Nullable [] options) {
        return options == null || options.length == 0 || isUnchecked(Slot.current()) ? options : options.clone();
    }

    /** Checks the opening of a file with options that are a copy already. */
    public static void opening(@Nullable Path path, @Nullable Set<?> options) {
        if (!isUnchecked(Slot.current())) {
            file(OpenOptions.permission(options), path);
        }
    }

    /** Checks the opening of a file with options that are a copy already. */
    public static void opening(@Nullable Path path, OpenOption @Nullable [] options) {
        if (!isUnchecked(Slot.current())) {
            file(OpenOptions.permission(options), path);
        }
    }

    /** Looks for a permit that everybody has, then into the cache of the thread's subject. */
    private static void named(Permission permission, ResourceKind kind, String name, Resources.Naming naming) {
        // Classes are decided one by one, since no policy opens the manager's own.
        if (kind != ResourceKind.CLASS && permission.heldByAll) {
            return;
        }
        Slot slot = Slot.current();
        Subject subject = slot.subject;
        if (subject != Subject.SYSTEM && !subject.may(permission, kind, name, EnforcementManager.stamp(kind))) {
            EnforcementManager.check(slot, permission, kind, name, naming);
        }
    }

    private static boolean isUnchecked(Slot slot) {
        return slot.subject == Subject.SYSTEM || slot.busy > 0;
    }

    /** Returns the name of a resource without calling code that an untrusted class may have overridden. */
    private static String nameOf(@Nullable Object resource) {
        if (resource instanceof String text) {
            return text;
        }
        if (resource == null) {
            return "null";
        }
        if (resource instanceof Class<?> type) {
            return type.getName();
        }
        if (resource instanceof URI uri) {
            return uri.toString();
        }
        if (resource instanceof URL url) {
            return url.getProtocol() + "://" + url.getAuthority() + url.getPath();
        }
        return resource.getClass().getName();
    }
}
