package org.dvm.security;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.dvm.runtime.audit.Audit;
import org.dvm.runtime.security.AuditSink;
import org.dvm.runtime.security.Denial;
import org.dvm.security.tool.RecordedAccess;

/** Says denials on standard error and in the audit trail, and writes what a permissive run let through as records. */
final class SecurityLog implements AuditSink {
    private final String record;
    private volatile boolean audited;

    /**
     * Makes a log.
     *
     * @param record the file for the records; empty for none
     */
    SecurityLog(String record) {
        this.record = record;
    }

    @Override
    public void denied(Denial denial, long suppressed) {
        audited = true;
        Audit.denied(denial, suppressed);
        System.err.println("dvm: " + denial + (suppressed == 0 ? "" : "; " + suppressed + " more were not reported"));
    }

    /** Waits, a second at most, until the audit trail is written as far as denials were told. */
    void flush() {
        if (audited) {
            Audit.flush(1, TimeUnit.SECONDS);
        }
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
