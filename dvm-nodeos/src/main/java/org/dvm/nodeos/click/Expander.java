package org.dvm.nodeos.click;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.dvm.nodeos.click.Syntax.Body;
import org.dvm.nodeos.click.Syntax.Chain;
import org.dvm.nodeos.click.Syntax.ClassDefinition;
import org.dvm.nodeos.click.Syntax.ClassUse;
import org.dvm.nodeos.click.Syntax.Compound;
import org.dvm.nodeos.click.Syntax.Definitions;
import org.dvm.nodeos.click.Syntax.Formal;
import org.dvm.nodeos.click.Syntax.Group;
import org.dvm.nodeos.click.Syntax.Hop;
import org.dvm.nodeos.click.Syntax.Item;
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
    static final int MAX_CONNECTIONS = 1 << 18;

    /** A list of class definitions, newest first; what a body sees is the list as it was then. */
    private record Classes(
            String name,
            ClassUse meaning,
            @Nullable Classes seen,
            @Nullable Classes older) {}

    /** A node of the graph that is being built: an element, or a tunnel, which has no class. */
    record Node(String name, @Nullable String className, String configuration, int offset) {}

    /** An edge between nodes' ports. */
    record Edge(int from, int outputPort, int to, int inputPort, int offset) {}

    /** Where connections to and from a named element attach; the same node twice unless it is a compound. */
    private record Instance(int inputs, int outputs) {}

    /** What names mean in one body. */
    private static final class Scope {
        final String path;
        final Map<String, String> variables;
        final boolean isNested;
        final Map<String, Instance> instances = new HashMap<>();
        final Map<Reference, Instance> anonymous = new IdentityHashMap<>();
        final Map<Group, Instance> groups = new IdentityHashMap<>();
        int count;

        @Nullable
        Classes classes;

        Scope(String path, Map<String, String> variables, @Nullable Classes classes, boolean isNested) {
            this.path = path;
            this.isNested = isNested;
            this.variables = variables;
            this.classes = classes;
        }
    }

    private final ClickSource source;
    private final List<Node> nodes = new ArrayList<>();
    private final List<Edge> edges = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private final Map<Body, Wiring.PortCounts> portsOfBodies = new IdentityHashMap<>();
    private boolean tooLarge;

    Expander(ClickSource source) {
        this.source = source;
    }

    ClickConfiguration expand(Body body) {
        expand(body, new Scope("", new HashMap<>(), null, false));
        return source.hasErrors()
                ? new ClickConfiguration(source, List.of(), List.of(), new int[0], new int[0])
                : new Tunnels(source, nodes, edges).removed();
    }

    private void expand(Body body, Scope scope) {
        Map<String, Reference> declared = Wiring.declarations(body, source);
        Wiring wiring = Wiring.of(body, source);
        instantiate(body, declared, scope, wiring, scope.isNested);
        for (Wiring.Link link : wiring.links()) {
            connect(link, scope);
        }
    }

    private void instantiate(Body body, Map<String, Reference> declared, Scope scope, Wiring wiring, boolean isNested) {
        for (Statement statement : body.statements()) {
            if (statement instanceof ClassDefinition definition) {
                scope.classes = new Classes(definition.name(), definition.meaning(), scope.classes, scope.classes);
            } else if (statement instanceof Definitions definitions) {
                define(definitions, scope);
            } else if (statement instanceof Chain chain) {
                for (Hop hop : chain.hops()) {
                    for (Item item : hop.items()) {
                        Reference reference = item.element();
                        if (reference.type() instanceof Group group) {
                            instantiate(group, reference, scope);
                            instantiate(group.body(), declared, scope, wiring, true);
                        } else {
                            instantiateIfNew(reference, declared, scope, wiring, isNested);
                        }
                    }
                }
            }
        }
    }

    private void instantiate(Group group, Reference reference, Scope scope) {
        String name = uniqueName(scope, "group");
        int inputs = addNode(name + "/input", null, name, reference.offset());
        int outputs = addNode(name + "/output", null, name, reference.offset());
        scope.anonymous.put(reference, new Instance(inputs, outputs));
        scope.groups.put(group, new Instance(inputs, outputs));
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
            Reference reference, Map<String, Reference> declared, Scope scope, Wiring wiring, boolean isNested) {
        String name = reference.name();
        ClassUse type = reference.type();
        boolean isName =
                name != null && (type != null || declared.containsKey(name) || (isNested && Wiring.isPseudo(name)));
        if (isName && type != null) {
            Reference first = declared.get(name);
            if (first != null && first.offset() == reference.offset()) {
                scope.count++;
                scope.instances.put(
                        name, instantiate(scope.path + name, type, reference, scope, wiring.portsOf(reference)));
            }
        } else if (!isName) {
            ClassUse meaning = type != null ? type : new NamedClass(String.valueOf(name), reference.offset());
            String label = meaning instanceof NamedClass named ? named.name() : "compound";
            scope.anonymous.put(
                    reference,
                    instantiate(uniqueName(scope, label), meaning, reference, scope, wiring.portsOf(reference)));
        } else if (reference.configuration() != null) {
            source.error(
                    reference.offset(),
                    "'" + name + "' is an element; configure it where it is declared: " + name + " :: Class("
                            + reference.configuration() + ")");
        }
    }

    private Instance instantiate(String name, ClassUse type, Reference reference, Scope scope, Wiring.PortCounts used) {
        if (nodes.size() >= MAX_ELEMENTS) {
            if (!tooLarge) {
                source.error(reference.offset(), "the configuration has more than " + MAX_ELEMENTS + " elements");
                tooLarge = true;
            }
            return new Instance(0, 0);
        }
        String configuration = ConfigurationStrings.substitute(
                reference.configuration() == null ? "" : reference.configuration(), scope.variables);
        return instantiate(name, type, scope.classes, configuration, reference.offset(), scope, used);
    }

    /** Follows names of classes to a compound or to a class of the router. */
    private Instance instantiate(
            String name,
            ClassUse type,
            @Nullable Classes classes,
            String configuration,
            int offset,
            Scope scope,
            Wiring.PortCounts used) {
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
        Overload chosen = choose(compound, arguments, used);
        if (chosen != null) {
            Map<String, String> bound = Objects.requireNonNull(bind(chosen.formals(), arguments));
            return expandCompound(name, chosen.body(), bound, visible, offset, scope);
        }
        if (compound.extendsOuter() && className != null) {
            return instantiate(name, new NamedClass(className, offset), visible, configuration, offset, scope, used);
        }
        source.error(offset, wrongArguments(className, compound, arguments.size(), used));
        return new Instance(0, 0);
    }

    /** Chooses by ports and arguments; where there is but one body, its user learns what is wrong with the ports. */
    private @Nullable Overload choose(Compound compound, List<String> arguments, Wiring.PortCounts used) {
        boolean single = compound.overloads().size() == 1 && !compound.extendsOuter();
        for (Overload overload : compound.overloads()) {
            if (bind(overload.formals(), arguments) != null && (single || used.equals(portsOf(overload)))) {
                return overload;
            }
        }
        return null;
    }

    private Wiring.PortCounts portsOf(Overload overload) {
        return portsOfBodies.computeIfAbsent(
                overload.body(), body -> Wiring.of(body, null).ownPorts());
    }

    private Instance expandCompound(
            String name, Body body, Map<String, String> bound, @Nullable Classes classes, int offset, Scope outer) {
        int inputs = addNode(name + "/input", null, name, offset);
        int outputs = addNode(name + "/output", null, name, offset);
        Map<String, String> variables = new HashMap<>(outer.variables);
        variables.putAll(bound);
        Scope inner = new Scope(name + "/", variables, classes, true);
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

    private String wrongArguments(@Nullable String className, Compound compound, int count, Wiring.PortCounts used) {
        StringBuilder text = new StringBuilder("compound element ");
        if (className != null) {
            text.append('\'').append(className).append("' ");
        }
        boolean several = compound.overloads().size() > 1;
        text.append("doesn't take ").append(count).append(" arguments");
        text.append(several ? " with " + used : "").append("; it takes ");
        List<String> forms = new ArrayList<>();
        for (Overload overload : compound.overloads()) {
            List<String> formals = new ArrayList<>();
            overload.formals()
                    .forEach(formal -> formals.add(
                            (formal.keyword() == null ? "" : formal.keyword() + " ") + "$" + formal.name()));
            forms.add("(" + String.join(", ", formals) + ")" + (several ? " with " + portsOf(overload) : ""));
        }
        return text.append(String.join(" or ", forms)).toString();
    }

    private void connect(Wiring.Link link, Scope scope) {
        Instance from = resolve(link.from(), link.group(), scope);
        Instance to = resolve(link.to(), link.group(), scope);
        if (from == null || to == null) {
            return;
        }
        if (from.outputs() < 0) {
            source.error(link.from().offset(), "'output' of a compound element has no outputs");
        } else if (to.inputs() < 0) {
            source.error(link.to().offset(), "'input' of a compound element has no inputs");
        } else if (edges.size() < MAX_CONNECTIONS) {
            edges.add(new Edge(
                    from.outputs(),
                    link.outputPort(),
                    to.inputs(),
                    link.inputPort(),
                    link.to().offset()));
        } else if (!tooLarge) {
            source.error(link.to().offset(), "the configuration has more than " + MAX_CONNECTIONS + " connections");
            tooLarge = true;
        }
    }

    private static @Nullable Instance resolve(Reference reference, @Nullable Group group, Scope scope) {
        Instance instance = scope.anonymous.get(reference);
        if (instance != null || reference.name() == null) {
            return instance;
        }
        Instance around = group == null || !Wiring.isPseudo(reference.name()) ? null : scope.groups.get(group);
        if (around != null) {
            return reference.name().equals("input")
                    ? new Instance(-1, around.inputs())
                    : new Instance(around.outputs(), -1);
        }
        return scope.instances.get(reference.name());
    }

    /** Names an element without a name: its class and how many elements its body has with it. */
    private String uniqueName(Scope scope, String label) {
        String stem = scope.path + label.substring(label.lastIndexOf('/') + 1) + "@";
        int number = ++scope.count;
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
}
