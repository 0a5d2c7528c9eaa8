package org.dvm.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Forwards frames between two interfaces. */
@Command(
        name = "forward",
        description = {
            "Forwards every frame that comes in by one interface out of the other, both ways,",
            "and shows what went through. Ctrl-C ends it.",
        },
        footer = {"  dvm node forward eth0 eth1", "  dvm node forward eth0 eth1 --seconds 10 --json"})
final class NodeForwardCommand extends Subcommand {
    @Parameters(index = "0", paramLabel = "LINK", description = "One interface.")
    private String left = "";

    @Parameters(index = "1", paramLabel = "LINK", description = "The other interface.")
    private String right = "";

    @Mixin
    private NodeRun run = new NodeRun();

    @Override
    public Integer call() throws InterruptedException {
        String configuration = oneWay(left, right) + oneWay(right, left);
        return run.run(console(), "forward " + left + " " + right, configuration);
    }

    private static String oneWay(String from, String to) {
        return "FromDevice(\"" + from + "\") -> from_" + from + " :: Counter -> queue_" + to + " :: Queue(1000) -> to_"
                + to + " :: ToDevice(\"" + to + "\");\n";
    }
}
