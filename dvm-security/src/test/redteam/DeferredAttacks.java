import static org.dvm.security.redteam.Host.PORT;
import static org.dvm.security.redteam.Host.SECRET;
import java.io.*;
import java.lang.invoke.*;
import java.lang.ref.*;
import java.lang.reflect.*;
import java.lang.reflect.Proxy;
import java.net.*;
import java.nio.*;
import java.nio.channels.*;
import java.nio.charset.*;
import java.nio.file.*;
import java.nio.file.attribute.*;
import java.nio.file.spi.*;
import java.security.KeyStore;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;
import java.util.function.*;
import java.util.stream.*;
import org.dvm.security.redteam.*;

/**
 * Tries objects of the JDK that carry out later, in a thread of the host and with no code of the plugin on the way, what
 * the plugin has chosen; and what all code of a JVM shares.
 */
public class DeferredAttacks {
    static boolean path(Object o) { return o != null && o.toString().contains("/"); }
    static java.beans.Expression env() { return new java.beans.Expression(System.class, "getenv", new Object[] {"PATH"}); }
    static java.beans.Statement set(String key) { return new java.beans.Statement(System.class, "setProperty", new Object[] {key, "owned"}); }
    static boolean owned(String key) throws Exception { return HostUses.property(key).equals("owned"); }
    static final ClassLoader LOADER = DeferredAttacks.class.getClassLoader();
    static Path file(String name) { return SECRET.resolveSibling(SECRET.getFileName() + name + System.nanoTime()); }
    static byte[] xml(String call) { return ("<java version='17' class='java.beans.XMLDecoder'>" + call + "</java>").getBytes(); }
    static final String ENV = "<object class='java.lang.System' method='getenv'><string>PATH</string></object>";

