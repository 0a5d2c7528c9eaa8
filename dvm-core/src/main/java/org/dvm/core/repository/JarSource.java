package org.dvm.core.repository;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/** A jar, seen as one release of Java sees it. */
final class JarSource implements ClassSource {
    private static final String[] ROOTS = {"", "BOOT-INF/classes/", "WEB-INF/classes/"};

    /** A class file larger than this isn't one: code and pool together can't come close. */
    private static final int MAX_CLASS_BYTES = 64 << 20;

    private final JarFile jar;

    JarSource(Path path, int release) throws IOException {
        try {
            this.jar = new JarFile(path.toFile(), false, ZipFile.OPEN_READ, Runtime.Version.parse("" + release));
        } catch (IOException e) {
            throw new IOException(
                    "can't open the jar " + path + ": " + e.getMessage()
                            + "; it is none, is damaged, or holds what a JVM doesn't read: get it anew",
                    e);
        }
    }

    @Override
    public byte @Nullable [] read(String internalName) throws IOException {
        try {
            for (String root : ROOTS) {
                JarEntry entry = jar.getJarEntry(root + internalName + ".class");
                if (entry != null) {
                    try (InputStream in = jar.getInputStream(entry)) {
                        byte[] bytes = in.readNBytes(MAX_CLASS_BYTES + 1);
                        return bytes.length > MAX_CLASS_BYTES ? null : bytes;
                    }
                }
            }
            return null;
        } catch (IllegalStateException e) { // closed
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        jar.close();
    }
}
