import static org.dvm.security.redteam.Host.SECRET;

import java.io.*;
import java.lang.invoke.*;
import java.lang.reflect.*;
import java.lang.reflect.Proxy;
import java.net.*;
import java.nio.file.*;
import java.util.*;
import java.util.concurrent.*;
import java.util.function.*;
import org.dvm.security.redteam.Host;

/** Reflection, loaders, deputies, callbacks, races, and the enforcement manager itself. */
public class TamperAttacks {
    static boolean secret(InputStream in) throws IOException { try (in) { return in.read() == 'T'; } }

    public static boolean setAccessible() throws Exception { Field f = Host.class.getDeclaredField("INNER"); f.setAccessible(true); return f.get(null) != null; }
    public static boolean privateLookup() throws Throwable { return (String) MethodHandles.privateLookupIn(Host.class, MethodHandles.lookup()).findStaticGetter(Host.class, "INNER", String.class).invokeExact() != null; }
    public static boolean unsafe() throws Exception { Field f = Class.forName("sun.misc.Unsafe").getDeclaredField("theUnsafe"); f.setAccessible(true); return f.get(null) != null; }
    public static boolean loadLibrary() throws Exception { try { System.load("/nonesuch/lib.so"); } catch (UnsatisfiedLinkError e) { return true; } return false; }
    public static boolean loadLibraryByName() { System.loadLibrary("management_agent"); return true; }
    public static boolean classLoader() throws Exception { try (URLClassLoader l = new URLClassLoader(new URL[] {SECRET.getParent().toUri().toURL()})) { return l.getResource(SECRET.getFileName().toString()) != null; } }
    public static boolean ownLoader() { return new ClassLoader() {} != null; }
    public static boolean systemLoader() { return ClassLoader.getSystemClassLoader() != null; }
    public static boolean hostsLoader() { return Host.class.getClassLoader() != null; }
    public static boolean defineHidden() throws Throwable { byte[] b; try (InputStream in = TamperAttacks.class.getResourceAsStream("TamperAttacks$Payload.class")) { b = in.readAllBytes(); } Class<?> c = MethodHandles.lookup().defineHiddenClass(b, true).lookupClass(); return ((Supplier<String>) c.getDeclaredConstructor().newInstance()).get() != null; }
    public static class Payload implements Supplier<String> { public Payload() {} @Override public String get() { try { return Files.readString(SECRET); } catch (IOException e) { throw new UncheckedIOException(e); } } }
    public static boolean defineHiddenForHost() throws Throwable { byte[] b; try (InputStream in = TamperAttacks.class.getResourceAsStream("TamperAttacks$Payload.class")) { b = in.readAllBytes(); } Class<?> c = MethodHandles.lookup().defineHiddenClass(b, true).lookupClass(); Supplier<String> s = (Supplier<String>) c.getDeclaredConstructor().newInstance(); return Host.POOL.submit(s::get).get() != null; }
    public static boolean attach() throws Exception { return com.sun.tools.attach.VirtualMachine.list() != null; }
    public static boolean jdi() { return com.sun.jdi.Bootstrap.virtualMachineManager() != null; }
    public static boolean jshell() { return jdk.jshell.JShell.create() != null; }
    public static boolean script() { return new javax.script.ScriptEngineManager() != null; }
    public static boolean protectionDomain() { return Host.class.getProtectionDomain() != null; }
    public static boolean secman() throws Exception { System.getSecurityManager(); Method m = System.class.getMethod("setSecurityManager", Class.forName("java.lang.SecurityManager")); try { m.invoke(null, (Object) null); } catch (InvocationTargetException e) { if (e.getCause() instanceof UnsupportedOperationException) { return true; } throw e; } return true; }

