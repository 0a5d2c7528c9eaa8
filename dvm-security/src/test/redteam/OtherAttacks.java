import static org.dvm.security.redteam.Host.PORT;
import static org.dvm.security.redteam.Host.SECRET;

import java.io.*;
import java.lang.invoke.*;
import java.lang.reflect.*;
import java.net.*;
import java.net.http.*;
import java.nio.ByteBuffer;
import java.nio.channels.*;
import java.util.*;
import java.util.concurrent.*;
import java.util.function.*;
import org.dvm.security.redteam.Host;

/** Properties, network, processes, threads. */
public class OtherAttacks {
    static InetAddress loopback() { return InetAddress.getLoopbackAddress(); }

    public static boolean getProperty() { return System.getProperty("user.home") != null; }
    public static boolean getPropertyDefault() { return !System.getProperty("user.home", "x").equals("x"); }
    public static boolean getProperties() { return System.getProperties().containsKey("user.home"); }
    public static boolean integerGetInteger() { return Integer.getInteger("redteam.number") == 7; }
    public static boolean longGetLong() { return Long.getLong("redteam.number") == 7; }
    public static boolean booleanGetBoolean() { return Boolean.getBoolean("redteam.flag"); }
    public static boolean setProperty() { System.setProperty("dvm.attack", "1"); return true; }
    public static boolean clearProperty() { System.clearProperty("redteam.flag2"); return true; }
    public static boolean setProperties() { Properties all = new Properties(); System.setProperties(null); return true; }
    public static boolean getenv() { return System.getenv("PATH") != null; }
    public static boolean getenvAll() { return System.getenv().containsKey("PATH"); }
    public static boolean processBuilderEnvironment() { return new ProcessBuilder().environment().containsKey("PATH"); }
    public static boolean securityProperty() { return java.security.Security.getProperty("keystore.type") != null; }
    public static boolean setSecurityProperty() { java.security.Security.setProperty("dvm.x", "y"); return true; }
    public static boolean runtimeMxProperties() { return java.lang.management.ManagementFactory.getRuntimeMXBean().getSystemProperties().containsKey("user.home"); }
    public static boolean propertyByReflection() throws Exception { return System.class.getMethod("getProperty", String.class).invoke(null, "user.home") != null; }
    public static boolean propertyByHandle() throws Throwable { return (String) MethodHandles.lookup().findStatic(System.class, "getProperty", MethodType.methodType(String.class, String.class)).invokeExact("user.home") != null; }
    public static boolean propertyByMethodRef() { Function<String, String> f = System::getProperty; return f.apply("user.home") != null; }
    public static boolean propertyInStream() { return List.of("user.home").stream().map(System::getProperty).findFirst().get() != null; }
    public static boolean propertyInParallelStream() { return List.of("user.home", "user.dir").parallelStream().map(System::getProperty).allMatch(Objects::nonNull); }

