package org.dvm.core.jar;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.dvm.core.finding.Finding;
import org.dvm.core.jar.RewriteReport.Outcome;
import org.dvm.core.jar.ZipDirectory.Entry;
import org.dvm.core.pipeline.ClassFile;
import org.dvm.core.pipeline.TransformResult;
import org.dvm.core.pipeline.TransformResult.Status;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites one archive, and those within by the same code.
 *
 * <p>Entries are worked on in parallel and written in their order. What no filter changes is copied as it is packed,
 * after a check that it unpacks to what was declared. Module descriptors and the index come last, since what becomes of
 * them depends on all classes. Confined to a thread.
 */
final class ArchiveRewriter {
    /** Where the output goes. */
    interface Target {
        /** Returns a stream to an output that is empty, whatever was written before. */
        OutputStream restart() throws IOException;
    }

    /** What the caller should take as the output. */
    enum Content {
        /** The target. */
        WRITTEN,
        /** The input, byte for byte. */
        SAME_AS_INPUT,
        /** Nothing: the archive failed. */
        NONE
    }

    /** The end of a rewriting. */
    record Result(RewriteReport report, Content content) {}

    private static final String INDEX = "META-INF/INDEX.LIST";
    private static final byte[] SCRIPT = {'#', '!'};

    /** A worker's part: what to do with an entry. */
    private sealed interface Done {
        Entry entry();

        /** The entry is copied; {@code result} is null where it isn't a class. */
        record Copied(Entry entry, @Nullable TransformResult result) implements Done {}

        /** A class has new bytes, or classes beside it. */
        record Rewritten(
                Entry entry,
                TransformResult result,
                @Nullable Packed packed,
                List<Packed> extras,
                Mention mention) implements Done {}

        /** An archive within; {@code packed} is null where it is copied or failed. */
        record Nested(
                Entry entry, RewriteReport report, @Nullable Packed packed) implements Done {}

        /** Something else has new content. */
        record Replaced(Entry entry, Packed packed) implements Done {}

        /** The entry can't be processed. */
        record Refused(Entry entry, Finding finding) implements Done {}
    }

    /** Whether a class refers to the runtime. */
    private enum Mention {
        RUNTIME,
        NOTHING
    }

    private final Session session;
    private final Bytes in;
    private final String name;
    private final int depth;
    private final Progress.Listener progress;
    private final ReportBuilder report;
    private final Set<String> names = new HashSet<>();
    private final Map<String, byte[]> extraClasses = new HashMap<>();
    private final List<Done> deferred = new ArrayList<>();
    private boolean signed;
    private boolean modular;
    private boolean changed;
    private boolean failed;
    private boolean runtimeMentioned;
    private long entriesDone;
    private long bytesDone;
    private long bytesTotal;

    ArchiveRewriter(Session session, Bytes in, String name, int depth, Progress.Listener progress) {
        this.session = session;
        this.in = in;
        this.name = name;
        this.depth = depth;
        this.progress = progress;
        this.report = new ReportBuilder(name);
    }

    Result rewrite(Target target) throws IOException {
        try {
            ZipDirectory directory = open();
            ZipWriter writer = new ZipWriter(target.restart());
            if (!startWith(writer, directory)) {
                report.find(
                        ArchiveRule.PREAMBLE_DROPPED,
                        name,
                        "the " + directory.preambleBytes()
                                + " bytes in front of the first entry are no start script and were dropped");
            }
            rewriteEntries(directory, writer);
            finishDeferred(writer);
            writer.finish(directory.comment());
            return result(directory, target);
        } catch (RefusedArchiveException e) {
            report.find(e.finding());
            return new Result(report.build(Outcome.FAILED), Content.NONE);
        }
    }

