package org.dvm.nodeos.click;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.dvm.nodeos.PacketBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A running configuration: elements connected by push and pull ports, and the tasks and timers that move packets.
 *
 * <p><b>Threads:</b> one thread drives the router and calls its handlers; to read a counter from elsewhere, ask that
 * thread.
 */
public final class ClickRouter implements AutoCloseable {
    /**
     * The world around a router.
     *
     * @param buffers gives an empty buffer held by the running thread, or null
     * @param clock monotonic nanoseconds
     * @param devices finds a device by name, or null
     * @param printer takes the lines of Print elements
     */
    public record Environment(
            Supplier<@Nullable PacketBuffer> buffers,
            LongSupplier clock,
            Function<String, @Nullable RouterDevice> devices,
            Consumer<String> printer) {}

    private final Environment environment;
    private final Map<String, Element> elements = new LinkedHashMap<>();
    private final List<RouterContext.Task> tasks = new ArrayList<>();
    private final PriorityQueue<RouterTimer> timers = new PriorityQueue<>();
    private long roundNanos;
    private boolean stopped;
    private boolean closed;

    private ClickRouter(Environment environment) {
        this.environment = environment;
    }

    /**
     * Makes a router of a configuration.
     *
     * @throws ClickException with every mistake found: unknown classes, arguments, ports, push and pull
     */
    public static ClickRouter open(ClickConfiguration configuration, Environment environment) throws ClickException {
        requireNonNull(environment, "environment");
        ClickRouter router = new ClickRouter(environment);
        List<Element> list = router.instantiate(configuration);
        configuration.throwIfWrong();
        new PortResolver(configuration, list).resolve();
        configuration.throwIfWrong();
        router.roundNanos = router.nanoTime();
        router.initialize(configuration, list);
        return router;
    }

    private List<Element> instantiate(ClickConfiguration configuration) {
        List<Element> list = new ArrayList<>();
        RouterContext context = new Context();
        for (int i = 0; i < configuration.elements().size(); i++) {
            ClickConfiguration.Declaration declaration =
                    configuration.elements().get(i);
            Element element = ElementRegistry.create(declaration.className());
            if (element == null) {
                configuration.errorAtElement(i, ElementRegistry.unknown(declaration.className()));
                continue;
            }
            element.join(declaration.name(), context);
            Args args = new Args(declaration.configuration(), element.keywords());
            element.configure(args);
            for (String error : args.finish()) {
                configuration.errorAtElement(i, declaration + ": " + error);
            }
            elements.put(declaration.name(), element);
            list.add(element);
        }
        return list;
    }

    private void initialize(ClickConfiguration configuration, List<Element> list) throws ClickException {
        for (int i = 0; i < list.size(); i++) {
            try {
                list.get(i).initialize();
            } catch (IllegalArgumentException e) {
                configuration.errorAtElement(i, configuration.elements().get(i) + ": " + e.getMessage());
            }
        }
        try {
            configuration.throwIfWrong();
        } catch (ClickException e) {
            close();
            throw e;
        }
    }

    /**
     * Runs one round: the timers that are due, then every task once.
     *
     * @return whether there was anything to do; if not, the caller may wait until {@link #nextTimerNanos} or a packet
     */
    public boolean runOnce() {
        // Hot path: no allocation, no locks, no logging.
        roundNanos = nanoTime();
        boolean worked = runTimers();
        for (int i = 0; i < tasks.size() && !stopped; i++) {
            worked |= tasks.get(i).run();
        }
        return worked;
    }

    private boolean runTimers() {
        boolean worked = false;
        if (!timers.isEmpty()) {
            final long now = roundNanos;
            // Timers set while others run wait for the next round, so that a timer of no delay can't hold the router.
            for (int n = timers.size(); n > 0 && !timers.isEmpty(); n--) {
                if (timers.element().dueNanos() - now > 0) {
                    break;
                }
                timers.remove().fire();
                worked = true;
            }
        }
        return worked;
    }

    /** Returns when the next timer is due, in the environment's clock; {@code Long.MAX_VALUE} where none is set. */
    public long nextTimerNanos() {
        RouterTimer timer = timers.peek();
        return timer == null ? Long.MAX_VALUE : timer.dueNanos();
    }

    /** Returns whether an element asked the router to stop. */
    public boolean isStopped() {
        return stopped;
    }

    /** Returns the names of the elements, in the order of the configuration. */
    public Set<String> elementNames() {
        return elements.keySet();
    }

    /** Returns the names of an element's read handlers. */
    public Set<String> readHandlers(String element) {
        return find(element).readHandlers().keySet();
    }

    /** Returns the names of an element's write handlers. */
    public Set<String> writeHandlers(String element) {
        return find(element).writeHandlers().keySet();
    }

    /**
     * Reads a handler.
     *
     * @param path element and handler, such as {@code uplink/queue.length}
     * @throws IllegalArgumentException if there is no such element or handler; the message names those there are
     */
    public String read(String path) {
        Element element = find(elementOf(path));
        Supplier<String> handler = element.readHandlers().get(handlerOf(path));
        if (handler == null) {
            throw new IllegalArgumentException("no such read handler: " + path + "; there are "
                    + element.readHandlers().keySet());
        }
        return handler.get();
    }

    /**
     * Writes a handler.
     *
     * @param path element and handler, such as {@code uplink/queue.capacity}
     * @param value the value, in the handler's own language
     * @throws IllegalArgumentException if there is no such element or handler, or the value is wrong
     */
    public void write(String path, String value) {
        Element element = find(elementOf(path));
        Consumer<String> handler = element.writeHandlers().get(handlerOf(path));
        if (handler == null) {
            throw new IllegalArgumentException("no such write handler: " + path + "; there are "
                    + element.writeHandlers().keySet());
        }
        handler.accept(value);
    }

    /** Ends the router: elements give back their buffers. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            stopped = true;
            timers.clear();
            elements.values().forEach(Element::cleanup);
        }
    }

    PriorityQueue<RouterTimer> timers() {
        return timers;
    }

    long nanoTime() {
        return environment.clock().getAsLong();
    }

    private Element find(String name) {
        Element element = elements.get(name);
        if (element == null) {
            throw new IllegalArgumentException("no such element: " + name + "; there are " + elements.keySet());
        }
        return element;
    }

    private static String elementOf(String path) {
        int dot = path.lastIndexOf('.');
        if (dot < 0) {
            throw new IllegalArgumentException("expected element.handler, found '" + path + "'");
        }
        return path.substring(0, dot);
    }

    private static String handlerOf(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    /** What elements see of their router. */
    private final class Context implements RouterContext {
        @Override
        public @Nullable PacketBuffer newPacket() {
            return environment.buffers().get();
        }

        @Override
        public long nanoTime() {
            return ClickRouter.this.nanoTime();
        }

        @Override
        public long roundNanos() {
            return roundNanos;
        }

        @Override
        public @Nullable RouterDevice device(String name) {
            return environment.devices().apply(name);
        }

        @Override
        public Consumer<String> printer() {
            return environment.printer();
        }

        @Override
        public void addTask(Task task) {
            tasks.add(task);
        }

        @Override
        public RouterTimer newTimer(Runnable action) {
            return new RouterTimer(ClickRouter.this, action);
        }

        @Override
        public @Nullable Element element(String name) {
            return elements.get(name);
        }

        @Override
        public void stop() {
            stopped = true;
        }
    }
}
