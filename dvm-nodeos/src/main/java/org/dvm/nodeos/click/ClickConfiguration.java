package org.dvm.nodeos.click;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A configuration after its compound elements were expanded: elements and the connections between their ports.
 *
 * <p>Compound elements are gone; the elements inside are named with a path, such as {@code uplink/queue}.
 *
 * <p><b>Threads:</b> immutable.
 */
public final class ClickConfiguration {
    /**
     * An element.
     *
     * @param name unique name, such as {@code rt} or {@code uplink/queue}; anonymous ones are called {@code Class@3}
     * @param className the element class
     * @param configuration its configuration string, with variables replaced; empty where none was written
     */
    public record Declaration(String name, String className, String configuration) {
        @Override
        public String toString() {
            return "'" + name + " :: " + className + "'";
        }
    }

    /**
     * A connection from an output port to an input port; elements are indices into {@link #elements()}.
     *
     * @param from the element whose output it is
     * @param outputPort output port, from 0
     * @param to the element whose input it is
     * @param inputPort input port, from 0
     */
    public record Connection(int from, int outputPort, int to, int inputPort) {}

    private final ClickSource source;
    private final List<Declaration> elements;
    private final List<Connection> connections;
    private final int[] elementOffsets;
    private final int[] connectionOffsets;

    ClickConfiguration(
            ClickSource source,
            List<Declaration> elements,
            List<Connection> connections,
            int[] elementOffsets,
            int[] connectionOffsets) {
        this.source = source;
        this.elements = List.copyOf(elements);
        this.connections = List.copyOf(connections);
        this.elementOffsets = elementOffsets;
        this.connectionOffsets = connectionOffsets;
    }

    /**
     * Reads a configuration and expands its compound elements.
     *
     * @param sourceName what messages call the text, such as the file's name
     * @param text the configuration
     * @throws ClickException with every mistake found: syntax, undeclared names, wrong arguments of compounds
     */
    public static ClickConfiguration parse(String sourceName, String text) throws ClickException {
        ClickSource source = new ClickSource(sourceName, text);
        Syntax.Body body = new ClickParser(source).parse();
        source.throwIfWrong();
        ClickConfiguration configuration = new Expander(source).expand(body);
        source.throwIfWrong();
        return configuration;
    }

    /** Returns the elements in the order of their declaration. */
    public List<Declaration> elements() {
        return elements;
    }

    /** Returns the connections, each once; those inside compounds come before those around them. */
    public List<Connection> connections() {
        return connections;
    }

    /** Returns the devices that packets come from or leave by, sorted. */
    public Set<String> devices() {
        Set<String> devices = new TreeSet<>();
        for (Declaration element : elements) {
            if (Set.of("FromDevice", "PollDevice", "ToDevice").contains(element.className())) {
                devices.addAll(
                        words(element).subList(0, Math.min(1, words(element).size())));
            }
        }
        return devices;
    }

    /** Returns whether an element of one of the classes is configured with that device. */
    boolean uses(String device, String... classNames) {
        return elements.stream()
                .filter(element -> List.of(classNames).contains(element.className()))
                .anyMatch(element -> words(element).contains(device));
    }

    /** Returns whether any element is configured with that word, such as for a device's address. */
    boolean mentions(String word) {
        return elements.stream().anyMatch(element -> words(element).contains(word));
    }

    private static List<String> words(Declaration element) {
        return ConfigurationStrings.split(element.configuration()).stream()
                .flatMap(argument -> ConfigurationStrings.words(argument).stream())
                .map(ConfigurationStrings::unquote)
                .toList();
    }

    /** Notes a mistake at an element's declaration. */
    void errorAtElement(int element, String message) {
        source.error(elementOffsets[element], message);
    }

    /** Notes a mistake at a connection. */
    void errorAtConnection(int connection, String message) {
        source.error(connectionOffsets[connection], message);
    }

    void throwIfWrong() throws ClickException {
        source.throwIfWrong();
    }
}