    private ZipDirectory open() throws IOException, RefusedArchiveException {
        if (depth > session.limits.nesting()) {
            throw refuse(
                    ArchiveRule.LIMIT_EXCEEDED, name, "archives are nested deeper than " + session.limits.nesting());
        }
        ZipDirectory directory = ZipDirectory.read(in, name, session.limits);
        session.charge(directory, name);
        for (Entry entry : directory.entries()) {
            names.add(entry.name());
            signed |= Manifests.isSignature(entry.name());
            modular |= ModuleDescriptors.isDescriptor(entry.name());
            bytesTotal += entry.size();
        }
        return directory;
    }

    /**
     * Keeps a start script; other bytes before the first entry could be entries to a reader of streams.
     *
     * @return whether nothing was dropped
     */
    private boolean startWith(ZipWriter writer, ZipDirectory directory) throws IOException {
        long length = directory.preambleBytes();
        if (length >= SCRIPT.length && Arrays.equals(in.read(0, SCRIPT.length), SCRIPT)) {
            writer.preamble(in, length);
            return true;
        }
        return length == 0;
    }

    private void rewriteEntries(ZipDirectory directory, ZipWriter writer) throws IOException {
        OrderedWork<Done> work = new OrderedWork<>(
                session.pool, session.window, Session.WINDOW_BYTES, done -> consume(done, directory, writer));
        try {
            for (Entry entry : directory.entries()) {
                work.submit(entry.size(), () -> process(entry));
            }
            work.finish();
        } finally {
            work.abandon();
        }
    }

    // ---- In any thread: from here on nothing of this object is changed.

    private Done process(Entry entry) throws IOException {
        Packer packer = session.packers.borrow();
        try {
            return process(entry, packer);
        } catch (RefusedArchiveException e) {
            return new Done.Refused(entry, e.finding());
        } finally {
            session.packers.giveBack(packer);
        }
    }

    private Done process(Entry entry, Packer packer) throws IOException, RefusedArchiveException {
        String path = entry.name();
        if (path.endsWith(".class")) {
            return processClass(entry, packer);
        }
        if (isArchive(path)) {
            return processNested(entry, packer);
        }
        if (signed && path.equalsIgnoreCase(Manifests.MANIFEST)) {
            byte[] manifest = packer.unpack(in, entry, sourceOf(entry));
            return new Done.Replaced(entry, packer.pack(Manifests.withoutDigests(manifest), entry.method()));
        }
        packer.check(in, entry, sourceOf(entry));
        return new Done.Copied(entry, null);
    }

    private Done processClass(Entry entry, Packer packer) throws IOException, RefusedArchiveException {
        byte[] classFile = packer.unpack(in, entry, sourceOf(entry));
        TransformResult result = session.processor.process(classFile, sourceOf(entry), session.classes);
        if (result.status() == Status.FAILED || result.isIdentity()) {
            return new Done.Copied(entry, result);
        }
        byte[] output = result.output();
        boolean mentions = modular && output != classFile && ModuleDescriptors.mentionsRuntime(output);
        List<Packed> extras = new ArrayList<>(0);
        for (ClassFile extra : result.extraClasses()) {
            extras.add(packer.pack(extra.bytes(), ZipDirectory.DEFLATED));
            mentions |= modular && ModuleDescriptors.mentionsRuntime(extra.bytes());
        }
        Packed packed = output == classFile ? null : packer.pack(output, entry.method());
        return new Done.Rewritten(entry, result, packed, extras, mentions ? Mention.RUNTIME : Mention.NOTHING);
    }

    private Done processNested(Entry entry, Packer packer) throws IOException, RefusedArchiveException {
        byte[] archive = packer.unpack(in, entry, sourceOf(entry));
        if (!ZipDirectory.hasEndRecord(archive)) {
            return new Done.Copied(entry, null);
        }
        Memory memory = new Memory();
        Result result = new ArchiveRewriter(
                        session, Bytes.ofArray(archive), sourceOf(entry), depth + 1, Progress.Listener.NONE)
                .rewrite(memory);
        Packed packed = result.content() == Content.WRITTEN ? packer.pack(memory.bytes(), entry.method()) : null;
        return new Done.Nested(entry, result.report(), packed);
    }

