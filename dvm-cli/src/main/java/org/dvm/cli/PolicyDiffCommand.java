package org.dvm.cli;

import java.io.IOException;
import java.util.List;
import org.dvm.runtime.json.JsonText;
import org.dvm.security.tool.PolicyDiff;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says what a change of a policy changes. */
@Command(
        name = "diff",
        description = {
            "Says which accesses a change of a policy grants and revokes, whatever its text looks like.",
            "Exit code 0 if nothing changes, 1 if something does.",
        },
        footer = {"  dvm policy diff before.xml after.xml"})
final class PolicyDiffCommand extends Subcommand {
    @Parameters(index = "0", paramLabel = "BEFORE", description = "A file, or standard:NAME.")
    private String before = "";

    @Parameters(index = "1", paramLabel = "AFTER", description = "A file, or standard:NAME.")
    private String after = "";

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        PolicyDiff.Difference difference = PolicyDiff.between(PolicyCommand.read(before), PolicyCommand.read(after));
        List<String> granted =
                difference.granted().stream().map(Object::toString).toList();
        List<String> revoked =
                difference.revoked().stream().map(Object::toString).toList();
        if (json) {
            console()
                    .print(new JsonText()
                            .beginObject()
                            .field("granted", granted)
                            .field("revoked", revoked)
                            .field("other", difference.other())
                            .endObject());
        } else if (difference.isEmpty()) {
            console().print("nothing changes");
        } else {
            granted.forEach(access -> console().print("granted: " + access));
            revoked.forEach(access -> console().print("revoked: " + access));
            difference.other().forEach(console()::print);
        }
        return difference.isEmpty() ? ExitCode.FINE : ExitCode.FINDINGS;
    }
}
