package org.dvm.security.redteam;

import java.io.File;
import java.lang.instrument.Instrumentation;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;

/** The agent of the forked JVMs: puts the runtime on the boot class path and the static half out of sight. */
public final class TestAgent {
    private TestAgent() {}

    /**
     * Starts the agent.
     *
     * @param arguments runtime jar, class path of the static half, policy file and mode, separated by {@code |}
     */
    public static void premain(String arguments, Instrumentation instrumentation) throws Exception {
        String[] parts = arguments.split("\\|", -1);
        instrumentation.appendToBootstrapClassLoaderSearch(new JarFile(parts[0]));
        List<URL> urls = new ArrayList<>();
        for (String entry : parts[1].split(File.pathSeparator, -1)) {
            urls.add(new File(entry).toURI().toURL());
        }
        @SuppressWarnings("resource") // stays open as long as the JVM runs
        URLClassLoader loader =
                new URLClassLoader("dvm", urls.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
        loader.loadClass("org.dvm.security.redteam.TestInstaller")
                .getMethod("install", Instrumentation.class, String.class, String.class)
                .invoke(null, instrumentation, parts[2], parts[3]);
    }
}
