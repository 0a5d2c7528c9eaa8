package org.dvm.core.jar;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.dvm.core.finding.Finding;
import org.dvm.core.jar.ArchiveRewriter.Content;
import org.dvm.core.jar.RewriteReport.Outcome;
import org.dvm.core.pipeline.ClassFile;
import org.dvm.core.pipeline.TransformResult;
import org.dvm.core.pipeline.TransformResult.Status;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites a directory: its classes, and the archives in it. Everything is made in a directory aside, which takes the
 * place of the output as a whole when nothing has failed. Confined to a thread.
 */
final class DirectoryRewriter {
    private static final String DESCRIPTOR = "module-info.class";

    /** What to do with one file. */
    private sealed interface Done {
        String path();

        /** The file is copied as it is; {@code result} is null where it isn't a class. */
        record Copied(String path, @Nullable TransformResult result) implements Done {}

        /** A class has new bytes or others beside it. */
        record Rewritten(String path, TransformResult result) implements Done {}

        /** An archive; in the staging directory where its content says so. */
        record Archive(String path, RewriteReport report, Content content) implements Done {}

        /** The file can't be processed. */
        record Refused(String path, Finding finding) implements Done {}
    }

    private final Session session;
    private final Path in;
    private final Progress.Listener progress;
    private final String name;
    private final ReportBuilder report;
    private final Map<String, byte[]> extraClasses = new HashMap<>();
    private final Set<String> skipped = new HashSet<>();
    private final Map<String, Path> files = new TreeMap<>();
    private final List<String> directories = new ArrayList<>();
    private boolean changed;
    private boolean failed;
    private boolean runtimeMentioned;
    private long filesDone;
    private long bytesDone;

    DirectoryRewriter(Session session, Path in, Progress.Listener progress) {
        this.session = session;
        this.in = in;
        this.progress = progress;
        this.name = String.valueOf(in.toAbsolutePath().normalize().getFileName());
        this.report = new ReportBuilder(name);
    }

    RewriteReport rewrite(Path out) throws IOException {
        boolean inPlace = Rewriter.isSame(in, out);
        if (!inPlace && realPath(out).startsWith(in.toRealPath())) {
            throw new IOException("the output directory is within the input: " + out + " is within " + in);
        }
        list();
        try (Aside staging = Aside.ofDirectory(out)) {
            return rewrite(staging, Aside.placeOf(out), inPlace);
        }
    }

    private RewriteReport rewrite(Aside staging, Path place, boolean inPlace) throws IOException {
        try {
            Files.createDirectory(staging.path());
            rewriteFiles(staging.path());
            extendDescriptor(staging.path());
            if (failed) {
                return report.build(Outcome.FAILED);
            }
            if (inPlace && !changed) {
                return report.build(Outcome.UNCHANGED);
            }
            if (!inPlace) {
                copyUntouched(staging.path());
            }
            if (Files.isDirectory(place)) {
                KeptFiles.keep(place, staging.path(), inPlace ? skipped : Set.of());
            }
            staging.commit();
            return report.build(changed ? Outcome.REWRITTEN : Outcome.UNCHANGED);
        } catch (FileSystemException e) {
            throw staging.inTermsOfTarget(e);
        }
    }

    /** Returns where a path leads, links followed; its last parts need not be there yet. */
    private static Path realPath(Path path) throws IOException {
        Path place = Aside.placeOf(path).normalize();
        Path parent = place.getParent();
        return Files.exists(place) || parent == null
                ? place.toRealPath()
                : realPath(parent).resolve(place.getFileName());
    }

