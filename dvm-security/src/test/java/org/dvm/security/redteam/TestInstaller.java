package org.dvm.security.redteam;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import org.dvm.runtime.security.AuditSink;
import org.dvm.runtime.security.Denial;
import org.dvm.runtime.security.EnforcementManager;
import org.dvm.runtime.security.Subjects;
import org.dvm.security.LiveCoverage;
import org.dvm.security.SecurityAgent;
import org.dvm.security.SecurityService;
import org.dvm.security.tool.RecordedAccess;

/** Installs the security service in a forked JVM; lives in the loader that the application doesn't see. */
public final class TestInstaller {
    private TestInstaller() {}

    /** Guards the JVM; what is denied or learnt goes to the file that the system property {@code redteam.audit} names. */
    public static void install(Instrumentation instrumentation, String policy, String mode) throws Exception {
        String audit = System.getProperty("redteam.audit", "");
        long before = System.nanoTime();
        SecurityAgent.install(
                instrumentation,
                SecurityService.policy(policy),
                new FileSink(audit),
                EnforcementManager.Mode.valueOf(mode.toUpperCase(Locale.ROOT)));
        if (Boolean.getBoolean("redteam.coverage")) {
            Subjects.<Object>callAs("attacker", () -> ""); // the JDK is guarded before the first subject is
            LiveCoverage.print(instrumentation);
        }
        System.setProperty("redteam.installMillis", Long.toString((System.nanoTime() - before) / 1_000_000));
    }

    private record FileSink(String file) implements AuditSink {
        @Override
        public void denied(Denial denial, long suppressed) {
            write(denial.toString());
        }

        @Override
        public void permitted(Denial denial) {
            RecordedAccess.of(denial).forEach(access -> write(access.line()));
        }

        private void write(String line) {
            if (!file.isEmpty()) {
                try {
                    Files.writeString(Path.of(file), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }
}
