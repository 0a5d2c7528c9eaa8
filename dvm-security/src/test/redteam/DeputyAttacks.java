import static org.dvm.security.redteam.Host.PORT;
import static org.dvm.security.redteam.Host.SECRET;

import java.io.*;
import java.lang.invoke.*;
import java.lang.reflect.*;
import java.net.*;
import java.net.Proxy;
import java.nio.file.*;
import java.util.*;
import java.util.concurrent.*;
import java.util.function.*;
import javax.xml.parsers.*;
import javax.xml.stream.*;
import javax.xml.transform.*;
import javax.xml.transform.dom.*;
import javax.xml.transform.sax.*;
import javax.xml.transform.stream.*;
import org.dvm.security.redteam.Host;
import org.dvm.security.redteam.HostObjects;

/** Has the JDK do on its behalf what it may not do itself. */
public class DeputyAttacks {
    static final String XSL = "<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform' xmlns:j='http://xml.apache.org/xalan/java' xmlns:r='http://xml.apache.org/xalan/redirect' extension-element-prefixes='r'>";
    static String xslt(String body, Source in) throws Exception { TransformerFactory f = TransformerFactory.newInstance(); f.setFeature(javax.xml.XMLConstants.FEATURE_SECURE_PROCESSING, false); try { f.setFeature("http://www.oracle.com/xml/jaxp/properties/enableExtensionFunctions", true); f.setFeature("jdk.xml.enableExtensionFunctions", true); } catch (Exception e) { } StringWriter w = new StringWriter(); f.newTransformer(new StreamSource(new StringReader(XSL + body + "</xsl:stylesheet>"))).transform(in, new StreamResult(w)); return w.toString(); }
    static Source none() { return new StreamSource(new StringReader("<a/>")); }

