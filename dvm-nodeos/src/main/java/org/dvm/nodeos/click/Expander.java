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
import org.dvm.nodeos.click.Syntax.Body;
import org.dvm.nodeos.click.Syntax.Chain;
import org.dvm.nodeos.click.Syntax.ClassDefinition;
import org.dvm.nodeos.click.Syntax.ClassUse;
import org.dvm.nodeos.click.Syntax.Compound;
import org.dvm.nodeos.click.Syntax.Definitions;
import org.dvm.nodeos.click.Syntax.Formal;
import org.dvm.nodeos.click.Syntax.Hop;
import org.dvm.nodeos.click.Syntax.NamedClass;
import org.dvm.nodeos.click.Syntax.Overload;
import org.dvm.nodeos.click.Syntax.Reference;
import org.dvm.nodeos.click.Syntax.Statement;
import org.jspecify.annotations.Nullable;

/*
 * A compound element becomes two tunnels, one for its inputs and one for its outputs, and its body's elements. When all
 * is expanded, every connection is followed through the tunnels to real elements, and the tunnels are dropped.
 *
 * Class names are bound when they are written: a body sees the classes that were defined before it. So no class can
 * contain itself, and expansion ends; what nested doubling can produce is bounded by MAX_ELEMENTS.
 */
/** Expands the compound elements of a configuration. */
final class Expander {
    private static final int MAX_ELEMENTS = 1 << 16;
    private static final int MAX_CONNECTIONS = 1 << 18;

    /** A list of class definitions, newest first; what a body sees is the list as it was then. */
    private record Classes(
            String name,
            ClassUse meaning,
            @Nullable Classes seen,
            @Nullable Classes older) {}

    /** A node of the graph that is being built: an element, or a tunnel, which has no class. */
    private record Node(String name, @Nullable String className, String configuration, int offset) {}

    /** An edge between nodes' ports. */
    private record Edge(int from, int outputPort, int to, int inputPort, int offset) {}

    /** Where connections to and from a named element attach; the same node twice unless it is a compound. */
    private record Instance(int inputs, int outputs) {}

    /** What names mean in one body. */
    private static final class Scope {
        final String path;
        final Map<String, String> variables;
        final Map<String, Instance> instances = new HashMap<>();

        @Nullable
        Classes classes;

        Scope(String path, Map<String, String> variables, @Nullable Classes classes) {
            this.path = path;
            this.variables = variables;
            this.classes = classes;
        }
    }

    private final ClickSource source;
    private final List<Node> nodes = new ArrayList<>();
    private final List<Edge> edges = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private boolean tooLarge;

    Expander(ClickSource source) {
        this.source = source;
    }

    ClickConfiguration expand(Body body) {
        expand(body, new Scope("", new HashMap<>(), null));
        return source.hasErrors()
                ? new ClickConfiguration(source, List.of(), List.of(), new int[0], new int[0])
                : withoutTunnels();
    }

    private void expand(Body body, Scope scope) {
        Map<String, Reference> declared = declarations(body);
        List<Chain> chains = new ArrayList<>();
        Map<Reference, Instance> anonymous = new java.util.IdentityHashMap<>();
        for (Statement statement : body.statements()) {
            if (statement instanceof ClassDefinition definition) {
                scope.classes = new Classes(definition.name(), definition.meaning(), scope.classes, scope.classes);
            } else if (statement instanceof Definitions definitions) {
                define(definitions, scope);
            } else if (statement instanceof Chain chain) {
                chains.add(chain);
                for (Hop hop : chain.hops()) {
                    hop.elements().forEach(reference -> instantiateIfNew(reference, declared, scope, anonymous));
                }
            }
        }
        chains.forEach(chain -> connect(chain, scope, anonymous));
    }

    /** Returns the body's declared names: an element may be used before its declaration. */
    private Map<String, Reference> declarations(Body body) {
        Map<String, Reference> declared = new LinkedHashMap<>();
        for (Statement statement : body.statements()) {
            if (statement instanceof Chain chain) {
                for (Hop hop : chain.hops()) {
                    for (Reference reference : hop.elements()) {
                        if (reference.name() != null && reference.type() != null) {
                            Reference earlier = declared.putIfAbsent(reference.name(), reference);
                            if (earlier != null) {
                                source.error(
                                        reference.offset(),
                                        "'" + reference.name() + "' is declared twice; first in line "
                                                + source.lineAt(earlier.offset()));
                            }
                        }
                    }
                }
            }
        }
        return declared;
    }

