package org.dvm.core.repository;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A directory of classes. */
final class DirectorySource implements ClassSource {
    private final Path directory;
    private volatile boolean closed;

    DirectorySource(Path directory) {
        this.directory = directory.toAbsolutePath().normalize();
    }

    @Override
    public byte @Nullable [] read(String internalName) throws IOException {
        if (closed) {
            return null;
        }
        try {
            Path file = directory.resolve(internalName + ".class").normalize();
            // A name such as ../x from a hostile class must not lead outside.
            return file.startsWith(directory) && Files.isRegularFile(file) ? Files.readAllBytes(file) : null;
        } catch (InvalidPathException | NoSuchFileException e) {
            return null;
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
