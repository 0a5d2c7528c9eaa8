package org.dvm.security.redteam;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.File;
import java.io.FileInputStream;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.RuntimeMXBean;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.WatchService;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.logging.FileHandler;
import java.util.prefs.Preferences;
import java.util.stream.Stream;
import java.util.zip.ZipInputStream;
import javax.crypto.spec.SecretKeySpec;
import javax.management.MBeanServer;

/** What the host hands out without having thought of all that can be done with it. */
public final class HostHandedOut {
    private static final Collection<AutoCloseable> CLIENTS = new ArrayList<>();

    private HostHandedOut() {}

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "host-worker");
        thread.setDaemon(true);
        return thread;
    }

    private static void sleep() {
        try {
            Thread.sleep(Long.MAX_VALUE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Hands out what a program of the host prints, and nothing else of it. */
    public static InputStream processOutput() throws Exception {
        return HostObjects.run(() -> new ProcessBuilder("echo", "x").start().getInputStream());
    }

    /** Opens the secret, and hands out a stream that only knows the descriptor. */
    public static FileInputStream descriptorStream() throws Exception {
        return HostObjects.run(() -> new FileInputStream(new FileInputStream(Host.SECRET.toFile()).getFD()));
    }

    /** Hands out lines of the secret that are still to be read. */
    @SuppressWarnings("StreamResourceLeak") // handed out open
    public static Stream<String> lines() throws Exception {
        return HostObjects.run(() -> Files.lines(Host.SECRET));
    }

    /** Hands out a reader of the secret of which nothing has been read. */
    public static BufferedReader reader() throws Exception {
        return HostObjects.run(() -> Files.newBufferedReader(Host.SECRET));
    }

    /** Hands out a walk through a directory that hasn't begun. */
    @SuppressWarnings("StreamResourceLeak") // handed out open
    public static Stream<Path> walk() throws Exception {
        return HostObjects.run(() -> Files.walk(Path.of("/etc/security"), 1));
    }

    /** Opens an archive as a stream. */
    public static ZipInputStream zipInput() throws Exception {
        File archive = Host.archive();
        return HostObjects.run(() -> new ZipInputStream(new FileInputStream(archive)));
    }

    /** Hands out the beans of the JVM. */
    public static MBeanServer mbeans() throws Exception {
        return HostObjects.run(ManagementFactory::getPlatformMBeanServer);
    }

    /** Hands out a bean. */
    public static RuntimeMXBean runtime() throws Exception {
        return HostObjects.run(ManagementFactory::getRuntimeMXBean);
    }

    /** Hands out a bean. */
    public static HotSpotDiagnosticMXBean diagnostic() throws Exception {
        return HostObjects.run(() -> ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class));
    }

    /** A selector with a server of the host. */
    public static Selector selector() throws Exception {
        ServerSocketChannel server = HostObjects.serverChannel();
        return HostObjects.run(() -> {
            Selector selector = Selector.open();
            server.configureBlocking(false);
            server.register(selector, SelectionKey.OP_ACCEPT);
            return selector;
        });
    }

    /** Sends a packet. */
    public static void packetTo(int port) throws Exception {
        HostObjects.run(() -> {
            try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
                socket.send(new DatagramPacket(new byte[1], 1, InetAddress.getLoopbackAddress(), port));
                return 1;
            }
        });
    }

    /** A channel for packets, with one waiting. */
    public static DatagramChannel datagramChannel() throws Exception {
        DatagramChannel channel = HostObjects.run(
                () -> DatagramChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
        packetTo(HostObjects.run(() -> ((InetSocketAddress) channel.getLocalAddress()).getPort()));
        return channel;
    }

    /** A pipe with something in it. */
    public static Pipe pipe() throws Exception {
        return HostObjects.run(() -> {
            Pipe pipe = Pipe.open();
            pipe.sink().write(ByteBuffer.wrap(new byte[3]));
            return pipe;
        });
    }

    /** Watches a directory. */
    public static WatchService watch() throws Exception {
        return HostObjects.run(() -> FileSystems.getDefault().newWatchService());
    }

    /** A result that the host is still working for. */
    public static Future<?> future() throws Exception {
        return HostObjects.run(() -> HostObjects.OWN_POOL.submit(HostHandedOut::sleep));
    }

    /** A result that the host will give. */
    public static CompletableFuture<Object> promise() throws Exception {
        return HostObjects.run(() -> new CompletableFuture<Object>());
    }

    /** A scheduler of the host. */
    public static ScheduledExecutorService scheduler() throws Exception {
        return HostObjects.run(() -> Executors.newScheduledThreadPool(1, HostHandedOut::daemon));
    }

    /** The host's keys. */
    public static KeyStore keyStore() throws Exception {
        return HostObjects.run(() -> {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(null, null);
            keys.setEntry(
                    "k",
                    new KeyStore.SecretKeyEntry(new SecretKeySpec(new byte[16], "AES")),
                    new KeyStore.PasswordProtection("pass".toCharArray()));
            return keys;
        });
    }

    private static volatile String logFile = "";

    /** The host's log. */
    public static FileHandler fileHandler() throws Exception {
        Path file = Host.victim();
        logFile = file.toString();
        return HostObjects.run(() -> new FileHandler(file.toString()));
    }

    /** Tells whether the log says something. */
    public static boolean logged(String text) throws Exception {
        return HostObjects.run(() -> Files.readString(Path.of(logFile)).contains(text));
    }

    /** A server of the host. */
    public static HttpServer httpServer() throws Exception {
        return HostObjects.run(() -> {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", x -> x.close());
            return server;
        });
    }

    /** The host's preferences. */
    public static Preferences preferences() throws Exception {
        return HostObjects.run(() -> Preferences.userRoot().node("dvm-redteam"));
    }

    /** A connection. */
    public static AsynchronousSocketChannel asyncSocket() throws Exception {
        return HostObjects.run(() -> {
            AsynchronousSocketChannel channel = AsynchronousSocketChannel.open();
            channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), Host.PORT))
                    .get();
            return channel;
        });
    }

    /** A server with a client waiting. */
    public static AsynchronousServerSocketChannel asyncServer() throws Exception {
        return HostObjects.run(() -> {
            AsynchronousServerSocketChannel server = AsynchronousServerSocketChannel.open()
                    .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            CLIENTS.add(SocketChannel.open(server.getLocalAddress()));
            return server;
        });
    }

    /** A lock on a file of the host. */
    public static FileLock lock() throws Exception {
        Path file = Host.victim();
        return HostObjects.run(
                () -> FileChannel.open(file, StandardOpenOption.WRITE).lock());
    }

    /** A mapping of the secret: its data, which the host hands out. */
    public static MappedByteBuffer mapped() throws Exception {
        return HostObjects.run(() -> FileChannel.open(Host.SECRET).map(FileChannel.MapMode.READ_ONLY, 0, 3));
    }
}
