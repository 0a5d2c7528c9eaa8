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
import org.dvm.runtime.json.JsonText;

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
        byte[] text = table ? table(sorted).getBytes(StandardCharsets.UTF_8) : json(sorted, lost);
        Path target = file.toAbsolutePath();
        Path parent = target.getParent();
        if (parent == null) {
            throw new IOException("not a file: " + file);
        }
        Files.createDirectories(parent);
        Path aside = Files.createTempFile(parent, "dvm-profile", ".tmp");
        try {
            Files.write(aside, text);
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

    private static byte[] json(List<Map.Entry<ProbedMethod, Long>> sorted, long lost) {
        JsonText text = new JsonText(1 << 16).beginObject().field("lost", lost).beginArray("methods");
        for (Map.Entry<ProbedMethod, Long> entry : sorted) {
            ProbedMethod method = entry.getKey();
            text.raw("\n")
                    .beginObject()
                    .field("count", entry.getValue())
                    .field("class", method.className())
                    .field("method", method.name())
                    .field("descriptor", method.descriptor())
                    .endObject();
        }
        return text.raw("\n").endArray().endObject().endLine().toByteArray();
    }
}