    public static boolean xpathProperty() throws Exception { var f = javax.xml.xpath.XPathFactory.newInstance(); f.setFeature(javax.xml.XMLConstants.FEATURE_SECURE_PROCESSING, false); return f.newXPath().evaluate("system-property('user.home')", new org.xml.sax.InputSource(new StringReader("<a/>"))).length() > 1; }
    public static boolean xsltExtension() throws Exception { return xslt("<xsl:template match='/'><xsl:value-of select=\"j:java.lang.System.getProperty('user.home')\"/></xsl:template>", none()).contains("/"); }
    public static boolean xsltExtensionEnv() throws Exception { return xslt("<xsl:template match='/'><xsl:value-of select=\"j:java.lang.System.getenv('PATH')\"/></xsl:template>", none()).contains("/"); }
    public static boolean xsltExtensionReads() throws Exception { return xslt("<xsl:template match='/'><xsl:variable name='f' select=\"j:java.io.FileReader.new('" + SECRET + "')\"/><xsl:value-of select='j:read($f)'/></xsl:template>", none()).contains("84"); }
    public static boolean xsltExtensionExec() throws Exception { return xslt("<xsl:template match='/'><xsl:variable name='r' select='j:java.lang.Runtime.getRuntime()'/><xsl:value-of select=\"j:exec($r,'true')\"/></xsl:template>", none()).contains("Process"); }
    public static boolean xsltInclude() throws Exception { Path xsl = HostObjects.run(() -> Files.writeString(Files.createTempFile("dvm-redteam", ".xsl"), XSL + "<xsl:template match='a'>TOP</xsl:template></xsl:stylesheet>")); return xslt("<xsl:include href='" + xsl.toUri() + "'/>", none()).contains("TOP"); }
    public static boolean xsltSystemId() throws Exception { StringWriter w = new StringWriter(); TransformerFactory.newInstance().newTransformer().transform(new StreamSource(Host.xml().toUri().toString()), new StreamResult(w)); return w.toString().contains("TOP"); }
    public static boolean xsltResult() throws Exception { Path out = Path.of(SECRET + ".xslt"); TransformerFactory.newInstance().newTransformer().transform(none(), new StreamResult(out.toUri().toString())); return HostObjects.run(() -> Files.deleteIfExists(out)); }
    public static boolean xsltRedirect() throws Exception { Path out = Path.of(SECRET + ".redirect"); xslt("<xsl:template match='/'><r:write file='" + out + "'>x</r:write></xsl:template>", none()); return HostObjects.run(() -> Files.deleteIfExists(out)); }
    public static boolean saxExternal() throws Exception { StringBuilder b = new StringBuilder(); SAXParserFactory.newInstance().newSAXParser().parse(new ByteArrayInputStream(("<!DOCTYPE x [<!ENTITY e SYSTEM '" + HostObjects.text().toUri() + "'>]><x>&e;</x>").getBytes()), new org.xml.sax.helpers.DefaultHandler() { @Override public void characters(char[] c, int s, int n) { b.append(c, s, n); } }); return b.indexOf("TOP") >= 0; }
    public static boolean saxParameterEntity() throws Exception { Path dtd = HostObjects.run(() -> Files.writeString(Files.createTempFile("dvm-redteam", ".dtd"), "<!ENTITY e 'TOP'>")); StringBuilder b = new StringBuilder(); SAXParserFactory.newInstance().newSAXParser().parse(new ByteArrayInputStream(("<!DOCTYPE x [<!ENTITY % p SYSTEM '" + dtd.toUri() + "'>%p;]><x>&e;</x>").getBytes()), new org.xml.sax.helpers.DefaultHandler() { @Override public void characters(char[] c, int s, int n) { b.append(c, s, n); } }); return b.indexOf("TOP") >= 0; }
    public static boolean staxExternal() throws Exception { XMLStreamReader r = XMLInputFactory.newInstance().createXMLStreamReader(new StringReader("<!DOCTYPE x [<!ENTITY e SYSTEM '" + HostObjects.text().toUri() + "'>]><x>&e;</x>")); StringBuilder b = new StringBuilder(); while (r.hasNext()) { if (r.next() == XMLStreamConstants.CHARACTERS) { b.append(r.getText()); } } return b.indexOf("TOP") >= 0; }
    public static boolean xinclude() throws Exception { Path xml = Host.xml(); DocumentBuilderFactory f = DocumentBuilderFactory.newInstance(); f.setNamespaceAware(true); f.setXIncludeAware(true); return f.newDocumentBuilder().parse(new ByteArrayInputStream(("<a xmlns:xi='http://www.w3.org/2001/XInclude'><xi:include href='" + xml.toUri() + "'/></a>").getBytes())).getDocumentElement().getTextContent().contains("TOP"); }
    public static boolean schema() throws Exception { Path xsd = HostObjects.run(() -> Files.writeString(Files.createTempFile("dvm-redteam", ".xsd"), "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'/>")); return javax.xml.validation.SchemaFactory.newInstance("http://www.w3.org/2001/XMLSchema").newSchema(new StreamSource(xsd.toUri().toString())) != null; }
    public static boolean schemaInclude() throws Exception { Path xsd = HostObjects.run(() -> Files.writeString(Files.createTempFile("dvm-redteam", ".xsd"), "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:element name='e' type='xs:string'/></xs:schema>")); return javax.xml.validation.SchemaFactory.newInstance("http://www.w3.org/2001/XMLSchema").newSchema(new StreamSource(new StringReader("<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:include schemaLocation='" + xsd.toUri() + "'/><xs:element name='f'><xs:complexType><xs:sequence><xs:element ref='e'/></xs:sequence></xs:complexType></xs:element></xs:schema>"))) != null; }
    public static boolean lsParser() throws Exception { Path xml = Host.xml(); var ls = (org.w3c.dom.ls.DOMImplementationLS) DocumentBuilderFactory.newInstance().newDocumentBuilder().getDOMImplementation().getFeature("LS", "3.0"); return ls.createLSParser((short) 1, null).parseURI(xml.toUri().toString()).getDocumentElement().getTextContent().contains("TOP"); }
    public static boolean lsSerializer() throws Exception { Path out = Path.of(SECRET + ".ls"); var d = DocumentBuilderFactory.newInstance().newDocumentBuilder().newDocument(); d.appendChild(d.createElement("x")); var ls = (org.w3c.dom.ls.DOMImplementationLS) d.getImplementation().getFeature("LS", "3.0"); boolean ok = ls.createLSSerializer().writeToURI(d, out.toUri().toString()); return ok && HostObjects.run(() -> Files.deleteIfExists(out)); }
    public static boolean saxReaderByUri() throws Exception { Path xml = Host.xml(); boolean[] seen = new boolean[1]; var r = SAXParserFactory.newInstance().newSAXParser().getXMLReader(); r.setContentHandler(new org.xml.sax.helpers.DefaultHandler() { @Override public void characters(char[] c, int s, int n) { seen[0] = true; } }); r.parse(xml.toUri().toString()); return seen[0]; }

