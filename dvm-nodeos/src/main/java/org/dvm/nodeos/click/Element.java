package org.dvm.nodeos.click;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.dvm.nodeos.PacketBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A part of a router: it has input and output ports and does one thing to packets.
 *
 * <p>A packet is handed over with the call: who gets a buffer sends it on, keeps it or releases it. Most elements
 * override {@link #process}; those that route, queue or answer override {@link #push} and {@link #pull}.
 *
 * <p>An element says how it may be connected by {@link #portCount()}, {@link #processing()} and {@link #flowCode()}, in
 * Click's notation.
 *
 * <p><b>Threads:</b> all elements of a router run on the one thread that drives it.
 */
public abstract class Element {
    private static final Output[] NO_OUTPUTS = {};
    private static final Input[] NO_INPUTS = {};
    private static final Class<?>[] PUSH_PARAMETERS = {int.class, PacketBuffer.class};

    private String name = "";
    private Output[] outputs = NO_OUTPUTS;
    private Input[] inputs = NO_INPUTS;
    private boolean[] pulls = {};
    private boolean[] pulledFrom = {};
    private boolean onlyProcesses;
    private @Nullable RouterContext context;
    private final Map<String, Supplier<String>> readHandlers = new LinkedHashMap<>();
    private final Map<String, Consumer<String>> writeHandlers = new LinkedHashMap<>();

    /** An output port: the input that it leads to. */
    protected static final class Output {
        private final Element target;
        private final int port;

        Output(Element target, int port) {
            this.target = target;
            this.port = port;
        }

        /** Hands a packet to the next element, and through those that only process it. */
        public void push(PacketBuffer packet) {
            Output to = this;
            PacketBuffer moving = packet;
            while (to.target
                    .onlyProcesses) { // one call for each of them instead of two, and none of them deep in the stack
                moving = to.target.process(moving);
                if (moving == null) {
                    return;
                }
                to = to.target.outputs[0];
            }
            to.target.push(to.port, moving);
        }
    }

    /** An input port: the output that feeds it. */
    protected static final class Input {
        private final Element source;
        private final int port;

        Input(Element source, int port) {
            this.source = source;
            this.port = port;
        }

        /** Asks the element before for a packet. */
        public @Nullable PacketBuffer pull() {
            return source.pull(port);
        }
    }

    /** Makes an element without ports; the router connects it. */
    protected Element() {}

    /** Returns the class name by which configurations call the element. */
    public String className() {
        return getClass().getSimpleName();
    }

    /** Returns the allowed numbers of inputs and outputs, such as {@code 1/1}, {@code 1/1-2}, {@code -/1}, {@code 1-/=}. */
    protected String portCount() {
        return "1/1";
    }

    /** Returns whether ports are push (h), pull (l) or agnostic (a), such as {@code a/a} or {@code h/l}. */
    protected String processing() {
        return "a/a";
    }

    /** Returns which outputs a packet from an input can take, such as {@code x/x} (any) or {@code x/y} (none). */
    protected String flowCode() {
        return "x/x";
    }

    /** Returns the keywords of the element's parameters. */
    protected Set<String> keywords() {
        return Set.of();
    }

    /**
     * Reads the configuration.
     *
     * @param args the arguments; what nobody reads is a mistake
     */
    protected void configure(Args args) {}

    /** Prepares for packets, when all elements are configured and connected. Throws with what is wrong. */
    protected void initialize() {}

    /** Gives back what the element holds. Called once when the router ends. */
    protected void cleanup() {}

    /** Works on one packet; null where it was kept, dropped or sent elsewhere. */
    protected @Nullable PacketBuffer process(PacketBuffer packet) {
        return packet;
    }

    /** Takes a packet from the element before, at that input port. */
    protected void push(int port, PacketBuffer packet) {
        PacketBuffer processed = process(packet);
        if (processed != null) {
            output(0).push(processed);
        }
    }

    /** Returns a packet for the element behind that output port, or null where there is none now. */
    protected @Nullable PacketBuffer pull(int port) {
        PacketBuffer packet = input(0).pull();
        return packet == null ? null : process(packet);
    }

    /** Adds a handler that reads a value. */
    protected final void readHandler(String name, Supplier<String> handler) {
        readHandlers.put(name, handler);
    }

    /** Adds a handler that writes a value; it throws {@link IllegalArgumentException} for a wrong one. */
    protected final void writeHandler(String name, Consumer<String> handler) {
        writeHandlers.put(name, handler);
    }

    /** Sends a packet out, or releases it where the output isn't connected (optional outputs). */
    protected final void pushOrDrop(int port, PacketBuffer packet) {
        if (port < outputs.length) {
            outputs[port].push(packet);
        } else {
            packet.release();
        }
    }

    /** Returns the elements that this one's outputs lead to. */
    public final List<Element> downstream() {
        return Arrays.stream(outputs).map(output -> output.target).toList();
    }

    /** Returns the elements that feed this one's pull inputs. */
    public final List<Element> upstream() {
        return Arrays.stream(inputs).map(input -> input.source).toList();
    }

    /** Returns the element's name in its router. */
    public final String name() {
        return name;
    }

    /** Returns an output port. */
    protected final Output output(int port) {
        return outputs[port];
    }

    /** Returns an input port. */
    protected final Input input(int port) {
        return inputs[port];
    }

    /** Returns the number of connected output ports. */
    protected final int outputCount() {
        return outputs.length;
    }

    /** Returns the number of connected input ports. */
    protected final int inputCount() {
        return inputs.length;
    }

    /** Returns whether an input port pulls; known from {@link #initialize} on. */
    protected final boolean inputPulls(int port) {
        return pulls[port];
    }

    /** Returns whether an output port is asked for packets; known from {@link #initialize} on. */
    protected final boolean outputPulls(int port) {
        return pulledFrom[port];
    }

    /** Returns what the router offers its elements: buffers, time, tasks. */
    protected final RouterContext context() {
        RouterContext known = context;
        if (known == null) {
            throw new IllegalStateException("element is not part of a router: class=" + className());
        }
        return known;
    }

    final Map<String, Supplier<String>> readHandlers() {
        return readHandlers;
    }

    final Map<String, Consumer<String>> writeHandlers() {
        return writeHandlers;
    }

    final void join(String name, RouterContext context) {
        this.name = name;
        this.context = context;
    }

    final void connect(Input[] inputs, boolean[] pulls, Output[] outputs, boolean[] pulledFrom) {
        this.inputs = inputs;
        this.pulls = pulls;
        this.outputs = outputs;
        this.pulledFrom = pulledFrom;
        this.onlyProcesses = outputs.length > 0 && !overridesPush(getClass());
    }

    private static boolean overridesPush(Class<?> type) {
        for (Class<?> at = type; at != Element.class; at = at.getSuperclass()) {
            for (Method method : at.getDeclaredMethods()) {
                if (method.getName().equals("push") && Arrays.equals(method.getParameterTypes(), PUSH_PARAMETERS)) {
                    return true;
                }
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return "'" + name + " :: " + className() + "'";
    }
}
