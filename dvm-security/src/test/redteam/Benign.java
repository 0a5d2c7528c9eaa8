import java.io.*;
import java.lang.invoke.*;
import java.math.*;
import java.net.*;
import java.net.http.*;
import java.nio.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.security.*;
import java.text.*;
import java.time.*;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;
import java.util.function.*;
import java.util.stream.*;
import org.dvm.security.redteam.Host;

/** What a plugin does that means no harm; the policy allows it its directory, its port and logging. */
public class Benign {
    static final Path OWN = Host.OWN;

    public static boolean streams() { return IntStream.range(0, 1_000).mapToObj(i -> "n" + i).collect(Collectors.groupingBy(String::length)).size() == 3; }
    public static boolean parallelStreams() { return IntStream.range(0, 10_000).parallel().map(i -> i * 2).sum() > 0; }
    public static boolean regex() { return "a1b22".replaceAll("[0-9]+", "#").equals("a#b#"); }
    public static boolean format() { return String.format(Locale.ROOT, "%05.2f %s", 3.14159, "x").equals("03.14 x"); }
    public static boolean dates() { return ZonedDateTime.of(2026, 1, 1, 0, 0, 0, 0, ZoneId.of("Europe/Berlin")).getOffset().getTotalSeconds() == 3600; }
    public static boolean dateFormat() { return new SimpleDateFormat("yyyy-MM-dd", Locale.ROOT).format(new Date(0)).length() == 10; }
    public static boolean numberFormat() { return NumberFormat.getCurrencyInstance(Locale.US).format(5).contains("5"); }
    public static boolean collation() { return Collator.getInstance(Locale.GERMAN).compare("a", "b") < 0; }
    public static boolean bigNumbers() { return BigInteger.TWO.pow(200).isProbablePrime(5) == false; }
    public static boolean digest() throws Exception { return MessageDigest.getInstance("SHA-256").digest(new byte[3]).length == 32; }
    public static boolean secureRandom() { return new SecureRandom().nextInt() != 0 || true; }
    public static boolean uuid() { return UUID.randomUUID().version() == 4; }
    public static boolean cipher() throws Exception { var k = javax.crypto.KeyGenerator.getInstance("AES"); k.init(128); var c = javax.crypto.Cipher.getInstance("AES/GCM/NoPadding"); c.init(javax.crypto.Cipher.ENCRYPT_MODE, k.generateKey()); return c.doFinal(new byte[5]).length == 21; }
    public static boolean keyPair() throws Exception { return KeyPairGenerator.getInstance("EC").generateKeyPair().getPublic() != null; }
    public static boolean executor() throws Exception { ExecutorService e = Executors.newFixedThreadPool(2); try { return e.submit(() -> 42).get() == 42; } finally { e.shutdownNow(); } }
    public static boolean scheduled() throws Exception { var e = Executors.newScheduledThreadPool(1); try { return e.schedule(() -> 1, 1, TimeUnit.MILLISECONDS).get() == 1; } finally { e.shutdown(); } }
    public static boolean completable() throws Exception { return CompletableFuture.supplyAsync(() -> 1).thenApplyAsync(i -> i + 1).thenCombine(CompletableFuture.supplyAsync(() -> 3), Integer::sum).get() == 5; }
    public static boolean forkJoin() { return new ForkJoinPool(2).invoke(new RecursiveTask<Integer>() { @Override protected Integer compute() { return 7; } }) == 7; }
    public static boolean timer() throws Exception { var l = new CountDownLatch(1); Timer t = new Timer(true); t.schedule(new TimerTask() { @Override public void run() { l.countDown(); } }, 1); return l.await(5, TimeUnit.SECONDS); }
    public static boolean hostPool() throws Exception { return Host.POOL.submit(() -> "x".repeat(3)).get().equals("xxx"); }
    public static boolean ownFile() throws Exception { Files.createDirectories(OWN); Path f = OWN.resolve("a.txt"); Files.writeString(f, "hi"); try (var l = Files.list(OWN)) { return Files.readString(f).equals("hi") && l.count() >= 1 && f.toFile().length() == 2; } finally { Files.delete(f); } }
    public static boolean ownStream() throws Exception { File f = new File(OWN.toFile(), "b.bin"); OWN.toFile().mkdirs(); try (var out = new DataOutputStream(new BufferedOutputStream(new FileOutputStream(f)))) { out.writeInt(5); } try (var in = new DataInputStream(new BufferedInputStream(new FileInputStream(f)))) { return in.readInt() == 5; } finally { f.delete(); } }
    public static boolean ownRandomAccess() throws Exception { OWN.toFile().mkdirs(); try (var f = new RandomAccessFile(OWN + "/c.bin", "rw")) { f.setLength(10); f.seek(4); f.writeInt(9); f.seek(4); return f.readInt() == 9; } }
    public static boolean ownChannel() throws Exception { Files.createDirectories(OWN); Path p = OWN.resolve("d.bin"); try (var c = java.nio.channels.FileChannel.open(p, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ)) { c.write(ByteBuffer.wrap(new byte[8])); return c.map(java.nio.channels.FileChannel.MapMode.READ_WRITE, 0, 8).capacity() == 8 && c.tryLock() != null; } }
    public static boolean zip() throws Exception { Files.createDirectories(OWN); Path z = OWN.resolve("e.zip"); try (var out = new java.util.zip.ZipOutputStream(Files.newOutputStream(z))) { out.putNextEntry(new java.util.zip.ZipEntry("x")); out.write(1); } try (var zip = new java.util.zip.ZipFile(z.toFile())) { return zip.getInputStream(zip.getEntry("x")).read() == 1; } }
    public static boolean ownServer() throws Exception { try (ServerSocket s = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) { var r = CompletableFuture.supplyAsync(() -> { try (Socket c = s.accept()) { return c.getInputStream().read(); } catch (IOException e) { throw new UncheckedIOException(e); } }); try (Socket c = new Socket(InetAddress.getLoopbackAddress(), s.getLocalPort())) { c.getOutputStream().write(9); } return r.get() == 9; } }
    public static boolean httpServer() throws Exception { var s = com.sun.net.httpserver.HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0); s.createContext("/", x -> { x.sendResponseHeaders(200, 2); x.getResponseBody().write("ok".getBytes()); x.close(); }); s.start(); try { var c = HttpClient.newHttpClient(); return c.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + s.getAddress().getPort() + "/")).build(), HttpResponse.BodyHandlers.ofString()).body().equals("ok"); } finally { s.stop(0); } }
    public static boolean urlConnection() throws Exception { var s = com.sun.net.httpserver.HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0); s.createContext("/", x -> { x.sendResponseHeaders(200, 2); x.getResponseBody().write("ok".getBytes()); x.close(); }); s.start(); try (InputStream in = new URL("http://127.0.0.1:" + s.getAddress().getPort() + "/").openStream()) { return in.read() == 'o'; } finally { s.stop(0); } }
    public static boolean logging() { var l = java.util.logging.Logger.getLogger("benign"); l.fine("x"); return l.getName().equals("benign"); }
    public static boolean xml() throws Exception { return javax.xml.parsers.DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream("<a><b/></a>".getBytes())).getDocumentElement().getTagName().equals("a"); }
    public static boolean sax() throws Exception { var n = new int[1]; javax.xml.parsers.SAXParserFactory.newInstance().newSAXParser().parse(new ByteArrayInputStream("<a><b/></a>".getBytes()), new org.xml.sax.helpers.DefaultHandler() { @Override public void startElement(String u, String l, String q, org.xml.sax.Attributes a) { n[0]++; } }); return n[0] == 2; }
    public static boolean stax() throws Exception { return javax.xml.stream.XMLInputFactory.newInstance().createXMLStreamReader(new StringReader("<a/>")).next() == 1; }
    public static boolean xpath() throws Exception { return javax.xml.xpath.XPathFactory.newInstance().newXPath().evaluate("1+1", new org.xml.sax.InputSource(new StringReader("<a/>"))).equals("2"); }
    public static boolean xslt() throws Exception { StringWriter w = new StringWriter(); javax.xml.transform.TransformerFactory.newInstance().newTransformer(new javax.xml.transform.stream.StreamSource(new StringReader("<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'><xsl:output method='text'/><xsl:template match='/'>hi</xsl:template></xsl:stylesheet>"))).transform(new javax.xml.transform.stream.StreamSource(new StringReader("<a/>")), new javax.xml.transform.stream.StreamResult(w)); return w.toString().equals("hi"); }
    public static boolean resourceBundle() { return new ListResourceBundle() { @Override protected Object[][] getContents() { return new Object[][] {{"a", "b"}}; } }.getString("a").equals("b") && DateFormatSymbols.getInstance(Locale.FRANCE).getMonths()[0].equals("janvier"); }
    public static boolean ownResource() throws Exception { try (InputStream in = Benign.class.getResourceAsStream("Benign.class")) { return in.read() == 0xCA; } }
    public static boolean serviceLoader() { return ServiceLoader.load(java.nio.charset.spi.CharsetProvider.class).findFirst() != null; }
    public static boolean charsets() { return java.nio.charset.Charset.forName("Big5").canEncode() && java.nio.charset.Charset.availableCharsets().size() > 50; }
    public static boolean reflection() throws Exception { return Benign.class.getDeclaredMethod("reflection").getName().length() == 10 && ArrayList.class.getConstructor().newInstance().isEmpty(); }
    public static boolean handles() throws Throwable { return (int) MethodHandles.lookup().findVirtual(String.class, "length", MethodType.methodType(int.class)).invokeExact("abc") == 3; }
    public static boolean varHandles() throws Exception { return MethodHandles.arrayElementVarHandle(int[].class) != null; }
    public static boolean proxies() { return ((Supplier<?>) java.lang.reflect.Proxy.newProxyInstance(Benign.class.getClassLoader(), new Class<?>[] {Supplier.class}, (p, m, a) -> "x")).get().equals("x"); }
    public static boolean serialization() throws Exception { var b = new ByteArrayOutputStream(); new ObjectOutputStream(b).writeObject(new ArrayList<>(List.of(1, 2))); return ((List<?>) new ObjectInputStream(new ByteArrayInputStream(b.toByteArray())).readObject()).size() == 2; }
    record Point(int x, int y) implements Serializable {}
    public static boolean records() throws Exception { var b = new ByteArrayOutputStream(); new ObjectOutputStream(b).writeObject(new Point(1, 2)); return new ObjectInputStream(new ByteArrayInputStream(b.toByteArray())).readObject().equals(new Point(1, 2)) && new Point(1, 2).toString().contains("x=1"); }
    enum Color { RED, GREEN }
    public static boolean enums() { return EnumSet.allOf(Color.class).size() == 2 && switch (Color.valueOf("RED")) { case RED -> true; case GREEN -> false; }; }
    public static boolean swing() throws Exception { var t = new javax.swing.JTable(3, 3); var i = new java.awt.image.BufferedImage(10, 10, java.awt.image.BufferedImage.TYPE_INT_RGB); var g = i.createGraphics(); g.drawString("x", 1, 9); g.dispose(); return t.getRowCount() == 3; }
    public static boolean prefsLike() { Properties p = new Properties(); p.setProperty("a", "b"); return p.getProperty("a").equals("b"); }
    public static boolean gzip() throws Exception { var b = new ByteArrayOutputStream(); try (var g = new java.util.zip.GZIPOutputStream(b)) { g.write(new byte[100]); } return new java.util.zip.GZIPInputStream(new ByteArrayInputStream(b.toByteArray())).readAllBytes().length == 100; }
    public static boolean virtualThreads() throws Exception { if (Runtime.version().feature() < 21) { return true; } var r = new LinkedBlockingQueue<Integer>(); var m = Thread.class.getMethod("startVirtualThread", Runnable.class); m.invoke(null, (Runnable) () -> r.add(1)); return r.poll(5, TimeUnit.SECONDS) == 1; }
    public static boolean exceptions() { try { throw new IllegalStateException("x"); } catch (IllegalStateException e) { StringWriter w = new StringWriter(); e.printStackTrace(new PrintWriter(w)); return w.toString().contains("Benign"); } }
    public static boolean threadLocal() { ThreadLocal<Integer> t = ThreadLocal.withInitial(() -> 3); return t.get() == 3; }
    public static boolean weak() { return new WeakHashMap<>(Map.of("a", 1)).size() == 1; }
    public static boolean textBlocks() { return """
            a
            b""".lines().count() == 2; }
    public static boolean console() { System.out.printf("%s%n", "benign prints"); return true; }
    public static boolean properties() { return System.getProperty("java.version") != null && System.lineSeparator() != null && Runtime.getRuntime().availableProcessors() > 0; }
    public static boolean tls() throws Exception { return javax.net.ssl.SSLContext.getDefault().getSocketFactory() != null; }
    public static boolean interned() { return Stream.iterate(1, i -> i + 1).limit(5).reduce(0, Integer::sum) == 15; }
}
