package org.dvm.core.repository;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** The class files that a class loader offers as resources. */
final class LoaderSource implements ClassSource {
    private final @Nullable ClassLoader loader;

    LoaderSource(@Nullable ClassLoader loader) {
        this.loader = loader;
    }

    @Override
    public byte @Nullable [] read(String internalName) throws IOException {
        String resource = internalName + ".class";
        try (InputStream in = loader == null
                ? ClassLoader.getSystemResourceAsStream(resource)
                : loader.getResourceAsStream(resource)) {
            return in == null ? null : in.readAllBytes();
        } catch (RuntimeException | LinkageError e) { // a loader of the application may throw anything
            throw new IOException("the class loader failed to give " + resource, e);
        }
    }

    @Override
    public void close() {
        // The loader is its owner's.
    }
}
