package org.dvm.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.dvm.core.finding.Finding;
import org.dvm.core.finding.Severity;
import org.dvm.core.jar.ArchiveRule;
import org.dvm.core.jar.OnFailure;
import org.dvm.core.jar.Progress;
import org.dvm.core.jar.RewriteReport;
import org.dvm.core.jar.Rewriter;
import org.dvm.core.pipeline.TransformPipeline;
import org.dvm.core.repository.ClassRepositories;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Rewrites a jar, directory or class. */
@Command(
        name = "rewrite",
        description = {
            "Rewrites a jar, directory or class file with services; the same kind comes out.",
            "What is rewritten needs dvm-runtime.jar on its class path, which 'dvm run' arranges.",
        },
        footer = {
            "  dvm rewrite app.jar -o audited.jar --audit 'com.acme.**'",
            "  dvm rewrite classes -o counted --services profile --classpath 'lib/*'",
            "  dvm rewrite boot.war -o safe.war --policy policy.xml --jobs 4 --report report.json",
        })
final class RewriteCommand extends Subcommand {
    private static final int FINDINGS_SHOWN = 20;

    @Parameters(paramLabel = "IN", description = "Jar, war, directory or class file.")
    private Path in = Path.of("");

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "OUT",
            description = "Where the result goes; moved there when it is complete.")
    private Path out = Path.of("");

    @Mixin
    private ServiceOptions services = new ServiceOptions();

    @Option(
            names = {"-cp", "--classpath"},
            paramLabel = "CP",
            description = "Jars and directories that the input needs besides the JDK.")
    private @Nullable String classPath;

    @Option(names = "--jobs", paramLabel = "N", description = "Threads; as many as processors unless given.")
    private int jobs = Math.min(1024, Runtime.getRuntime().availableProcessors());

    @Option(
            names = "--leave-out",
            description = "Leave classes that fail out of the output, rather than make no output.")
    private boolean leaveOut;

    @Option(names = "--report", paramLabel = "FILE", description = "Write what was done to each class as JSON.")
    private @Nullable Path report;

    @Option(names = "--json", description = "Print the report as JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        TransformPipeline pipeline = services.pipeline();
        checkPlaces();
        long start = System.nanoTime();
        RewriteReport result;
        try (ClassRepositories path = ClassRepositories.classPath(classPath == null ? "" : classPath);
                ClassRepositories input = repositoryOf(in);
                ClassRepositories jdk = ClassRepositories.runningJdk()) {
            result = Rewriter.of(pipeline)
                    .withClasses(ClassRepositories.chain(input, path, jdk))
                    .withJobs(jobs)
                    .withOnFailure(leaveOut ? OnFailure.LEAVE_OUT : OnFailure.NO_OUTPUT)
                    .withProgress(this::show)
                    .rewrite(in, out);
        }
        Path file = report;
        if (file != null) {
            Files.write(file, result.toJson().getBytes(StandardCharsets.UTF_8));
        }
        if (json) {
            console().print(result.toJson());
        } else {
            summarize(result, System.nanoTime() - start);
        }
        return result.outcome() == RewriteReport.Outcome.FAILED
                        || result.totalCounts().failed() > 0
                ? ExitCode.FINDINGS
                : ExitCode.FINE;
    }

    /** Finds out before the work what would only fail behind it. */
    private void checkPlaces() throws IOException {
        if (!Files.isRegularFile(in) && !Files.isDirectory(in)) {
            throw new BadInputException(in + ": nothing to rewrite: "
                    + (Files.exists(in) ? "neither a file nor a directory" : "no such file or directory"));
        }
        Path file = report;
        if (file == null) {
            return;
        }
        Path directory = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file) || directory == null || !Files.isDirectory(directory)) {
            throw new BadInputException(
                    file + ": not a place for the report; name a file in a directory that is there");
        }
        if (isSame(file, in) || isSame(file, out)) {
            throw new BadInputException(file + ": the report would take the place of the input or output");
        }
    }

    private static boolean isSame(Path one, Path other) throws IOException {
        return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize())
                || Files.exists(one) && Files.exists(other) && Files.isSameFile(one, other);
    }

    private static ClassRepositories repositoryOf(Path in) throws IOException {
        // A class file alone stands for nothing but itself.
        return in.toString().endsWith(".class") && Files.isRegularFile(in)
                ? ClassRepositories.classPath("")
                : ClassRepositories.classPath(List.of(in));
    }

    private void show(Progress progress) {
        console()
                .progress(String.format(
                        Locale.ROOT,
                        "%3d%%  %s",
                        progress.bytesTotal() == 0 ? 100 : progress.bytesDone() * 100 / progress.bytesTotal(),
                        progress.name()));
    }

    /** Returns whether there would be an output without what failed. */
    private boolean canLeaveOut(RewriteReport result) {
        return !leaveOut
                && (result.totalCounts().failed() > 0
                        || result.findings().stream().anyMatch(finding -> finding.rule() == ArchiveRule.CORRUPT_ENTRY)
                        || result.nested().stream()
                                .anyMatch(nested -> nested.outcome() == RewriteReport.Outcome.FAILED));
    }

    private void summarize(RewriteReport result, long nanos) {
        RewriteReport.Counts counts = result.totalCounts();
        for (Finding finding :
                result.allFindings().stream().limit(FINDINGS_SHOWN).toList()) {
            String severity = finding.rule().severity().name().toLowerCase(Locale.ROOT);
            if (finding.rule().severity() != Severity.INFO) {
                console().say(severity + ": " + finding);
            }
        }
        long more = result.allFindings().size() + result.findingsOmitted() - FINDINGS_SHOWN;
        if (more > 0) {
            console().say("... and " + more + " more findings; --report FILE lists them");
        }
        if (result.outcome() == RewriteReport.Outcome.FAILED) {
            console()
                    .error(in + ": not rewritten"
                            + (counts.failed() == 0
                                    ? ", for the reason above"
                                    : ", " + counts.failed() + " of " + counts.classesIn() + " classes failed")
                            + (canLeaveOut(result) ? "; --leave-out makes an output without what failed" : ""));
            return;
        }
        console()
                .print(String.format(
                        Locale.ROOT,
                        "%s -> %s: %,d of %,d classes changed%s%s, %,d KB of classes in %.2f s",
                        in,
                        out,
                        counts.changed() + counts.replaced(),
                        counts.classesIn(),
                        counts.added() > 0 ? String.format(Locale.ROOT, ", %,d added", counts.added()) : "",
                        counts.failed() > 0 ? String.format(Locale.ROOT, ", %,d left out", counts.failed()) : "",
                        counts.classBytesIn() / 1024,
                        nanos / 1e9));
        if (!result.signaturesDropped().isEmpty()) {
            console().print("signatures were void and are dropped: " + String.join(", ", result.signaturesDropped()));
        }
        if (result.moduleExtended()) {
            console().print("its module descriptor now requires org.dvm.runtime");
        }
        if (counts.changed() + counts.replaced() > 0) {
            Path runtime = Home.directory().resolve("lib").resolve("dvm-runtime.jar");
            console()
                    .say("to run it: java -cp " + out + File.pathSeparator + runtime + " MAIN"
                            + (Files.isDirectory(out)
                                    ? ""
                                    : ", or java -Xbootclasspath/a:" + runtime + " -jar " + out));
        }
    }
}