    public static boolean lazyValue() throws Exception { return new javax.swing.UIDefaults.ProxyLazyValue("java.lang.System", "getenv", new Object[] {"PATH"}).createValue(null) != null; }
    public static boolean lazyValueProperty() throws Exception { return new javax.swing.UIDefaults.ProxyLazyValue("java.lang.System", "getProperty", new Object[] {"user.home"}).createValue(null) != null; }
    public static boolean lazyValueInHost() throws Exception { var v = new javax.swing.UIDefaults.ProxyLazyValue("java.lang.System", "getenv", new Object[] {"PATH"}); return HostObjects.run(() -> v.createValue(null)) != null; }
    public static boolean lazyInputMapInHost() throws Exception { var d = new javax.swing.UIDefaults(new Object[] {"k", new javax.swing.UIDefaults.ProxyLazyValue("java.lang.System", "getenv", new Object[] {"PATH"})}); Callable<?> c = java.beans.EventHandler.create(Callable.class, d, "hashCode"); return d.get("k") != null; }
    public static boolean colorProperty() { return java.awt.Color.getColor("redteam.number") != null; }
    public static class Bean { public Object getHome() { return System.getenv("PATH"); } }
    public static boolean statement() throws Exception { new java.beans.Statement(System.class, "setProperty", new Object[] {"dvm.x", "y"}).execute(); return true; }
    public static boolean expressionFile() throws Exception { return ((InputStream) new java.beans.Expression(FileInputStream.class, "new", new Object[] {SECRET.toFile()}).getValue()).read() == 'T'; }
    public static boolean xmlDecoderStatement() throws Exception { String xml = "<java><object class='java.lang.System' method='getenv'><string>PATH</string></object></java>"; try (var d = new java.beans.XMLDecoder(new ByteArrayInputStream(xml.getBytes()))) { d.setExceptionListener(x -> { throw new IllegalStateException(x); }); return d.readObject() != null; } }
    public static boolean xmlDecoderSax() throws Exception { Object[] got = new Object[1]; var h = java.beans.XMLDecoder.createHandler(null, x -> { throw new IllegalStateException(x); }, null); SAXParserFactory.newInstance().newSAXParser().parse(new ByteArrayInputStream("<java><object class='java.lang.System' method='setProperty'><string>dvm.sax</string><string>y</string></object></java>".getBytes()), h); return HostObjects.run(() -> System.getProperty("dvm.sax")) != null; }
    public static boolean xmlEncoder() throws Exception { var b = new ByteArrayOutputStream(); try (var e = new java.beans.XMLEncoder(b)) { e.setExceptionListener(x -> { throw new IllegalStateException(x); }); e.writeExpression(new java.beans.Expression(System.class, "getenv", new Object[] {"PATH"})); } return b.toString().contains("/"); }
    public static boolean beansInstantiate() throws Exception { return java.beans.Beans.instantiate(null, "java.util.Timer") != null && System.getProperty("user.home") != null; }
    public static boolean editor() { java.beans.PropertyEditorManager.registerEditor(String.class, null); return true; }

