package org.dvm.verifier;

import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.dvm.core.finding.Finding;
import org.dvm.core.finding.Location;
import org.dvm.core.finding.Rule;
import org.dvm.runtime.json.JsonText;
import org.jspecify.annotations.Nullable;

/** Reports as text for machines. */
public final class ReportFormats {
    private static final String SARIF_SCHEMA =
            "https://raw.githubusercontent.com/oasis-tcs/sarif-spec/main/sarif-2.1/schema/sarif-schema-2.1.0.json";

    private ReportFormats() {}

    /** Returns a report as JSON: a summary, the rejected classes with their findings, and the references that fail. */
    public static JsonText json(VerificationReport report) {
        List<ClassResult> rejected = report.rejected();
        JsonText text = new JsonText()
                .beginObject()
                .field("classes", report.results().size())
                .field("bytes", report.lengthBytes())
                .field("staticChecks", report.staticChecks())
                .field("assumptions", report.assumptions())
                .field("references", report.references())
                .field("failing", report.failing().size())
                .field("rejected", rejected.size())
                .beginArray("findings");
        for (ClassResult result : rejected) {
            for (Fault fault : ((Verdict.Rejected) result.verdict()).faults()) {
                finding(text, result, fault);
            }
        }
        text.endArray().beginArray("failingReferences");
        forEachFailing(report, (result, fault) -> finding(text, result, fault));
        return text.endArray().endObject();
    }

    private static void forEachFailing(VerificationReport report, BiConsumer<ClassResult, Fault> action) {
        for (ClassResult result : report.results()) {
            if (result.verdict() instanceof Verdict.Accepted accepted) {
                accepted.failing().forEach(each -> action.accept(result, each.fault()));
            }
        }
    }

    private static void finding(JsonText text, ClassResult result, Fault fault) {
        Finding finding = fault.finding();
        Location location = finding.location();
        text.beginObject()
                .field("class", result.name())
                .field("source", result.source())
                .field("rule", finding.rule().name())
                .field("section", finding.rule().section())
                .field("error", fault.error().className().replace('/', '.'))
                .field("message", finding.message());
        optional(text, "member", location.member());
        if (location.bci() >= 0) {
            text.field("bci", location.bci());
        }
        optional(text, "expected", fault.expected());
        optional(text, "found", fault.found());
        FrameSnapshot frame = fault.frame();
        if (frame != null) {
            text.field("locals", frame.locals()).field("stack", frame.stack());
        }
        text.field("instructions", fault.instructions()).endObject();
    }

    private static void optional(JsonText text, String name, @Nullable String value) {
        if (value != null) {
            text.field(name, value);
        }
    }

    /**
     * Returns a report in the Static Analysis Results Interchange Format 2.1.0, which build servers and editors show.
     *
     * @param version of the tool that is named as the author
     */
    public static JsonText sarif(VerificationReport report, String version) {
        JsonText text = new JsonText()
                .beginObject()
                .field("$schema", SARIF_SCHEMA)
                .field("version", "2.1.0")
                .beginArray("runs")
                .beginObject()
                .beginObject("tool")
                .beginObject("driver")
                .field("name", "dvm verify")
                .field("version", version)
                .beginArray("rules");
        for (Rule rule : rules(report)) {
            text.beginObject()
                    .field("id", rule.name())
                    .beginObject("shortDescription")
                    .field("text", rule.name() + ", " + rule.section())
                    .endObject()
                    .endObject();
        }
        text.endArray().endObject().endObject().beginArray("results");
        for (ClassResult result : report.rejected()) {
            for (Fault fault : ((Verdict.Rejected) result.verdict()).faults()) {
                sarifResult(text, "error", result, fault);
            }
        }
        forEachFailing(report, (result, fault) -> sarifResult(text, "warning", result, fault));
        return text.endArray().endObject().endArray().endObject();
    }

    private static Iterable<Rule> rules(VerificationReport report) {
        TreeMap<String, Rule> rules = new TreeMap<>();
        Set<TypeRule> known = EnumSet.allOf(TypeRule.class);
        known.forEach(rule -> rules.put(rule.name(), rule));
        for (ClassResult result : report.rejected()) {
            for (Fault fault : ((Verdict.Rejected) result.verdict()).faults()) {
                rules.put(fault.finding().rule().name(), fault.finding().rule());
            }
        }
        return rules.values();
    }

    private static void sarifResult(JsonText text, String level, ClassResult result, Fault fault) {
        Location location = fault.finding().location();
        String member = location.member();
        String name = result.name().replace('/', '.') + (member == null ? "" : "." + member);
        text.beginObject()
                .field("ruleId", fault.finding().rule().name())
                .field("level", level)
                .beginObject("message")
                .field("text", fault.finding().toString())
                .endObject()
                .beginArray("locations")
                .beginObject()
                .beginObject("physicalLocation")
                .beginObject("artifactLocation")
                .field("uri", uri(result.source()))
                .endObject()
                .endObject()
                .beginArray("logicalLocations")
                .beginObject()
                .field("fullyQualifiedName", name)
                .field("kind", member == null ? "type" : "function")
                .endObject()
                .endArray()
                .endObject()
                .endArray()
                .endObject();
    }

    /** Returns a source as a relative URI: what URIs don't allow is escaped. */
    private static String uri(String source) {
        StringBuilder uri = new StringBuilder();
        for (byte each : source.replace('\\', '/').getBytes(StandardCharsets.UTF_8)) {
            char letter = (char) (each & 0xff);
            if (Character.isLetterOrDigit(letter) && letter < 0x80 || "/._-$!:~".indexOf(letter) >= 0) {
                uri.append(letter);
            } else {
                uri.append(String.format("%%%02X", each & 0xff));
            }
        }
        return uri.toString();
    }
}
