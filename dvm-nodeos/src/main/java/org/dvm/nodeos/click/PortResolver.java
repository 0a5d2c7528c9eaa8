package org.dvm.nodeos.click;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.dvm.nodeos.click.ClickConfiguration.Connection;
import org.dvm.nodeos.click.Element.Input;
import org.dvm.nodeos.click.Element.Output;

/*
 * Every port of every element is push, pull or agnostic at first. What is known spreads along connections and, inside
 * an agnostic element, along its flow code, until nothing changes; what is still agnostic then is push. A port that
 * would have to be both is a mistake.
 */
/**
 * Counts the ports of a configuration's elements and decides which are push and which pull.
 *
 * <p>Source: The Click Modular Router, section 2.3.
 */
final class PortResolver {
    private static final byte AGNOSTIC = 0;
    private static final byte PUSH = 1;
    private static final byte PULL = 2;

    private final ClickConfiguration configuration;
    private final List<Element> elements;
    private final int[] inputs;
    private final int[] outputs;
    private final byte[][] inputKinds;
    private final byte[][] outputKinds;
    private boolean wrong;

    PortResolver(ClickConfiguration configuration, List<Element> elements) {
        this.configuration = configuration;
        this.elements = elements;
        int n = elements.size();
        this.inputs = new int[n];
        this.outputs = new int[n];
        this.inputKinds = new byte[n][];
        this.outputKinds = new byte[n][];
    }

    /** Checks all and connects the elements; mistakes are noted in the configuration. */
    void resolve() {
        countPorts();
        if (wrong) {
            return;
        }
        for (int i = 0; i < elements.size(); i++) {
            String[] codes = elements.get(i).processing().split("/");
            inputKinds[i] = kinds(codes[0], inputs[i]);
            outputKinds[i] = kinds(codes[codes.length - 1], outputs[i]);
        }
        spread();
        settle();
        checkConnections();
        if (!wrong) {
            connect();
        }
    }

    private void countPorts() {
        for (Connection connection : configuration.connections()) {
            outputs[connection.from()] = Math.max(outputs[connection.from()], connection.outputPort() + 1);
            inputs[connection.to()] = Math.max(inputs[connection.to()], connection.inputPort() + 1);
        }
        for (int i = 0; i < elements.size(); i++) {
            String[] codes = elements.get(i).portCount().split("/");
            inputs[i] = checkCount(i, "input", codes[0], inputs[i], 0);
            outputs[i] = checkCount(i, "output", codes[codes.length - 1], outputs[i], inputs[i]);
        }
    }

    /** Checks a number of ports against its code and returns the number that must be connected. */
    private int checkCount(int element, String what, String code, int used, int inputCount) {
        int min;
        int max;
        if (code.startsWith("=")) {
            min = inputCount + code.length() - 1;
            max = min;
        } else {
            int dash = code.indexOf('-');
            String low = dash < 0 ? code : code.substring(0, dash);
            String high = dash < 0 ? code : code.substring(dash + 1);
            min = low.isEmpty() ? 0 : Integer.parseInt(low);
            max = high.isEmpty() ? Integer.MAX_VALUE : Integer.parseInt(high);
        }
        if (used > max) {
            error(
                    element,
                    configuration.elements().get(element) + " has no " + what + " " + (used - 1) + "; it has "
                            + (max == 0 ? "none" : max == 1 ? "one" : max));
        }
        return Math.max(used, min);
    }

    private static byte[] kinds(String code, int count) {
        byte[] kinds = new byte[count];
        for (int port = 0; port < count; port++) {
            char c = code.charAt(Math.min(port, code.length() - 1));
            kinds[port] = c == 'h' ? PUSH : c == 'l' ? PULL : AGNOSTIC;
        }
        return kinds;
    }

    /** A port whose kind has become known. */
    private record Known(int element, boolean isInput, int port) {}

    private void spread() {
        Deque<Known> open = new ArrayDeque<>();
        List<List<Connection>> from = lists();
        List<List<Connection>> to = lists();
        for (Connection connection : configuration.connections()) {
            from.get(connection.from()).add(connection);
            to.get(connection.to()).add(connection);
        }
        for (int i = 0; i < elements.size(); i++) {
            for (int port = 0; port < inputs[i]; port++) {
                if (inputKinds[i][port] != AGNOSTIC) {
                    open.add(new Known(i, true, port));
                }
            }
            for (int port = 0; port < outputs[i]; port++) {
                if (outputKinds[i][port] != AGNOSTIC) {
                    open.add(new Known(i, false, port));
                }
            }
        }
        while (!open.isEmpty()) {
            Known known = open.remove();
            spreadAlongConnections(known, from, to, open);
            spreadInside(known, open);
        }
    }

    private List<List<Connection>> lists() {
        List<List<Connection>> lists = new ArrayList<>();
        elements.forEach(element -> lists.add(new ArrayList<>()));
        return lists;
    }

    private void spreadAlongConnections(
            Known known, List<List<Connection>> from, List<List<Connection>> to, Deque<Known> open) {
        byte kind = kind(known.element(), known.isInput(), known.port());
        if (known.isInput()) {
            for (Connection connection : to.get(known.element())) {
                if (connection.inputPort() == known.port()) {
                    learn(connection.from(), false, connection.outputPort(), kind, open);
                }
            }
        } else {
            for (Connection connection : from.get(known.element())) {
                if (connection.outputPort() == known.port()) {
                    learn(connection.to(), true, connection.inputPort(), kind, open);
                }
            }
        }
    }