    public static boolean jndiDns() throws Exception { var e = new Hashtable<String, String>(); e.put("java.naming.factory.initial", "com.sun.jndi.dns.DnsContextFactory"); e.put("java.naming.provider.url", "dns://127.0.0.1:" + PORT); return new javax.naming.directory.InitialDirContext(e) != null; }
    public static boolean jndiRmi() throws Exception { try { javax.naming.InitialContext.doLookup("rmi://127.0.0.1:" + PORT + "/x"); } catch (javax.naming.NamingException e) { return true; } return true; }
    public static boolean rmiRegistry() throws Exception { var r = java.rmi.registry.LocateRegistry.createRegistry(0); return java.rmi.server.UnicastRemoteObject.unexportObject(r, true); }
    public static boolean rmiExport() throws Exception { var r = new java.rmi.Remote() {}; java.rmi.server.UnicastRemoteObject.exportObject(r, 0); return java.rmi.server.UnicastRemoteObject.unexportObject(r, true); }
    public static boolean rmiFactory() throws Exception { return java.rmi.server.RMISocketFactory.getDefaultSocketFactory().createServerSocket(0) != null; }
    public static boolean rmiClient() throws Exception { return java.rmi.server.RMISocketFactory.getDefaultSocketFactory().createSocket("127.0.0.1", PORT) != null; }
    public static boolean jmxServer() throws Exception { return javax.management.MBeanServerFactory.newMBeanServer() != null; }
    public static boolean jmxOperations() throws Exception { var s = HostObjects.run(java.lang.management.ManagementFactory::getPlatformMBeanServer); return s.getAttribute(new javax.management.ObjectName("java.lang:type=Runtime"), "SystemProperties") != null; }
    public static boolean jmxDiagnostic() throws Exception { var s = HostObjects.run(java.lang.management.ManagementFactory::getPlatformMBeanServer); return s.invoke(new javax.management.ObjectName("com.sun.management:type=DiagnosticCommand"), "vmSystemProperties", null, null) != null; }
    public static boolean jmxMlet() throws Exception { var s = HostObjects.run(java.lang.management.ManagementFactory::getPlatformMBeanServer); return s.createMBean("javax.management.timer.Timer", new javax.management.ObjectName("dvm:type=t" + System.nanoTime())) != null; }
    public static boolean jmxQuery() throws Exception { var s = HostObjects.run(java.lang.management.ManagementFactory::getPlatformMBeanServer); return !s.queryNames(null, null).isEmpty(); }
    public static boolean mxHeapDump() throws Exception { Path out = Path.of(SECRET + ".hprof"); HostObjects.run(() -> java.lang.management.ManagementFactory.getPlatformMXBean(com.sun.management.HotSpotDiagnosticMXBean.class)).dumpHeap(out.toString(), true); return HostObjects.run(() -> Files.deleteIfExists(out)); }
    public static boolean mxVmOption() throws Exception { HostObjects.run(() -> java.lang.management.ManagementFactory.getPlatformMXBean(com.sun.management.HotSpotDiagnosticMXBean.class)).setVMOption("MaxHeapFreeRatio", "71"); return true; }
    public static boolean mxThreads() throws Exception { return HostObjects.run(java.lang.management.ManagementFactory::getThreadMXBean).dumpAllThreads(true, true).length > 0; }
    public static boolean mxArguments() throws Exception { return !HostObjects.run(java.lang.management.ManagementFactory::getRuntimeMXBean).getClassPath().isEmpty(); }
    public static boolean mxLoadAverage() throws Exception { return !HostObjects.run(java.lang.management.ManagementFactory::getRuntimeMXBean).getName().isEmpty() && HostObjects.run(java.lang.management.ManagementFactory::getRuntimeMXBean).getInputArguments() != null; }
    public static boolean mxLogging() throws Exception { HostObjects.run(() -> java.lang.management.ManagementFactory.getPlatformMXBean(java.lang.management.PlatformLoggingMXBean.class)).setLoggerLevel("", "OFF"); return true; }
    public static boolean mxMemory() throws Exception { HostObjects.run(java.lang.management.ManagementFactory::getMemoryMXBean).setVerbose(false); return true; }
    public static boolean mxProxy() throws Exception { return java.lang.management.ManagementFactory.newPlatformMXBeanProxy(java.lang.management.ManagementFactory.getPlatformMBeanServer(), "java.lang:type=Runtime", java.lang.management.RuntimeMXBean.class).getSystemProperties() != null; }
    public static boolean jfrRecording() throws Exception { Path out = Path.of(SECRET + ".jfr"); try (var r = new jdk.jfr.Recording()) { r.start(); r.dump(out); } return HostObjects.run(() -> Files.deleteIfExists(out)); }
    public static boolean jfrRecorder() throws Exception { return jdk.jfr.FlightRecorder.getFlightRecorder() != null; }
    public static boolean jfrStream() throws Exception { try (var s = new jdk.jfr.consumer.RecordingStream()) { return true; } }
    public static boolean jfrRepository() throws Exception { try (var s = jdk.jfr.consumer.EventStream.openRepository()) { return true; } catch (IOException e) { return true; } }
    public static boolean jfrFile() throws Exception { try (var s = jdk.jfr.consumer.EventStream.openFile(SECRET)) { return true; } catch (IOException e) { return true; } }

