package org.dvm.client.boot;

import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;

/**
 * Loads what rewrites classes, and its libraries, from folders of the agent's jar: one folder below {@code dvm/} for
 * each library, named in the manifest. Nothing of the application is visible to it, and it is not visible to the
 * application.
 *
 * <p><b>Threads:</b> safe to share; registered as parallel capable.
 */
final class IsolatedLoader extends ClassLoader {
    static {
        registerAsParallelCapable();
    }

    private final JarFile jar;
    private final String[] folders;
    private final ProtectionDomain domain;

    /**
     * Makes a loader over a jar, which it keeps open.
     *
     * @throws IOException if the manifest doesn't name the libraries
     */
    IsolatedLoader(JarFile jar) throws IOException {
        super("dvm-agent", ClassLoader.getPlatformClassLoader());
        this.jar = jar;
        String libraries = jar.getManifest() == null
                ? null
                : jar.getManifest().getMainAttributes().getValue("Dvm-Libraries");
        if (libraries == null) {
            throw new IOException("not the agent's jar, its manifest has no Dvm-Libraries: " + jar.getName());
        }
        folders = libraries.trim().split(" +");
        for (int i = 0; i < folders.length; i++) {
            folders[i] = "dvm/" + folders[i] + "/";
        }
        domain = new ProtectionDomain(new CodeSource(jarUrl(), (Certificate[]) null), null, this, null);
    }

    private URL jarUrl() throws MalformedURLException {
        return new java.io.File(jar.getName()).toURI().toURL();
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        JarEntry entry = entry(name.replace('.', '/') + ".class");
        if (entry == null) {
            throw new ClassNotFoundException(name);
        }
        byte[] bytes;
        try (InputStream in = jar.getInputStream(entry)) {
            bytes = in.readAllBytes();
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
        return defineClass(name, bytes, 0, bytes.length, domain);
    }

    private @Nullable JarEntry entry(String resource) {
        for (String folder : folders) {
            JarEntry entry = jar.getJarEntry(folder + resource);
            if (entry != null) {
                return entry;
            }
        }
        return null;
    }

    @Override
    protected @Nullable URL findResource(String resource) {
        JarEntry entry = entry(resource);
        return entry == null ? null : url(entry);
    }

    @Override
    protected Enumeration<URL> findResources(String resource) {
        List<URL> found = new ArrayList<>();
        for (String folder : folders) {
            JarEntry entry = jar.getJarEntry(folder + resource);
            if (entry != null) {
                found.add(url(entry));
            }
        }
        return Collections.enumeration(found);
    }

    private URL url(JarEntry entry) {
        try {
            return new URL("jar:" + jarUrl() + "!/" + entry.getName());
        } catch (MalformedURLException e) {
            throw new IllegalStateException("no URL for " + entry, e);
        }
    }
}
