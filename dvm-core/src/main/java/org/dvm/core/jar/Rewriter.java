package org.dvm.core.jar;

import static java.util.Objects.requireNonNull;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.dvm.core.jar.ArchiveRewriter.Content;
import org.dvm.core.jar.RewriteReport.Outcome;
import org.dvm.core.pipeline.ClassFile;
import org.dvm.core.pipeline.ClassProcessor;
import org.dvm.core.pipeline.TransformResult;
import org.dvm.core.pipeline.TransformResult.Status;
import org.dvm.core.repository.ClassRepository;

/**
 * Rewrites jars, directories and class files with a pipeline.
 *
 * <pre>{@code
 * RewriteReport report = Rewriter.of(pipeline).withClasses(classPath).withJobs(2).rewrite(in, out);
 * }</pre>
 *
 * <p>Of an archive - jar, war, Spring Boot jar, any depth of nesting within the {@link Limits} - every entry that ends
 * in {@code .class} goes through the pipeline, those of all versions of a multi-release jar included. What no filter
 * changes is copied as it is packed; an archive in which nothing changes is copied byte for byte. The output of a
 * changed archive depends on its content and the pipeline only: entries keep order, time, method, attributes and
 * comment; their extra fields are not kept, and module descriptors stand last. Signatures of a changed archive are
 * void and left out with the manifest's digests. If the output of a module refers to {@code dvm-runtime}, its descriptor
 * is made to require {@code org.dvm.runtime}.
 *
 * <p>An output is written aside and moved into its place when it is complete, a directory as a whole; where anything
 * fails and {@link OnFailure#NO_OUTPUT} holds, what stood there stays. Input and output may be the same. A directory
 * that can't be moved, such as a mount point, can't be replaced: rewriting into it fails and says so.
 *
 * <p><b>Threads:</b> immutable and safe to share.
 */
public final class Rewriter {
    private static final int DEFAULT_COMPRESSION_LEVEL = 6;
    private static final int BUFFER_BYTES = 1 << 16;

    private final ClassProcessor processor;
    private final ClassRepository classes;
    private final Limits limits;
    private final OnFailure onFailure;
    private final int jobs;
    private final int compressionLevel;
    private final Progress.Listener progress;

    private Rewriter(
            ClassProcessor processor,
            ClassRepository classes,
            Limits limits,
            OnFailure onFailure,
            int jobs,
            int compressionLevel,
            Progress.Listener progress) {
        this.processor = requireNonNull(processor, "processor");
        this.classes = requireNonNull(classes, "classes");
        this.limits = requireNonNull(limits, "limits");
        this.onFailure = requireNonNull(onFailure, "onFailure");
        this.jobs = jobs;
        this.compressionLevel = compressionLevel;
        this.progress = requireNonNull(progress, "progress");
        if (jobs < 1 || jobs > 1024) {
            throw new IllegalArgumentException("jobs must be from 1 to 1024: jobs=" + jobs);
        }
        if (compressionLevel < 0 || compressionLevel > 9) {
            throw new IllegalArgumentException(
                    "compressionLevel must be from 0 to 9: compressionLevel=" + compressionLevel);
        }
    }

    /** Returns a rewriter with one job, default limits, no knowledge of other classes, and no output on failure. */
    public static Rewriter of(ClassProcessor processor) {
        return new Rewriter(
                processor,
                ClassRepository.EMPTY,
                Limits.DEFAULT,
                OnFailure.NO_OUTPUT,
                1,
                DEFAULT_COMPRESSION_LEVEL,
                Progress.Listener.NONE);
    }

    /** Returns this rewriter with what filters may know of other classes. */
    public Rewriter withClasses(ClassRepository classes) {
        return new Rewriter(processor, classes, limits, onFailure, jobs, compressionLevel, progress);
    }

    /** Returns this rewriter with other limits. */
    public Rewriter withLimits(Limits limits) {
        return new Rewriter(processor, classes, limits, onFailure, jobs, compressionLevel, progress);
    }