    /**
     * Finds files and directories by path with slashes. Links are followed, a loop of them is an error; what is neither
     * file nor directory, such as a link that leads nowhere, is reported.
     */
    private void list() throws IOException {
        try (var walk = Files.walk(in, FileVisitOption.FOLLOW_LINKS)) {
            walk.forEach(file -> {
                String path = in.relativize(file)
                        .toString()
                        .replace(file.getFileSystem().getSeparator(), "/");
                if (Files.isRegularFile(file)) {
                    files.put(path, file);
                } else if (Files.isDirectory(file)) {
                    directories.add(path);
                } else {
                    report.find(
                            ArchiveRule.NO_FILE,
                            sourceOf(path),
                            "neither a file nor a directory, or a link that leads nowhere: not in the output");
                }
            });
        } catch (java.io.UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void rewriteFiles(Path staging) throws IOException {
        Map<String, Long> sizes = new HashMap<>();
        long total = 0;
        for (Map.Entry<String, Path> file : files.entrySet()) {
            long size = Files.size(file.getValue());
            sizes.put(file.getKey(), size);
            total += size;
        }
        long bytesTotal = total;
        OrderedWork<Done> work = new OrderedWork<>(session.pool, session.window, Session.WINDOW_BYTES, done -> {
            take(done, staging);
            filesDone++;
            bytesDone += sizes.getOrDefault(done.path(), 0L);
            progress.progressed(new Progress(done.path(), filesDone, files.size(), bytesDone, bytesTotal));
        });
        try {
            for (Map.Entry<String, Path> file : files.entrySet()) {
                long size = sizes.getOrDefault(file.getKey(), 0L);
                work.submit(size, () -> process(file.getKey(), file.getValue(), size, staging));
            }
            work.finish();
        } finally {
            work.abandon();
        }
    }

    // ---- In any thread.

    private Done process(String path, Path file, long size, Path staging) throws IOException {
        if (path.endsWith(".class")) {
            return processClass(path, file, size);
        }
        String lower = path.toLowerCase(Locale.ROOT);
        if (lower.endsWith(".jar") || lower.endsWith(".war") || lower.endsWith(".ear") || lower.endsWith(".rar")) {
            return processArchive(path, file, staging);
        }
        return new Done.Copied(path, null);
    }

    private Done processClass(String path, Path file, long size) throws IOException {
        if (size > session.limits.entryBytes()) {
            return new Done.Refused(
                    path,
                    new RefusedArchiveException(
                                    ArchiveRule.LIMIT_EXCEEDED,
                                    sourceOf(path),
                                    "the file has " + size + " bytes, the limit is " + session.limits.entryBytes())
                            .finding());
        }
        TransformResult result = session.processor.process(Files.readAllBytes(file), sourceOf(path), session.classes);
        return result.status() == Status.FAILED || result.isIdentity()
                ? new Done.Copied(path, result)
                : new Done.Rewritten(path, result);
    }

    private Done processArchive(String path, Path file, Path staging) throws IOException {
        Path made = staging.resolve(path);
        Files.createDirectories(made.getParent());
        try (Bytes bytes = Bytes.ofFile(file);
                Rewriter.FileTarget target = new Rewriter.FileTarget(made)) {
            ArchiveRewriter.Result result =
                    new ArchiveRewriter(session, bytes, sourceOf(path), 1, Progress.Listener.NONE).rewrite(target);
            return new Done.Archive(path, result.report(), result.content());
        }
    }

    private String sourceOf(String path) {
        return name + "/" + path;
    }

    // ---- In this object's thread, in the order of the paths.

    private void take(Done done, Path staging) throws IOException {
        if (done instanceof Done.Copied copied) {
            TransformResult result = copied.result();
            if (result != null && !done.path().equals(DESCRIPTOR)) {
                countClass(done.path(), result);
            }
        } else if (done instanceof Done.Rewritten rewritten) {
            takeRewritten(rewritten, staging);
        } else if (done instanceof Done.Archive archive) {
            takeArchive(archive, staging);
        } else if (done instanceof Done.Refused refused) {
            report.find(refused.finding());
            leaveOut(refused.path(), "the file");
        }
    }

    private void countClass(String path, TransformResult result) throws IOException {
        report.classRead(path, sourceOf(path), Files.size(file(path)), result);
        if (result.status() == Status.FAILED) {
            leaveOut(path, "the class");
        }
    }

    private void takeRewritten(Done.Rewritten rewritten, Path staging) throws IOException {
        String path = rewritten.path();
        TransformResult result = rewritten.result();
        changed = true;
        countClass(path, result);
        if (result.status() != Status.UNCHANGED) {
            write(staging, path, result.output());
        }
        for (ClassFile extra : result.extraClasses()) {
            addClass(path, result, extra, staging);
        }
    }

    private void addClass(String path, TransformResult with, ClassFile extra, Path staging) throws IOException {
        String own = with.className() + ".class";
        String root = path.endsWith(own) ? path.substring(0, path.length() - own.length()) : "";
        String extraPath = root + extra.name() + ".class";
        byte[] before = extraClasses.putIfAbsent(extraPath, extra.bytes());
        if (before != null && Arrays.equals(before, extra.bytes())) {
            return;
        }
        if (before != null || files.containsKey(extraPath)) {
            report.find(
                    ArchiveRule.EXTRA_CLASS_COLLISION,
                    sourceOf(path),
                    "the class that a filter adds is there already: " + extraPath);
            failed = true;
            return;
        }
        report.classAdded(extra.bytes().length);
        write(staging, extraPath, extra.bytes());
    }

    private void takeArchive(Done.Archive archive, Path staging) throws IOException {
        report.nested(archive.report());
        if (archive.content() == Content.NONE) {
            leaveOut(archive.path(), "the archive");
        }
        if (archive.content() == Content.WRITTEN) {
            changed = true;
        } else {
            Files.deleteIfExists(staging.resolve(archive.path()));
        }
    }

    private void write(Path staging, String path, byte[] classFile) throws IOException {
        Path file = staging.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, classFile);
        runtimeMentioned |= ModuleDescriptors.mentionsRuntime(classFile);
    }

    private void leaveOut(String path, String what) {
        changed = true;
        skipped.add(path);
        if (session.onFailure == OnFailure.LEAVE_OUT) {
            report.find(ArchiveRule.LEFT_OUT, sourceOf(path), what + " failed and was left out of the output");
        } else {
            failed = true;
        }
    }

    private void extendDescriptor(Path staging) throws IOException {
        Path file = files.get(DESCRIPTOR);
        if (file == null) {
            return;
        }
        byte[] descriptor = Files.readAllBytes(file);
        TransformResult result = session.processor.process(descriptor, sourceOf(DESCRIPTOR), session.classes);
        countClass(DESCRIPTOR, result);
        if (result.status() == Status.FAILED || !runtimeMentioned) {
            return;
        }
        try {
            byte[] extended = ModuleDescriptors.requireRuntime(descriptor, sourceOf(DESCRIPTOR));
            if (extended != descriptor) {
                report.moduleExtended();
                write(staging, DESCRIPTOR, extended);
            }
        } catch (RefusedArchiveException e) {
            report.find(e.finding());
            failed = true;
        }
    }

    private void copyUntouched(Path staging) throws IOException {
        for (String path : directories) {
            Files.createDirectories(staging.resolve(path));
        }
        for (String path : files.keySet()) {
            Path made = staging.resolve(path);
            if (!skipped.contains(path) && !Files.exists(made)) {
                Files.createDirectories(made.getParent());
                Files.copy(file(path), made);
            }
        }
    }

    private Path file(String path) {
        return java.util.Objects.requireNonNull(files.get(path), path);
    }
}
