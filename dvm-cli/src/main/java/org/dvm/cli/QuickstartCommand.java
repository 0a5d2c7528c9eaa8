package org.dvm.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.dvm.core.jar.RewriteReport;
import org.dvm.core.jar.Rewriter;
import org.dvm.core.pipeline.TransformPipeline;
import org.dvm.core.repository.ClassRepositories;
import org.dvm.monitor.AuditFilter;
import org.dvm.monitor.MethodSelector;
import org.dvm.monitor.ProfileFilter;
import org.dvm.runtime.json.JsonText;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows the main job on real programs. */
@Command(
        name = "quickstart",
        description = {
            "Rewrites two real programs from Maven Central, JFlex and the H2 database, so that they count their calls",
            "and write an audit trail; runs them before and after, and compares.",
        },
        footer = {"  dvm quickstart", "  dvm quickstart --directory /tmp/dvm --json"})
final class QuickstartCommand extends Subcommand {
    /**
     * A program to rewrite.
     *
     * @param name what it is called
     * @param jar its jar in {@code lib}
     * @param libraries what it needs besides
     * @param input the file it works on, which comes with the command
     * @param command its main class and arguments
     * @param output the file that it makes; null where what it prints is its result
     * @param audit the rules for its audit trail
     * @param task what it does here, for people
     */
    private record Program(
            String name,
            String jar,
            List<String> libraries,
            String input,
            List<String> command,
            @Nullable String output,
            String audit,
            String task) {}

    private static final List<Program> PROGRAMS = List.of(
            new Program(
                    "JFlex",
                    "jflex.jar",
                    List.of("java-cup-runtime.jar"),
                    "Expressions.flex",
                    List.of("jflex.Main", "Expressions.flex"),
                    "Expressions.java",
                    "jflex.Main.*; jflex.generator.LexGenerator.*; jflex.dfa.DFA.minimize; jflex.core.NFA.<init>",
                    "makes a scanner of a grammar"),
            new Program(
                    "H2",
                    "h2.jar",
                    List.of(),
                    "load.sql",
                    List.of("org.h2.tools.RunScript", "-url", "jdbc:h2:mem:", "-script", "load.sql", "-showResults"),
                    null,
                    "org.h2.tools.RunScript.*; org.h2.jdbc.JdbcConnection.<init>; org.h2.jdbc.JdbcConnection.close;"
                            + " org.h2.jdbc.JdbcStatement.execute(String)",
                    "loads 5,000 orders and asks three questions"));

