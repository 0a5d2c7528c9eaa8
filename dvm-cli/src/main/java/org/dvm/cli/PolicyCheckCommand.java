package org.dvm.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.dvm.runtime.json.JsonText;
import org.dvm.security.policy.Policy;
import org.dvm.security.policy.PolicyException;
import org.dvm.security.policy.PolicyProblem;
import org.dvm.security.policy.PolicyReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Validates policies. */
@Command(
        name = "check",
        description = "Validates policy files and what they include; exit code 1 if something is wrong in one.",
        footer = {"  dvm policy check policy.xml", "  dvm policy check policies/*.xml --json"})
final class PolicyCheckCommand extends Subcommand {
    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Policies.")
    private List<Path> files = List.of();

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        JsonText text = new JsonText().beginObject().beginArray("policies");
        boolean fine = true;
        for (Path file : files) {
            List<PolicyProblem> problems = check(file);
            fine &= problems.isEmpty();
            text.beginObject()
                    .field("file", file.toString())
                    .field("problems", problems.stream().map(Object::toString).toList())
                    .endObject();
        }
        if (json) {
            console().print(text.endArray().endObject());
        }
        return fine ? ExitCode.FINE : ExitCode.FINDINGS;
    }

    private List<PolicyProblem> check(Path file) throws IOException {
        try {
            Policy policy = PolicyReader.read(file);
            if (!json) {
                console()
                        .print(file + ": fine; " + policy.subjects().size() + " subjects, "
                                + policy.objects().size() + " objects, "
                                + policy.rules().size() + " rules, "
                                + policy.operations().size() + " operations");
            }
            return List.of();
        } catch (PolicyException e) {
            if (!json) {
                e.problems().forEach(problem -> console().print(problem.toString()));
            }
            return e.problems();
        }
    }
}
