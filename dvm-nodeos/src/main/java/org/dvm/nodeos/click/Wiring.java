package org.dvm.nodeos.click;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.dvm.nodeos.click.Syntax.Body;
import org.dvm.nodeos.click.Syntax.Chain;
import org.dvm.nodeos.click.Syntax.Group;
import org.dvm.nodeos.click.Syntax.Hop;
import org.dvm.nodeos.click.Syntax.Ports;
import org.dvm.nodeos.click.Syntax.Reference;
import org.dvm.nodeos.click.Syntax.Statement;
import org.jspecify.annotations.Nullable;

/**
 * What one body connects: its chains as links from port to port, before any element exists, and so how many ports of each
 * element are used.
 */
final class Wiring {
    /** A connection between mentions of elements; {@code input} and {@code output} are those of the group, if any. */
    record Link(
            Reference from,
            int outputPort,
            Reference to,
            int inputPort,
            @Nullable Group group) {}

    /** How many ports of an element are connected. */
    record PortCounts(int inputs, int outputs) {
        static final PortCounts NONE = new PortCounts(0, 0);

        PortCounts withInput(int port) {
            return new PortCounts(Math.max(inputs, port + 1), outputs);
        }

        PortCounts withOutput(int port) {
            return new PortCounts(inputs, Math.max(outputs, port + 1));
        }

        @Override
        public String toString() {
            return inputs + (inputs == 1 ? " input" : " inputs") + " and " + outputs
                    + (outputs == 1 ? " output" : " outputs");
        }
    }

    private final @Nullable ClickSource source;
    private final Map<String, Reference> declared;
    private final List<Link> links = new ArrayList<>();
    private final Map<String, PortCounts> byName = new HashMap<>();
    private final Map<Reference, PortCounts> byReference = new IdentityHashMap<>();
    private final Map<Group, PortCounts> byGroup = new IdentityHashMap<>();
    private PortCounts own = PortCounts.NONE;

    private Wiring(Map<String, Reference> declared, @Nullable ClickSource source) {
        this.declared = declared;
        this.source = source;
    }

    /**
     * Wires a body.
     *
     * @param source where mistakes are noted; null to look at the ports only
     */
    static Wiring of(Body body, @Nullable ClickSource source) {
        Wiring wiring = new Wiring(declarations(body, null), source);
        wiring.add(body, null);
        return wiring;
    }

    /** Returns the names that a body declares, in its groups too: an element may be used before its declaration. */
    static Map<String, Reference> declarations(Body body, @Nullable ClickSource source) {
        Map<String, Reference> declared = new LinkedHashMap<>();
        declare(body, source, declared);
        return declared;
    }

    private static void declare(Body body, @Nullable ClickSource source, Map<String, Reference> declared) {
        for (Reference reference : references(body)) {
            if (reference.type() instanceof Group group) {
                declare(group.body(), source, declared);
            } else if (reference.name() != null && reference.type() != null) {
                Reference earlier = declared.putIfAbsent(reference.name(), reference);
                if (earlier != null && source != null) {
                    source.error(
                            reference.offset(),
                            "'" + reference.name() + "' is declared twice; first in line "
                                    + source.lineAt(earlier.offset()));
                }
            }
        }
    }

    private static List<Reference> references(Body body) {
        List<Reference> references = new ArrayList<>();
        for (Statement statement : body.statements()) {
            if (statement instanceof Chain chain) {
                chain.hops().forEach(hop -> hop.items().forEach(item -> references.add(item.element())));
            }
        }
        return references;
    }

    /** Returns whether a name stands for the ports of the compound or group around. */
    static boolean isPseudo(String name) {
        return name.equals("input") || name.equals("output");
    }

    List<Link> links() {
        return links;
    }

    /** Returns how many inputs and outputs the body itself has, as a compound. */
    PortCounts ownPorts() {
        return own;
    }

    /** Returns how many ports of an element are connected in the body. */
    PortCounts portsOf(Reference reference) {
        PortCounts counts = isDeclared(reference) ? byName.get(reference.name()) : byReference.get(reference);
        return counts == null ? PortCounts.NONE : counts;
    }