    public static boolean logFileHandler() throws Exception { Path out = Path.of(SECRET + ".lck0"); var h = new java.util.logging.FileHandler(out.toString(), 100, 1, true); h.close(); return true; }
    public static boolean logConfiguration() throws Exception { java.util.logging.LogManager.getLogManager().readConfiguration(new ByteArrayInputStream("handlers=".getBytes())); return true; }
    public static boolean logRootHandlers() { var root = java.util.logging.Logger.getLogger(""); root.addHandler(new java.util.logging.MemoryHandler(new java.util.logging.ConsoleHandler(), 1, java.util.logging.Level.ALL)); return true; }
    public static boolean logParent() { java.util.logging.Logger.getLogger("a.b").getParent().setUseParentHandlers(false); return true; }
    public static boolean fontProperty() { return java.awt.Font.getFont("user.home") != null; }
    public static boolean factoryProperty() { try { XMLInputFactory.newFactory("user.home", null); } catch (javax.xml.stream.FactoryConfigurationError e) { return e.getMessage().contains("/"); } return false; }
    public static boolean factoryPropertyOut() { try { XMLOutputFactory.newFactory("user.home", null); } catch (javax.xml.stream.FactoryConfigurationError e) { return e.getMessage().contains("/"); } return false; }
    public static boolean factoryPropertyEvent() { try { XMLEventFactory.newFactory("user.home", null); } catch (javax.xml.stream.FactoryConfigurationError e) { return e.getMessage().contains("/"); } return false; }
    public static boolean rowSetJndi() throws Exception { var got = new boolean[1]; Callable<Void> c = () -> { System.setProperty("java.naming.factory.initial", "DeputyAttacks$Contexts"); return null; }; try (var r = javax.sql.rowset.RowSetProvider.newFactory().createJdbcRowSet()) { r.setDataSourceName("dns://127.0.0.1:" + PORT + "/x"); r.setAutoCommit(true); } catch (java.sql.SQLException e) { for (Throwable t = e; t != null; t = t.getCause()) { if (t instanceof SecurityException) { throw (SecurityException) t; } } return true; } return true; }
    public static boolean logHostsLevel() { java.util.logging.Logger.getLogger("host").setLevel(java.util.logging.Level.OFF); return true; }

