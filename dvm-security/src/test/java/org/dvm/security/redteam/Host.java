package org.dvm.security.redteam;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Supplier;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The trusted host of the forked JVMs: loads plugin classes from a directory of their own and runs each of their
 * programs, printing one line for each: {@code RESULT name OK|NO text}.
 */
public final class Host {
    /** A pool of the host's own, which plugins can hand tasks to. */
    public static final ExecutorService POOL = Executors.newFixedThreadPool(2, task -> {
        Thread thread = new Thread(task, "host-pool");
        thread.setDaemon(true);
        return thread;
    });

    /** A file that plugins must not read. */
    public static final Path SECRET = secret();

    /** The directory in which plugins may have one for themselves. */
    public static final Path OWN = own();

    /** A port on which plugins may have a server: the policy allows from 20,000 to 29,999. */
    public static final int ALLOWED_PORT = freePort();

    /** Where the host's own server listens, which plugins must not reach. */
    public static final int PORT = serve();

    private Host() {}

    private static Path secret() {
        try {
            Path file = Files.createTempFile("dvm-redteam", ".secret");
            file.toFile().deleteOnExit();
            return Files.writeString(file, "TOP SECRET\n").toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path own() {
        try {
            return Files.createDirectories(Path.of("own").toAbsolutePath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("AddressSelection") // the loopback address is what is meant
    private static int freePort() {
        for (int port = 20_000; port < 30_000; port++) {
            try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return free.getLocalPort();
            } catch (IOException e) {
                continue; // taken
            }
        }
        throw new IllegalStateException("no port is free");
    }

    @SuppressWarnings("AddressSelection") // the loopback address is what is meant
    private static int serve() {
        try {
            ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            Thread thread = new Thread(null, () -> answer(server), "host-server", 0, false);
            thread.setDaemon(true);
            thread.start();
            return server.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void answer(ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                socket.getOutputStream()
                        .write("HTTP/1.0 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello"
                                .getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().flush();
            } catch (IOException e) {
                continue; // the client went away
            }
        }
    }

    /** A deputy that can be talked into reading whatever file its caller names. */
    public static String readFor(String name) throws IOException {
        return Files.readString(Path.of(name));
    }

    /** A name that plugins can ask for. */
    public static final Object DEPUTY_NAME = "deputy";

    @SuppressWarnings("UnusedVariable") // plugins reach for it
    private static final String INNER = "inner";

    /** Makes a file that plugins must not remove. */
    public static Path victim() throws Exception {
        return POOL.submit(() -> Files.createTempFile("dvm-redteam", ".victim")).get();
    }

    /** Makes an archive that plugins must not open. */
    public static File archive() throws Exception {
        return POOL.submit(() -> {
                    File file = File.createTempFile("dvm-redteam", ".zip");
                    file.deleteOnExit();
                    try (ZipOutputStream out = new ZipOutputStream(new FileOutputStream(file))) {
                        out.putNextEntry(new ZipEntry("entry"));
                        out.write('T');
                    }
                    return file;
                })
                .get();
    }

    /** Makes an XML file that plugins must not read. */
    public static Path xml() throws Exception {
        return POOL.submit(() -> Files.writeString(Files.createTempFile("dvm-redteam", ".xml"), "<x>TOP</x>"))
                .get();
    }

    /** Calls back from a thread of the host. */
    public static String callBack(Supplier<String> callback) throws Exception {
        return POOL.submit(() -> callback.get()).get();
    }

    /** Describes an object. */
    public static String describe(Object object) {
        return object.toString();
    }

    /** Sorts with a comparator, in a thread of the host. */
    public static void sort(Comparator<String> comparator) throws Exception {
        POOL.submit(() -> new ArrayList<>(List.of("b", "a")).sort(comparator)).get();
    }

    /** Makes an object in a thread of the host. */
    public static Object instantiate(Class<?> type) throws Exception {
        return POOL.submit(() -> type.getDeclaredConstructor().newInstance()).get();
    }

    /** Reads an object in a thread of the host. */
    public static Object deserialize(byte[] bytes, ClassLoader loader) throws Exception {
        return POOL.submit(() -> {
                    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes)) {
                        @Override
                        protected Class<?> resolveClass(ObjectStreamClass c) throws ClassNotFoundException {
                            return Class.forName(c.getName(), false, loader);
                        }
                    }) {
                        return in.readObject();
                    }
                })
                .get();
    }

    /** Hands out an object that only the host should use. */
    public static FileInputStream openSecret() throws Exception {
        return POOL.submit(() -> new FileInputStream(SECRET.toFile())).get();
    }

    /** Hands out a channel that only the host should use. */
    public static FileChannel openSecretChannel() throws Exception {
        return POOL.submit(() -> FileChannel.open(SECRET)).get();
    }

    /** Hands out a connection that only the host should use. */
    public static Socket openSocket() throws Exception {
        return POOL.submit(() -> new Socket(InetAddress.getLoopbackAddress(), PORT))
                .get();
    }

    /**
     * Runs plugin classes.
     *
     * @param arguments class path of the plugin, then class names, or class names with {@code #method}
     */
    public static void main(String[] arguments) throws Exception {
        ((ThreadPoolExecutor) POOL).prestartAllCoreThreads(); // its threads are the host's
        HostObjects.prepare();
        @SuppressWarnings("resource") // stays open as long as the JVM runs
        URLClassLoader loader = new URLClassLoader("plugin", urls(arguments[0]), Host.class.getClassLoader());
        Thread.currentThread().setContextClassLoader(loader);
        for (String name : Arrays.asList(arguments).subList(1, arguments.length)) {
            int hash = name.indexOf('#');
            run(loader.loadClass(hash < 0 ? name : name.substring(0, hash)), hash < 0 ? "" : name.substring(hash + 1));
        }
        System.out.println("INSTALL " + System.getProperty("redteam.installMillis", "0"));
        System.out.flush();
        System.exit(0);
    }

    private static URL[] urls(String classPath) throws IOException {
        List<URL> urls = new ArrayList<>();
        for (String element : classPath.split(File.pathSeparator, -1)) {
            urls.add(new File(element).toURI().toURL());
        }
        return urls.toArray(new URL[0]);
    }

    private static void run(Class<?> plugin, String only) {
        Method[] programs = plugin.getDeclaredMethods();
        Arrays.sort(programs, Comparator.comparing(Method::getName));
        for (Method program : programs) {
            boolean isProgram = Modifier.isStatic(program.getModifiers())
                    && Modifier.isPublic(program.getModifiers())
                    && program.getParameterCount() == 0
                    && program.getReturnType() == boolean.class;
            if (isProgram && fits(program.getName()) && (only.isEmpty() || only.equals(program.getName()))) {
                print(plugin.getSimpleName() + "." + program.getName(), () -> (Boolean) program.invoke(null));
            }
        }
    }

    /** A program whose name ends with {@code From} and a number is for JDKs from that release on; {@code Until}, before. */
    private static boolean fits(String name) {
        int release = Runtime.version().feature();
        return !(name.endsWith("From18") && release < 18)
                && !(name.endsWith("From21") && release < 21)
                && !(name.endsWith("From22") && release < 22)
                && !(name.endsWith("Until17") && release > 17);
    }

    private static void print(String name, Callable<Boolean> program) {
        String result;
        try {
            result = program.call() ? "OK" : "NO false";
        } catch (InvocationTargetException e) {
            result = "NO " + rootOf(e);
        } catch (Throwable e) {
            result = "NO " + rootOf(e);
        }
        System.out.println("RESULT " + name + " " + result);
        System.out.flush();
    }

    private static String rootOf(Throwable thrown) {
        Throwable root = thrown;
        for (int i = 0; i < 100 && root.getCause() != null; i++) {
            root = root.getCause();
        }
        if (Boolean.getBoolean("redteam.trace")) {
            root.printStackTrace();
        }
        return root.toString().replace('\n', ' ');
    }
}
