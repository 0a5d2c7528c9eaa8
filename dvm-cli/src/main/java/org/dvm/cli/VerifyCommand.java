package org.dvm.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import org.dvm.core.classfile.JvmRelease;
import org.dvm.core.classfile.JvmRelease.Preview;
import org.dvm.verifier.ClassResult;
import org.dvm.verifier.FailingReference;
import org.dvm.verifier.Fault;
import org.dvm.verifier.ReportFormats;
import org.dvm.verifier.Verdict;
import org.dvm.verifier.VerificationReport;
import org.dvm.verifier.VerificationRun;
import org.dvm.verifier.Verifier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Verifies class files. */
@Command(
        name = "verify",
        description = "Judges class files as a JVM would, without loading them.",
        footer = {
            "  dvm verify app.jar",
            "  dvm verify target/classes --classpath 'lib/*' --all",
            "  dvm verify jrt:/java.base",
            "  dvm verify app.jar --release 17",
            "  dvm verify app.jar --sarif verify.sarif --json"
        })
final class VerifyCommand extends Subcommand {
    /** Enough to see what is wrong: a wrong library fails in hundreds of places. */
    private static final int FAILING_SHOWN = 10;

    @Parameters(paramLabel = "IN", arity = "1..*", description = "Jars, directories, class files, jrt:/MODULE.")
    private List<String> inputs = List.of();

    @Option(
            names = {"--classpath", "-cp"},
            paramLabel = "CP",
            description = "Other classes that these use; what they decide isn't left to link time.")
    private String classPath = "";

    @Option(
            names = "--release",
            paramLabel = "N",
            description =
                    "Judge as the JVM of Java N does, from 8 on: by its rules, the class file versions that it knows"
                            + " and what it sees of multi-release jars. All versions by the newest rules if not given.")
    private @Nullable Integer release;

    @Option(
            names = "--enable-preview",
            description = "With --release: take class files that depend on its preview features.")
    private boolean preview;

    @Option(names = "--jobs", paramLabel = "N", description = "Threads; as many as processors by default.")
    private @Nullable Integer jobs;

    @Option(
            names = "--all",
            description =
                    "Name one fault for every wrong method, not just the first of a class, and all failing references.")
    private boolean all;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Option(names = "--sarif", paramLabel = "FILE", description = "Write findings for build tools, too.")
    private @Nullable Path sarif;

    @Override
    public Integer call() throws IOException {
        VerificationRun run = VerificationRun.of(inputs).withClassPath(classPath);
        if (release != null) {
            run = run.withJvm(new JvmRelease(release, preview ? Preview.ENABLED : Preview.DISABLED));
        } else if (preview) {
            throw new IllegalArgumentException("--enable-preview needs --release: without it all previews are taken");
        }
        if (jobs != null) {
            run = run.withJobs(jobs);
        }
        if (all) {
            run = run.withFindings(Verifier.Findings.ALL);
        }
        long started = System.nanoTime();
        VerificationReport report =
                run.run((done, total) -> console().progress(done + " of " + total + " classes verified"));
        Path sarifFile = sarif;
        if (sarifFile != null) {
            writeSarif(report, sarifFile);
        }
        if (json) {
            console().print(ReportFormats.json(report));
        } else {
            print(report, System.nanoTime() - started);
        }
        return report.rejected().isEmpty() ? ExitCode.FINE : ExitCode.FINDINGS;
    }

    private static void writeSarif(VerificationReport report, Path file) throws IOException {
        String version = VerifyCommand.class.getPackage().getImplementationVersion();
        Path written = file.resolveSibling(file.getFileName() + ".part");
        Files.write(
                written,
                ReportFormats.sarif(report, version == null ? "0" : version).toByteArray());
        Files.move(written, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private void print(VerificationReport report, long nanos) {
        for (ClassResult result : report.rejected()) {
            for (Fault fault : ((Verdict.Rejected) result.verdict()).faults()) {
                console().print(fault.error().className().replace('/', '.') + " in " + result.source());
                console().print(fault.render());
            }
        }
        printFailing(report.failing());
        int rejected = report.rejected().size();
        console()
                .print(String.format(
                        Locale.ROOT,
                        "%,d classes, %,d bytes: %,d static checks, %,d assumptions and %,d references left for link time,"
                                + " %,d references that fail if executed, %,d rejected (%.1f s)",
                        report.results().size(),
                        report.lengthBytes(),
                        report.staticChecks(),
                        report.assumptions(),
                        report.references(),
                        report.failing().size(),
                        rejected,
                        nanos / 1e9));
    }

    /** A class runs with such references, as long as it doesn't come to them: they are no reason to reject it. */
    private void printFailing(List<FailingReference> failing) {
        int shown = all ? failing.size() : Math.min(failing.size(), FAILING_SHOWN);
        for (FailingReference each : failing.subList(0, shown)) {
            console().print("if executed: " + each.fault().finding());
        }
        if (shown < failing.size()) {
            console()
                    .print(String.format(
                            Locale.ROOT, "... and %,d more that fail (--all shows them)", failing.size() - shown));
        }
    }
}
