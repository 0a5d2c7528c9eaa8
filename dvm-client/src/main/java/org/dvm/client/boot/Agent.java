package org.dvm.client.boot;

import java.io.File;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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
    private static final String OUTCOME = "outcome=";
    private static final int EXIT_BAD_INPUT = 2;

    /** What was attached last: its text says what it did, running it takes it out. */
    private static @Nullable Runnable attached;

    private static boolean startedWithJvm;

    private Agent() {}

    /**
     * Called by the JVM before the application's main method. Where the agent can't start, neither does the
     * application: it would run without what was asked for.
     */
    public static void premain(@Nullable String options, Instrumentation instrumentation) {
        try {
            start(options == null ? "" : options, instrumentation);
        } catch (Throwable e) {
            if (!isForUsers(e)) {
                e.printStackTrace();
            }
            System.err.println("dvm: the agent can't start: " + reason(e));
            // An exception would make the JVM abort with a page of its own.
            Runtime.getRuntime().halt(EXIT_BAD_INPUT);
        }
    }

    /**
     * Called by the JVM when the agent is attached. What was attached before is taken out; what the JVM was started
     * with stays.
     *
     * @param options those of the agent; where they begin with {@code outcome=FILE,} that file takes what was done or
     *     why it wasn't, and nothing is thrown, since a JVM prints pages about what an agent throws
     * @throws Exception if it can't start; who attaches is told, and the application goes on as it was
     */
    public static void agentmain(@Nullable String options, Instrumentation instrumentation) throws Exception {
        String given = options == null ? "" : options;
        if (!given.startsWith(OUTCOME)) {
            System.err.println("dvm: " + attach(given, instrumentation));
            return;
        }
        int end = given.indexOf(',');
        Path outcome = Path.of(given.substring(OUTCOME.length(), end < 0 ? given.length() : end));
        try {
            Files.writeString(outcome, "ok " + attach(end < 0 ? "" : given.substring(end + 1), instrumentation));
        } catch (Exception | LinkageError e) {
            Files.writeString(outcome, "failed " + (isForUsers(e) ? reason(e) : e));
        }
    }

    private static String attach(String options, Instrumentation instrumentation) throws Exception {
        try {
            return startAttached(options, instrumentation);
        } catch (Exception | LinkageError e) {
            System.err.println("dvm: the agent can't start: " + reason(e));
            throw e;
        }
    }

    /** Returns whether a failure's message says all that its reader needs. */
    private static boolean isForUsers(Throwable e) {
        return e instanceof IllegalArgumentException || e instanceof IllegalStateException || e instanceof IOException;
    }

    private static String reason(Throwable e) {
        String message = e.getMessage();
        if (message == null) {
            return e.toString();
        }
        return e instanceof NoSuchFileException ? message + ": no such file or directory" : message;
    }

    private static synchronized void start(String options, Instrumentation instrumentation) throws Exception {
        if (startedWithJvm) {
            throw new IllegalStateException(
                    "it is there twice: name all services in one -javaagent, services=NAME,NAME");
        }
        enter(options, instrumentation, "premain");
        startedWithJvm = true;
    }

    private static synchronized String startAttached(String options, Instrumentation instrumentation) throws Exception {
        if (startedWithJvm) {
            throw new IllegalStateException("this JVM was started under the agent: its services stay as they are");
        }
        attached = enter(options, instrumentation, "agentmain");
        return attached.toString();
    }

    private static Runnable enter(String options, Instrumentation instrumentation, String mode) throws Exception {
        JarFile jar = new JarFile(ownJar());
        if (!runtimeIsOnBootClassPath()) {
            instrumentation.appendToBootstrapClassLoaderSearch(jar);
        }
        ClassLoader loader = new IsolatedLoader(jar);
        Thread thread = Thread.currentThread();
        ClassLoader contextLoader = thread.getContextClassLoader();
        thread.setContextClassLoader(loader); // what libraries look up by it is the agent's own
        try {
            return (Runnable) loader.loadClass(ENTRY)
                    .getMethod("start", String.class, Instrumentation.class, String.class, Runnable.class)
                    .invoke(null, options, instrumentation, mode, attached);
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
