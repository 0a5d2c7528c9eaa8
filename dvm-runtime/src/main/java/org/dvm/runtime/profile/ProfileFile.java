package org.dvm.runtime.profile;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.dvm.runtime.ProbedMethod;

/** Call counts as a file. */
final class ProfileFile {
    private static final Comparator<Map.Entry<ProbedMethod, Long>> MOST_CALLED_FIRST =
            Map.Entry.<ProbedMethod, Long>comparingByValue()
                    .reversed()
                    .thenComparing(entry -> entry.getKey().toString());

    private ProfileFile() {}

    static void write(Path file, Map<ProbedMethod, Long> counts, long lost) throws IOException {
        List<Map.Entry<ProbedMethod, Long>> sorted = new ArrayList<>(counts.entrySet());
        sorted.sort(MOST_CALLED_FIRST);
        boolean table =
                file.getFileName() != null && file.getFileName().toString().endsWith(".txt");
        String text = table ? table(sorted) : json(sorted, lost);
        Path target = file.toAbsolutePath();
        Path parent = target.getParent();
        if (parent == null) {
            throw new IOException("not a file: " + file);
        }
        Files.createDirectories(parent);
        Path aside = Files.createTempFile(parent, "dvm-profile", ".tmp");
        try {
            Files.write(aside, text.getBytes(StandardCharsets.UTF_8));
            Files.move(aside, target, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(aside);
        }
    }

    private static String table(List<Map.Entry<ProbedMethod, Long>> sorted) {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<ProbedMethod, Long> entry : sorted) {
            String count = entry.getValue().toString();
            text.append(" ".repeat(Math.max(0, 15 - count.length()))).append(count);
            text.append("  ").append(entry.getKey()).append('\n');
        }
        return text.toString();
    }

    private static String json(List<Map.Entry<ProbedMethod, Long>> sorted, long lost) {
        StringBuilder text = new StringBuilder("{\"lost\":").append(lost).append(",\"methods\":[");
        String separator = "\n";
        for (Map.Entry<ProbedMethod, Long> entry : sorted) {
            ProbedMethod method = entry.getKey();
            text.append(separator).append("{\"count\":").append(entry.getValue());
            appendString(text.append(",\"class\":"), method.className());
            appendString(text.append(",\"method\":"), method.name());
            appendString(text.append(",\"descriptor\":"), method.descriptor());
            text.append('}');
            separator = ",\n";
        }
        return text.append("\n]}\n").toString();
    }

    private static void appendString(StringBuilder text, String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < 0x20) {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }
}
