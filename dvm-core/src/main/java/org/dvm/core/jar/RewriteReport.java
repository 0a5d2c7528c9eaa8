package org.dvm.core.jar;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.List;
import java.util.stream.Stream;
import org.dvm.core.finding.Finding;
import org.dvm.core.finding.Location;
import org.dvm.core.pipeline.Note;

/**
 * What a rewriting did to a jar, directory or class file.
 *
 * @param name the input's name; of a nested archive {@code outer.jar!/lib/inner.jar}
 * @param outcome whether there is an output, and whether it differs
 * @param counts classes and bytes, without those of nested archives
 * @param classes what became of each class that was changed, failed or has notes, in order
 * @param findings what was found, in order; at most 10,000
 * @param findingsOmitted how many more were found
 * @param signaturesDropped entries of void signatures that are not in the output
 * @param moduleExtended whether the module descriptor was made to require the runtime
 * @param nested reports of the archives within
 */
public record RewriteReport(
        String name,
        Outcome outcome,
        Counts counts,
        List<ClassReport> classes,
        List<Finding> findings,
        long findingsOmitted,
        List<String> signaturesDropped,
        boolean moduleExtended,
        List<RewriteReport> nested) {
    /** Whether there is an output, and whether it differs from the input. */
    public enum Outcome {
        /** The output holds the same as the input. */
        UNCHANGED,
        /** The output differs. */
        REWRITTEN,
        /** There is no output; the findings say why. */
        FAILED
    }

    /**
     * Numbers of classes and bytes.
     *
     * @param classesIn class files read
     * @param classesOut class files written
     * @param changed classes that filters' edits changed
     * @param replaced classes that others took the place of
     * @param added classes that filters added
     * @param failed classes that failed
     * @param classBytesIn bytes of the class files read
     * @param classBytesOut bytes of the class files written
     */
    public record Counts(
            long classesIn,
            long classesOut,
            long changed,
            long replaced,
            long added,
            long failed,
            long classBytesIn,
            long classBytesOut) {
        /** Nothing at all. */
        public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0, 0);

        /** Returns the sums. */
        public Counts plus(Counts other) {
            return new Counts(
                    classesIn + other.classesIn,
                    classesOut + other.classesOut,
                    changed + other.changed,
                    replaced + other.replaced,
                    added + other.added,
                    failed + other.failed,
                    classBytesIn + other.classBytesIn,
                    classBytesOut + other.classBytesOut);
        }
    }

    private static final JsonFactory JSON =
            JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

    /** Copies the lists. */
    public RewriteReport {
        requireNonNull(name, "name");
        requireNonNull(outcome, "outcome");
        requireNonNull(counts, "counts");
        classes = List.copyOf(classes);
        findings = List.copyOf(findings);
        signaturesDropped = List.copyOf(signaturesDropped);
        nested = List.copyOf(nested);
    }

    /** Returns the counts of this and all nested archives. */
    public Counts totalCounts() {
        Counts total = counts;
        for (RewriteReport each : nested) {
            total = total.plus(each.totalCounts());
        }
        return total;
    }

    /** Returns the findings of this and all nested archives. */
    public List<Finding> allFindings() {
        return Stream.concat(findings.stream(), nested.stream().flatMap(each -> each.allFindings().stream()))
                .toList();
    }

    /** Returns the report as JSON, indented; the same report gives the same text. */
    public String toJson() {
        StringWriter text = new StringWriter();
        try {
            writeJson(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** Writes the report as JSON; the writer stays open. */
    public void writeJson(Writer out) throws IOException {
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.useDefaultPrettyPrinter();
            write(json);
        }
    }

    private void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", name);
        json.writeStringField("outcome", outcome.name());
        writeCounts(json);
        json.writeArrayFieldStart("classes");
        for (ClassReport each : classes) {
            writeClass(json, each);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("findings");
        for (Finding each : findings) {
            writeFinding(json, each);
        }
        json.writeEndArray();
        json.writeNumberField("findingsOmitted", findingsOmitted);
        writeStrings(json, "signaturesDropped", signaturesDropped);
        json.writeBooleanField("moduleExtended", moduleExtended);
        json.writeArrayFieldStart("nested");
        for (RewriteReport each : nested) {
            each.write(json);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void writeCounts(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("counts");
        json.writeNumberField("classesIn", counts.classesIn);
        json.writeNumberField("classesOut", counts.classesOut);
        json.writeNumberField("changed", counts.changed);
        json.writeNumberField("replaced", counts.replaced);
        json.writeNumberField("added", counts.added);
        json.writeNumberField("failed", counts.failed);
        json.writeNumberField("classBytesIn", counts.classBytesIn);
        json.writeNumberField("classBytesOut", counts.classBytesOut);
        json.writeEndObject();
    }

    private static void writeClass(JsonGenerator json, ClassReport report) throws IOException {
        json.writeStartObject();
        json.writeStringField("entry", report.entry());
        json.writeStringField("status", report.status().name());
        writeStrings(json, "extraClasses", report.extraClasses());
        json.writeArrayFieldStart("trail");
        for (Note note : report.trail()) {
            json.writeStartObject();
            json.writeStringField("filter", note.filter());
            json.writeStringField("what", note.what());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void writeFinding(JsonGenerator json, Finding finding) throws IOException {
        Location location = finding.location();
        json.writeStartObject();
        json.writeStringField("rule", finding.rule().name());
        json.writeStringField("severity", finding.rule().severity().name());
        json.writeStringField("section", finding.rule().section());
        json.writeStringField("message", finding.message());
        json.writeStringField("source", location.source());
        json.writeStringField("class", location.className());
        json.writeStringField("member", location.member());
        json.writeNumberField("bci", location.bci());
        json.writeNumberField("offset", location.offset());
        json.writeEndObject();
    }

    private static void writeStrings(JsonGenerator json, String name, List<String> values) throws IOException {
        json.writeArrayFieldStart(name);
        for (String value : values) {
            json.writeString(value);
        }
        json.writeEndArray();
    }
}