    private void define(Definitions definitions, Scope scope) {
        for (String definition : ConfigurationStrings.split(definitions.text())) {
            List<String> words = ConfigurationStrings.words(definition);
            if (words.isEmpty() || !words.get(0).startsWith("$") || words.get(0).length() == 1) {
                source.error(definitions.offset(), "expected define($name value), found '" + definition + "'");
            } else {
                String value = definition.substring(words.get(0).length()).trim();
                scope.variables.putIfAbsent(
                        words.get(0).substring(1), ConfigurationStrings.substitute(value, scope.variables));
            }
        }
    }

    private void instantiateIfNew(
            Reference reference, Map<String, Reference> declared, Scope scope, Map<Reference, Instance> anonymous) {
        String name = reference.name();
        ClassUse type = reference.type();
        boolean isName = name != null && (type != null || declared.containsKey(name) || isPseudo(name, scope));
        if (isName && type != null) {
            Reference first = declared.get(name);
            if (first != null && first.offset() == reference.offset()) {
                scope.instances.put(name, instantiate(scope.path + name, type, reference, scope));
            }
        } else if (!isName) {
            ClassUse meaning = type != null ? type : new NamedClass(String.valueOf(name), reference.offset());
            String label = meaning instanceof NamedClass named ? named.name() : "compound";
            String unique = uniqueName(scope.path + label.substring(label.lastIndexOf('/') + 1) + "@");
            anonymous.put(reference, instantiate(unique, meaning, reference, scope));
        } else if (reference.configuration() != null) {
            source.error(
                    reference.offset(),
                    "'" + name + "' is an element; configure it where it is declared: " + name + " :: Class("
                            + reference.configuration() + ")");
        }
    }

    private static boolean isPseudo(String name, Scope scope) {
        return scope.instances.containsKey(name) && (name.equals("input") || name.equals("output"));
    }

    private Instance instantiate(String name, ClassUse type, Reference reference, Scope scope) {
        if (nodes.size() >= MAX_ELEMENTS) {
            if (!tooLarge) {
                source.error(reference.offset(), "the configuration has more than " + MAX_ELEMENTS + " elements");
                tooLarge = true;
            }
            return new Instance(0, 0);
        }
        String configuration = ConfigurationStrings.substitute(
                reference.configuration() == null ? "" : reference.configuration(), scope.variables);
        return instantiate(name, type, scope.classes, configuration, reference.offset(), scope);
    }

    /** Follows names of classes to a compound or to a class of the router. */
    private Instance instantiate(
            String name, ClassUse type, @Nullable Classes classes, String configuration, int offset, Scope scope) {
        ClassUse meaning = type;
        Classes visible = classes;
        String className = null;
        while (meaning instanceof NamedClass named) {
            className = named.name();
            Classes found = find(className, visible);
            if (found == null) {
                int node = addNode(name, className, configuration, offset);
                return new Instance(node, node);
            }
            meaning = found.meaning();
            visible = found.seen();
        }
        Compound compound = (Compound) meaning;
        List<String> arguments = ConfigurationStrings.split(configuration);
        for (Overload overload : compound.overloads()) {
            Map<String, String> bound = bind(overload.formals(), arguments);
            if (bound != null) {
                return expandCompound(name, overload.body(), bound, visible, offset, scope);
            }
        }
        if (compound.extendsOuter() && className != null) {
            return instantiate(name, new NamedClass(className, offset), visible, configuration, offset, scope);
        }
        source.error(offset, wrongArguments(className, compound, arguments.size()));
        return new Instance(0, 0);
    }

    private Instance expandCompound(
            String name, Body body, Map<String, String> bound, @Nullable Classes classes, int offset, Scope outer) {
        int inputs = addNode(name + "/input", null, name, offset);
        int outputs = addNode(name + "/output", null, name, offset);
        Map<String, String> variables = new HashMap<>(outer.variables);
        variables.putAll(bound);
        Scope inner = new Scope(name + "/", variables, classes);
        inner.instances.put("input", new Instance(-1, inputs));
        inner.instances.put("output", new Instance(outputs, -1));
        expand(body, inner);
        return new Instance(inputs, outputs);
    }

    private static @Nullable Classes find(String name, @Nullable Classes classes) {
        for (Classes c = classes; c != null; c = c.older()) {
            if (c.name().equals(name)) {
                return c;
            }
        }
        return null;
    }

