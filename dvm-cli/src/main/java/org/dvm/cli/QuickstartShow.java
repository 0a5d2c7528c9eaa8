package org.dvm.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dvm.core.jar.RewriteReport;
import org.dvm.core.jar.Rewriter;
import org.dvm.core.pipeline.TransformPipeline;
import org.dvm.core.repository.ClassRepositories;
import org.dvm.monitor.AuditFilter;
import org.dvm.monitor.MethodSelector;
import org.dvm.monitor.ProfileFilter;
import org.dvm.runtime.json.JsonText;
import org.dvm.verifier.VerificationReport;
import org.dvm.verifier.VerificationRun;

/** What the quickstart does with one program, and says of it in plain words. */
final class QuickstartShow {
    private static final int SHOWN_FINDINGS = 3;
    private static final int SHOWN = 5;
    private static final int TIME_BEGIN = 11;
    private static final int TIME_END = 23;
    private static final Pattern DENIAL = Pattern.compile("access denied: .*?policy epoch [0-9]+\\)");

    private final QuickstartProgram program;
    private final Path lib;
    private final Path original;
    private final Path work;
    private final Path notTheirs;
    private final Console console;
    private final boolean silent;
    private boolean fine = true;

    QuickstartShow(QuickstartProgram program, Path directory, Console console, boolean silent) {
        this.program = program;
        this.lib = directory.resolve("lib");
        this.original = lib.resolve(program.jar());
        this.work = directory.resolve(program.name().toLowerCase(Locale.ROOT));
        this.notTheirs = directory.resolve(QuickstartProgram.NOT_THEIRS);
        this.console = console;
        this.silent = silent;
    }

    /** Does it, adds what came out to the results, and returns whether everything was as it must be. */
    boolean run(JsonText results) throws IOException, InterruptedException {
        if (!silent) {
            console.print("");
            console.heading(program.name() + " " + program.task());
        }
        delete(work);
        Files.createDirectories(work);
        results.beginObject().field("name", program.name());
        verify(results);
        Path rewritten = rewrite(results);
        console.progress(program.name() + ": running the original");
        JvmRun.Outcome before = succeed(original, List.of(), work.resolve("before"));
        runRewritten(rewritten, before, results);
        runUnderAgent(before, results);
        tell(calls(work.resolve("after")), work.resolve("after").resolve("audit.jsonl"));
        runPoliced(before, results);
        escape(results);
        results.endObject();
        return fine;
    }

    private void verify(JsonText results) throws IOException {
        console.progress(program.name() + ": verifying");
        VerificationReport report = VerificationRun.of(original.toString())
                .withClassPath(program.classPath(original, lib).stream()
                        .map(Path::toString)
                        .collect(Collectors.joining(File.pathSeparator)))
                .run(VerificationRun.Progress.NONE);
        fine &= report.rejected().isEmpty();
        line(
                "verified",
                "%,d classes with %,d static checks, without loading them; %,d rejected",
                report.results().size(),
                report.staticChecks(),
                report.rejected().size());
        results.field("verified", report.results().size())
                .field("rejected", report.rejected().size());
    }

    private Path rewrite(JsonText results) throws IOException {
        console.progress(program.name() + ": rewriting");
        long start = System.nanoTime();
        Path rewritten = work.resolve(program.jar());
        TransformPipeline pipeline = TransformPipeline.of(
                new ProfileFilter(MethodSelector.ALL), new AuditFilter(MethodSelector.parse(program.audit())));
        try (ClassRepositories classes = ClassRepositories.classPath(program.classPath(original, lib));
                ClassRepositories jdk = ClassRepositories.runningJdk()) {
            RewriteReport report = Rewriter.of(pipeline)
                    .withClasses(ClassRepositories.chain(classes, jdk))
                    .withJobs(Math.min(4, Runtime.getRuntime().availableProcessors()))
                    .rewrite(original, rewritten);
            if (report.outcome() == RewriteReport.Outcome.FAILED) {
                throw new BadInputException(original + ": not rewritten; the first findings of "
                        + report.allFindings().size() + ": "
                        + report.allFindings().stream().limit(SHOWN_FINDINGS).toList());
            }
            RewriteReport.Counts counts = report.totalCounts();
            line(
                    "rewritten",
                    "%,d of %,d classes got probes in %.1f s; %,d KB of code became %,d KB",
                    counts.changed(),
                    counts.classesIn(),
                    (System.nanoTime() - start) / 1e9,
                    counts.classBytesIn() / 1024,
                    counts.classBytesOut() / 1024);
            results.field("classes", counts.classesIn()).field("changed", counts.changed());
        }
        return rewritten;
    }