    private static boolean isArchive(String path) {
        String lower = path.toLowerCase(Locale.ROOT);
        return lower.endsWith(".jar") || lower.endsWith(".war") || lower.endsWith(".ear") || lower.endsWith(".rar");
    }

    private String sourceOf(Entry entry) {
        return name + "!/" + entry.name();
    }

    // ---- In this object's thread, in the order of the entries.

    private void consume(Done done, ZipDirectory directory, ZipWriter writer) throws IOException {
        if (isDeferred(done)) {
            deferred.add(done);
        } else {
            take(done, writer);
        }
        entriesDone++;
        bytesDone += done.entry().size();
        progress.progressed(new Progress(
                done.entry().name(), entriesDone, directory.entries().size(), bytesDone, bytesTotal));
    }

    private static boolean isDeferred(Done done) {
        String path = done.entry().name();
        return done instanceof Done.Copied && (ModuleDescriptors.isDescriptor(path) || path.equals(INDEX));
    }

    private void take(Done done, ZipWriter writer) throws IOException {
        if (done instanceof Done.Copied copied) {
            takeCopied(copied, writer);
        } else if (done instanceof Done.Rewritten rewritten) {
            takeRewritten(rewritten, writer);
        } else if (done instanceof Done.Nested nested) {
            takeNested(nested, writer);
        } else if (done instanceof Done.Replaced replaced) {
            writer.write(ZipWriter.Header.of(replaced.entry()), replaced.packed());
        } else if (done instanceof Done.Refused refused) {
            report.find(refused.finding());
            leaveOut(refused.entry(), "the entry");
        }
    }

    private void takeCopied(Done.Copied copied, ZipWriter writer) throws IOException {
        Entry entry = copied.entry();
        TransformResult result = copied.result();
        if (result != null) {
            report.classRead(entry.name(), sourceOf(entry), entry.size(), result);
            if (result.status() == Status.FAILED) {
                leaveOut(entry, "the class");
                return;
            }
        } else if (Manifests.isSignature(entry.name())) {
            report.signatureDropped(entry.name());
            return;
        } else if (isArchive(entry.name())) {
            report.find(
                    ArchiveRule.NOT_AN_ARCHIVE, sourceOf(entry), "no archive in spite of its name; copied as it is");
        }
        writer.copy(in, entry);
    }

    private void takeRewritten(Done.Rewritten rewritten, ZipWriter writer) throws IOException {
        Entry entry = rewritten.entry();
        TransformResult result = rewritten.result();
        changed = true;
        runtimeMentioned |= rewritten.mention() == Mention.RUNTIME;
        report.classRead(entry.name(), sourceOf(entry), entry.size(), result);
        Packed packed = rewritten.packed();
        if (packed == null) {
            writer.copy(in, entry);
        } else {
            writer.write(ZipWriter.Header.of(entry), packed);
        }
        for (int i = 0; i < rewritten.extras().size(); i++) {
            addClass(
                    entry,
                    result,
                    result.extraClasses().get(i),
                    rewritten.extras().get(i),
                    writer);
        }
    }

    /** Adds a class beside the one it comes with: below the same root or version directory. */
    private void addClass(Entry entry, TransformResult with, ClassFile extra, Packed packed, ZipWriter writer)
            throws IOException {
        String own = with.className() + ".class";
        String root = entry.name().endsWith(own)
                ? entry.name().substring(0, entry.name().length() - own.length())
                : "";
        String path = root + extra.name() + ".class";
        byte[] before = extraClasses.putIfAbsent(path, extra.bytes());
        if (before != null && Arrays.equals(before, extra.bytes())) {
            return; // several classes bring the same helper
        }
        if (before != null || names.contains(path)) {
            report.find(
                    ArchiveRule.EXTRA_CLASS_COLLISION,
                    sourceOf(entry),
                    "the class that a filter adds is there already: " + path);
            failed = true;
            return;
        }
        report.classAdded(extra.bytes().length);
        writer.write(ZipWriter.Header.beside(entry, path), packed);
    }

