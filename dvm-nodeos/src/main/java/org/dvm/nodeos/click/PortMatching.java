package org.dvm.nodeos.click;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.dvm.nodeos.click.Syntax.Arrow;
import org.dvm.nodeos.click.Syntax.Ports;
import org.dvm.nodeos.click.Syntax.Reference;

/**
 * Which output goes to which input where an arrow has lists on its sides: {@code ->} joins one port with each of the other
 * side, {@code =>} joins the ports of both sides in order. One open-ended list may grow to fit the other side; with {@code
 * =>} an element without brackets does so, too.
 */
final class PortMatching {
    /** Limits what {@code [0-65535]} lists can make of a short text. */
    private static final int MAX_PORTS = 1 << 16;

    /** An element on one side of an arrow. */
    record End(Reference element, Ports ports) {}

    /** Takes the connections. */
    interface Sink {
        void connect(Reference from, int outputPort, Reference to, int inputPort);
    }

    /** One port of one element. */
    private record Slot(Reference element, int port) {}

    private final List<End> outputs;
    private final List<End> inputs;
    private final Arrow arrow;
    private final Consumer<String> errors;

    PortMatching(List<End> outputs, List<End> inputs, Arrow arrow, Consumer<String> errors) {
        this.outputs = outputs;
        this.inputs = inputs;
        this.arrow = arrow;
        this.errors = errors;
    }

    void match(Sink sink) {
        int mostOutputs = leastPorts(outputs);
        int mostInputs = leastPorts(inputs);
        boolean growsOut = grows(outputs, mostOutputs, mostInputs);
        boolean growsIn = grows(inputs, mostInputs, mostOutputs);
        if (growsOut && growsIn) {
            errors.accept("at most one side of an arrow can take as many ports as the other has");
            return;
        }
        boolean manyOut = mostOutputs > 1 || growsOut;
        boolean manyIn = mostInputs > 1 || growsIn;
        if (manyOut && manyIn) {
            if (arrow == Arrow.ONE) {
                errors.accept("several ports on both sides need '=>'");
                return;
            }
            boolean fits = mostOutputs == mostInputs
                    || (mostOutputs < mostInputs && growsOut)
                    || (mostInputs < mostOutputs && growsIn);
            if (!fits) {
                errors.accept(mostOutputs + (growsOut ? " or more" : "") + " outputs are connected to " + mostInputs
                        + (growsIn ? " or more" : "") + " inputs");
                return;
            }
        }
        List<Slot> from = slots(outputs, growsOut ? Math.max(0, mostInputs - mostOutputs) : 0);
        List<Slot> to = slots(inputs, growsIn ? Math.max(0, mostOutputs - mostInputs) : 0);
        if (from.size() > MAX_PORTS || to.size() > MAX_PORTS) {
            errors.accept("an arrow joins more than " + MAX_PORTS + " ports");
            return;
        }
        int count = Math.max(from.size(), to.size());
        for (int i = 0; i < count; i++) {
            Slot output = from.get(from.size() == 1 ? 0 : i);
            Slot input = to.get(to.size() == 1 ? 0 : i);
            sink.connect(output.element(), output.port(), input.element(), input.port());
        }
    }

    private static int leastPorts(List<End> side) {
        return side.stream()
                .mapToInt(end -> Math.max(1, end.ports().numbers().size()))
                .sum();
    }

    private boolean grows(List<End> side, int least, int others) {
        if (side.stream().anyMatch(end -> end.ports().openEnded())) {
            return true;
        }
        return arrow == Arrow.PARALLEL
                && least == 1
                && others > 1
                && !side.get(0).ports().isWritten();
    }

    private static List<Slot> slots(List<End> side, int more) {
        List<Slot> slots = new ArrayList<>();
        boolean single = side.size() == 1;
        int left = more;
        for (End end : side) {
            List<Integer> numbers = end.ports().isWritten() ? end.ports().numbers() : List.of(0);
            numbers.forEach(port -> slots.add(new Slot(end.element(), port)));
            int last = numbers.get(numbers.size() - 1);
            if (end.ports().openEnded() || (single && left > 0)) {
                for (; left > 0; left--) {
                    slots.add(new Slot(end.element(), ++last));
                }
            }
        }
        return slots;
    }
}