    public static boolean socket() throws Exception { try (Socket s = new Socket(loopback(), PORT)) { return s.getInputStream().read() == 'H'; } }
    public static boolean socketByName() throws Exception { try (Socket s = new Socket("localhost", PORT)) { return s.getInputStream().read() == 'H'; } }
    public static boolean socketConnect() throws Exception { try (Socket s = new Socket()) { s.connect(new InetSocketAddress(loopback(), PORT)); return true; } }
    public static boolean socketFactory() throws Exception { try (Socket s = javax.net.SocketFactory.getDefault().createSocket(loopback(), PORT)) { return true; } }
    public static boolean socketChannel() throws Exception { try (SocketChannel s = SocketChannel.open(new InetSocketAddress(loopback(), PORT))) { return true; } }
    public static boolean asyncSocket() throws Exception { try (AsynchronousSocketChannel s = AsynchronousSocketChannel.open()) { s.connect(new InetSocketAddress(loopback(), PORT)).get(); return true; } }
    public static boolean urlStream() throws Exception { try (InputStream in = new URL("http://127.0.0.1:" + PORT + "/").openStream()) { return in.read() == 'h'; } }
    public static boolean urlConnection() throws Exception { return ((HttpURLConnection) new URL("http://127.0.0.1:" + PORT + "/").openConnection()).getResponseCode() == 200; }
    public static boolean fileUrl() throws Exception { try (InputStream in = SECRET.toUri().toURL().openStream()) { return in.read() == 'T'; } }
    public static boolean jarUrl() throws Exception { try (InputStream in = new URL("jar:" + Host.archive().toURI() + "!/entry").openStream()) { return in.read() >= 0; } }
    public static boolean httpClient() throws Exception { return HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + PORT + "/")).build(), HttpResponse.BodyHandlers.ofString()).statusCode() == 200; }
    public static boolean serverSocket() throws Exception { try (ServerSocket s = new ServerSocket(0)) { return s.getLocalPort() > 0; } }
    public static boolean serverChannel() throws Exception { try (ServerSocketChannel s = ServerSocketChannel.open().bind(new InetSocketAddress(0))) { return true; } }
    public static boolean datagram() throws Exception { try (DatagramSocket s = new DatagramSocket()) { s.send(new DatagramPacket(new byte[1], 1, loopback(), 9)); return true; } }
    public static boolean datagramChannel() throws Exception { try (DatagramChannel s = DatagramChannel.open()) { return s.send(ByteBuffer.allocate(1), new InetSocketAddress(loopback(), 9)) == 1; } }
    public static boolean multicast() throws Exception { try (MulticastSocket s = new MulticastSocket()) { return true; } }
    public static boolean resolve() throws Exception { return InetAddress.getByName("localhost") != null; }
    public static boolean interfaces() throws Exception { return NetworkInterface.getNetworkInterfaces().hasMoreElements(); }
    public static boolean httpServer() throws Exception { var s = com.sun.net.httpserver.HttpServer.create(new InetSocketAddress(loopback(), 0), 0); s.stop(0); return true; }
    public static boolean unixSocket() throws Exception { java.nio.file.Path p = java.nio.file.Path.of(SECRET + ".sock"); try (ServerSocketChannel s = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) { s.bind(UnixDomainSocketAddress.of(p)); return true; } finally { java.nio.file.Files.deleteIfExists(p); } }
    public static boolean hostsSocket() throws Exception { try (Socket s = Host.openSocket()) { return s.getInputStream().read() == 'H'; } }
    public static boolean hostsSocketWrite() throws Exception { try (Socket s = Host.openSocket()) { s.getOutputStream().write(1); return true; } }
    public static boolean loggingSocket() throws Exception { var h = new java.util.logging.SocketHandler("127.0.0.1", PORT); h.close(); return true; }
    public static boolean proxySelector() { ProxySelector.setDefault(ProxySelector.getDefault()); return true; }
    public static boolean authenticator() { Authenticator.setDefault(null); return true; }
    public static boolean cookieHandler() { CookieHandler.setDefault(null); return true; }

    public static boolean processBuilder() throws Exception { return new ProcessBuilder("true").start().waitFor() == 0; }
    public static boolean runtimeExec() throws Exception { return Runtime.getRuntime().exec("true").waitFor() == 0; }
    public static boolean runtimeExecArray() throws Exception { return Runtime.getRuntime().exec(new String[] {"true"}).waitFor() == 0; }
    public static boolean pipeline() throws Exception { return !ProcessBuilder.startPipeline(List.of(new ProcessBuilder("true"), new ProcessBuilder("true"))).isEmpty(); }
    public static boolean redirect() throws Exception { return new ProcessBuilder("true").redirectOutput(new File(SECRET + ".out")).start().waitFor() == 0; }
    public static boolean processes() { return ProcessHandle.allProcesses().count() > 0; }
    public static boolean ownProcess() { return ProcessHandle.current().pid() > 0; }
    public static boolean processInfo() { return ProcessHandle.current().info().command().isPresent(); }

    public static boolean allThreads() { Thread[] all = new Thread[100]; ThreadGroup g = Thread.currentThread().getThreadGroup(); while (g.getParent() != null) { g = g.getParent(); } return g.enumerate(all) > 0; }
    public static boolean stackTraces() { return Thread.getAllStackTraces().size() > 1; }
    public static boolean defaultHandler() { Thread.setDefaultUncaughtExceptionHandler((t, e) -> {}); return true; }
    public static boolean contextLoader() { Thread.currentThread().setContextClassLoader(null); return true; }
    public static boolean groupPriority() { Thread.currentThread().getThreadGroup().setMaxPriority(10); return true; }
    public static boolean shutdownHook() { Runtime.getRuntime().addShutdownHook(new Thread(() -> {})); return true; }
    public static boolean setOut() { System.setOut(System.out); return true; }
    public static boolean setErr() { System.setErr(System.err); return true; }
    public static boolean setIn() { System.setIn(System.in); return true; }
    public static boolean locale() { Locale.setDefault(Locale.getDefault()); return true; }
    public static boolean timeZone() { TimeZone.setDefault(null); return true; }
    public static boolean provider() { java.security.Security.addProvider(java.security.Security.getProviders()[0]); return true; }
    public static boolean removeProvider() { java.security.Security.removeProvider("NoSuch"); return true; }
    public static boolean rootLogger() { java.util.logging.LogManager.getLogManager().reset(); return true; }
    public static boolean preferences() { return java.util.prefs.Preferences.userRoot() != null; }
    public static boolean mbeans() throws Exception { return java.lang.management.ManagementFactory.getPlatformMBeanServer().getMBeanCount() > 0; }
    public static boolean heapDump() throws Exception { var b = java.lang.management.ManagementFactory.getPlatformMXBean(com.sun.management.HotSpotDiagnosticMXBean.class); return b.getVMOption("MaxHeapFreeRatio") != null; }
    public static boolean jfr() throws Exception { try (var r = new jdk.jfr.Recording()) { return true; } }
    public static boolean compiler() { return javax.tools.ToolProvider.getSystemJavaCompiler() != null; }
    public static boolean driverManager() throws Exception { java.sql.DriverManager.setLogWriter(null); return true; }
    public static boolean eventQueue() { java.awt.Toolkit.getDefaultToolkit().getSystemEventQueue(); return true; }
    public static boolean audio() throws Exception { try { javax.sound.sampled.AudioSystem.getClip(); } catch (IllegalArgumentException e) { return true; } return true; }
}