    /** Returns this rewriter with another policy for failures. */
    public Rewriter withOnFailure(OnFailure onFailure) {
        return new Rewriter(processor, classes, limits, onFailure, jobs, compressionLevel, progress);
    }

    /**
     * Returns this rewriter with another number of threads; the output doesn't depend on it.
     *
     * @param jobs from 1 to 1024, the calling thread counted
     */
    public Rewriter withJobs(int jobs) {
        return new Rewriter(processor, classes, limits, onFailure, jobs, compressionLevel, progress);
    }

    /**
     * Returns this rewriter with another effort for packing changed entries.
     *
     * @param compressionLevel from 0 (none) to 9 (smallest); 6 unless told
     */
    public Rewriter withCompressionLevel(int compressionLevel) {
        return new Rewriter(processor, classes, limits, onFailure, jobs, compressionLevel, progress);
    }

    /** Returns this rewriter with a listener. */
    public Rewriter withProgress(Progress.Listener progress) {
        return new Rewriter(processor, classes, limits, onFailure, jobs, compressionLevel, progress);
    }

    /**
     * Rewrites a directory, a class file (named {@code *.class}) or an archive (any other file) into the same kind.
     *
     * @param in what to rewrite
     * @param out where the output shall stand; may be {@code in}, and may be a link to the place. Files in an output
     *     directory that the input doesn't have stay; what is of another kind than the input isn't replaced
     * @return what was done; its outcome says whether there is an output
     * @throws IOException if a file can't be read or written; the output is then as it was
     */
    public RewriteReport rewrite(Path in, Path out) throws IOException {
        if (!Files.exists(in)) {
            throw new NoSuchFileException(
                    in.toString(), null, "nothing to rewrite: there is no such file or directory");
        }
        if (!Files.isDirectory(in) && !Files.isRegularFile(in)) {
            throw new IOException("nothing to rewrite: " + in + " is neither a file nor a directory");
        }
        try (Session session = session()) {
            if (Files.isDirectory(in)) {
                return new DirectoryRewriter(session, in, progress).rewrite(out);
            }
            if (in.toString().endsWith(".class")) {
                return rewriteClass(in, out);
            }
            return rewriteArchive(session, in, out);
        }
    }

    /**
     * Rewrites an archive from a stream to a stream. The input is kept in a temporary file, since only an archive's end
     * says what is in it; the output is written when it is complete.
     *
     * @param in the archive; read to its end, not closed
     * @param name its name, for findings
     * @param out takes the output, nothing where the outcome is FAILED; not closed
     */
    public RewriteReport rewrite(InputStream in, String name, OutputStream out) throws IOException {
        Path spool = Files.createTempFile("dvm-in", ".jar");
        Path made = Files.createTempFile("dvm-out", ".jar");
        try (Session session = session()) {
            spool(in, spool, name);
            ArchiveRewriter.Result result = rewriteArchive(session, spool, name, made);
            if (result.content() != Content.NONE) {
                Files.copy(result.content() == Content.WRITTEN ? made : spool, out);
            }
            return result.report();
        } finally {
            Files.deleteIfExists(spool);
            Files.deleteIfExists(made);
        }
    }