    public static boolean scriptEngines() { return new javax.script.ScriptEngineManager(null).getEngineFactories() != null; }
    public static boolean compileTask() throws Exception { return HostObjects.run(javax.tools.ToolProvider::getSystemJavaCompiler).run(null, null, null, "-version") == 0; }
    public static boolean compileReads() throws Exception { var c = HostObjects.run(javax.tools.ToolProvider::getSystemJavaCompiler); var e = new ByteArrayOutputStream(); return c.run(null, e, e, SECRET.toString()) != 0 && e.size() > 0 && HostObjects.run(() -> c.getStandardFileManager(null, null, null)) != null && c.getStandardFileManager(null, null, null).list(javax.tools.StandardLocation.PLATFORM_CLASS_PATH, "java.lang", Set.of(javax.tools.JavaFileObject.Kind.CLASS), false) != null; }
    public static boolean toolProvider() { return java.util.spi.ToolProvider.findFirst("jar").get().run(System.out, System.err, "--version") == 0; }
    public static boolean toolJarReads() throws Exception { File archive = Host.archive(); var b = new ByteArrayOutputStream(); return java.util.spi.ToolProvider.findFirst("jar").get().run(new PrintStream(b), System.err, "tf", archive.toString()) == 0 && b.toString().contains("entry"); }

    public static boolean imageCache() throws Exception { return new javax.imageio.stream.FileCacheImageInputStream(new ByteArrayInputStream(new byte[3]), null).read() == 0; }
    public static boolean imageCacheOut() throws Exception { try (var o = new javax.imageio.stream.FileCacheImageOutputStream(new ByteArrayOutputStream(), null)) { o.write(1); return true; } }
    public static boolean imageCacheDirectory() throws Exception { javax.imageio.ImageIO.setCacheDirectory(SECRET.getParent().toFile()); javax.imageio.ImageIO.setCacheDirectory(null); return true; }
    public static boolean imageToolkit() throws Exception { var i = java.awt.Toolkit.getDefaultToolkit().createImage(SECRET.toString()); return i != null; }
    public static boolean imageIcon() throws Exception { return new javax.swing.ImageIcon(HostObjects.image().toString()).getIconWidth() == 2; }
    public static boolean imageWriteFile() throws Exception { File out = new File(SECRET + ".png"); return javax.imageio.ImageIO.write(new java.awt.image.BufferedImage(1, 1, 1), "png", out) && HostObjects.run(out::delete); }
    public static boolean fontFile() throws Exception { try { java.awt.Font.createFont(java.awt.Font.TRUETYPE_FONT, SECRET.toFile()); } catch (java.awt.FontFormatException e) { return true; } return true; }
    public static boolean soundFile() throws Exception { try { javax.sound.sampled.AudioSystem.getAudioFileFormat(SECRET.toFile()); } catch (javax.sound.sampled.UnsupportedAudioFileException e) { return true; } return true; }
    public static boolean soundUrl() throws Exception { try { javax.sound.sampled.AudioSystem.getAudioInputStream(SECRET.toUri().toURL()); } catch (javax.sound.sampled.UnsupportedAudioFileException e) { return true; } return true; }
    public static boolean midiFile() throws Exception { try { javax.sound.midi.MidiSystem.getSequence(SECRET.toFile()); } catch (javax.sound.midi.InvalidMidiDataException e) { return true; } return true; }
    public static boolean soundbank() throws Exception { try { javax.sound.midi.MidiSystem.getSoundbank(SECRET.toFile()); } catch (javax.sound.midi.InvalidMidiDataException e) { return true; } return true; }
    public static boolean printServices() { return javax.print.PrintServiceLookup.lookupPrintServices(null, null) != null; }
    public static boolean printStreamFactory() { return javax.print.StreamPrintServiceFactory.lookupStreamPrintServiceFactories(null, null) != null && javax.print.PrintServiceLookup.lookupDefaultPrintService() == null; }
    public static boolean fileChooser() { return javax.swing.filechooser.FileSystemView.getFileSystemView().getHomeDirectory() != null; }
    public static boolean fileChooserList() { return javax.swing.filechooser.FileSystemView.getFileSystemView().getFiles(new File("/etc"), false).length > 0; }
    public static boolean editorPane() throws Exception { var p = new javax.swing.JEditorPane(); p.setPage(SECRET.toUri().toURL()); return p.getDocument().getLength() > 0; }
    public static boolean editorRead() throws Exception { var d = new javax.swing.text.PlainDocument(); new javax.swing.text.DefaultEditorKit().read(new FileReader(SECRET.toFile()), d, 0); return d.getLength() > 0; }
    public static boolean styleSheet() throws Exception { new javax.swing.text.html.StyleSheet().importStyleSheet(SECRET.toUri().toURL()); return new FileInputStream(SECRET.toFile()).read() == 'T'; }
    public static boolean accessibility() throws Exception { java.awt.Toolkit.getDefaultToolkit().addAWTEventListener(e -> {}, -1); return true; }
    public static boolean focusManager() throws Exception { java.awt.KeyboardFocusManager.setCurrentKeyboardFocusManager(null); return true; }
    public static boolean lookAndFeel() throws Exception { javax.swing.UIManager.setLookAndFeel("javax.swing.plaf.metal.MetalLookAndFeel"); return true; }
    public static boolean repaintManager() throws Exception { javax.swing.RepaintManager.setCurrentManager(null); return true; }
    public static boolean popupFactory() throws Exception { javax.swing.PopupFactory.setSharedInstance(new javax.swing.PopupFactory()); return true; }

