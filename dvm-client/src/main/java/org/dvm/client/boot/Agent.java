package org.dvm.client.boot;

import java.io.File;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;

/**
 * Where the JVM enters the agent: at its start ({@code -javaagent}) or by attaching.
 *
 * <p>The agent's jar goes onto the boot class path, for the runtime that rewritten classes call stands in it; what
 * rewrites them is loaded by a loader of its own, from a folder of that jar where no other loader looks.
 */
public final class Agent {
    private static final String ENTRY = "org.dvm.client.internal.agent.AgentEntry";
    private static final int EXIT_BAD_INPUT = 2;
    private static final AtomicBoolean RUNNING = new AtomicBoolean();

    private Agent() {}

    /**
     * Called by the JVM before the application's main method. Where the agent can't start, neither does the
     * application: it would run without what was asked for.
     */
    public static void premain(@Nullable String options, Instrumentation instrumentation) {
        try {
            start(options, instrumentation, "premain");
        } catch (Throwable e) {
            if (!(e instanceof IllegalArgumentException)) {
                e.printStackTrace();
            }
            System.err.println("dvm: the agent can't start: " + e.getMessage());
            // An exception would make the JVM abort with a page of its own.
            Runtime.getRuntime().halt(EXIT_BAD_INPUT);
        }
    }

    /**
     * Called by the JVM when the agent is attached.
     *
     * @throws Exception if it can't start; who attaches is told, and the application goes on as it was
     */
    public static void agentmain(@Nullable String options, Instrumentation instrumentation) throws Exception {
        try {
            start(options, instrumentation, "agentmain");
        } catch (Exception | LinkageError e) {
            System.err.println("dvm: the agent can't start: " + e.getMessage());
            throw e;
        }
    }

    private static void start(@Nullable String options, Instrumentation instrumentation, String mode) throws Exception {
        if (!RUNNING.compareAndSet(false, true)) {
            throw new IllegalStateException("this JVM runs under the agent already; its services can't be changed");
        }
        enter(options == null ? "" : options, instrumentation, mode);
    }

    private static void enter(String options, Instrumentation instrumentation, String mode) throws Exception {
        JarFile jar = new JarFile(ownJar());
        if (!runtimeIsOnBootClassPath()) {
            instrumentation.appendToBootstrapClassLoaderSearch(jar);
        }
        ClassLoader loader = new IsolatedLoader(jar);
        Thread thread = Thread.currentThread();
        ClassLoader contextLoader = thread.getContextClassLoader();
        thread.setContextClassLoader(loader); // what libraries look up by it is the agent's own
        try {
            loader.loadClass(ENTRY)
                    .getMethod("start", String.class, Instrumentation.class, String.class)
                    .invoke(null, options, instrumentation, mode);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        } finally {
            thread.setContextClassLoader(contextLoader);
        }
    }

    /** Returns whether the JVM followed Boot-Class-Path in the manifest, as it does unless the jar was renamed. */
    private static boolean runtimeIsOnBootClassPath() {
        try {
            Class.forName("org.dvm.runtime.ProbedMethod", false, null);
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** Returns the jar of this class, be it loaded from the class path or from the boot class path. */
    private static File ownJar() throws IOException, URISyntaxException {
        URL url = ClassLoader.getSystemResource("org/dvm/client/boot/Agent.class");
        if (url == null || !(url.openConnection() instanceof JarURLConnection connection)) {
            throw new IllegalStateException("the agent must run from its jar: location=" + url);
        }
        return new File(connection.getJarFileURL().toURI());
    }
}
