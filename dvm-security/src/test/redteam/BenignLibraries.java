import java.io.*;
import java.net.*;
import java.nio.ByteBuffer;
import java.nio.channels.*;
import java.nio.file.*;
import java.sql.*;
import java.util.*;
import java.util.concurrent.*;
import java.util.logging.*;
import org.dvm.security.redteam.Host;
import org.dvm.security.redteam.HostObjects;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** What libraries do for a plugin that means no harm, and what the host goes on doing beside it. */
public class BenignLibraries {
    static final Path OWN = Host.OWN;

    static boolean database(String url) throws Exception { try (Connection c = DriverManager.getConnection(url, "sa", ""); Statement s = c.createStatement()) { s.execute("create table orders (id int primary key, item varchar(20))"); try (PreparedStatement p = c.prepareStatement("insert into orders values (?, ?)")) { for (int i = 0; i < 20; i++) { p.setInt(1, i); p.setString(2, "item" + i); p.executeUpdate(); } } try (ResultSet r = s.executeQuery("select count(*), max(item) from orders where id < 10")) { return r.next() && r.getInt(1) == 10 && r.getString(2).equals("item9"); } } }
    public static boolean h2Memory() throws Exception { return database("jdbc:h2:mem:benign"); }
    public static boolean h2File() throws Exception { return database("jdbc:h2:" + OWN.resolve("h2-" + System.nanoTime())); }
    public static boolean hsqldbMemory() throws Exception { return database("jdbc:hsqldb:mem:benign"); }
    public static boolean hsqldbFile() throws Exception { return database("jdbc:hsqldb:file:" + OWN.resolve("hsqldb-" + System.nanoTime())); }
    public static class Suite { @Test void adds() { Assertions.assertEquals(4, 2 + 2); } @Test void throwsAsExpected() { Assertions.assertThrows(IllegalStateException.class, () -> { throw new IllegalStateException(); }); } }
    public static boolean junit() { var listener = new org.junit.platform.launcher.listeners.SummaryGeneratingListener(); var launcher = org.junit.platform.launcher.core.LauncherFactory.create(); launcher.execute(org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder.request().selectors(org.junit.platform.engine.discovery.DiscoverySelectors.selectClass(Suite.class)).build(), listener); return listener.getSummary().getTestsSucceededCount() == 2; }
    public record Order(int id, String item, List<String> notes) {}
    public static boolean jackson() throws Exception { var m = new com.fasterxml.jackson.databind.ObjectMapper(); String text = m.writeValueAsString(new Order(1, "x", List.of("a"))); return m.readValue(text, Order.class).equals(new Order(1, "x", List.of("a"))); }
    public static boolean beans() throws Exception { var b = new ByteArrayOutputStream(); try (var e = new java.beans.XMLEncoder(b)) { e.setExceptionListener(x -> { throw new IllegalStateException(x); }); e.writeObject(new ArrayList<>(List.of("a", "b"))); } return b.toString().contains("ArrayList"); }
    public static boolean asyncFile() throws Exception { Path f = OWN.resolve("async" + System.nanoTime()); try (var c = AsynchronousFileChannel.open(f, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ)) { c.write(ByteBuffer.wrap(new byte[4]), 0).get(); return c.read(ByteBuffer.allocate(4), 0).get() == 4 && c.size() == 4; } }
    public static boolean asyncSocket() throws Exception { try (var s = AsynchronousServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)); var c = AsynchronousSocketChannel.open()) { var accepted = s.accept(); c.connect(s.getLocalAddress()).get(); try (var a = accepted.get()) { a.write(ByteBuffer.wrap(new byte[3])).get(); return c.read(ByteBuffer.allocate(3)).get() == 3; } } }
    public static boolean selector() throws Exception { try (var s = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)); var selector = Selector.open()) { s.configureBlocking(false).register(selector, SelectionKey.OP_ACCEPT); try (var c = SocketChannel.open(s.getLocalAddress())) { return selector.select(5_000) == 1; } } }
    public static boolean secureDirectory() throws Exception { Path d = Files.createDirectories(OWN.resolve("dir" + System.nanoTime())); Files.writeString(d.resolve("a"), "x"); try (var s = (SecureDirectoryStream<Path>) Files.newDirectoryStream(d)) { try (var c = s.newByteChannel(Path.of("a"), Set.of(StandardOpenOption.READ))) { if (c.size() != 1) { return false; } } s.deleteFile(Path.of("a")); return !s.iterator().hasNext(); } }
    public static boolean zipFileSystem() throws Exception { Path z = OWN.resolve("z" + System.nanoTime() + ".zip"); try (var fs = FileSystems.newFileSystem(URI.create("jar:" + z.toUri()), Map.of("create", "true"))) { Files.writeString(fs.getPath("/a"), "x"); } try (var fs = FileSystems.newFileSystem(z)) { return Files.readString(fs.getPath("/a")).equals("x"); } }
    public static boolean links() throws Exception { Path f = Files.writeString(OWN.resolve("f" + System.nanoTime()), "x"); Path l = Files.createSymbolicLink(OWN.resolve("l" + System.nanoTime()), f.getFileName()); return Files.readString(l).equals("x"); }
    public static boolean walkAndWatch() throws Exception { Path d = Files.createDirectories(OWN.resolve("w" + System.nanoTime() + "/x/y")); try (var s = Files.walk(d.getParent().getParent())) { return s.count() == 3; } }
    public static boolean pools() throws Exception { ExecutorService e = Executors.newCachedThreadPool(); Timer t = new Timer(); try { return e.submit(() -> 1).get() == 1; } finally { t.cancel(); e.shutdown(); e.awaitTermination(5, TimeUnit.SECONDS); } }
    public static boolean customEvents() { class Probe extends jdk.jfr.Event {} var p = new Probe(); p.commit(); return true; }
    public static boolean fileLogging() throws Exception { var h = new StreamHandler(new ByteArrayOutputStream(), new SimpleFormatter()); h.publish(new LogRecord(Level.INFO, "x")); return Logger.getAnonymousLogger() != null; }
    public static boolean hostInCommonPool() throws Exception { ForkJoinPool.commonPool().submit(() -> 1).get(); return HostObjects.readInCommonPool().startsWith("TOP"); }
    public static boolean hostPoolThatGrew() throws Exception { return HostObjects.readInGrownPool(() -> 1).startsWith("TOP"); }
    public static boolean hostInitializer() { return HostObjects.Lazy.SECRET.startsWith("TOP"); }
}