    // calls that are described by names
    public static boolean expression() throws Exception { return path(HostUses.value(env())); }
    public static boolean expressionSubclass() throws Exception { return path(HostUses.value(new java.beans.Expression(System.class, "getenv", new Object[] {"PATH"}) { })); }
    public static boolean statement() throws Exception { HostUses.execute(set("dvm.statement")); return owned("dvm.statement"); }
    public static boolean statementFile() throws Exception { Path f = file("st"); HostUses.execute(new java.beans.Statement(java.io.FileWriter.class, "new", new Object[] {f.toString()})); return HostUses.exists(f); }
    public static boolean expressionOnHost() throws Exception { return HostUses.value(new java.beans.Expression(Host.class, "readFor", new Object[] {SECRET.toString()})).toString().startsWith("TOP"); }
    public static boolean expressionOfExpression() throws Exception { return path(HostUses.value(new java.beans.Expression(env(), "getValue", null))); }
    public static boolean handlerProxy() throws Exception { var h = new java.beans.EventHandler(env(), "getValue", null, null); return path(HostUses.call((Callable<?>) Proxy.newProxyInstance(LOADER, new Class<?>[] {Callable.class}, h))); }
    public static boolean handlerProxyOfBoot() throws Exception { var h = new java.beans.EventHandler(env(), "getValue", null, null); return path(HostUses.call((Callable<?>) Proxy.newProxyInstance(null, new Class<?>[] {Callable.class}, h))); }
    public static boolean handlerRunnable() throws Exception { var h = new java.beans.EventHandler(set("dvm.handler"), "execute", null, null); HostUses.execute((Runnable) Proxy.newProxyInstance(LOADER, new Class<?>[] {Runnable.class}, h)); return owned("dvm.handler"); }
    public static boolean handlerInPool() throws Exception { var h = new java.beans.EventHandler(env(), "getValue", null, null); return path(Host.POOL.submit((Callable<?>) Proxy.newProxyInstance(LOADER, new Class<?>[] {Callable.class}, h)).get()); }
    public static boolean handlerInTask() throws Exception { var h = new java.beans.EventHandler(env(), "getValue", null, null); var t = new FutureTask<Object>((Callable<Object>) Proxy.newProxyInstance(LOADER, new Class<?>[] {Callable.class}, h)); HostUses.execute(t); return path(t.get()); }
    public static boolean handlerInCommonPool() throws Exception { var h = new java.beans.EventHandler(env(), "getValue", null, null); return path(ForkJoinPool.commonPool().submit((Callable<?>) Proxy.newProxyInstance(LOADER, new Class<?>[] {Callable.class}, h)).get()); }
    public static boolean handlerInTimer() throws Exception { var h = new java.beans.EventHandler(set("dvm.scheduled"), "execute", null, null); HostHandedOut.scheduler().schedule((Runnable) Proxy.newProxyInstance(LOADER, new Class<?>[] {Runnable.class}, h), 1, TimeUnit.MILLISECONDS).get(); return owned("dvm.scheduled"); }
    public static boolean decoder() throws Exception { try { return path(HostUses.decode(new java.beans.XMLDecoder(new ByteArrayInputStream(xml(ENV)), null, null, LOADER))); } catch (ArrayIndexOutOfBoundsException | ExecutionException e) { return false; } }
    public static boolean decoderOwn() throws Exception { try { return path(new java.beans.XMLDecoder(new ByteArrayInputStream(xml(ENV)), null, null, LOADER).readObject()); } catch (ArrayIndexOutOfBoundsException e) { return false; } }
    public static boolean decoderHandler() throws Exception { try { HostUses.parse(new String(xml("<object class='java.lang.System' method='setProperty'><string>dvm.sax</string><string>owned</string></object>")), java.beans.XMLDecoder.createHandler(null, e -> { }, LOADER)); return owned("dvm.sax"); } catch (ArrayIndexOutOfBoundsException | ExecutionException e) { return false; } }
    public static boolean decoderObject() throws Exception { try { Path f = file("xd"); HostUses.decode(new java.beans.XMLDecoder(new ByteArrayInputStream(xml("<object class='java.io.FileWriter'><string>" + f + "</string></object>")), null, null, LOADER)); return HostUses.exists(f); } catch (ArrayIndexOutOfBoundsException | ExecutionException e) { return false; } }
    public static boolean lazyValue() throws Exception { return path(HostUses.get(new javax.swing.UIDefaults(new Object[] {"x", new javax.swing.UIDefaults.ProxyLazyValue("java.lang.System", "getenv", new Object[] {"PATH"})}), "x")); }
    public static boolean lazyValuePut() throws Exception { Hashtable<Object, Object> d = new javax.swing.UIDefaults(); d.putAll(Map.of("x", new javax.swing.UIDefaults.ProxyLazyValue("java.lang.System", "getenv", new Object[] {"PATH"}))); return path(HostUses.get(d, "x")); }
    public static boolean lazyValueNew() throws Exception { Path f = file("lv"); HostUses.get(new javax.swing.UIDefaults(new Object[] {"x", new javax.swing.UIDefaults.ProxyLazyValue("java.io.FileWriter", new Object[] {f.toString()})}), "x"); return HostUses.exists(f); }
    public static boolean formatter() throws Exception { var f = new javax.swing.text.DefaultFormatter(); f.setValueClass(FileWriter.class); Path p = file("df"); try { HostUses.parse(f, p.toString()); } catch (ExecutionException e) { return false; } return HostUses.exists(p); }
    public static boolean internationalFormatter() throws Exception { var f = new javax.swing.text.InternationalFormatter(); f.setValueClass(FileWriter.class); Path p = file("if"); try { HostUses.parse(f, p.toString()); } catch (ExecutionException e) { return false; } return HostUses.exists(p); }
    public static boolean modelBean() throws Exception { var op = new javax.management.modelmbean.ModelMBeanOperationInfo("d", Runtime.class.getMethod("exec", String.class)); var m = new javax.management.modelmbean.RequiredModelMBean(new javax.management.modelmbean.ModelMBeanInfoSupport("x", "d", null, null, new javax.management.modelmbean.ModelMBeanOperationInfo[] {op}, null)); m.setManagedResource(Runtime.getRuntime(), "ObjectReference"); return HostUses.invoke(m, "exec", "true") instanceof Process; }
    public static boolean keyStoreBuilder() throws Exception { Path f = HostUses.newKeyStore(); return HostUses.keyStore(KeyStore.Builder.newInstance("PKCS12", null, f.toFile(), new KeyStore.PasswordProtection("word".toCharArray()))).size() == 0; }
    public static boolean connection() throws Exception { return HostUses.fetch(new URL("http://127.0.0.1:" + PORT + "/").openConnection()).equals("hello"); }
    public static boolean connectionFile() throws Exception { return HostUses.fetch(SECRET.toUri().toURL().openConnection()).startsWith("TOP"); }
    public static boolean connectionJar() throws Exception { return HostUses.fetch(new URL("jar:" + Host.archive().toURI() + "!/entry").openConnection()).equals("T"); }
    public static boolean fileHandlerFrom18() throws Exception { return HostUses.serve((com.sun.net.httpserver.HttpHandler) Class.forName("com.sun.net.httpserver.SimpleFileServer").getMethod("createFileHandler", Path.class).invoke(null, SECRET.getParent()), "/" + SECRET.getFileName()).startsWith("TOP"); }