    private void spool(InputStream in, Path file, String name) throws IOException {
        long limit = limits.totalBytes();
        try (OutputStream out = Files.newOutputStream(file)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            long total = 0;
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                total += count;
                if (total > limit) {
                    throw new IOException(name + " is larger than the limit of " + limit + " bytes");
                }
                out.write(buffer, 0, count);
            }
        }
    }

    private RewriteReport rewriteArchive(Session session, Path in, Path out) throws IOException {
        try (Aside aside = Aside.ofFile(out)) {
            return rewriteArchive(session, in, out, aside);
        }
    }

    private RewriteReport rewriteArchive(Session session, Path in, Path out, Aside aside) throws IOException {
        try {
            ArchiveRewriter.Result result = rewriteArchive(session, in, String.valueOf(in.getFileName()), aside.path());
            if (result.content() == Content.SAME_AS_INPUT && !isSame(in, out)) {
                Files.copy(in, aside.path(), StandardCopyOption.REPLACE_EXISTING);
                aside.commit();
            } else if (result.content() == Content.WRITTEN) {
                aside.permissionsOf(in);
                aside.commit();
            }
            return result.report();
        } catch (FileSystemException e) {
            throw aside.inTermsOfTarget(e);
        }
    }

    private ArchiveRewriter.Result rewriteArchive(Session session, Path in, String name, Path made) throws IOException {
        try (Bytes bytes = Bytes.ofFile(in);
                FileTarget target = new FileTarget(made)) {
            return new ArchiveRewriter(session, bytes, name, 1, progress).rewrite(target);
        }
    }

    private RewriteReport rewriteClass(Path in, Path out) throws IOException {
        String name = String.valueOf(in.getFileName());
        byte[] classFile = Files.readAllBytes(in);
        TransformResult result = processor.process(classFile, name, classes);
        ReportBuilder report = new ReportBuilder(name);
        report.classRead(name, name, classFile.length, result);
        progress.progressed(new Progress(name, 1, 1, classFile.length, classFile.length));
        if (result.status() == Status.FAILED) {
            return report.build(Outcome.FAILED);
        }
        for (ClassFile extra : result.extraClasses()) {
            report.classAdded(extra.bytes().length);
            writeAside(placeOfExtra(out, String.valueOf(result.className()), extra.name()), extra.bytes());
        }
        writeAside(out, result.output());
        return report.build(result.isIdentity() ? Outcome.UNCHANGED : Outcome.REWRITTEN);
    }

    /** Returns where a class stands that comes with another: below the same root if there is one. */
    private static Path placeOfExtra(Path out, String own, String extra) {
        Path file = out.toAbsolutePath();
        Path ownPath = Path.of(own + ".class");
        if (file.endsWith(ownPath)) {
            Path root = file;
            for (int i = 0; i < ownPath.getNameCount(); i++) {
                root = requireNonNull(root.getParent());
            }
            return root.resolve(extra + ".class");
        }
        return file.resolveSibling(extra.substring(extra.lastIndexOf('/') + 1) + ".class");
    }

    static void writeAside(Path file, byte[] content) throws IOException {
        try (Aside aside = Aside.ofFile(file)) {
            try (OutputStream out = new FileOutput(aside.path())) {
                out.write(content);
            } catch (FileSystemException e) {
                throw aside.inTermsOfTarget(e);
            }
            aside.commit();
        }
    }

    static boolean isSame(Path one, Path other) throws IOException {
        return Files.exists(other) && Files.isSameFile(one, other);
    }

    private Session session() {
        return new Session(processor, classes, limits, onFailure, jobs, compressionLevel);
    }

    /** An output in a file. */
    static final class FileTarget implements ArchiveRewriter.Target, AutoCloseable {
        private final Path file;
        private OutputStream out = OutputStream.nullOutputStream();

        FileTarget(Path file) {
            this.file = file;
        }

        @Override
        public OutputStream restart() throws IOException {
            out.close();
            out = new BufferedOutputStream(new FileOutput(file), BUFFER_BYTES);
            return out;
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }

    /** A stream to a file whose failures name it. */
    private static final class FileOutput extends FilterOutputStream {
        private final Path file;

        FileOutput(Path file) throws IOException {
            super(Files.newOutputStream(file));
            this.file = file;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                out.write(bytes, offset, length);
            } catch (FileSystemException e) {
                throw e;
            } catch (IOException e) { // no space, no quota: its message names no file
                FileSystemException named = new FileSystemException(file.toString(), null, e.getMessage());
                named.initCause(e);
                throw named;
            }
        }
    }
}
