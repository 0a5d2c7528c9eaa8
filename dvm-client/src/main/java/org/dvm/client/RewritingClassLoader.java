package org.dvm.client;

import static java.util.Objects.requireNonNull;

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
import java.util.jar.Manifest;
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
        byte[] original;
        try (InputStream in = connection.getInputStream()) {
            original = in.readAllBytes();
        }
        TransformResult result = pipeline.process(original, resource.toString(), classes);
        listener.accept(result);
        if (result.status() == TransformResult.Status.FAILED) {
            throw Refusal.error(result);
        }
        for (ClassFile added : result.extraClasses()) {
            extraClasses.put(added.name().replace('/', '.'), added);
        }
        URL place = resource;
        Manifest manifest = null;
        if (connection instanceof JarURLConnection jar) {
            place = jar.getJarFileURL();
            manifest = jar.getManifest();
        }
        definePackageOf(name, place, manifest);
        byte[] output = result.output();
        return defineClass(name, output, 0, output.length, new CodeSource(place, (Certificate[]) null));
    }

    private void definePackageOf(String className, URL place, @Nullable Manifest manifest) {
        int dot = className.lastIndexOf('.');
        if (dot < 0 || getDefinedPackage(className.substring(0, dot)) != null) {
            return;
        }
        String packageName = className.substring(0, dot);
        try {
            if (manifest == null) {
                definePackage(packageName, null, null, null, null, null, null, null);
            } else {
                definePackage(packageName, manifest, place);
            }
        } catch (IllegalArgumentException e) {
            // Another thread has defined it in the meantime.
            requireNonNull(getDefinedPackage(packageName), packageName);
        }
    }
}