    private void runRewritten(Path rewritten, JvmRun.Outcome before, JsonText results)
            throws IOException, InterruptedException {
        console.progress(program.name() + ": running the rewritten one");
        JvmRun.Outcome after = succeed(rewritten, collectors(), work.resolve("after"));
        boolean same = same(before, after, "after");
        line(
                "same result",
                "%s: %s; %.1f s before, %.1f s after",
                yesOrNo(same),
                program.output() == null ? "all that it prints" : "the file " + program.output() + " that it makes",
                before.nanos() / 1e9,
                after.nanos() / 1e9);
        results.field("sameResult", same)
                .field("millisBefore", before.nanos() / 1_000_000)
                .field("millisAfter", after.nanos() / 1_000_000);
    }

    private void runUnderAgent(JvmRun.Outcome before, JsonText results) throws IOException, InterruptedException {
        console.progress(program.name() + ": running under the agent");
        List<String> options = new ArrayList<>(collectors());
        options.add(agent(List.of("profile", "audit"), Map.of("audit.spec", program.audit())));
        JvmRun.Outcome underAgent = succeed(original, options, work.resolve("agent"));
        boolean same = same(before, underAgent, "agent");
        Map<String, Long> calls = calls(work.resolve("agent"));
        line(
                "agent",
                "the untouched jar under -javaagent: same result: %s, %s calls counted, %.1f s",
                yesOrNo(same),
                total(calls),
                underAgent.nanos() / 1e9);
        results.field("sameResultUnderAgent", same)
                .field("millisUnderAgent", underAgent.nanos() / 1_000_000)
                .field(
                        "calls",
                        calls.values().stream().mapToLong(Long::longValue).sum())
                .field("methodsCalled", calls.size());
    }

    private void runPoliced(JvmRun.Outcome before, JsonText results) throws IOException, InterruptedException {
        console.progress(program.name() + ": running under its policy");
        JvmRun.Outcome policed = succeed(original, List.of(guard()), work.resolve("policed"));
        boolean same = same(before, policed, "policed");
        line(
                "policed",
                "the untouched jar under a policy that lets it %s: same result: %s, %.1f s",
                program.mayDo(),
                yesOrNo(same),
                policed.nanos() / 1e9);
        results.field("sameResultPoliced", same).field("millisPoliced", policed.nanos() / 1_000_000);
    }

    /** Has the program do what it can do on any JVM, and what its policy must stop. */
    private void escape(JsonText results) throws IOException, InterruptedException {
        Files.createDirectories(notTheirs);
        Files.writeString(notTheirs.resolve("secret.txt"), "what no database has to know");
        JvmRun.Outcome free = run(original, List.of(), work.resolve("free"), program.escape());
        console.progress(program.name() + ": trying what its policy forbids");
        JvmRun.Outcome stopped = run(original, List.of(guard()), work.resolve("stopped"), program.escape());
        Matcher matcher = DENIAL.matcher(stopped.output());
        String denial = matcher.find() ? matcher.group().replace("\"\"", "\"") : ""; // H2 doubles what it quotes
        boolean denied = free.exitCode() == 0 && stopped.exitCode() != 0 && !denial.isEmpty();
        fine &= denied;
        line("denied", "%s: told to %s, it does so without the policy; with it", yesOrNo(denied), program.triesTo());
        detail(denial.isEmpty() ? "nothing stopped it: exit code " + stopped.exitCode() : denial);
        results.field("denied", denied).field("denial", denial);
    }

