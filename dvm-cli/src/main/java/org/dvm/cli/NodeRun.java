package org.dvm.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.dvm.nodeos.Node;
import org.dvm.nodeos.ResourceException;
import org.dvm.nodeos.click.ClickChannel;
import org.dvm.nodeos.click.ClickChannelSpec;
import org.dvm.nodeos.click.ClickConfiguration;
import org.dvm.nodeos.click.ClickError;
import org.dvm.nodeos.click.ClickException;
import org.dvm.nodeos.link.LinkException;
import org.dvm.runtime.json.JsonText;
import picocli.CommandLine.Option;

/** Opens a node on the interfaces that a configuration names, runs it and shows its counters. */
final class NodeRun {
    private static final Set<String> SHOWN = Set.of("count", "byte_count", "drops", "length", "rate");
    private static final long BYTES_PER_MILLI = 1_000;

    @Option(names = "--seconds", paramLabel = "N", description = "How long to run; until Ctrl-C unless given.")
    private long seconds = Long.MAX_VALUE;

    @Option(names = "--interval", paramLabel = "N", description = "Seconds between looks at the counters; 1.")
    private long interval = 1;

    @Option(names = "--json", description = "Print a JSON object each time.")
    private boolean json;

    /** Says whether a configuration is well-formed. */
    int check(Console console, String source, String text) {
        ClickConfiguration configuration = parse(source, text);
        console.print(source + ": " + configuration.elements().size() + " elements, "
                + configuration.connections().size() + " connections, devices " + configuration.devices());
        return ExitCode.FINE;
    }

    int run(Console console, String source, String text) throws InterruptedException {
        if (interval < 1 || seconds < 1) {
            throw new BadInputException("--seconds and --interval must be at least 1");
        }
        ClickConfiguration configuration = parse(source, text);
        try (Node node = Node.builder().build()) {
            for (String device : configuration.devices()) {
                node.open(device);
                console.say(device + ": " + node.statistics(device).backEnd());
            }
            try (ClickChannel channel =
                    ClickChannel.open(node.root(), node.links(), ClickChannelSpec.of(configuration, BYTES_PER_MILLI))) {
                watch(console, channel);
            }
        } catch (ClickException e) {
            throw wrong(e);
        } catch (LinkException | ResourceException e) {
            throw new BadInputException(source + ": " + e.getMessage());
        }
        return ExitCode.FINE;
    }

    private static ClickConfiguration parse(String source, String text) {
        try {
            return ClickConfiguration.parse(source, text);
        } catch (ClickException e) {
            throw wrong(e);
        }
    }

    private static BadInputException wrong(ClickException e) {
        return new BadInputException(
                e.errors().stream().map(ClickError::toString).collect(Collectors.joining(System.lineSeparator())));
    }

    private void watch(Console console, ClickChannel channel) throws InterruptedException {
        List<String> shown = channel.readHandlers().stream()
                .filter(path -> SHOWN.contains(path.substring(path.lastIndexOf('.') + 1)))
                .toList();
        for (long second = 0; second < seconds && channel.isOpen(); second += interval) {
            TimeUnit.SECONDS.sleep(Math.min(interval, seconds - second));
            Map<String, String> values = new LinkedHashMap<>();
            shown.forEach(path -> values.put(path, channel.read(path)));
            if (json) {
                JsonText line = new JsonText().beginObject();
                values.forEach(line::field);
                console.print(line.endObject());
            } else {
                StringBuilder line = new StringBuilder();
                values.forEach((path, value) ->
                        line.append(path).append('=').append(value).append("  "));
                console.print(line.toString().stripTrailing());
            }
        }
    }
}