    private void takeNested(Done.Nested nested, ZipWriter writer) throws IOException {
        Entry entry = nested.entry();
        Packed packed = nested.packed();
        report.nested(nested.report());
        if (nested.report().outcome() == Outcome.FAILED) {
            leaveOut(entry, "the archive");
        } else if (packed == null) {
            writer.copy(in, entry);
        } else {
            changed = true;
            writer.write(ZipWriter.Header.of(entry), packed);
        }
    }

    private void leaveOut(Entry entry, String what) {
        changed = true;
        if (session.onFailure == OnFailure.LEAVE_OUT) {
            report.find(ArchiveRule.LEFT_OUT, sourceOf(entry), what + " failed and was left out of the output");
        } else {
            failed = true;
        }
    }

    private void finishDeferred(ZipWriter writer) throws IOException, RefusedArchiveException {
        for (Done done : deferred) {
            Entry entry = done.entry();
            if (entry.name().equals(INDEX) && !extraClasses.isEmpty()) {
                report.find(ArchiveRule.INDEX_DROPPED, sourceOf(entry), "dropped: it doesn't know the added classes");
            } else if (runtimeMentioned && ModuleDescriptors.isDescriptor(entry.name())) {
                requireRuntime((Done.Copied) done, writer);
            } else {
                take(done, writer);
            }
        }
    }

    private void requireRuntime(Done.Copied descriptor, ZipWriter writer) throws IOException, RefusedArchiveException {
        Entry entry = descriptor.entry();
        TransformResult result = descriptor.result();
        if (result == null || result.status() == Status.FAILED) {
            take(descriptor, writer);
            return;
        }
        report.classRead(entry.name(), sourceOf(entry), entry.size(), result);
        byte[] before = result.output();
        byte[] extended = ModuleDescriptors.requireRuntime(before, sourceOf(entry));
        if (extended == before) {
            writer.copy(in, entry);
            return;
        }
        report.moduleExtended();
        Packer packer = session.packers.borrow();
        try {
            writer.write(ZipWriter.Header.of(entry), packer.pack(extended, entry.method()));
        } finally {
            session.packers.giveBack(packer);
        }
    }

    private Result result(ZipDirectory directory, Target target) throws IOException {
        if (failed) {
            return new Result(report.build(Outcome.FAILED), Content.NONE);
        }
        if (changed) {
            if (signed) {
                report.find(
                        ArchiveRule.SIGNATURES_DROPPED,
                        name,
                        "the archive was signed and is changed: its signatures are void and were dropped");
            }
            return new Result(report.build(Outcome.REWRITTEN), Content.WRITTEN);
        }
        report.keepSignatures();
        if (directory.isUnambiguous()) {
            return new Result(report.build(Outcome.UNCHANGED), Content.SAME_AS_INPUT);
        }
        normalize(directory, target);
        return new Result(report.build(Outcome.UNCHANGED), Content.WRITTEN);
    }

    /** Copies all entries into an archive that all readers see alike. */
    private void normalize(ZipDirectory directory, Target target) throws IOException {
        ZipWriter writer = new ZipWriter(target.restart());
        startWith(writer, directory);
        for (Entry entry : directory.entries()) {
            writer.copy(in, entry);
        }
        writer.finish(directory.comment());
        report.find(
                ArchiveRule.NORMALIZED,
                name,
                "readers of archives could see different things in it: written anew from its directory");
    }

    private static RefusedArchiveException refuse(ArchiveRule rule, String source, String message) {
        return new RefusedArchiveException(rule, source, message);
    }

    /** An output in memory. */
    private static final class Memory implements Target {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        @Override
        public OutputStream restart() {
            out.reset();
            return out;
        }

        byte[] bytes() {
            return out.toByteArray();
        }
    }
}