    private String guard() throws IOException {
        Path policy = work.resolve("policy.xml");
        Resources.copy("quickstart/" + program.policy(), policy);
        return agent(List.of("security"), Map.of("security.policy", policy.toString()));
    }

    private String agent(List<String> services, Map<String, String> options) throws IOException {
        return "-javaagent:" + Home.agentJar() + "=" + AgentOption.write(work, services, options);
    }

    private static List<String> collectors() {
        return List.of("-Ddvm.audit.file=audit.jsonl", "-Ddvm.profile.file=calls.json");
    }

    private JvmRun.Outcome succeed(Path jar, List<String> options, Path directory)
            throws IOException, InterruptedException {
        JvmRun.Outcome outcome = run(jar, options, directory, program.command());
        if (outcome.exitCode() != 0) {
            throw new BadInputException(program.name() + " failed in " + directory + " with exit code "
                    + outcome.exitCode() + ":\n" + outcome.output());
        }
        return outcome;
    }

    private JvmRun.Outcome run(Path jar, List<String> options, Path directory, List<String> command)
            throws IOException, InterruptedException {
        for (String input : program.inputs()) {
            Resources.copy("quickstart/" + input, directory.resolve(input));
        }
        List<Path> classPath = program.classPath(jar, lib);
        classPath.add(Home.runtimeJar());
        JvmRun run = new JvmRun(classPath, command);
        options.forEach(run::with);
        return run.run(directory);
    }

    private boolean same(JvmRun.Outcome before, JvmRun.Outcome other, String directory) throws IOException {
        String file = program.output();
        boolean same = file == null
                ? before.output().equals(other.output())
                : Files.mismatch(
                                work.resolve("before").resolve(file),
                                work.resolve(directory).resolve(file))
                        < 0;
        fine &= same;
        return same;
    }

    private static Map<String, Long> calls(Path directory) throws IOException {
        Map<String, Long> calls = new TreeMap<>();
        for (Map<String, String> object : JsonFiles.objects(directory.resolve("calls.json"))) {
            String count = object.get("count");
            if (count != null) {
                calls.merge(object.get("class") + "." + object.get("method"), Long.valueOf(count), Long::sum);
            }
        }
        return calls;
    }

    private static String total(Map<String, Long> calls) {
        return String.format(
                Locale.ROOT,
                "%,d",
                calls.values().stream().mapToLong(Long::longValue).sum());
    }

    /** Tells what the collectors wrote, in plain words. */
    private void tell(Map<String, Long> calls, Path audit) throws IOException {
        line("call counts", "%s calls of %,d methods, most of them of", total(calls), calls.size());
        calls.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(SHOWN)
                .forEach(entry -> detail(String.format(Locale.ROOT, "%,13d x  %s", entry.getValue(), entry.getKey())));
        List<Map<String, String>> events = JsonFiles.objects(audit).stream()
                .filter(event -> event.containsKey("method"))
                .toList();
        line("audit trail", "%,d events; the first and the last are", events.size());
        for (int i = 0; i < events.size(); i++) {
            if (i < SHOWN || i >= events.size() - 2) {
                detail(inWords(events.get(i)));
            }
        }
    }

    private static String inWords(Map<String, String> event) {
        String verb = switch (event.getOrDefault("kind", "")) {
            case "enter" -> "entered";
            case "exit" -> "returned from";
            default -> "threw " + event.getOrDefault("exception", "") + " out of";
        };
        return event.getOrDefault("time", "").substring(TIME_BEGIN, TIME_END) + "  thread " + event.get("thread") + " "
                + verb + " " + event.get("class") + "." + event.get("method");
    }

    private static String yesOrNo(boolean yes) {
        return yes ? "yes" : "NO";
    }

    private void line(String label, String format, Object... values) {
        if (!silent) {
            console.print(String.format(Locale.ROOT, "  %-12s ", label) + String.format(Locale.ROOT, format, values));
        }
    }

    private void detail(String text) {
        if (!silent) {
            console.print("               " + text);
        }
    }

    private static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
