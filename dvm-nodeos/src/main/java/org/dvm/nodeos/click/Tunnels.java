package org.dvm.nodeos.click;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dvm.nodeos.click.ClickConfiguration.Connection;
import org.dvm.nodeos.click.ClickConfiguration.Declaration;
import org.dvm.nodeos.click.Expander.Edge;
import org.dvm.nodeos.click.Expander.Node;

/**
 * Takes the tunnels out of an expanded configuration: every connection is followed through them to real elements, and what
 * leads nowhere is reported.
 */
final class Tunnels {
    private final ClickSource source;
    private final List<Node> nodes;
    private final List<Edge> edges;
    private boolean tooLarge;

    Tunnels(ClickSource source, List<Node> nodes, List<Edge> edges) {
        this.source = source;
        this.nodes = nodes;
        this.edges = edges;
    }

    /** Follows every connection of a real element through tunnels to real elements. */
    ClickConfiguration removed() {
        Map<Long, List<Edge>> leaving = new HashMap<>();
        for (Edge edge : edges) {
            leaving.computeIfAbsent(port(edge.from(), edge.outputPort()), key -> new ArrayList<>())
                    .add(edge);
        }
        int[] index = new int[nodes.size()];
        List<Declaration> declarations = new ArrayList<>();
        List<Integer> offsets = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get(i);
            index[i] = node.className() == null ? -1 : declarations.size();
            if (node.className() != null) {
                declarations.add(new Declaration(node.name(), node.className(), node.configuration()));
                offsets.add(node.offset());
            }
        }
        Map<Connection, Integer> connections = new LinkedHashMap<>();
        Set<Long> reached = new HashSet<>();
        for (Edge edge : edges) {
            if (index[edge.from()] >= 0) {
                follow(edge, index, leaving, connections, reached);
            }
        }
        reportDeadTunnels(index, leaving, reached);
        return new ClickConfiguration(
                source,
                declarations,
                new ArrayList<>(connections.keySet()),
                offsets.stream().mapToInt(Integer::intValue).toArray(),
                connections.values().stream().mapToInt(Integer::intValue).toArray());
    }

    private void follow(
            Edge start,
            int[] index,
            Map<Long, List<Edge>> leaving,
            Map<Connection, Integer> connections,
            Set<Long> reached) {
        Deque<Edge> open = new ArrayDeque<>();
        Set<Long> seen = new HashSet<>();
        open.add(start);
        while (!open.isEmpty() && connections.size() <= Expander.MAX_CONNECTIONS) {
            Edge edge = open.remove();
            if (index[edge.to()] >= 0) {
                Connection connection =
                        new Connection(index[start.from()], start.outputPort(), index[edge.to()], edge.inputPort());
                connections.putIfAbsent(connection, start.offset());
                continue;
            }
            long port = port(edge.to(), edge.inputPort());
            reached.add(port);
            if (seen.add(port)) {
                List<Edge> onward = leaving.get(port);
                if (onward == null) {
                    source.error(edge.offset(), deadEnd(edge.to(), edge.inputPort()));
                } else {
                    open.addAll(onward);
                }
            }
        }
        if (connections.size() > Expander.MAX_CONNECTIONS && !tooLarge) {
            source.error(
                    start.offset(), "the configuration has more than " + Expander.MAX_CONNECTIONS + " connections");
            tooLarge = true;
        }
    }

    /** What a compound's body takes from an input that nobody feeds, or a user from an output that isn't there. */
    private void reportDeadTunnels(int[] index, Map<Long, List<Edge>> leaving, Set<Long> reached) {
        for (List<Edge> list : leaving.values()) {
            Edge edge = list.get(0);
            if (index[edge.from()] < 0 && !reached.contains(port(edge.from(), edge.outputPort()))) {
                Node tunnel = nodes.get(edge.from());
                boolean isInput = tunnel.name().endsWith("/input");
                source.error(
                        isInput ? tunnel.offset() : edge.offset(),
                        isInput
                                ? "input " + edge.outputPort() + " of compound '" + tunnel.configuration()
                                        + "' is used inside but nothing is connected to it"
                                : "compound '" + tunnel.configuration() + "' has no output " + edge.outputPort());
            }
        }
    }

    private String deadEnd(int node, int port) {
        Node tunnel = nodes.get(node);
        return tunnel.name().endsWith("/input")
                ? "compound '" + tunnel.configuration() + "' has no input " + port
                : "output " + port + " of compound '" + tunnel.configuration() + "' is not connected outside";
    }

    private static long port(int node, int port) {
        return (long) node << 32 | port;
    }
}
