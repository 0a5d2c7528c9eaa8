package org.dvm.core.cache;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dvm.core.finding.Finding;
import org.dvm.core.finding.LinkError;
import org.dvm.core.finding.Location;
import org.dvm.core.finding.Rule;
import org.dvm.core.finding.Severity;
import org.dvm.core.pipeline.ClassFile;
import org.dvm.core.pipeline.Note;
import org.dvm.core.pipeline.TransformResult;
import org.dvm.core.pipeline.TransformResult.Scope;
import org.dvm.core.pipeline.TransformResult.Status;
import org.jspecify.annotations.Nullable;

/**
 * A result and what it depends on.
 *
 * @param result the result
 * @param source the source of the class
 * @param dependencies SHA-256 of the classes asked for, by name; empty for those that weren't known
 */
record CacheEntry(TransformResult result, String source, Map<String, byte[]> dependencies) {
    private static final int FORMAT = 1;

    /** A rule as it was when the result was computed. */
    record RecordedRule(String name, String section, Severity severity, LinkError error) implements Rule {}

    byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            Writer out = new Writer(bytes);
            out.data.writeByte(FORMAT);
            out.data.writeByte(result.status().ordinal());
            out.data.writeByte(result.scope().ordinal());
            out.text(result.className());
            // Of an unchanged class the output is the input, which is at hand when the entry is read.
            boolean own = result.status() == Status.CHANGED || result.status() == Status.REPLACED;
            out.bytes(own ? result.output() : new byte[0]);
            out.data.writeInt(result.extraClasses().size());
            for (ClassFile extra : result.extraClasses()) {
                out.text(extra.name());
                out.bytes(extra.bytes());
            }
            out.data.writeInt(result.findings().size());
            for (Finding finding : result.findings()) {
                out.finding(finding);
            }
            out.data.writeInt(result.trail().size());
            for (Note note : result.trail()) {
                out.text(note.filter());
                out.text(note.what());
            }
            out.text(source);
            out.data.writeInt(dependencies.size());
            for (Map.Entry<String, byte[]> each : dependencies.entrySet()) {
                out.text(each.getKey());
                out.bytes(each.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // not of an array
        }
        return bytes.toByteArray();
    }

    /**
     * Returns the entry of encoded bytes, or null if they aren't any.
     *
     * @param classFile the input that the entry is about
     */
    static @Nullable CacheEntry decode(byte[] encoded, byte[] classFile) {
        try {
            Reader in = new Reader(encoded);
            if (in.data.readByte() != FORMAT) {
                return null;
            }
            Status status = in.constant(Status.values());
            Scope scope = in.constant(Scope.values());
            String className = in.textOrNull();
            byte[] output = in.bytes();
            List<ClassFile> extras = new ArrayList<>();
            for (int count = in.count(); count > 0; count--) {
                extras.add(new ClassFile(in.text(), in.bytes()));
            }
            List<Finding> findings = new ArrayList<>();
            for (int count = in.count(); count > 0; count--) {
                findings.add(in.finding());
            }
            List<Note> trail = new ArrayList<>();
            for (int count = in.count(); count > 0; count--) {
                trail.add(new Note(in.text(), in.text()));
            }
            String source = in.text();
            Map<String, byte[]> dependencies = new TreeMap<>();
            for (int count = in.count(); count > 0; count--) {
                dependencies.put(in.text(), in.bytes());
            }
            TransformResult result = status == Status.FAILED
                    ? TransformResult.failed(className, findings, trail, scope)
                    : TransformResult.of(
                            status,
                            className == null ? "" : className,
                            status == Status.UNCHANGED ? classFile : output,
                            extras,
                            findings,
                            trail,
                            scope);
            return new CacheEntry(result, source, dependencies);
        } catch (IOException | IllegalArgumentException e) {
            return null;
        }
    }

    private static final class Writer {
        final DataOutputStream data;

        Writer(ByteArrayOutputStream bytes) {
            data = new DataOutputStream(bytes);
        }

        void bytes(byte[] value) throws IOException {
            data.writeInt(value.length);
            data.write(value);
        }

        void text(@Nullable String value) throws IOException {
            if (value == null) {
                data.writeInt(-1);
            } else {
                bytes(value.getBytes(StandardCharsets.UTF_8));
            }
        }

        void finding(Finding finding) throws IOException {
            text(finding.rule().name());
            text(finding.rule().section());
            data.writeByte(finding.rule().severity().ordinal());
            data.writeByte(finding.rule().error().ordinal());
            text(finding.location().source());
            text(finding.location().className());
            text(finding.location().member());
            data.writeInt(finding.location().bci());
            data.writeInt(finding.location().offset());
            text(finding.message());
        }
    }

    private static final class Reader {
        final DataInputStream data;

        Reader(byte[] bytes) {
            data = new DataInputStream(new ByteArrayInputStream(bytes));
        }

        int count() throws IOException {
            int count = data.readInt();
            if (count < 0 || count > data.available()) {
                throw new EOFException("count=" + count);
            }
            return count;
        }

        byte[] bytes() throws IOException {
            byte[] value = new byte[count()];
            data.readFully(value);
            return value;
        }

        String text() throws IOException {
            return new String(bytes(), StandardCharsets.UTF_8);
        }

        @Nullable
        String textOrNull() throws IOException {
            int length = data.readInt();
            if (length == -1) {
                return null;
            }
            if (length < 0 || length > data.available()) {
                throw new EOFException("length=" + length);
            }
            byte[] value = new byte[length];
            data.readFully(value);
            return new String(value, StandardCharsets.UTF_8);
        }

        <E> E constant(E[] values) throws IOException {
            int ordinal = data.readUnsignedByte();
            if (ordinal >= values.length) {
                throw new EOFException("ordinal=" + ordinal);
            }
            return values[ordinal];
        }

        Finding finding() throws IOException {
            Rule rule = new RecordedRule(text(), text(), constant(Severity.values()), constant(LinkError.values()));
            Location location = new Location(textOrNull(), textOrNull(), textOrNull(), data.readInt(), data.readInt());
            return new Finding(rule, location, text());
        }
    }
}