    private boolean isDeclared(Reference reference) {
        return reference.name() != null && declared.containsKey(reference.name());
    }

    private void add(Body body, @Nullable Group group) {
        for (Reference reference : references(body)) {
            if (reference.type() instanceof Group inner) {
                add(inner.body(), inner);
            }
        }
        for (Statement statement : body.statements()) {
            if (statement instanceof Chain chain) {
                add(chain, group);
            }
        }
    }

    private void add(Chain chain, @Nullable Group group) {
        checkEnds(chain);
        for (int i = 0; i + 1 < chain.hops().size(); i++) {
            Hop left = chain.hops().get(i);
            Hop right = chain.hops().get(i + 1);
            List<PortMatching.End> outputs = new ArrayList<>();
            left.items().forEach(item -> outputs.add(end(item.element(), item.outputs(), false)));
            List<PortMatching.End> inputs = new ArrayList<>();
            right.items().forEach(item -> inputs.add(end(item.element(), item.inputs(), true)));
            int offset = right.items().get(0).element().offset();
            PortMatching matching =
                    new PortMatching(outputs, inputs, chain.arrows().get(i), message -> error(offset, message));
            matching.match((from, outputPort, to, inputPort) -> {
                links.add(new Link(from, outputPort, to, inputPort, group));
                countOutput(from, outputPort, group);
                countInput(to, inputPort, group);
            });
        }
    }

    private void checkEnds(Chain chain) {
        Hop first = chain.hops().get(0);
        Hop last = chain.hops().get(chain.hops().size() - 1);
        boolean before = first.items().stream().anyMatch(item -> item.inputs().isWritten());
        boolean behind = last.items().stream().anyMatch(item -> item.outputs().isWritten());
        if (before || behind) {
            error(
                    first.items().get(0).element().offset(),
                    chain.hops().size() == 1
                            ? "a port without a connection"
                            : "a port at the end of a chain connects to nothing");
        }
    }

    /** A group without written ports stands for all of them. */
    private PortMatching.End end(Reference element, Ports ports, boolean isInput) {
        if (!ports.isWritten() && element.type() instanceof Group group) {
            PortCounts counts = byGroup.getOrDefault(group, PortCounts.NONE);
            List<Integer> all = IntStream.range(0, isInput ? counts.inputs() : counts.outputs())
                    .boxed()
                    .toList();
            return new PortMatching.End(element, new Ports(all, false));
        }
        return new PortMatching.End(element, ports);
    }

    private void countOutput(Reference from, int port, @Nullable Group group) {
        if (isDeclared(from)) {
            byName.merge(nameOf(from), PortCounts.NONE.withOutput(port), (old, one) -> old.withOutput(port));
        } else if ("input".equals(from.name())) {
            countOwn(group, PortCounts.NONE.withInput(port));
        } else {
            byReference.merge(from, PortCounts.NONE.withOutput(port), (old, one) -> old.withOutput(port));
        }
    }

    private void countInput(Reference to, int port, @Nullable Group group) {
        if (isDeclared(to)) {
            byName.merge(nameOf(to), PortCounts.NONE.withInput(port), (old, one) -> old.withInput(port));
        } else if ("output".equals(to.name())) {
            countOwn(group, PortCounts.NONE.withOutput(port));
        } else {
            byReference.merge(to, PortCounts.NONE.withInput(port), (old, one) -> old.withInput(port));
        }
    }

    private static String nameOf(Reference reference) {
        return String.valueOf(reference.name());
    }

    private void countOwn(@Nullable Group group, PortCounts more) {
        PortCounts old = group == null ? own : byGroup.getOrDefault(group, PortCounts.NONE);
        PortCounts counts =
                new PortCounts(Math.max(old.inputs(), more.inputs()), Math.max(old.outputs(), more.outputs()));
        if (group == null) {
            own = counts;
        } else {
            byGroup.put(group, counts);
        }
    }

    private void error(int offset, String message) {
        if (source != null) {
            source.error(offset, message);
        }
    }
}
