package org.dvm.nodeos;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.dvm.nodeos.link.CutThroughOffload;
import org.dvm.nodeos.link.CutThroughPlan;
import org.dvm.nodeos.link.MacAddress;

/**
 * What a domain holds of the node: channels, mailboxes, buffers, pages, thread pools. Opening charges the domain's account
 * and registers with links; closing undoes both, in reverse order.
 *
 * <p><b>Threads:</b> with the lock of the node's administration.
 */
final class Holdings {
    private static final int GATHER_BUFFERS = 16;

    private final Domain domain;
    private final Node node;
    private final Account account;
    private final Authority authority;
    private final Set<InputChannel> inputs = new HashSet<>();
    private final Set<OutputChannel> outputs = new HashSet<>();
    private final Set<CutThroughChannel> cutThroughs = new HashSet<>();
    private final Set<Mailbox> mailboxes = new HashSet<>();
    private final Set<BufferPool> pools = new HashSet<>();
    private final Set<PageBlock> blocks = new HashSet<>();
    private final Set<ThreadPool> threadPools = new HashSet<>();
    private final ClosedTotals closedTotals = new ClosedTotals();

    Holdings(Domain domain, Node node, Account account, Authority authority) {
        this.domain = domain;
        this.node = node;
        this.account = account;
        this.authority = authority;
    }

    InputChannel openInput(InputSpec spec) {
        authority.checkReceive(spec.protocols(), spec.addresses());
        Port port = node.port(spec.protocols().link());
        DemuxRule rule = DemuxRule.of(spec.protocols(), spec.addresses(), spec.key());
        node.owners().checkOverlap(port, rule, domain);
        InputChannel channel = new InputChannel(domain, spec, port, takeBuffers(spec.buffers()));
        inputs.add(channel);
        register(port, rule, channel.sink(), () -> close(channel));
        return channel;
    }

    OutputChannel openOutput(OutputSpec spec) {
        OutputChannel channel = newOutput(spec, GATHER_BUFFERS);
        outputs.add(channel);
        return channel;
    }

    private OutputChannel newOutput(OutputSpec spec, int gatherBuffers) {
        authority.checkSend(spec.protocols(), spec.addresses());
        Port port = node.port(spec.protocols().link());
        boolean checksSource = !authority.rights().contains(Authority.Right.SEND_AS_ANY);
        Encapsulation headers = Encapsulation.of(
                spec.protocols(), spec.addresses(), checksSource, port.driver().description());
        ResourceSpec bandwidth = bandwidth(spec);
        long queuePages = ringPages(spec.queuePackets());
        account.reserve(bandwidth);
        Undo undo = new Undo();
        undo.add(() -> account.release(bandwidth));
        try {
            BufferPool gather = takeBuffers(gatherBuffers);
            undo.add(() -> giveBuffers(gather));
            account.charge(queuePages);
            undo.add(() -> account.discharge(queuePages));
            OutputChannel channel = new OutputChannel(domain, spec, port, headers, gather);
            port.addOutput(channel, spec.bytesPerMilli());
            undo.clear();
            return channel;
        } finally {
            undo.run();
        }
    }

    /** What has to be taken back when an opening fails half way; newest first. */
    private static final class Undo {
        private final List<Runnable> steps = new ArrayList<>();

        void add(Runnable step) {
            steps.add(step);
        }

        void clear() {
            steps.clear();
        }

        void run() {
            for (int i = steps.size() - 1; i >= 0; i--) {
                steps.get(i).run();
            }
        }
    }

