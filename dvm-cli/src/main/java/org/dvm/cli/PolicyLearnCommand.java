package org.dvm.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dvm.security.engine.PolicyTexts;
import org.dvm.security.policy.Policy;
import org.dvm.security.tool.PolicyLearner;
import org.dvm.security.tool.RecordedAccess;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes the least-privilege policy of recorded runs. */
@Command(
        name = "learn",
        description = {
            "Writes what must be added to a policy to allow recorded accesses, and nothing more.",
            "A record has a line for each access: subject, permission, kind and resource, separated by tabs.",
        },
        footer = {
            "  dvm run --policy base.xml --record run.record -jar app.jar",
            "  dvm policy learn run.record -o policy.xml --base base.xml",
        })
final class PolicyLearnCommand extends Subcommand {
    @Parameters(paramLabel = "RECORD", arity = "1..*", description = "Records of permissive runs.")
    private List<Path> records = List.of();

    @Option(
            names = "--base",
            paramLabel = "POLICY",
            description = "The policy of the run, to be included: a file, or standard:NAME.")
    private @Nullable String base;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where the policy goes; standard output unless given.")
    private @Nullable Path output;

    @Override
    public Integer call() throws IOException {
        List<RecordedAccess> accesses = new ArrayList<>();
        for (Path record : records) {
            read(record, accesses);
        }
        String included = base;
        Policy policy = included == null ? Policy.empty("none") : PolicyCommand.read(included);
        Policy learned = PolicyLearner.learn(policy, accesses);
        String text = PolicyTexts.xml(learned, included == null ? List.of() : List.of(included));
        PolicyCommand.write(text, output, console());
        return ExitCode.FINE;
    }

    private static void read(Path record, List<RecordedAccess> into) throws IOException {
        int number = 0;
        for (String line : Files.readAllLines(record)) {
            number++;
            try {
                if (!line.isBlank()) {
                    into.add(RecordedAccess.parse(line));
                }
            } catch (IllegalArgumentException e) {
                throw new BadInputException(record + ":" + number + ": " + e.getMessage());
            }
        }
    }
}
