package org.dvm.security;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.dvm.runtime.security.AuditSink;
import org.dvm.runtime.security.Denial;
import org.dvm.security.tool.RecordedAccess;

/**
 * Says denials on standard error, and writes what a permissive run let through as records.
 *
 * @param record the file for the records; empty for none
 */
record SecurityLog(String record) implements AuditSink {
    @Override
    public void denied(Denial denial, long suppressed) {
        System.err.println("dvm: " + denial + (suppressed == 0 ? "" : "; " + suppressed + " more were not reported"));
    }

    @Override
    public void permitted(Denial denial) {
        if (record.isEmpty()) {
            return;
        }
        List<String> lines =
                RecordedAccess.of(denial).stream().map(RecordedAccess::line).toList();
        try {
            Files.write(
                    Path.of(record),
                    lines,
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
