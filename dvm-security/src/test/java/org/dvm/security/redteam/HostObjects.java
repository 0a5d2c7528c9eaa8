package org.dvm.security.redteam;

import static java.util.Objects.requireNonNull;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLClassLoader;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Timer;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.zip.ZipFile;

/** What the host made for itself and plugins get hold of: open files, connections, loaders, pools, threads. */
public final class HostObjects {
    /** The host's own pool, whose end only the host should bring about. */
    public static final ExecutorService OWN_POOL = Executors.newFixedThreadPool(1, HostObjects::daemon);

    /** The host's timer. */
    public static final Timer TIMER = new Timer("host-timer", true);

    /** A thread of the host. */
    public static final Thread THREAD = daemon(HostObjects::sleep);

    /** A group of the host's threads. */
    public static final ThreadGroup GROUP = THREAD.getThreadGroup();

    /** The loader of the host's classes. */
    public static final ClassLoader LOADER = HostObjects.class.getClassLoader();

    static {
        THREAD.start();
        OWN_POOL.execute(() -> {});
    }

    private HostObjects() {}

    /** Makes what is the host's before a plugin runs. */
    static void prepare() {
        requireNonNull(THREAD, "initialized");
    }

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

    private static <T> T make(Callable<T> task) throws Exception {
        return Host.POOL.submit(task).get();
    }

    /** Runs what a plugin hands over, in a thread of the host. */
    public static <T> T run(Callable<T> task) throws Exception {
        return make(task);
    }

    /** Asks what a plugin hands over, in a thread of the host. */
    public static <T> T call(Supplier<T> supplier) throws Exception {
        return make(supplier::get);
    }

    /** Makes a file of properties that plugins must not read. */
    public static Path properties() throws Exception {
        return make(() -> Files.writeString(Files.createTempFile("dvm-redteam", ".properties"), "k=TOP"));
    }

    /** Opens the secret for asynchronous reading. */
    public static AsynchronousFileChannel asyncFile() throws Exception {
        return make(() -> AsynchronousFileChannel.open(Host.SECRET));
    }

    /** Opens the secret for reading and writing. */
    public static RandomAccessFile randomAccess() throws Exception {
        return make(() -> new RandomAccessFile(Host.SECRET.toFile(), "rw"));
    }

    /** Opens the secret by the other door. */
    public static InputStream nioStream() throws Exception {
        return make(() -> Files.newInputStream(Host.SECRET));
    }

    /** Opens a file of the host for writing. */
    public static OutputStream output() throws Exception {
        Path file = Host.victim();
        return make(() -> new FileOutputStream(file.toFile()));
    }

    /** Opens an archive of the host. */
    public static ZipFile zip() throws Exception {
        File archive = Host.archive();
        return make(() -> new ZipFile(archive));
    }

    /** Opens an archive of the host as a file system. */
    public static FileSystem zipFileSystem() throws Exception {
        File archive = Host.archive();
        return make(() -> FileSystems.newFileSystem(archive.toPath()));
    }

    /** Opens the directory of the secret. */
    @SuppressWarnings("StreamResourceLeak") // handed out open
    public static SecureDirectoryStream<Path> directory() throws Exception {
        return make(() -> (SecureDirectoryStream<Path>) Files.newDirectoryStream(Host.SECRET.getParent()));
    }

    /** Opens a directory that only the host should list. */
    @SuppressWarnings("StreamResourceLeak") // handed out open
    public static DirectoryStream<Path> listing() throws Exception {
        return make(() -> Files.newDirectoryStream(Path.of("/etc")));
    }