    CutThroughChannel openCutThrough(CutThroughSpec spec) {
        InputSpec inputSpec = spec.input();
        authority.checkReceive(inputSpec.protocols(), inputSpec.addresses());
        checkForwarding(spec);
        Port inputPort = node.port(inputSpec.protocols().link());
        DemuxRule rule = DemuxRule.of(inputSpec.protocols(), inputSpec.addresses(), inputSpec.key());
        node.owners().checkOverlap(inputPort, rule, domain);
        OutputSpec raw = new OutputSpec(
                new ProtocolSpec(spec.output().protocols().link(), Optional.empty()),
                spec.output().addresses(),
                spec.output().bytesPerMilli(),
                spec.output().queuePackets(),
                spec.output().dropPolicy());
        OutputChannel output = newOutput(raw, 1);
        Undo undo = new Undo();
        undo.add(() -> close(output));
        try {
            BufferPool pool = takeBuffers(inputSpec.buffers());
            undo.add(() -> giveBuffers(pool));
            Optional<CutThroughOffload> offload = inputPort.driver().offload(plan(spec, rule, output));
            CutThroughChannel channel =
                    new CutThroughChannel(domain, spec, inputPort, output, pool, offload, node.clock());
            undo.clear();
            cutThroughs.add(channel);
            register(inputPort, rule, channel.sink(), () -> close(channel));
            return channel;
        } finally {
            undo.run();
        }
    }

    private void checkForwarding(CutThroughSpec spec) {
        if (!authority.rights().contains(Authority.Right.SEND_AS_ANY)) {
            throw new AuthorityException("cut-through channel forwards others' packets: ask for SEND_AS_ANY");
        }
        if (spec.forwarding() == CutThroughPlan.Forwarding.ROUTE
                && spec.output().addresses().mac().isEmpty()) {
            throw new SpecificationException(
                    "routing cut-through channel needs the next hop's address, mac=...",
                    spec.output().addresses().toString());
        }
    }

    private static CutThroughPlan plan(CutThroughSpec spec, DemuxRule rule, OutputChannel output) {
        var link = output.port().driver().description();
        boolean polices = spec.policing() == CutThroughSpec.Policing.DROP_EXCESS;
        long rate = spec.output().bytesPerMilli();
        return new CutThroughPlan(
                link,
                rule.matches(),
                spec.forwarding(),
                link.mac(),
                spec.output().addresses().mac().orElse(MacAddress.NONE),
                polices ? rate : 0,
                CutThroughChannel.burstBytes(rate, link.mtuBytes() + Headers.ETHERNET_BYTES));
    }

    private void register(Port port, DemuxRule rule, PacketSink sink, Runnable ifRefused) {
        node.owners().add(sink, domain);
        Undo undo = new Undo();
        undo.add(ifRefused);
        try {
            port.addRule(rule, sink);
            undo.clear();
        } finally {
            undo.run();
        }
    }

    private void unregister(Port port, PacketSink sink) {
        port.removeRule(sink);
        node.owners().remove(sink);
    }

    Mailbox openMailbox(int buffers) {
        Mailbox mailbox = new Mailbox(domain, takeBuffers(buffers));
        mailboxes.add(mailbox);
        return mailbox;
    }

    BufferPool allotBuffers(int buffers) {
        BufferPool pool = takeBuffers(buffers);
        pools.add(pool);
        return pool;
    }

    PageBlock allotPages(int pages) {
        account.charge(pages);
        PageBlock block = new PageBlock(domain, node.pages().take(pages));
        blocks.add(block);
        return block;
    }

    ThreadPool openThreads(ThreadSpec spec) {
        account.reserve(cpu(spec));
        ThreadPool pool = new ThreadPool(domain, spec, node.cpu());
        threadPools.add(pool);
        return pool;
    }

    /** Returns what the domain has done and holds; the main threads are counted in. */
    DomainStatistics statistics(ThreadPool mainThreads) {
        ClosedTotals totals = closedTotals.copy();
        inputs.forEach(channel -> totals.addInput(channel.counters()));
        mailboxes.forEach(mailbox -> totals.addInput(mailbox.counters()));
        outputs.forEach(channel -> totals.addOutput(channel.sending(), channel.leaving()));
        cutThroughs.forEach(totals::add);
        int buffers = 0;
        int available = 0;
        for (BufferPool pool : allPools()) {
            buffers += pool.size();
            available += pool.available();
        }
        long cpuNanos = mainThreads.cpuNanos() + totals.cpuNanos;
        int threads = mainThreads.threads();
        for (ThreadPool pool : threadPools) {
            cpuNanos += pool.cpuNanos();
            threads += pool.threads();
        }
        return new DomainStatistics(
                cpuNanos,
                totals.packetsIn,
                totals.bytesIn,
                totals.packetsOut,
                totals.bytesOut,
                totals.drops,
                buffers,
                Math.max(0, buffers - available),
                account.pages() + DomainThread.PAGES * threads,
                threads);
    }

