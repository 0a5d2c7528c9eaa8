package org.dvm.nodeos.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.dvm.nodeos.internal.linux.LinuxLinks;
import org.dvm.nodeos.internal.linux.Privileges;
import org.dvm.nodeos.internal.linux.sys.Capability;
import org.dvm.nodeos.internal.linux.sys.Descriptor;
import org.dvm.nodeos.internal.linux.sys.Libc;
import org.dvm.nodeos.internal.linux.sys.LinuxException;
import org.dvm.nodeos.link.LinkException;

/**
 * A network stack of its own, in this process: a thread lives in it and runs what it is given.
 *
 * <p>Sockets and drivers belong to the namespace of the thread that opened them and can then be used by any thread. The
 * namespace has no name in the file system; it ends with this object or with the process, and its interfaces with it.
 *
 * <p><b>Threads:</b> any.
 */
public final class NetworkNamespace implements AutoCloseable {
    private static final Path OWN_NAMESPACE = Path.of("/proc/thread-self/ns/net");
    private static final Path NO_IPV6 = Path.of("/proc/sys/net/ipv6/conf/default/disable_ipv6");

    /** Something that may fail with an I/O error. */
    @FunctionalInterface
    public interface Action {
        /**
         * Does it.
         *
         * @throws Exception if it fails
         */
        void run() throws Exception;
    }

    private final String name;
    private final ExecutorService resident;
    private final Descriptor descriptor;

    private NetworkNamespace(String name, ExecutorService resident, Descriptor descriptor) {
        this.name = name;
        this.resident = resident;
        this.descriptor = descriptor;
    }

    /**
     * Tells why this process can't make namespaces and load programs, if so.
     *
     * @return the reason and what to grant, or the empty string
     */
    public static String obstacle() {
        String obstacle = LinuxLinks.obstacle();
        return obstacle.isEmpty()
                ? Privileges.missing(
                        Capability.CAP_SYS_ADMIN, Capability.CAP_NET_ADMIN, Capability.CAP_NET_RAW, Capability.CAP_BPF)
                : obstacle;
    }

    /**
     * Makes a namespace with nothing in it but a loopback interface that is down.
     *
     * @param name for threads and messages
     * @return the namespace
     * @throws LinkException if the system refuses
     */
    public static NetworkNamespace create(String name) {
        ExecutorService resident = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "namespace-" + name);
            thread.setDaemon(true);
            return thread;
        });
        try {
            return new NetworkNamespace(name, resident, await(resident, "create namespace " + name, () -> {
                LinuxException.check(Libc.unshare(Libc.CLONE_NEWNET), "unshare CLONE_NEWNET");
                keepQuiet();
                return Descriptor.own(
                        Libc.open(OWN_NAMESPACE.toString(), Libc.O_RDONLY_CLOEXEC), "open " + OWN_NAMESPACE);
            }));
        } catch (RuntimeException e) {
            resident.shutdown();
            throw e;
        }
    }

    /** Interfaces made from now on don't send neighbour discovery of their own accord, so that counts are exact. */
    private static void keepQuiet() {
        try {
            if (Files.isWritable(NO_IPV6)) {
                Files.writeString(NO_IPV6, "1");
            }
        } catch (IOException e) {
            throw new LinkException("IPv6 can't be switched off by " + NO_IPV6, e);
        }
    }

    /**
     * Runs something in the namespace and waits for it.
     *
     * @param task what to run
     * @param <T> what it returns
     * @return its result
     * @throws LinkException if it throws a checked exception, which is then the cause; others pass through
     */
    public <T> T call(Callable<T> task) {
        return await(resident, "in namespace " + name, task);
    }

    /**
     * Runs something in the namespace and waits for it.
     *
     * @param action what to run
     * @throws LinkException if it throws a checked exception, which is then the cause; others pass through
     */
    public void run(Action action) {
        call(() -> {
            action.run();
            return name;
        });
    }

    private static <T> T await(ExecutorService resident, String what, Callable<T> task) {
        try {
            return resident.submit(task).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw new LinkException(what + ": " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LinkException(what + ": interrupted", e);
        }
    }

    /**
     * Moves the calling thread into this namespace for the rest of its life.
     *
     * @throws LinkException if the system refuses
     */
    public void enter() {
        try {
            LinuxException.check(Libc.setns(descriptor.number(), Libc.CLONE_NEWNET), "setns to namespace " + name);
        } catch (LinuxException e) {
            throw new LinkException(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Returns a path by which another process can open and enter the namespace as long as this object is open.
     *
     * @return a path below {@code /proc}
     */
    public Path path() {
        return Path.of("/proc/" + ProcessHandle.current().pid() + "/fd/" + descriptor.number());
    }

    int descriptor() {
        return descriptor.number();
    }

    @Override
    public String toString() {
        return name;
    }

    /** Gives the namespace up; it ends when the last socket in it is closed. A second call does nothing. */
    @Override
    public void close() {
        resident.shutdown();
        descriptor.close();
    }
}