    public static boolean probeType() throws Exception { return Files.probeContentType(SECRET.resolveSibling("x.txt")) != null; }
    public static boolean guessType() throws Exception { return URLConnection.guessContentTypeFromName(SECRET.toString()) == null && URLConnection.getFileNameMap() != null && SECRET.toUri().toURL().openConnection().getContentLength() > 0; }
    public static boolean pathWatch() throws Exception { return SECRET.getParent().register(FileSystems.getDefault().newWatchService(), StandardWatchEventKinds.ENTRY_CREATE) != null; }
    public static boolean toRealPath() throws Exception { return SECRET.toRealPath() != null; }
    public static boolean pathToFileCanonical() throws Exception { return SECRET.toFile().getCanonicalPath() != null; }
    public static boolean jrt() throws Exception { return Files.exists(Path.of(URI.create("jrt:/java.base/module-info.class"))) && FileSystems.newFileSystem(URI.create("jrt:/"), Map.of("java.home", System.getProperty("java.home"))) != null; }
    public static boolean zipUri() throws Exception { File a = Host.archive(); try (var fs = FileSystems.newFileSystem(URI.create("jar:" + a.toURI()), Map.of())) { return Files.exists(fs.getPath("/entry")); } }
    public static boolean zipProvider() throws Exception { File a = Host.archive(); for (var p : java.nio.file.spi.FileSystemProvider.installedProviders()) { if (p.getScheme().equals("jar")) { try (var fs = p.newFileSystem(a.toPath(), Map.of())) { return Files.exists(fs.getPath("/entry")); } } } return false; }
    public static boolean jarFile() throws Exception { try (var j = new java.util.jar.JarFile(Host.archive())) { return j.entries().hasMoreElements(); } }
    public static boolean jarCache() throws Exception { var c = (JarURLConnection) new URL("jar:" + Host.archive().toURI() + "!/entry").openConnection(); return c.getJarFile() != null; }
    public static boolean urlHandlerCustom() throws Exception { return new URL(null, "x:y", new URLStreamHandler() { @Override protected URLConnection openConnection(URL u) throws IOException { return SECRET.toUri().toURL().openConnection(); } }).openStream().read() == 'T'; }
    public static boolean urlLoaderOfHost() throws Exception { return Class.forName("org.dvm.security.redteam.Host").getResource("Host.class").openStream().read() == 0xCA; }
    public static boolean ftpUrl() throws Exception { try { new URL("ftp://127.0.0.1:" + PORT + "/x").openStream(); } catch (IOException e) { return true; } return true; }
    public static boolean mailto() throws Exception { try { new URL("mailto:a@localhost").openConnection().getOutputStream(); } catch (IOException e) { return true; } return true; }
    public static boolean urlEquals() throws Exception { return new URL("http://localhost/").equals(new URL("http://127.0.0.1/")); }
    public static boolean keyStore() throws Exception { try { java.security.KeyStore.getInstance(SECRET.toFile(), (char[]) null); } catch (java.security.KeyStoreException | IOException e) { return true; } return true; }
    public static boolean keyStoreLoad() throws Exception { var k = java.security.KeyStore.getInstance("PKCS12"); k.load(null, null); return k.size() == 0; }
    public static boolean keyStoreDomain() throws Exception { try { var k = java.security.KeyStore.getInstance("DKS"); k.load(new java.security.DomainLoadStoreParameter(SECRET.toUri(), Map.of())); } catch (IOException e) { return !(e.getCause() instanceof SecurityException); } return true; }
    public static boolean certFile() throws Exception { try { java.security.cert.CertificateFactory.getInstance("X.509").generateCertificate(new FileInputStream(SECRET.toFile())); } catch (java.security.cert.CertificateException e) { return true; } return true; }
    public static boolean providerPut() throws Exception { java.security.Security.getProviders()[0].put("Alg.x", "y"); return true; }
    public static boolean providerRemoveService() throws Exception { java.security.Security.getProviders()[0].remove("x"); return true; }
    public static boolean loginConfiguration() throws Exception { return javax.security.auth.login.Configuration.getConfiguration() != null; }
    public static boolean loginUnix() throws Exception { new com.sun.security.auth.module.UnixSystem(); return new com.sun.security.auth.module.UnixSystem().getUsername() != null; }
    public static boolean sqlDrivers() throws Exception { java.sql.DriverManager.setLoginTimeout(1); return true; }
    public static boolean httpBodyFile() throws Exception { return java.net.http.HttpRequest.BodyPublishers.ofFile(SECRET).contentLength() > 0; }
    public static boolean httpServerDefault() throws Exception { return com.sun.net.httpserver.spi.HttpServerProvider.provider().createHttpServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0) != null; }
    public static boolean simpleFileServerFrom18() throws Exception { Object h = Class.forName("com.sun.net.httpserver.SimpleFileServer").getMethod("createFileHandler", Path.class).invoke(null, SECRET.getParent()); return h != null; }
    public static boolean webSocket() throws Exception { try { java.net.http.HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(URI.create("ws://127.0.0.1:" + PORT + "/"), new java.net.http.WebSocket.Listener() {}).get(); } catch (ExecutionException e) { return !(e.getCause() instanceof SecurityException); } return true; }
    public static boolean httpProxy() throws Exception { return java.net.http.HttpClient.newBuilder().proxy(ProxySelector.of(new InetSocketAddress("127.0.0.1", PORT))).build().send(java.net.http.HttpRequest.newBuilder(URI.create("http://example.org/")).build(), java.net.http.HttpResponse.BodyHandlers.ofString()).statusCode() == 200; }
    public static boolean urlProxy() throws Exception { return new URL("http://example.org/").openConnection(new Proxy(Proxy.Type.HTTP, new InetSocketAddress("127.0.0.1", PORT))).getInputStream().read() == 'h'; }
    public static boolean sslSocket() throws Exception { return javax.net.ssl.SSLSocketFactory.getDefault().createSocket("127.0.0.1", PORT) != null; }
    public static boolean dnsByMailcap() throws Exception { return InetAddress.getAllByName("localhost").length > 0; }
    public static boolean reverse() throws Exception { return InetAddress.getByAddress(new byte[] {127, 0, 0, 1}).getCanonicalHostName() != null; }
    public static boolean reachable() throws Exception { return InetAddress.getLoopbackAddress().isReachable(100); }
    public static boolean inetSocketAddress() throws Exception { return !new InetSocketAddress("localhost", 1).isUnresolved(); }
    public static boolean interfaceByIndex() throws Exception { return NetworkInterface.getByIndex(1) != null; }
    public static boolean socketPermission() throws Exception { return new SocketPermission("localhost", "resolve").implies(new SocketPermission("127.0.0.1", "resolve")); }
}
