package org.dvm.maven;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The essence of a rewriting report, those of nested archives summed up.
 *
 * @param outcome UNCHANGED, REWRITTEN or FAILED
 * @param classesIn classes read
 * @param changed classes changed or replaced
 * @param added classes added
 * @param failed classes failed
 * @param findings severity, rule, place and message of each finding
 */
record ReportSummary(String outcome, long classesIn, long changed, long added, long failed, List<String> findings) {
    static ReportSummary read(Path json) throws IOException {
        Map<String, Long> counts = new HashMap<>();
        List<String> findings = new ArrayList<>();
        String outcome = "";
        try (JsonParser parser = new JsonFactory().createParser(json.toFile())) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token != JsonToken.FIELD_NAME) {
                    continue;
                }
                String field = parser.currentName();
                token = parser.nextToken();
                if (field.equals("outcome") && outcome.isEmpty()) {
                    outcome = parser.getText(); // the outermost comes first
                } else if (field.equals("counts")) {
                    readCounts(parser, counts);
                } else if (field.equals("findings")) {
                    readFindings(parser, findings);
                } else if (token == JsonToken.START_ARRAY && !field.equals("nested")) {
                    parser.skipChildren();
                }
            }
        }
        return new ReportSummary(
                outcome,
                counts.getOrDefault("classesIn", 0L),
                counts.getOrDefault("changed", 0L) + counts.getOrDefault("replaced", 0L),
                counts.getOrDefault("added", 0L),
                counts.getOrDefault("failed", 0L),
                List.copyOf(findings));
    }

    private static void readCounts(JsonParser parser, Map<String, Long> counts) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            counts.merge(name, parser.getLongValue(), Long::sum);
        }
    }

    private static void readFindings(JsonParser parser, List<String> findings) throws IOException {
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            Map<String, String> fields = new HashMap<>();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (value == JsonToken.VALUE_STRING) {
                    fields.put(name, parser.getText());
                }
            }
            String place = fields.getOrDefault("source", fields.getOrDefault("class", ""));
            findings.add(fields.getOrDefault("severity", "") + " " + fields.getOrDefault("rule", "") + " at " + place
                    + ": " + fields.getOrDefault("message", ""));
        }
    }

    @Override
    public String toString() {
        return outcome + ", " + classesIn + " classes, " + changed + " changed, " + added + " added, " + failed
                + " failed, " + findings.size() + " findings";
    }
}
