package org.dvm.security.redteam;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.beans.Expression;
import java.beans.Statement;
import java.beans.XMLDecoder;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.management.modelmbean.RequiredModelMBean;
import javax.swing.text.DefaultFormatter;
import javax.xml.parsers.SAXParserFactory;
import org.xml.sax.helpers.DefaultHandler;

/** What the host does, in its own threads and with nobody's code on the way, with objects of the JDK that it is handed. */
public final class HostUses {
    private HostUses() {}

    /** Calls what may be a proxy. */
    public static Object call(Callable<?> callable) throws Exception {
        return HostObjects.run(callable::call);
    }

    /** Runs what may be a proxy. */
    public static void execute(Runnable runnable) throws Exception {
        HostObjects.run(() -> {
            runnable.run();
            return 1;
        });
    }

    /** Asks a map. */
    public static Object get(Map<?, ?> map, Object key) throws Exception {
        return HostObjects.run(() -> map.get(key));
    }

    /** Evaluates. */
    public static Object value(Expression expression) throws Exception {
        return HostObjects.run(expression::getValue);
    }

    /** Executes. */
    public static void execute(Statement statement) throws Exception {
        HostObjects.run(() -> {
            statement.execute();
            return 1;
        });
    }

    /** Decodes. */
    public static Object decode(XMLDecoder decoder) throws Exception {
        return HostObjects.run(decoder::readObject);
    }

    /** Parses a text of its own with a handler. */
    public static void parse(String xml, DefaultHandler handler) throws Exception {
        HostObjects.run(() -> {
            InputStream in = new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8));
            SAXParserFactory.newInstance().newSAXParser().parse(in, handler);
            return 1;
        });
    }

    /** Parses what a user has entered. */
    public static Object parse(DefaultFormatter formatter, String text) throws Exception {
        return HostObjects.run(() -> formatter.stringToValue(text));
    }

    /** Opens a key store. */
    public static KeyStore keyStore(KeyStore.Builder builder) throws Exception {
        return HostObjects.run(builder::getKeyStore);
    }

    /** Makes a key store of its own. */
    public static Path newKeyStore() throws Exception {
        return HostObjects.run(() -> {
            Path file = Files.createTempFile("dvm-redteam", ".p12");
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.store(Files.newOutputStream(file), "word".toCharArray());
            return file;
        });
    }

    /** Reads a connection. */
    public static String fetch(URLConnection connection) throws Exception {
        return HostObjects.run(() -> new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    }

    /** Asks a managed object. */
    public static Object invoke(RequiredModelMBean bean, String operation, String argument) throws Exception {
        return HostObjects.run(
                () -> bean.invoke(operation, new Object[] {argument}, new String[] {"java.lang.String"}));
    }

    /** Serves with a handler, and returns what it answers. */
    public static String serve(HttpHandler handler, String path) throws Exception {
        return HostObjects.run(() -> {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            ExecutorService thread = Executors.newSingleThreadExecutor();
            server.setExecutor(thread);
            server.createContext("/", handler);
            server.start();
            try (InputStream in =
                    new URL("http://127.0.0.1:" + server.getAddress().getPort() + path).openStream()) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            } finally {
                server.stop(0);
                thread.shutdown();
            }
        });
    }

    /** Returns a property of its own. */
    public static String property(String name) throws Exception {
        return HostObjects.run(() -> String.valueOf(System.getProperty(name)));
    }

    /** Returns whether a file is there. */
    public static boolean exists(Path file) throws Exception {
        return HostObjects.run(() -> Files.exists(file));
    }

    /** Hands out a pool of its own, wrapped as the JDK does it. */
    public static ExecutorService singleThread() throws Exception {
        return HostObjects.run(() -> Executors.newSingleThreadExecutor(task -> new Thread(task, "host-single")));
    }

    /** Hands out a pool of its own that has a virtual thread for each task. */
    public static ExecutorService virtualThreads() throws Exception {
        return HostObjects.run(() -> (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null));
    }
}