    /** Binds formal parameters to arguments; null where they don't fit. */
    private static @Nullable Map<String, String> bind(List<Formal> formals, List<String> arguments) {
        Map<String, String> bound = new HashMap<>();
        List<String> positional = new ArrayList<>();
        for (String argument : arguments) {
            String first = argument.isEmpty() ? "" : argument.split("\\s", 2)[0];
            Formal keyword = null;
            for (Formal formal : formals) {
                if (first.equals(formal.keyword()) && !first.equals("__REST__")) {
                    keyword = formal;
                }
            }
            if (keyword != null) {
                bound.put(keyword.name(), argument.substring(first.length()).trim());
            } else {
                positional.add(argument);
            }
        }
        int next = 0;
        for (Formal formal : formals) {
            if (formal.keyword() == null) {
                if (next == positional.size()) {
                    return null;
                }
                bound.put(formal.name(), positional.get(next++));
            } else if (formal.keyword().equals("__REST__")) {
                bound.put(formal.name(), String.join(", ", positional.subList(next, positional.size())));
                next = positional.size();
            } else {
                bound.putIfAbsent(formal.name(), "");
            }
        }
        return next == positional.size() ? bound : null;
    }

    private static String wrongArguments(@Nullable String className, Compound compound, int count) {
        StringBuilder text = new StringBuilder("compound element ");
        if (className != null) {
            text.append('\'').append(className).append("' ");
        }
        text.append("doesn't take ").append(count).append(" arguments; it takes ");
        List<String> forms = new ArrayList<>();
        for (Overload overload : compound.overloads()) {
            List<String> formals = new ArrayList<>();
            overload.formals()
                    .forEach(formal -> formals.add(
                            (formal.keyword() == null ? "" : formal.keyword() + " ") + "$" + formal.name()));
            forms.add("(" + String.join(", ", formals) + ")");
        }
        return text.append(String.join(" or ", forms)).toString();
    }

    private void connect(Chain chain, Scope scope, Map<Reference, Instance> anonymous) {
        for (int i = 0; i + 1 < chain.hops().size(); i++) {
            Hop from = chain.hops().get(i);
            Hop to = chain.hops().get(i + 1);
            for (Reference source : from.elements()) {
                for (Reference target : to.elements()) {
                    connect(source, from, target, to, scope, anonymous);
                }
            }
        }
        Hop first = chain.hops().get(0);
        Hop last = chain.hops().get(chain.hops().size() - 1);
        if (chain.hops().size() > 1 && (first.inputPort() >= 0 || last.outputPort() >= 0)) {
            source.error(first.elements().get(0).offset(), "a port at the end of a chain connects to nothing");
        }
        if (chain.hops().size() == 1) {
            first.elements().forEach(reference -> resolve(reference, scope, anonymous));
        }
    }

    private void connect(
            Reference from, Hop fromHop, Reference to, Hop toHop, Scope scope, Map<Reference, Instance> anonymous) {
        Instance source = resolve(from, scope, anonymous);
        Instance target = resolve(to, scope, anonymous);
        if (source == null || target == null) {
            return;
        }
        if (source.outputs() < 0) {
            this.source.error(from.offset(), "'output' of a compound element has no outputs");
        } else if (target.inputs() < 0) {
            this.source.error(to.offset(), "'input' of a compound element has no inputs");
        } else if (edges.size() < MAX_CONNECTIONS) {
            edges.add(new Edge(
                    source.outputs(),
                    Math.max(fromHop.outputPort(), 0),
                    target.inputs(),
                    Math.max(toHop.inputPort(), 0),
                    to.offset()));
        } else if (!tooLarge) {
            this.source.error(to.offset(), "the configuration has more than " + MAX_CONNECTIONS + " connections");
            tooLarge = true;
        }
    }

    private @Nullable Instance resolve(Reference reference, Scope scope, Map<Reference, Instance> anonymous) {
        Instance instance = anonymous.get(reference);
        return instance != null || reference.name() == null ? instance : scope.instances.get(reference.name());
    }

    private String uniqueName(String stem) {
        int number = nodes.size() + 1;
        while (names.contains(stem + number)) {
            number++;
        }
        return stem + number;
    }

    private int addNode(String name, @Nullable String className, String configuration, int offset) {
        names.add(name);
        nodes.add(new Node(name, className, configuration, offset));
        return nodes.size() - 1;
    }

    /** Follows every connection of a real element through tunnels to real elements. */
    private ClickConfiguration withoutTunnels() {
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
        while (!open.isEmpty() && connections.size() <= MAX_CONNECTIONS) {
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
        if (connections.size() > MAX_CONNECTIONS && !tooLarge) {
            source.error(start.offset(), "the configuration has more than " + MAX_CONNECTIONS + " connections");
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
