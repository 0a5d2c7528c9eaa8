package org.dvm.client;

import static java.util.Objects.requireNonNull;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLConnection;
import java.security.CodeSource;
import java.security.cert.Certificate;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.dvm.client.internal.Refusal;
import org.dvm.core.pipeline.ClassFile;
import org.dvm.core.pipeline.ClassProcessor;
import org.dvm.core.pipeline.TransformResult;
import org.dvm.core.repository.ClassRepositories;
import org.dvm.core.repository.ClassRepository;
import org.jspecify.annotations.Nullable;

/**
 * Loads classes from URLs and runs them through a pipeline first: the client for programs that embed it.
 *
 * <pre>{@code
 * try (RewritingClassLoader loader = new RewritingClassLoader(
 *         new URL[] {jar}, ClassLoader.getPlatformClassLoader(), TransformPipeline.of(audit))) {
 *     loader.loadClass("com.acme.Main")...
 * }
 * }</pre>
 *
 * <p>The parent must lead to {@code dvm-runtime} where filters insert calls to it; classes that the parent finds are the
 * parent's and not rewritten. A class that fails in the pipeline isn't defined: loading it throws the {@link
 * LinkageError} that the finding names. Signers of jars are dropped, since what is defined is no longer what they
 * signed.
 *
 * <p><b>Threads:</b> safe to share; parallel capable.
 */
public final class RewritingClassLoader extends URLClassLoader {
    static {
        registerAsParallelCapable();
    }

    private final ClassProcessor pipeline;
    private final Consumer<TransformResult> listener;
    private final ClassRepository classes = ClassRepositories.loader(this);
    private final Map<String, ClassFile> extraClasses = new ConcurrentHashMap<>();
    private final Map<String, JarFile> jars = new ConcurrentHashMap<>();

    /** Makes a loader. */
    public RewritingClassLoader(URL[] urls, @Nullable ClassLoader parent, ClassProcessor pipeline) {
        this(urls, parent, pipeline, result -> {});
    }

    /**
     * Makes a loader that tells what became of each class.
     *
     * @param urls jars, and directories where they end in a slash
     * @param parent is asked first; null for the boot loader
     * @param pipeline what classes run through
     * @param listener is told each result before the class is defined, by the thread that loads it
     */
    public RewritingClassLoader(
            URL[] urls, @Nullable ClassLoader parent, ClassProcessor pipeline, Consumer<TransformResult> listener) {
        super(urls, parent);
        this.pipeline = requireNonNull(pipeline, "pipeline");
        this.listener = requireNonNull(listener, "listener");
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        ClassFile extra = extraClasses.remove(name);
        if (extra != null) {
            return defineClass(name, extra.bytes(), 0, extra.bytes().length);
        }
        URL resource = findResource(name.replace('.', '/') + ".class");
        if (resource == null) {
            throw new ClassNotFoundException(name);
        }
        try {
            return define(name, resource);
        } catch (IOException e) {
            throw new ClassNotFoundException(name + " can't be read from " + resource, e);
        }
    }

    private Class<?> define(String name, URL resource) throws IOException {
        URLConnection connection = resource.openConnection();
        URL place = resource;
        Manifest manifest = null;
        byte[] original;
        if (connection instanceof JarURLConnection jarConnection) {
            JarFile jar = open(jarConnection);
            place = jarConnection.getJarFileURL();
            manifest = jar.getManifest();
            original = read(jar, jarConnection.getEntryName());
        } else {
            try (InputStream in = connection.getInputStream()) {
                original = in.readAllBytes();
            }
        }
        TransformResult result = pipeline.process(original, resource.toString(), classes);
        listener.accept(result);
        if (result.status() == TransformResult.Status.FAILED) {
            throw Refusal.error(result);
        }
        for (ClassFile added : result.extraClasses()) {
            extraClasses.put(added.name().replace('/', '.'), added);
        }
        definePackageOf(name, place, manifest);
        byte[] output = result.output();
        return defineClass(name, output, 0, output.length, new CodeSource(place, (Certificate[]) null));
    }

    /** Opens a jar once for this loader: those that connections share stay open and old when this loader is closed. */
    private JarFile open(JarURLConnection connection) throws IOException {
        String place = connection.getJarFileURL().toString();
        JarFile open = jars.get(place);
        if (open != null) {
            return open;
        }
        connection.setUseCaches(false);
        JarFile opened = connection.getJarFile();
        JarFile before = jars.putIfAbsent(place, opened);
        if (before != null) {
            opened.close();
            return before;
        }
        return opened;
    }

    private static byte[] read(JarFile jar, @Nullable String name) throws IOException {
        ZipEntry entry = name == null ? null : jar.getEntry(name);
        if (entry == null) {
            throw new FileNotFoundException(jar.getName() + " has no entry " + name);
        }
        try (InputStream in = jar.getInputStream(entry)) {
            return in.readAllBytes();
        } catch (IllegalStateException e) {
            throw new IOException(jar.getName() + " is closed, as its class loader is", e);
        }
    }

    private void definePackageOf(String className, URL place, @Nullable Manifest manifest) {
        int dot = className.lastIndexOf('.');
        if (dot < 0) {
            return;
        }
        String packageName = className.substring(0, dot);
        if (getDefinedPackage(packageName) == null) {
            try {
                if (manifest == null) {
                    definePackage(packageName, null, null, null, null, null, null, null);
                } else {
                    definePackage(packageName, manifest, place);
                }
                return;
            } catch (IllegalArgumentException e) {
                // Another thread has defined it in the meantime.
            }
        }
        checkSeal(requireNonNull(getDefinedPackage(packageName), packageName), place, manifest);
    }

    /** Keeps a sealed package to one jar, as the JDK's own loaders do. */
    private static void checkSeal(Package defined, URL place, @Nullable Manifest manifest) {
        boolean broken = defined.isSealed() ? !defined.isSealed(place) : seals(manifest, defined.getName());
        if (broken) {
            throw new SecurityException("the package " + defined.getName() + " is sealed: " + place
                    + " can't have classes of it besides another place");
        }
    }

    private static boolean seals(@Nullable Manifest manifest, String packageName) {
        if (manifest == null) {
            return false;
        }
        Attributes own = manifest.getAttributes(packageName.replace('.', '/') + "/");
        String sealed = own == null ? null : own.getValue(Attributes.Name.SEALED);
        return "true"
                .equalsIgnoreCase(
                        sealed == null ? manifest.getMainAttributes().getValue(Attributes.Name.SEALED) : sealed);
    }

    /** Closes the jars; classes that were loaded stay usable, others can't be loaded any more. */
    @Override
    public void close() throws IOException {
        IOException failure = null;
        try {
            super.close();
        } catch (IOException e) {
            failure = e;
        }
        for (JarFile jar : jars.values()) {
            try {
                jar.close();
            } catch (IOException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
