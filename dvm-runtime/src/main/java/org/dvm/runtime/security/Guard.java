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
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
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
    private static final String OPEN_READ = "file.open.read";
    private static final String OPEN_WRITE = "file.open.write";
    private static final String OPEN_BOTH = "file.open.rw";

    /** The classes of what {@code Set.of} returns. */
    private static final Class<?> IMMUTABLE_SET = Set.of().getClass();

    private static final Class<?> IMMUTABLE_SMALL_SET = Set.of("").getClass();

    private Guard() {}

    /** Checks an operation that is the same for all objects. */
    public static void check(String permission) {
        named(permission, ResourceKind.NONE, "", Resources.Naming.AS_GIVEN);
    }

    /** Checks an operation on a property. */
    public static void property(String permission, @Nullable String name) {
        if (name != null) {
            named(permission, ResourceKind.PROPERTY, name, Resources.Naming.AS_GIVEN);
        }
    }

    /** Checks an operation on an environment variable. */
    public static void environment(String permission, @Nullable String name) {
        if (name != null) {
            named(permission, ResourceKind.ENVIRONMENT, name, Resources.Naming.AS_GIVEN);
        }
    }

    /** Checks an operation on whatever has a name. */
    public static void name(String permission, @Nullable Object resource) {
        if (UniformPermits.holds(permission)) {
            return;
        }
        Subjects.Slot slot = Subjects.SLOT.get();
        if (unchecked(slot)) {
            return;
        }
        named(permission, ResourceKind.NAME, nameOf(resource), Resources.Naming.AS_GIVEN);
    }

    /**
     * Checks an operation on a thread. A subject may do anything to threads that it has created itself, and may look at
     * and interrupt the one that it runs in.
     */
    public static void thread(String permission, Thread thread) {
        if (UniformPermits.holds(permission)) {
            return;
        }
        Subjects.Slot slot = Subjects.SLOT.get();
        boolean harmless = thread == Thread.currentThread()
                && (permission.equals("thread.inspect") || permission.equals("thread.interrupt"));
        if (!unchecked(slot) && !harmless && !Subjects.isOwn(slot.subject, thread)) {
            named(permission, ResourceKind.NAME, "thread", Resources.Naming.AS_GIVEN);
        }
    }

    /** Checks an operation on a pool or timer. A subject may do anything to those that it has made. */
    public static void pool(String permission, Object pool) {
        Subjects.Slot slot = Subjects.SLOT.get();
        if (!unchecked(slot) && !Subjects.isOwn(slot.subject, pool)) {
            named(permission, ResourceKind.NAME, "pool", Resources.Naming.AS_GIVEN);
        }
    }

    /** Checks an operation on a class given by its name. */
    public static void type(String permission, @Nullable String name) {
        if (name != null) {
            named(permission, ResourceKind.CLASS, name.replace('/', '.'), Resources.Naming.AS_GIVEN);
        }
    }

    /** Checks an operation on a class. A subject may do anything to its own code by reflection. */
    public static void type(String permission, @Nullable Class<?> type) {
        Subjects.Slot slot = Subjects.SLOT.get();
        if (type != null && !unchecked(slot) && !EnforcementManager.isOwn(slot, type)) {
            named(permission, ResourceKind.CLASS, type.getName(), Resources.Naming.AS_GIVEN);
        }
    }

    /** Checks an operation on a member of a class: the class that declares it is the resource. */
    public static void member(String permission, @Nullable Object member) {
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
            String permission, java.lang.reflect.AccessibleObject @Nullable [] members) {
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
    public static void file(String permission, @Nullable String name) {
        if (name != null) {
            named(permission, ResourceKind.FILE, name, Resources.Naming.FILE);
        }
    }

    /** Checks an operation on a file. Returns what must be used in the argument's place: never of a subclass. */
    public static @Nullable File file(String permission, @Nullable File file) {
        if (file == null) {
            return null;
        }
        Class<?> type = file.getClass();
        File snapshot = type.equals(File.class) ? file : new File(file.getPath());
        file(permission, snapshot.getPath());
        return snapshot;
    }

    /** Checks an operation that a file object does itself, as {@link #file(String, String)} with its own name. */
    public static void self(String permission, File file) {
        Class<?> type = file.getClass();
        file(permission, type.equals(File.class) ? file.getPath() : FieldAccess.path(file));
    }

    /**
     * Checks an operation on a path. A path within an archive counts as the archive; those of other file systems are the
     * program's own.
     */
    public static void file(String permission, @Nullable Path path) {
        if (path == null || unchecked(Subjects.SLOT.get())) {
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
    public static void open(String permission, Object stream) {
        if (UniformPermits.holds(permission)) {
            return;
        }
        Subjects.Slot slot = Subjects.SLOT.get();
        if (unchecked(slot)) {
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
        Answer answer = slot.subject.answer(permission, ResourceKind.FILE, name, stamp);
        if (answer != null && answer.denial == null) {
            slot.remember(permission, name, stamp);
        } else {
            named(permission, ResourceKind.FILE, name, Resources.Naming.FILE);
        }
    }

    /** Checks an operation on an entry of an open directory. */
    public static void entry(String permission, Object directory, @Nullable Object name) {
        if (unchecked(Subjects.SLOT.get())) {
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
        entry(openPermission(options), directory, name);
    }

    /** Checks the making of a link, and that the subject has the permission on what the link leads to. */
    public static void link(String permission, @Nullable Path link, @Nullable Path target) {
        if (link == null || target == null || unchecked(Subjects.SLOT.get())) {
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
        Subjects.Slot slot = Subjects.SLOT.get();
        if (unchecked(slot)) {
            return;
        }
        Class<?> type = description.forClass();
        while (type != null && Serializable.class.isAssignableFrom(type)) {
            if (!StackAuthority.isJdk(type)) {
                EnforcementManager.permissionsToCreate(type.getName()).forEach(Guard::check);
            }
            type = type.getSuperclass();
        }
    }

    /** Checks an operation on a host and port; a null host is the local one. */
    public static void host(String permission, @Nullable String host, int port) {
        Subjects.Slot slot = Subjects.SLOT.get();
        if (unchecked(slot)) {
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
    public static void host(String permission, @Nullable String host) {
        if (host != null) {
            named(permission, ResourceKind.HOST, host + "/:-1", Resources.Naming.AS_GIVEN);
        }
    }

    /** Checks an operation on an address and port; a null address is the wildcard. */
    public static void address(String permission, @Nullable InetAddress address, int port) {
        if (UniformPermits.holds(permission)) {
            return;
        }
        Subjects.Slot slot = Subjects.SLOT.get();
        if (unchecked(slot)) {
            return;
        }
        if (address == null) {
            named(permission, ResourceKind.HOST, "/0.0.0.0:" + port, Resources.Naming.HOST);
            return;
        }
        Subject subject = slot.subject;
        Answer answer = subject.answer(permission, address, port, EnforcementManager.stamp(ResourceKind.HOST));
        if ((answer != null && answer.denial == null)
                || (answer == null && isPermittedEverywhere(subject, permission))) {
            return;
        }
        EnforcementManager.decide(
                slot,
                new Access(
                        permission, ResourceKind.HOST, endPoint(address, port), Resources.Naming.HOST, address, port),
                answer == null ? null : answer.denial);
    }

    /** Checks an operation on an address without a port. */
    public static void address(String permission, @Nullable InetAddress address) {
        address(permission, address, -1);
    }

    /** Checks an operation on a socket address. Null is the wildcard with a port of the system's choice. */
    public static void address(String permission, @Nullable SocketAddress address) {
        Subjects.Slot slot = Subjects.SLOT.get();
        if (unchecked(slot)) {
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
    public static void port(String permission, int port) {
        address(permission, (InetAddress) null, port);
    }

    /** Checks an operation on the far end of a socket or channel; on its own address where it has no far end. */
    public static void socket(String permission, Object socket) {
        if (UniformPermits.holds(permission)) {
            return;
        }
        Subjects.Slot slot = Subjects.SLOT.get();
        if (unchecked(slot)) {
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
    public static @Nullable DatagramPacket packet(String permission, @Nullable DatagramPacket packet) {
        if (packet == null || UniformPermits.holds(permission) || unchecked(Subjects.SLOT.get())) {
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
    public static String @Nullable [] command(String permission, String @Nullable [] command) {
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
        file("r".equals(mode) ? OPEN_READ : OPEN_BOTH, name);
    }

    /** Checks the opening of a file in one of the modes of {@link java.io.RandomAccessFile}; returns a snapshot. */
    public static @Nullable File opening(@Nullable File file, @Nullable String mode) {
        return file("r".equals(mode) ? OPEN_READ : OPEN_BOTH, file);
    }

    /** Copies the options of an opening, so that those that are checked are those that are used. */
    public static @Nullable Set<?> options(@Nullable Set<?> options) {
        return options == null || isImmutable(options) || unchecked(Subjects.SLOT.get())
                ? options
                : new HashSet<Object>(options);
    }

    private static boolean isImmutable(Set<?> options) {
        Class<?> type = options.getClass();
        return type == IMMUTABLE_SET || type == IMMUTABLE_SMALL_SET;
    }

    /** Copies the options of an opening, so that those that are checked are those that are used. */
    public static OpenOption @Nullable [] options(OpenOption @Nullable [] options) {
        return options == null || options.length == 0 || unchecked(Subjects.SLOT.get()) ? options : options.clone();
    }

    /** Checks the opening of a file with options that are a copy already. */
    public static void opening(@Nullable Path path, @Nullable Set<?> options) {
        if (!unchecked(Subjects.SLOT.get())) {
            file(openPermission(options), path);
        }
    }

    /** Checks the opening of a file with options that are a copy already. */
    public static void opening(@Nullable Path path, OpenOption @Nullable [] options) {
        boolean reads = false;
        boolean writes = false;
        if (options != null) {
            for (OpenOption option : options) {
                reads |= option == StandardOpenOption.READ;
                writes |= writes(option);
            }
        }
        file(openPermission(reads, writes), path);
    }

    /** Returns whether an option changes a file; one that isn't known does. */
    private static boolean writes(@Nullable Object option) {
        return option != StandardOpenOption.READ && !(option instanceof LinkOption);
    }

    private static String openPermission(@Nullable Set<?> options) {
        boolean reads = false;
        boolean writes = false;
        if (options != null) {
            for (Object option : options) {
                reads |= option == StandardOpenOption.READ;
                writes |= writes(option);
            }
        }
        return openPermission(reads, writes);
    }

    private static String openPermission(boolean reads, boolean writes) {
        return writes ? reads ? OPEN_BOTH : OPEN_WRITE : OPEN_READ;
    }

    /** Looks for a permit that everybody has, then into the cache of the thread's subject. */
    private static void named(String permission, ResourceKind kind, String name, Resources.Naming naming) {
        // Classes are decided one by one, since no policy opens the manager's own.
        boolean mayBeEverywhere = kind != ResourceKind.CLASS;
        if (mayBeEverywhere && UniformPermits.holds(permission)) {
            return;
        }
        Subjects.Slot slot = Subjects.SLOT.get();
        Subject subject = slot.subject;
        if (subject.identifiers().length == 0) {
            return;
        }
        Answer answer = subject.answer(permission, kind, name, EnforcementManager.stamp(kind));
        if (answer != null && answer.denial == null) {
            return;
        }
        if (answer == null && mayBeEverywhere && isPermittedEverywhere(subject, permission)) {
            return;
        }
        EnforcementManager.decide(
                slot, Access.named(permission, kind, name, naming), answer == null ? null : answer.denial);
    }

    private static boolean isPermittedEverywhere(Subject subject, String permission) {
        return subject.answer(
                        permission,
                        ResourceKind.NONE,
                        EnforcementManager.EVERYWHERE,
                        EnforcementManager.stamp(ResourceKind.NONE))
                != null;
    }

    private static boolean unchecked(Subjects.Slot slot) {
        return slot.subject.identifiers().length == 0 || slot.busy > 0;
    }

    private static String endPoint(InetAddress address, int port) {
        String text = address.toString(); // name/literal, without a look-up
        return text.substring(0, text.indexOf('/') + 1) + address.getHostAddress() + ":" + port;
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