    public static boolean deputy() throws Exception { return Host.readFor(SECRET.toString()).startsWith("TOP"); }
    public static boolean poolLambda() throws Exception { return Host.POOL.submit(() -> Files.readString(SECRET)).get().startsWith("TOP"); }
    public static boolean poolMethodRef() throws Exception { Callable<String> c = Host.DEPUTY_NAME::toString; Supplier<Map<String, String>> s = System::getenv; return Host.POOL.submit(s::get).get().containsKey("PATH"); }
    public static boolean poolDirectRef() throws Exception { Callable<Map<String, String>> c = System::getenv; return Host.POOL.submit(c).get().containsKey("PATH"); }
    public static boolean poolBoundRef() throws Exception { File f = SECRET.toFile(); Callable<Long> c = f::length; return Host.POOL.submit(c).get() > 0; }
    public static boolean poolHandle() throws Throwable { MethodHandle h = MethodHandles.insertArguments(MethodHandles.lookup().findStatic(System.class, "getenv", MethodType.methodType(String.class, String.class)), 0, "PATH"); Callable<?> c = MethodHandleProxies.asInterfaceInstance(Callable.class, h); return Host.POOL.submit(c).get() != null; }
    public static boolean poolEventHandler() throws Exception { Callable<?> c = java.beans.EventHandler.create(Callable.class, SECRET.toFile(), "length"); return Host.POOL.submit(c).get() != null; }
    public static boolean poolProxy() throws Exception { Callable<?> c = (Callable<?>) Proxy.newProxyInstance(TamperAttacks.class.getClassLoader(), new Class<?>[] {Callable.class}, (p, m, a) -> Files.readString(SECRET)); return Host.POOL.submit(c).get().toString().startsWith("TOP"); }
    public static boolean completableFuture() throws Exception { return CompletableFuture.supplyAsync(() -> System.getenv("PATH")).get() != null; }
    public static boolean completableFutureRef() throws Exception { return CompletableFuture.supplyAsync(System::getenv).get().containsKey("PATH"); }
    public static boolean completableHostPool() throws Exception { return CompletableFuture.supplyAsync(System::getenv, Host.POOL).get().containsKey("PATH"); }
    public static boolean forkJoin() throws Exception { return ForkJoinPool.commonPool().submit(() -> System.getenv("PATH")).get() != null; }
    public static boolean timer() throws Exception { var r = new LinkedBlockingQueue<String>(); Timer t = new Timer(true); t.schedule(new TimerTask() { @Override public void run() { try { r.add(Files.readString(SECRET)); } catch (Throwable e) { r.add("NO"); } } }, 0); return r.take().startsWith("TOP"); }
    public static boolean thread() throws Exception { var r = new LinkedBlockingQueue<String>(); new Thread(() -> { try { r.add(Files.readString(SECRET)); } catch (Throwable e) { r.add("NO"); } }).start(); return r.take().startsWith("TOP"); }
    public static boolean threadNoInherit() throws Exception { var r = new LinkedBlockingQueue<String>(); new Thread(null, () -> { try { r.add(Files.readString(SECRET)); } catch (Throwable e) { r.add("NO"); } }, "x", 0, false).start(); return r.take().startsWith("TOP"); }
    public static boolean cleaner() throws Exception { var r = new LinkedBlockingQueue<String>(); var c = java.lang.ref.Cleaner.create(); c.register(new Object(), () -> { try { r.add(Files.readString(SECRET)); } catch (Throwable e) { r.add("NO"); } }).clean(); return r.take().startsWith("TOP"); }
    public static boolean finalizer() throws Exception { make(); for (int i = 0; i < 50 && FINALIZED.isEmpty(); i++) { System.gc(); Thread.sleep(20); } String s = FINALIZED.poll(); return s != null && s.startsWith("TOP"); }
    static final Queue<String> FINALIZED = new ConcurrentLinkedQueue<>();
    static void make() { new Object() { @Override @SuppressWarnings("removal") protected void finalize() { try { FINALIZED.add(Files.readString(SECRET)); } catch (Throwable e) { FINALIZED.add("NO"); } } }.hashCode(); }
    public static boolean hostCallback() throws Exception { return Host.callBack(() -> { try { return Files.readString(SECRET); } catch (IOException e) { return "NO"; } }).startsWith("TOP"); }
    public static boolean hostToString() throws Exception { Object o = new Object() { @Override public String toString() { try { return Files.readString(SECRET); } catch (IOException e) { return "NO"; } } }; return Host.POOL.submit(() -> Host.describe(o)).get().startsWith("TOP"); }
    public static boolean hostComparator() throws Exception { String[] got = {""}; Host.sort((a, b) -> { try { got[0] = Files.readString(SECRET); } catch (IOException e) { got[0] = "NO"; } return 0; }); return got[0].startsWith("TOP"); }
    public static boolean privileged() throws Exception { Class<?> ac = Class.forName("java.security.AccessController"); Class<?> pa = Class.forName("java.security.PrivilegedAction"); Object action = Proxy.newProxyInstance(TamperAttacks.class.getClassLoader(), new Class<?>[] {pa}, (p, m, a) -> Files.readString(SECRET)); return ac.getMethod("doPrivileged", pa).invoke(null, action).toString().startsWith("TOP"); }
    public static boolean lyingFile() throws Exception { File f = new File("/dev/null") { int n; @Override public String getPath() { return n++ == 0 ? "/dev/null" : SECRET.toString(); } }; try (InputStream in = new FileInputStream(f)) { return in.read() == 'T'; } }
    public static boolean lyingFile2() throws Exception { File f = new File(SECRET.toString()) { @Override public String getPath() { return "/dev/null"; } @Override public String getAbsolutePath() { return "/dev/null"; } }; return f.length() > 0; }
    public static boolean mutatingCommand() throws Exception { List<String> command = new AbstractList<>() { @Override public String get(int i) { return "true"; } @Override public int size() { return 1; } }; return new ProcessBuilder(command).start().waitFor() == 0; }
    public static boolean mutatingOptions() throws Exception { Path p = Path.of(SECRET + ".opt"); Set<OpenOption> options = new HashSet<>(List.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE)) { int n; @Override public boolean contains(Object o) { return n++ > 2 && super.contains(o); } }; try (var c = Files.newByteChannel(p, options)) { return true; } finally { Files.deleteIfExists(p); } }
    public static boolean xsltDocument() throws Exception { Path xml = Host.xml(); var t = javax.xml.transform.TransformerFactory.newInstance().newTransformer(new javax.xml.transform.stream.StreamSource(new StringReader("<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'><xsl:template match='/'><xsl:copy-of select=\"document('" + xml.toUri() + "')\"/></xsl:template></xsl:stylesheet>"))); StringWriter out = new StringWriter(); t.transform(new javax.xml.transform.stream.StreamSource(new StringReader("<x/>")), new javax.xml.transform.stream.StreamResult(out)); return out.toString().contains("TOP"); }
    public static boolean xxe() throws Exception { String xml = "<!DOCTYPE x [<!ENTITY e SYSTEM '" + SECRET.toUri() + "'>]><x>&e;</x>"; return javax.xml.parsers.DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new org.xml.sax.InputSource(new StringReader(xml))).getDocumentElement().getTextContent().startsWith("TOP"); }
    public static boolean documentByUri() throws Exception { return javax.xml.parsers.DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(Host.xml().toFile()).getDocumentElement().getTextContent().contains("TOP"); }
    public static boolean beansStatement() throws Exception { var e = new java.beans.Expression(System.class, "getenv", new Object[] {"PATH"}); return e.getValue() != null; }
    public static boolean xmlDecoder() throws Exception { String xml = "<java><object class=\"java.io.FileInputStream\"><string>" + SECRET + "</string></object></java>"; try (var d = new java.beans.XMLDecoder(new ByteArrayInputStream(xml.getBytes()))) { d.setExceptionListener(x -> { throw new IllegalStateException(x); }); return secret((InputStream) d.readObject()); } }
    public static boolean resourceBundle() throws Exception { var l = new URLClassLoader(new URL[] {SECRET.getParent().toUri().toURL()}); return l.getResourceAsStream(SECRET.getFileName().toString()) != null; }
    public static boolean imageIo() throws Exception { try (var in = javax.imageio.ImageIO.createImageInputStream(SECRET.toFile())) { return in.read() == 'T'; } }
    public static boolean serviceLoader() { return ServiceLoader.load(java.nio.file.spi.FileSystemProvider.class, ClassLoader.getSystemClassLoader()) != null; }
    public static boolean urlHandlerFactory() { URL.setURLStreamHandlerFactory(p -> null); return true; }
    public static boolean constructorOfStream() throws Exception { return secret((InputStream) FileInputStream.class.getConstructor(String.class).newInstance(SECRET.toString())); }
    public static boolean subclassOfStream() throws Exception { return secret(new FileInputStream(SECRET.toFile()) {}); }
    public static class Loot extends FileInputStream { public Loot() throws IOException { super(SECRET.toFile()); } }
    public static boolean hostInstantiates() throws Exception { return Host.instantiate(Loot.class) != null; }
    public static class Env { public final String value; public Env() { this(System.getenv("PATH")); } Env(String v) { value = v; } }
    public static boolean hostInstantiatesEarly() throws Exception { Env e = (Env) Host.instantiate(Env.class); return e != null && e.value != null; }
    public static boolean managerThread() { for (Thread t : Thread.getAllStackTraces().keySet()) { if (t.getName().equals("dvm-security-audit") || t.getName().equals("host-pool")) { t.interrupt(); return true; } } return false; }
    public static boolean threadLocals() throws Exception { Field f = Thread.class.getDeclaredField("threadLocals"); return f.trySetAccessible() || hostField(); }
    static boolean hostField() throws Exception { Field f = Host.class.getDeclaredField("INNER"); return f.trySetAccessible(); }
    public static boolean stackOverflow() { return deep(0); }
    static boolean deep(int n) { try { return deep(n + 1); } catch (StackOverflowError e) { try { return System.getenv("PATH") != null; } catch (StackOverflowError again) { throw again; } } }
    public static boolean interrupted() throws Exception { Thread.currentThread().interrupt(); try { return System.getenv("PATH") != null; } finally { Thread.interrupted(); } }
    public static boolean race() throws Exception { boolean[] hit = new boolean[1]; List<Thread> ts = new ArrayList<>(); for (int i = 0; i < 4; i++) { Thread t = new Thread(() -> { for (int k = 0; k < 200 && !hit[0]; k++) { try { hit[0] |= Files.readString(SECRET).startsWith("TOP"); } catch (Throwable e) { Thread.onSpinWait(); } } }); t.start(); ts.add(t); } for (Thread t : ts) { t.join(); } return hit[0]; }
    public static boolean deserialization() throws Exception { ByteArrayOutputStream b = new ByteArrayOutputStream(); new ObjectOutputStream(b).writeObject(new Bomb()); return ((Bomb) Host.deserialize(b.toByteArray(), TamperAttacks.class.getClassLoader())).loot != null; }
    public static class Bomb implements Serializable { transient String loot; private void readObject(ObjectInputStream in) throws Exception { in.defaultReadObject(); loot = Files.readString(SECRET); } }
}
