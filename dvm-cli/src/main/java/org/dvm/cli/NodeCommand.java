package org.dvm.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.dvm.nodeos.link.LinkDescription;
import org.dvm.nodeos.link.LinkDriverProvider;
import org.dvm.runtime.json.JsonText;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The NodeOS from the command line. */
@Command(
        name = "node",
        description = "A node operating system on this machine's network interfaces.",
        footer = {
            "  dvm node list                            interfaces, and which back ends can serve them",
            "  dvm node forward eth0 eth1               frames from each to the other, with live counters",
            "  dvm node click router.click --seconds 60"
        },
        subcommands = {NodeCommand.ListLinks.class, NodeForwardCommand.class, NodeClickCommand.class})
final class NodeCommand extends Subcommand {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        throw new CommandLine.ParameterException(spec.commandLine(), "say what the node is to do: dvm node COMMAND");
    }

    /** Lists interfaces and back ends. */
    @Command(
            name = "list",
            description = "Lists the interfaces and which packet back ends can serve each, best first.",
            footer = {"  dvm node list", "  dvm node list --json"})
    static final class ListLinks extends Subcommand {
        @Option(names = "--json", description = "Print JSON.")
        private boolean json;

        @Override
        public Integer call() {
            Map<String, LinkDescription> links = new TreeMap<>();
            List<LinkDriverProvider> providers = new ArrayList<>();
            ServiceLoader.load(LinkDriverProvider.class, LinkDriverProvider.class.getClassLoader())
                    .forEach(providers::add);
            providers.sort(
                    Comparator.comparingInt(LinkDriverProvider::preference).reversed());
            providers.forEach(provider -> provider.links().forEach(link -> links.putIfAbsent(link.name(), link)));
            if (json) {
                printJson(links, providers);
            } else {
                printText(links, providers);
            }
            return ExitCode.FINE;
        }

        private void printText(Map<String, LinkDescription> links, List<LinkDriverProvider> providers) {
            for (LinkDescription link : links.values()) {
                console()
                        .heading(
                                link.name() + "  " + link.mac() + "  MTU " + link.mtuBytes() + "  " + link.addresses());
                for (LinkDriverProvider provider : providers) {
                    LinkDriverProvider.Availability availability = provider.availability(link);
                    console()
                            .print("  " + provider.backEnd() + ": "
                                    + (availability.usable() ? "usable" : availability.reason()));
                }
            }
        }

        private void printJson(Map<String, LinkDescription> links, List<LinkDriverProvider> providers) {
            JsonText text = new JsonText().beginObject().beginArray("links");
            for (LinkDescription link : links.values()) {
                text.beginObject()
                        .field("name", link.name())
                        .field("mac", link.mac().toString())
                        .field("mtuBytes", link.mtuBytes())
                        .field(
                                "addresses",
                                link.addresses().stream().map(Object::toString).toList())
                        .beginArray("backEnds");
                for (LinkDriverProvider provider : providers) {
                    LinkDriverProvider.Availability availability = provider.availability(link);
                    text.beginObject()
                            .field("name", provider.backEnd())
                            .field("usable", availability.usable())
                            .field("reason", availability.reason())
                            .endObject();
                }
                text.endArray().endObject();
            }
            console().print(text.endArray().endObject());
        }
    }
}
