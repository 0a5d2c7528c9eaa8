package org.dvm.cli;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.dvm.runtime.json.JsonText;
import org.dvm.runtime.security.ResourceKind;
import org.dvm.security.engine.Explanation;
import org.dvm.security.engine.PolicyEngine;
import org.dvm.security.policy.Policy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says who may do what, and why. */
@Command(
        name = "explain",
        description = {
            "Says whether a subject may do something, by which rules, and what would allow it.",
            "Exit code 0 if it is allowed, 1 if it is denied.",
        },
        footer = {
            "  dvm policy explain policy.xml plugin read file /etc/passwd",
            "  dvm policy explain standard:no-network unknown exit",
        })
final class PolicyExplainCommand extends Subcommand {
    @Parameters(index = "0", paramLabel = "POLICY", description = "A file, or standard:NAME.")
    private String policy = "";

    @Parameters(index = "1", paramLabel = "SUBJECT", description = "Who.")
    private String subject = "";

    @Parameters(index = "2", paramLabel = "PERMISSION", description = "Does what.")
    private String permission = "";

    @Parameters(
            index = "3",
            arity = "0..1",
            paramLabel = "KIND",
            description = "Kind of the resource: ${COMPLETION-CANDIDATES}.")
    private ResourceKind kind = ResourceKind.NONE;

    @Parameters(index = "4", arity = "0..1", paramLabel = "RESOURCE", description = "To what, such as a file.")
    private String resource = "";

    @Option(names = "--user", paramLabel = "NAME", description = "As if this user ran it.")
    private String user = System.getProperty("user.name", "");

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Explanation explanation =
                new PolicyEngine(PolicyCommand.read(policy), user).explain(subject, permission, kind, resource);
        if (json) {
            printJson(explanation);
        } else {
            print(explanation);
        }
        return explanation.decision().allowed() ? ExitCode.FINE : ExitCode.FINDINGS;
    }

    private void print(Explanation explanation) {
        String what = resource.isEmpty() ? "" : " " + kind.name().toLowerCase(Locale.ROOT) + " " + resource;
        console()
                .heading((explanation.decision().allowed() ? "allowed: " : "denied: ") + subject + " " + permission
                        + what);
        console().print("decided by: " + explanation.decision().rule());
        explanation
                .object()
                .ifPresent(object -> console()
                        .print("the resource is the object " + object
                                + explanation
                                        .pattern()
                                        .map(pattern -> ", by " + pattern)
                                        .orElse("")));
        printRules("rules that allow it:", explanation.allowing());
        printRules("rules that deny it:", explanation.denying());
        if (!explanation.remedies().isEmpty()) {
            console().print("any of these would allow it:");
            explanation.remedies().forEach(remedy -> console().print("  " + remedy));
        }
    }

    private void printRules(String title, List<Policy.Rule> rules) {
        if (!rules.isEmpty()) {
            console().print(title);
            rules.forEach(rule -> console().print("  " + rule));
        }
    }

    private void printJson(Explanation explanation) {
        console()
                .print(new JsonText()
                        .beginObject()
                        .field("subject", subject)
                        .field("permission", permission)
                        .field("kind", kind.name())
                        .field("resource", resource)
                        .field("object", explanation.object().orElse(""))
                        .field("allowed", explanation.decision().allowed())
                        .field("rule", explanation.decision().rule())
                        .field("allowing", texts(explanation.allowing()))
                        .field("denying", texts(explanation.denying()))
                        .field("remedies", explanation.remedies())
                        .endObject());
    }

    private static List<String> texts(List<Policy.Rule> rules) {
        return rules.stream().map(Policy.Rule::toString).toList();
    }
}