    private List<BufferPool> allPools() {
        List<BufferPool> all = new ArrayList<>(pools);
        inputs.forEach(channel -> all.add(channel.pool()));
        mailboxes.forEach(mailbox -> all.add(mailbox.pool()));
        outputs.forEach(channel -> all.add(channel.gatherBuffers()));
        cutThroughs.forEach(channel -> {
            all.add(channel.pool());
            all.add(channel.output().gatherBuffers());
        });
        return all;
    }

    /** Closes everything and returns the thread pools whose threads have still to end. */
    List<ThreadPool> closeAll() {
        List.copyOf(threadPools).forEach(this::close);
        List.copyOf(cutThroughs).forEach(this::close);
        List.copyOf(inputs).forEach(this::close);
        List.copyOf(mailboxes).forEach(this::close);
        List.copyOf(outputs).forEach(this::close);
        List.copyOf(pools).forEach(this::close);
        Set<Thread> holders = new HashSet<>();
        blocks.forEach(block -> block.revoke(holders));
        Quiescence.await(holders);
        List.copyOf(blocks).forEach(this::close);
        return closedTotals.stoppedPools;
    }

    void close(InputChannel channel) {
        if (inputs.remove(channel)) {
            unregister(channel.port(), channel.sink());
            channel.stop();
            giveBuffers(channel.pool());
            closedTotals.addInput(channel.counters());
        }
    }

    void close(OutputChannel channel) {
        outputs.remove(channel);
        if (channel.stop()) {
            channel.port().removeOutput(channel, channel.spec().bytesPerMilli());
            account.discharge(ringPages(channel.spec().queuePackets()));
            giveBuffers(channel.gatherBuffers());
            account.release(bandwidth(channel.spec()));
            closedTotals.addOutput(channel.sending(), channel.leaving());
        }
    }

    void close(CutThroughChannel channel) {
        if (cutThroughs.remove(channel)) {
            channel.offload().ifPresent(CutThroughOffload::close);
            unregister(channel.inputPort(), channel.sink());
            close(channel.output());
            giveBuffers(channel.pool());
            closedTotals.add(channel.counters(), channel.offload());
        }
    }

    void close(Mailbox mailbox) {
        if (mailboxes.remove(mailbox)) {
            mailbox.stop();
            giveBuffers(mailbox.pool());
            closedTotals.addInput(mailbox.counters());
        }
    }

    void close(BufferPool pool) {
        if (pools.remove(pool)) {
            giveBuffers(pool);
        }
    }

    void close(PageBlock block) {
        if (blocks.remove(block)) {
            node.pages().give(block.run());
            account.discharge(block.run().pages());
        }
    }

    void close(ThreadPool pool) {
        if (threadPools.remove(pool)) {
            pool.stop();
            closedTotals.stopped(pool);
            account.release(cpu(pool.spec()));
        }
    }

    private static ResourceSpec bandwidth(OutputSpec spec) {
        return new ResourceSpec(0, 0, spec.bytesPerMilli(), 0);
    }

    private static ResourceSpec cpu(ThreadSpec spec) {
        return new ResourceSpec(0, spec.cpuNanosPerSecond(), 0, 0);
    }

    private BufferPool takeBuffers(int buffers) {
        long pages = bufferPages(buffers);
        account.charge(pages);
        try {
            return BufferPool.open(node.memory(), buffers, domain);
        } catch (RuntimeException e) {
            account.discharge(pages);
            throw e;
        }
    }

    private void giveBuffers(BufferPool pool) {
        pool.reclaim();
        account.discharge(bufferPages(pool.size()));
    }

    /** Pages of the frames, the wrappers and the two rings of a number of buffers. */
    private long bufferPages(int buffers) {
        return MemoryPool.pagesFor((long) buffers * node.memory().frameBytes()) + ringPages(buffers);
    }

    /** Pages that stand for the Java objects of a queue. */
    private static long ringPages(int places) {
        return MemoryPool.pagesFor((long) places * Domain.BYTES_PER_PLACE);
    }
}