    private static final int SHOWN_FINDINGS = 3;
    private static final List<String> JARS = List.of("jflex.jar", "java-cup-runtime.jar", "h2.jar");
    private static final int SHOWN = 5;

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description = "Where programs and results go (dvm/quickstart in the user's cache directory).")
    private @Nullable Path chosenDirectory;

    @Option(names = "--json", description = "Print the results as JSON.")
    private boolean json;

    private final JsonText results = new JsonText();
    private boolean allSame = true;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path directory = chosenDirectory == null ? cacheDirectory() : chosenDirectory.toAbsolutePath();
        Files.createDirectories(directory);
        MavenJars.fetch(directory, "quickstart/pom.xml", JARS, console());
        results.beginObject().field("directory", directory.toString()).beginArray("programs");
        explain("This shows two programs from Maven Central, rewritten so that they count their own calls and write an"
                + " audit trail. Nobody changed their source; their results must stay the same.");
        for (Program program : PROGRAMS) {
            show(program, directory);
        }
        results.endArray().field("same", allSame).endObject();
        if (json) {
            console().print(results);
        }
        explain("Everything is in " + directory + ". Next: dvm rewrite --help, dvm run --help, docs/cli.md.");
        return allSame ? ExitCode.FINE : ExitCode.FINDINGS;
    }

    private static Path cacheDirectory() {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path base =
                cache == null || cache.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
        return base.resolve("dvm").resolve("quickstart");
    }

    private void show(Program program, Path directory) throws IOException, InterruptedException {
        title(program.name() + " " + program.task());
        Path work = directory.resolve(program.name().toLowerCase(Locale.ROOT));
        delete(work);
        Path original = directory.resolve("lib").resolve(program.jar());
        Path rewritten = work.resolve(program.jar());
        Files.createDirectories(work);

        console().progress(program.name() + ": rewriting");
        long start = System.nanoTime();
        RewriteReport report = rewrite(program, original, rewritten, directory);
        RewriteReport.Counts counts = report.totalCounts();
        line(
                "rewritten",
                "%,d of %,d classes got probes in %.1f s; %,d KB of code became %,d KB",
                counts.changed(),
                counts.classesIn(),
                (System.nanoTime() - start) / 1e9,
                counts.classBytesIn() / 1024,
                counts.classBytesOut() / 1024);

        console().progress(program.name() + ": running the original");
        JvmRun.Outcome before = run(program, original, List.of(), work.resolve("before"), directory);
        console().progress(program.name() + ": running the rewritten one");
        JvmRun.Outcome after = run(program, rewritten, collectors(), work.resolve("after"), directory);
        boolean same = same(program, before, work.resolve("before"), after, work.resolve("after"));
        line(
                "same result",
                "%s: %s; %.1f s before, %.1f s after",
                same ? "yes" : "NO",
                whatIsCompared(program),
                before.nanos() / 1e9,
                after.nanos() / 1e9);

        console().progress(program.name() + ": running under the agent");
        List<String> agent = new ArrayList<>(collectors());
        agent.add("-javaagent:" + Home.agentJar() + "="
                + AgentOption.write(work, List.of("profile", "audit"), Map.of("audit.spec", program.audit())));
        JvmRun.Outcome underAgent = run(program, original, agent, work.resolve("agent"), directory);
        boolean sameUnderAgent = same(program, before, work.resolve("before"), underAgent, work.resolve("agent"));
        Map<String, Long> calls = calls(work.resolve("after"));
        Map<String, Long> callsUnderAgent = calls(work.resolve("agent"));
        line(
                "agent",
                "the untouched jar under -javaagent: same result: %s, %s calls counted, %.1f s",
                sameUnderAgent ? "yes" : "NO",
                total(callsUnderAgent),
                underAgent.nanos() / 1e9);

        tell(calls, work.resolve("after").resolve("audit.jsonl"));
        allSame &= same && sameUnderAgent;
        results.beginObject()
                .field("name", program.name())
                .field("classes", counts.classesIn())
                .field("changed", counts.changed())
                .field("sameResult", same)
                .field("sameResultUnderAgent", sameUnderAgent)
                .field("millisBefore", before.nanos() / 1_000_000)
                .field("millisAfter", after.nanos() / 1_000_000)
                .field("millisUnderAgent", underAgent.nanos() / 1_000_000)
                .field(
                        "calls",
                        calls.values().stream().mapToLong(Long::longValue).sum())
                .field("methodsCalled", calls.size())
                .endObject();
    }

    private static RewriteReport rewrite(Program program, Path original, Path rewritten, Path directory)
            throws IOException {
        TransformPipeline pipeline = TransformPipeline.of(
                new ProfileFilter(MethodSelector.ALL), new AuditFilter(MethodSelector.parse(program.audit())));
        List<Path> libraries = new ArrayList<>(List.of(original));
        program.libraries()
                .forEach(library -> libraries.add(directory.resolve("lib").resolve(library)));
        try (ClassRepositories classes = ClassRepositories.classPath(libraries);
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
            return report;
        }
    }

    private static List<String> collectors() {
        return List.of("-Ddvm.audit.file=audit.jsonl", "-Ddvm.profile.file=calls.json");
    }

    private static JvmRun.Outcome run(Program program, Path jar, List<String> options, Path work, Path directory)
            throws IOException, InterruptedException {
        Resources.copy("quickstart/" + program.input(), work.resolve(program.input()));
        List<Path> classPath = new ArrayList<>(List.of(jar));
        program.libraries()
                .forEach(library -> classPath.add(directory.resolve("lib").resolve(library)));
        classPath.add(Home.runtimeJar());
        JvmRun run = new JvmRun(classPath, program.command());
        options.forEach(run::with);
        JvmRun.Outcome outcome = run.run(work);
        if (outcome.exitCode() != 0) {
            throw new BadInputException(program.name() + " failed in " + work + " with exit code " + outcome.exitCode()
                    + ":\n" + outcome.output());
        }
        return outcome;
    }

    private static boolean same(
            Program program, JvmRun.Outcome first, Path firstWork, JvmRun.Outcome second, Path secondWork)
            throws IOException {
        String file = program.output();
        return file == null
                ? first.output().equals(second.output())
                : Files.mismatch(firstWork.resolve(file), secondWork.resolve(file)) < 0;
    }

    private static String whatIsCompared(Program program) {
        return program.output() == null ? "all that it prints" : "the file " + program.output() + " that it makes";
    }

    private static Map<String, Long> calls(Path work) throws IOException {
        Map<String, Long> calls = new TreeMap<>();
        for (Map<String, String> object : JsonFiles.objects(work.resolve("calls.json"))) {
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
        String kind = event.getOrDefault("kind", "");
        String verb = switch (kind) {
            case "enter" -> "entered";
            case "exit" -> "returned from";
            default -> "threw " + event.getOrDefault("exception", "") + " out of";
        };
        return event.getOrDefault("time", "").substring(11, 23) + "  thread " + event.get("thread") + " " + verb + " "
                + event.get("class") + "." + event.get("method");
    }

    private void explain(String text) {
        if (!json) {
            console().print(text);
        }
    }

    private void title(String text) {
        if (!json) {
            console().print("");
            console().heading(text);
        }
    }

    private void line(String label, String format, Object... values) {
        if (!json) {
            console().print(String.format(Locale.ROOT, "  %-12s ", label) + String.format(Locale.ROOT, format, values));
        }
    }

    private void detail(String text) {
        if (!json) {
            console().print("               " + text);
        }
    }

    private static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file :
                        files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
