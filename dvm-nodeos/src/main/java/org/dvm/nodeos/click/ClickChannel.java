package org.dvm.nodeos.click;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.dvm.nodeos.BufferPool;
import org.dvm.nodeos.Domain;
import org.dvm.nodeos.DomainState;
import org.dvm.nodeos.InputChannel;
import org.dvm.nodeos.InputSpec;
import org.dvm.nodeos.OutputChannel;
import org.dvm.nodeos.OutputSpec;
import org.dvm.nodeos.ThreadPool;
import org.dvm.nodeos.link.LinkDescription;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A channel whose packets take their way through a Click router, charged to a domain.
 *
 * <p>The devices of the configuration are links of the node. For each that packets come from the channel opens an input
 * channel for whole frames, for each that they leave by an output channel, so the domain needs the authority for that.
 * One thread of the domain drives the router; handlers are read and written on that thread.
 *
 * <p><b>Threads:</b> any thread.
 *
 * @paper Janos 3.1.7
 */
public final class ClickChannel implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClickChannel.class);
    private static final int SPINS = 200;

    /** How many busy rounds what leaves is gathered for: with usual bursts, about as much as the link moves at a time. */
    private static final int ROUNDS_TO_GATHER = 4;

    private static final long PARK_NANOS = 50_000;
    private static final long CLOSE_SECONDS = 5;

    private final BufferPool buffers;
    private final Map<String, ChannelDevice> devices = new TreeMap<>();
    private final Queue<Runnable> requests = new ConcurrentLinkedQueue<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private @Nullable ThreadPool threads;
    private @Nullable ClickRouter router;
    private volatile boolean closing;

    private ClickChannel(Domain domain, int ownBuffers) {
        this.buffers = domain.allotBuffers(ownBuffers);
    }

    /**
     * Opens a channel and starts its router.
     *
     * @param domain who is charged
     * @param links the node's links; the configuration names them
     * @param spec configuration, buffers and shares
     * @throws ClickException if the configuration is wrong; nothing is left open
     * @throws org.dvm.nodeos.AuthorityException if the domain may not see or send whole frames
     * @throws org.dvm.nodeos.ResourceException if the domain or the links haven't got what is asked for
     */
    public static ClickChannel open(Domain domain, Collection<LinkDescription> links, ClickChannelSpec spec)
            throws ClickException {
        requireNonNull(spec, "spec");
        ClickChannel channel = new ClickChannel(domain, spec.ownBuffers());
        boolean opened = false;
        try {
            channel.openDevices(domain, links, spec);
            CompletableFuture<Void> started = new CompletableFuture<>();
            ThreadPool threads = domain.openThreads(spec.thread());
            channel.threads = threads;
            threads.start(() -> channel.run(domain, spec.configuration(), started));
            started.join();
            opened = true;
            return channel;
        } catch (CompletionException e) {
            if (e.getCause() instanceof ClickException wrong) {
                throw wrong;
            }
            throw e;
        } finally {
            if (!opened) {
                channel.close();
            }
        }
    }

    private void openDevices(Domain domain, Collection<LinkDescription> links, ClickChannelSpec spec) {
        Map<String, LinkDescription> byName = new HashMap<>();
        links.forEach(link -> byName.put(link.name(), link));
        for (LinkDescription link : byName.values()) {
            boolean in = spec.configuration().uses(link.name(), "FromDevice", "PollDevice");
            boolean out = spec.configuration().uses(link.name(), "ToDevice");
            if (in || out || spec.configuration().mentions(link.name())) {
                devices.put(link.name(), openDevice(domain, link, in, out, spec));
            }
        }
    }

    private static ChannelDevice openDevice(
            Domain domain, LinkDescription link, boolean in, boolean out, ClickChannelSpec spec) {
        InputChannel input =
                in ? domain.openInput(InputSpec.of(link.name(), "*").withBuffers(spec.inputBuffers())) : null;
        boolean opened = false;
        try {
            OutputChannel output =
                    out ? domain.openOutput(OutputSpec.of(link.name(), "*", spec.bytesPerMilli())) : null;
            opened = true;
            return new ChannelDevice(link.name(), link.mac().bits(), input, output);
        } finally {
            if (!opened && input != null) {
                input.close();
            }
        }
    }

    private void run(Domain domain, ClickConfiguration configuration, CompletableFuture<Void> started) {
        try {
            ClickRouter opened = ClickRouter.open(
                    configuration,
                    new ClickRouter.Environment(buffers::take, System::nanoTime, devices::get, LOG::info));
            router = opened;
            started.complete(null);
            drive(opened);
        } catch (ClickException | RuntimeException e) {
            if (started.completeExceptionally(e)) {
                return;
            }
            if (domain.state() == DomainState.TERMINATED) { // its buffers may have been revoked under the router
                LOG.debug("Click router of {} ended with its domain", domain.path(), e);
            } else {
                LOG.error("Click router failed; its channel is closed", e);
            }
        } finally {
            end();
        }
    }

    private void drive(ClickRouter router) {
        int idle = 0;
        int gathered = 0;
        while (!closing && !router.isStopped()) {
            boolean worked = router.runOnce();
            if (!worked || ++gathered == ROUNDS_TO_GATHER) {
                gathered = 0;
                flush();
            }
            worked |= serveRequest();
            if (worked) {
                idle = 0;
            } else if (++idle < SPINS) {
                Thread.onSpinWait();
            } else {
                long untilTimer = router.nextTimerNanos() == Long.MAX_VALUE
                        ? PARK_NANOS
                        : router.nextTimerNanos() - System.nanoTime();
                LockSupport.parkNanos(Math.max(1, Math.min(PARK_NANOS, untilTimer)));
            }
        }
        flush();
    }

    private void flush() {
        for (ChannelDevice device : devices.values()) {
            device.flush();
        }
    }

    private boolean serveRequest() {
        Runnable request = requests.poll();
        if (request == null) {
            return false;
        }
        request.run();
        return true;
    }

    /** Ends the router on its own thread, which holds its buffers. */
    private void end() {
        closing = true;
        List<AutoCloseable> parts = new ArrayList<>();
        ClickRouter router = this.router;
        if (router != null) {
            parts.add(router);
        }
        parts.addAll(devices.values());
        for (AutoCloseable part : parts) {
            try {
                part.close();
            } catch (Exception e) { // a terminated domain has taken everything back already
                LOG.debug("part of a Click channel closed by termination", e);
            }
        }
        ended.countDown();
        while (serveRequest()) {
            LOG.debug("request met a closed Click channel");
        }
    }

    /**
     * Reads a handler of the router.
     *
     * @param path element and handler, such as {@code uplink/queue.length}
     * @throws IllegalArgumentException if there is no such handler; the message names those there are
     * @throws IllegalStateException if the channel is closed
     */
    public String read(String path) {
        return ask(router -> router.read(path));
    }

    /**
     * Writes a handler of the router.
     *
     * @param path element and handler, such as {@code uplink/queue.capacity}
     * @param value the value in the handler's language
     * @throws IllegalArgumentException if there is no such handler or the value is wrong
     * @throws IllegalStateException if the channel is closed
     */
    public void write(String path, String value) {
        ask(router -> {
            router.write(path, value);
            return "";
        });
    }

    /** Returns all read handlers as paths, by element. */
    public List<String> readHandlers() {
        return ask(router -> {
            List<String> paths = new ArrayList<>();
            for (String element : router.elementNames()) {
                router.readHandlers(element).forEach(handler -> paths.add(element + "." + handler));
            }
            return paths;
        });
    }

    private <T> T ask(Function<ClickRouter, T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        requests.add(() -> {
            ClickRouter router = this.router;
            if (router == null || closing) {
                answer.completeExceptionally(new IllegalStateException("Click channel is closed"));
                return;
            }
            try {
                answer.complete(question.apply(router));
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        if (ended.getCount() == 0) {
            serveRequest(); // nobody else does any more
        }
        try {
            return answer.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** Returns whether the router runs. */
    public boolean isOpen() {
        return !closing;
    }

    /** Stops the router, closes its channels and gives back all buffers. Closing again does nothing. */
    @Override
    public void close() {
        closing = true;
        ThreadPool threads = this.threads;
        if (threads == null) {
            devices.values().forEach(ChannelDevice::close);
        } else {
            boolean interrupted = false;
            try {
                if (!ended.await(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                    LOG.warn("Click router didn't stop within {} s; its thread is interrupted", CLOSE_SECONDS);
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
            threads.close();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        buffers.close();
    }
}