    // what all code of the JVM shares
    public static boolean defaultLocale() { javax.swing.JComponent.setDefaultLocale(Locale.ROOT); return true; }
    public static boolean frameDecoration() { javax.swing.JFrame.setDefaultLookAndFeelDecorated(false); return true; }
    public static boolean dialogDecoration() { javax.swing.JDialog.setDefaultLookAndFeelDecorated(false); return true; }
    public static boolean rootFrame() { javax.swing.JOptionPane.setRootFrame(null); return true; }
    public static boolean lightWeight() { javax.swing.JPopupMenu.setDefaultLightWeightPopupEnabled(true); return true; }
    public static boolean layoutStyle() { javax.swing.LayoutStyle.setInstance(null); return true; }
    public static boolean metalTheme() { javax.swing.plaf.metal.MetalLookAndFeel.setCurrentTheme(new javax.swing.plaf.metal.OceanTheme()); return true; }
    public static boolean layoutQueue() { javax.swing.text.LayoutQueue.setDefaultQueue(new javax.swing.text.LayoutQueue()); return true; }
    public static boolean managerListener() { javax.swing.UIManager.addPropertyChangeListener(e -> { }); return true; }
    public static boolean graphicsLog() { javax.swing.DebugGraphics.setLogStream(new PrintStream(OutputStream.nullOutputStream())); return true; }
    public static boolean sharedDtd() throws Exception { javax.swing.text.html.parser.DTD.putDTDHash("dvm", javax.swing.text.html.parser.DTD.getDTD("dvm")); return true; }
    public static boolean attributeKey() { javax.swing.text.StyleContext.registerStaticAttributeKey("dvm"); return true; }
    public static boolean dynalink() throws Throwable { var l = new jdk.dynalink.DynamicLinkerFactory().createLinker(); var get = l.link(new jdk.dynalink.support.SimpleRelinkableCallSite(new jdk.dynalink.CallSiteDescriptor(MethodHandles.publicLookup(), jdk.dynalink.StandardOperation.GET.withNamespaces(jdk.dynalink.StandardNamespace.METHOD).named("getenv"), MethodType.methodType(Object.class, Object.class)))); Object m = get.dynamicInvoker().invoke(jdk.dynalink.beans.StaticClass.forClass(System.class)); var call = l.link(new jdk.dynalink.support.SimpleRelinkableCallSite(new jdk.dynalink.CallSiteDescriptor(MethodHandles.publicLookup(), jdk.dynalink.StandardOperation.CALL, MethodType.methodType(Object.class, Object.class, Object.class, Object.class)))); return path(call.dynamicInvoker().invoke(m, (Object) null, (Object) "PATH")); }
    public static boolean importPreferences() throws Exception { java.util.prefs.Preferences.importPreferences(new ByteArrayInputStream("<?xml version='1.0'?><!DOCTYPE preferences SYSTEM 'http://java.sun.com/dtd/preferences.dtd'><preferences EXTERNAL_XML_VERSION='1.0'><root type='user'><map/><node name='dvm-redteam'><map><entry key='a' value='b'/></map></node></root></preferences>".getBytes())); return true; }
    public static boolean logToFile() throws Exception { Path f = file("vm"); java.lang.management.ManagementFactory.getPlatformMBeanServer().invoke(new javax.management.ObjectName("com.sun.management:type=DiagnosticCommand"), "vmLog", new Object[] {new String[] {"output=" + f, "what=gc"}}, new String[] {"[Ljava.lang.String;"}); return HostUses.exists(f); }
    public static boolean loginConfiguration() throws Exception { Path f = HostObjects.run(() -> Files.writeString(Files.createTempFile("dvm-redteam", ".conf"), "X { com.sun.security.auth.module.KeyStoreLoginModule required; };")); return javax.security.auth.login.Configuration.getInstance("JavaLoginConfig", new java.security.URIParameter(f.toUri())).getAppConfigurationEntry("X").length == 1; }
    public static boolean nativeUser() { return new com.sun.security.auth.module.UnixSystem().getUsername() != null; }
    public static boolean wrappedPool() throws Exception { HostUses.singleThread().shutdown(); return true; }
    public static boolean wrappedPoolNow() throws Exception { HostUses.singleThread().shutdownNow(); return true; }
    public static boolean wrappedPoolCloseFrom21() throws Exception { ExecutorService.class.getMethod("close").invoke(HostUses.singleThread()); return true; }
    public static boolean poolCloseFrom21() throws Exception { ExecutorService.class.getMethod("close").invoke(HostObjects.run(HostUses::singleThread)); return true; }
    public static boolean virtualPoolFrom21() throws Exception { HostUses.virtualThreads().shutdownNow(); return true; }
    public static boolean virtualPoolCloseFrom21() throws Exception { ExecutorService.class.getMethod("close").invoke(HostUses.virtualThreads()); return true; }
    public static boolean usageThreshold() { for (var p : java.lang.management.ManagementFactory.getMemoryPoolMXBeans()) { if (p.isUsageThresholdSupported()) { p.setUsageThreshold(p.getUsageThreshold()); return true; } } return false; }
}