    /** An agnostic element passes a kind on to the agnostic ports that its packets can flow to. */
    private void spreadInside(Known known, Deque<Known> open) {
        int element = known.element();
        if (!isDeclaredAgnostic(element, known.isInput(), known.port())) {
            return;
        }
        byte kind = kind(element, known.isInput(), known.port());
        int others = known.isInput() ? outputs[element] : inputs[element];
        for (int other = 0; other < others; other++) {
            int in = known.isInput() ? known.port() : other;
            int out = known.isInput() ? other : known.port();
            if (flows(elements.get(element).flowCode(), in, out)
                    && isDeclaredAgnostic(element, !known.isInput(), other)) {
                byte otherKind = kind(element, !known.isInput(), other);
                if (otherKind == AGNOSTIC) {
                    learn(element, !known.isInput(), other, kind, open);
                } else if (otherKind != kind && known.isInput()) {
                    error(
                            element,
                            "agnostic " + configuration.elements().get(element) + " in mixed context: " + text(kind)
                                    + " input " + in + ", " + text(otherKind) + " output " + out);
                }
            }
        }
    }

    private boolean isDeclaredAgnostic(int element, boolean isInput, int port) {
        String[] codes = elements.get(element).processing().split("/");
        String code = isInput ? codes[0] : codes[codes.length - 1];
        return code.charAt(Math.min(port, code.length() - 1)) == 'a';
    }

    /** Returns whether packets can flow from an input to an output: equal letters, or {@code #} for equal numbers. */
    private static boolean flows(String flowCode, int input, int output) {
        String[] codes = flowCode.split("/");
        char in = codes[0].charAt(Math.min(input, codes[0].length() - 1));
        String outCode = codes[codes.length - 1];
        char out = outCode.charAt(Math.min(output, outCode.length() - 1));
        return in == '#' || out == '#' ? input == output : in == out;
    }

    private void learn(int element, boolean isInput, int port, byte kind, Deque<Known> open) {
        byte[] kinds = isInput ? inputKinds[element] : outputKinds[element];
        if (kinds[port] == AGNOSTIC) {
            kinds[port] = kind;
            open.add(new Known(element, isInput, port));
        }
    }

    private byte kind(int element, boolean isInput, int port) {
        return isInput ? inputKinds[element][port] : outputKinds[element][port];
    }

    private void settle() {
        for (int i = 0; i < elements.size(); i++) {
            replaceAgnostic(inputKinds[i]);
            replaceAgnostic(outputKinds[i]);
        }
    }

    private static void replaceAgnostic(byte[] kinds) {
        for (int port = 0; port < kinds.length; port++) {
            if (kinds[port] == AGNOSTIC) {
                kinds[port] = PUSH;
            }
        }
    }

    private void checkConnections() {
        int[][] inputUses = uses(inputs);
        int[][] outputUses = uses(outputs);
        int index = 0;
        for (Connection connection : configuration.connections()) {
            byte outputKind = outputKinds[connection.from()][connection.outputPort()];
            byte inputKind = inputKinds[connection.to()][connection.inputPort()];
            String from = "output " + connection.outputPort() + " of "
                    + configuration.elements().get(connection.from());
            String to = "input " + connection.inputPort() + " of "
                    + configuration.elements().get(connection.to());
            if (outputKind != inputKind) {
                connectionError(
                        index, text(outputKind) + " " + from + " is connected to " + text(inputKind) + " " + to);
            }
            if (++outputUses[connection.from()][connection.outputPort()] > 1) {
                connectionError(index, text(outputKind) + " " + from + " is connected more than once; use a Tee");
            }
            if (++inputUses[connection.to()][connection.inputPort()] > 1 && inputKind == PULL) {
                connectionError(index, "pull " + to + " is connected more than once; use a scheduler");
            }
            index++;
        }
        for (int i = 0; i < elements.size(); i++) {
            reportUnused(i, "input", inputUses[i]);
            reportUnused(i, "output", outputUses[i]);
        }
    }

    private static int[][] uses(int[] counts) {
        return Arrays.stream(counts).mapToObj(int[]::new).toArray(int[][]::new);
    }

    private void reportUnused(int element, String what, int[] uses) {
        for (int port = 0; port < uses.length; port++) {
            if (uses[port] == 0) {
                error(
                        element,
                        what + " " + port + " of " + configuration.elements().get(element) + " is not connected");
            }
        }
    }

    private void connect() {
        Input[][] in = new Input[elements.size()][];
        Output[][] out = new Output[elements.size()][];
        for (int i = 0; i < elements.size(); i++) {
            in[i] = new Input[inputs[i]];
            out[i] = new Output[outputs[i]];
        }
        for (Connection connection : configuration.connections()) {
            out[connection.from()][connection.outputPort()] =
                    new Output(elements.get(connection.to()), connection.inputPort());
            in[connection.to()][connection.inputPort()] =
                    new Input(elements.get(connection.from()), connection.outputPort());
        }
        for (int i = 0; i < elements.size(); i++) {
            elements.get(i).connect(in[i], pulls(inputKinds[i]), out[i], pulls(outputKinds[i]));
        }
    }

    private static boolean[] pulls(byte[] kinds) {
        boolean[] pulls = new boolean[kinds.length];
        for (int port = 0; port < kinds.length; port++) {
            pulls[port] = kinds[port] == PULL;
        }
        return pulls;
    }

    private void error(int element, String message) {
        wrong = true;
        configuration.errorAtElement(element, message);
    }

    private void connectionError(int connection, String message) {
        wrong = true;
        configuration.errorAtConnection(connection, message);
    }

    private static String text(byte kind) {
        return kind == PUSH ? "push" : "pull";
    }
}
