package org.dvm.core.jar;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.Set;

/**
 * Carries what stays in a directory over to the one that will replace it: what the new one doesn't have. A file becomes
 * another link to the same file, so that nothing is copied and no time changes; where the file system has no such links,
 * a copy.
 */
final class KeptFiles extends SimpleFileVisitor<Path> {
    private final Path from;
    private final Path to;
    private final String prefix;
    private final Set<String> except;

    private KeptFiles(Path from, Path to, String prefix, Set<String> except) {
        this.from = from;
        this.to = to;
        this.prefix = prefix;
        this.except = except;
    }

    /**
     * Carries files over.
     *
     * @param from the directory that will go
     * @param to the one that will stand there
     * @param except paths with slashes of files that don't stay
     */
    static void keep(Path from, Path to, Set<String> except) throws IOException {
        Files.walkFileTree(from, new KeptFiles(from, to, "", except));
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
        Path made = placeOf(directory);
        Files.createDirectories(made);
        PosixFileAttributeView was = Files.getFileAttributeView(directory, PosixFileAttributeView.class);
        PosixFileAttributeView is = Files.getFileAttributeView(made, PosixFileAttributeView.class);
        if (was != null && is != null) {
            is.setPermissions(was.readAttributes().permissions());
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        Path place = placeOf(file);
        if (attributes.isSymbolicLink() && Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
            // A link to a directory in which something was rewritten: it becomes a directory with all that it had.
            Path target = file.toRealPath();
            Files.walkFileTree(target, new KeptFiles(target, place, pathOf(file) + '/', except));
        } else if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS) && !except.contains(pathOf(file))) {
            linkOrCopy(file, place);
        }
        return FileVisitResult.CONTINUE;
    }

    private static void linkOrCopy(Path file, Path place) throws IOException {
        try {
            Files.createLink(place, file);
        } catch (UnsupportedOperationException | IOException e) {
            Files.copy(file, place, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
        }
    }

    private Path placeOf(Path file) {
        return to.resolve(from.relativize(file).toString());
    }

    private String pathOf(Path file) {
        return prefix
                + from.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/");
    }
}