    /** Connects a channel. */
    public static SocketChannel socketChannel() throws Exception {
        return make(() -> SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), Host.PORT)));
    }

    /** Connects, and hands out only the stream. */
    @SuppressWarnings("AddressSelection") // the loopback address is what is meant
    public static InputStream socketInput() throws Exception {
        return make(() -> new Socket(InetAddress.getLoopbackAddress(), Host.PORT).getInputStream());
    }

    /** Connects, and hands out only the stream. */
    @SuppressWarnings("AddressSelection") // the loopback address is what is meant
    public static OutputStream socketOutput() throws Exception {
        return make(() -> new Socket(InetAddress.getLoopbackAddress(), Host.PORT).getOutputStream());
    }

    /** Listens, with a client waiting to be accepted. */
    @SuppressWarnings("AddressSelection") // the loopback address is what is meant
    public static ServerSocket serverSocket() throws Exception {
        return make(() -> {
            ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
            CLIENTS.add(new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort()));
            return server;
        });
    }

    /** Listens, with a client waiting to be accepted. */
    public static ServerSocketChannel serverChannel() throws Exception {
        return make(() -> {
            ServerSocketChannel server =
                    ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            CLIENTS.add(SocketChannel.open(server.getLocalAddress()));
            return server;
        });
    }

    /** A socket for packets. */
    @SuppressWarnings("AddressSelection") // the loopback address is what is meant
    public static DatagramSocket datagramSocket() throws Exception {
        return make(() -> new DatagramSocket(0, InetAddress.getLoopbackAddress()));
    }

    private static final Collection<AutoCloseable> CLIENTS = new ArrayList<>();

    /** A running program of the host. */
    public static Process process() throws Exception {
        return make(() -> new ProcessBuilder("cat").start());
    }

    /** A loader whose classes and resources are the host's. */
    public static URLClassLoader loader() throws Exception {
        return make(() -> new URLClassLoader(
                new java.net.URL[] {Host.SECRET.getParent().toUri().toURL()}, null));
    }

    /** Looks an answer up in the common pool, as the host does all the time; plugins may have used the pool before. */
    public static String readInCommonPool() throws Exception {
        return make(() -> CompletableFuture.supplyAsync(HostObjects::readSecret).get());
    }

    /** Runs a plugin's task in a pool of the host that has no thread yet, then one of the host's. */
    public static String readInGrownPool(Callable<?> task) throws Exception {
        ExecutorService pool = make(() -> Executors.newFixedThreadPool(1, HostObjects::daemon));
        pool.submit(task).get();
        return pool.submit(HostObjects::readSecret).get();
    }

    /** A class of the host that a plugin is the first to use. */
    public static final class Lazy {
        /** What only the host may read; its plugins get to know the length. */
        public static final String SECRET = readSecret().substring(0, 3);

        private Lazy() {}
    }

    private static String readSecret() {
        try {
            return Files.readString(Host.SECRET);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Makes a text file that plugins must not read. */
    public static Path text() throws Exception {
        return make(() -> Files.writeString(Files.createTempFile("dvm-redteam", ".txt"), "TOP"));
    }

    /** Makes a link to the secret where plugins must not read. */
    public static Path link() throws Exception {
        return make(() -> Files.createSymbolicLink(Path.of(Host.SECRET + ".link" + System.nanoTime()), Host.SECRET));
    }

    /** Makes an image file, two pixels wide, that plugins must not read. */
    public static Path image() throws Exception {
        return make(() -> {
            Path file = Files.createTempFile("dvm-redteam", ".png");
            javax.imageio.ImageIO.write(new java.awt.image.BufferedImage(2, 2, 1), "png", file.toFile());
            return file;
        });
    }

    /** Reads objects in a thread of the host, with the host's loader. */
    public static Object read(byte[] bytes) throws Exception {
        return make(() -> {
            try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
                return in.readObject();
            }
        });
    }

    /** Reads objects in a thread of the host, of classes that a plugin has. */
    public static Object read(byte[] bytes, ClassLoader loader) throws Exception {
        return make(() -> {
            try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes)) {
                @Override
                protected Class<?> resolveClass(ObjectStreamClass type) throws ClassNotFoundException {
                    return Class.forName(type.getName(), false, loader);
                }
            }) {
                return in.readObject();
            }
        });
    }

    /** Compares, hashes and describes objects in a thread of the host. */
    public static String use(List<?> objects) throws Exception {
        return make(() -> {
            StringBuilder text = new StringBuilder();
            for (Object object : objects) {
                text.append(object).append(object.hashCode()).append(object.equals(text));
            }
            return text.toString();
        });
    }

    /** Closes something in a thread of the host. */
    public static void close(AutoCloseable closeable) throws Exception {
        make(() -> {
            closeable.close();
            return 1;
        });
    }

    /** Reads a stream in a thread of the host. */
    public static int drain(InputStream in) throws Exception {
        return make(() -> in.readAllBytes().length);
    }

    /** Writes an object in a thread of the host. */
    public static boolean serialize(Object object) throws Exception {
        return make(() -> {
            new ObjectOutputStream(OutputStream.nullOutputStream()).writeObject(object);
            return true;
        });
    }
}
