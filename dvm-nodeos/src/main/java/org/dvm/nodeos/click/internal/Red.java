package org.dvm.nodeos.click.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.dvm.nodeos.PacketBuffer;
import org.dvm.nodeos.click.Args;
import org.dvm.nodeos.click.ConfigurationWords;
import org.dvm.nodeos.click.Element;
import org.dvm.nodeos.click.Values;
import org.jspecify.annotations.Nullable;

/**
 * Drops packets at random, the more the longer the queues nearby are on average: those behind it when packets are pushed
 * to it, those before it when they are pulled. Dropped packets go to output 1 if it is connected.
 *
 * <p>Source: S. Floyd, V. Jacobson, Random Early Detection Gateways, IEEE/ACM ToN 1(4), 1993.
 */
final class Red extends Element {
    private static final int MAX_QUEUE = 1 << 20;

    private int minThreshold;
    private int maxThreshold;
    private double maxProbability;
    private double weight;
    private List<String> queueNames = List.of();
    private Storage[] queues = {};
    private double average;
    private int sinceDrop = -1;
    private long drops;
    private final SplittableRandom random = new SplittableRandom(1);

    @Override
    public String className() {
        return "RED";
    }

    @Override
    protected String portCount() {
        return "1/1-2";
    }

    @Override
    protected String processing() {
        return "a/ah";
    }

    @Override
    protected Set<String> keywords() {
        return Set.of("MIN_THRESH", "MAX_THRESH", "MAX_P", "QUEUES", "STABILITY");
    }

    @Override
    protected void configure(Args args) {
        minThreshold = args.mandatory("MIN_THRESH", Values.integer(0, MAX_QUEUE), 0);
        maxThreshold = args.mandatory("MAX_THRESH", Values.integer(0, MAX_QUEUE), 0);
        maxProbability = args.mandatory("MAX_P", Red::probability, 0.0);
        queueNames = ConfigurationWords.of(args.keyword("QUEUES", text -> text, ""));
        weight = Math.scalb(1.0, -args.keyword("STABILITY", Values.integer(1, 16), 4));
        if (minThreshold > maxThreshold) {
            args.error("MIN_THRESH must not exceed MAX_THRESH");
        }
        readHandler("drops", () -> Long.toString(drops));
        readHandler("avg_queue_size", () -> String.format(java.util.Locale.ROOT, "%.3f", average));
        readHandler("queues", () -> Integer.toString(queues.length));
        writeHandler(
                "min_thresh",
                value -> minThreshold = Values.integer(0, MAX_QUEUE).parse(value));
        writeHandler(
                "max_thresh",
                value -> maxThreshold = Values.integer(0, MAX_QUEUE).parse(value));
        writeHandler("max_p", value -> maxProbability = probability(value));
    }

    private static Double probability(String text) {
        if (text.matches("[0-9]*\\.?[0-9]+")) {
            double value = Double.parseDouble(text);
            if (value <= 1) {
                return value;
            }
        }
        throw new IllegalArgumentException("expected a probability from 0 to 1, found '" + text + "'");
    }

    @Override
    protected void initialize() {
        List<Storage> found = new ArrayList<>();
        for (String name : queueNames) {
            if (!(context().element(name) instanceof Storage storage)) {
                throw new IllegalArgumentException("QUEUES: no queue is called '" + name + "'");
            }
            found.add(storage);
        }
        if (queueNames.isEmpty()) {
            search(found);
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException("no queue nearby; name them with QUEUES");
        }
        queues = found.toArray(new Storage[0]);
    }

    /** Finds the nearest queues along the connections. */
    private void search(List<Storage> found) {
        boolean upstream = inputPulls(0);
        Deque<Element> open = new ArrayDeque<>();
        Set<Element> seen = new HashSet<>();
        open.add(this);
        while (!open.isEmpty()) {
            Element element = open.remove();
            for (Element next : upstream ? element.upstream() : element.downstream()) {
                if (!seen.add(next)) {
                    continue;
                }
                if (next instanceof Storage storage) {
                    found.add(storage);
                } else {
                    open.add(next);
                }
            }
        }
    }

    @Override
    protected @Nullable PacketBuffer process(PacketBuffer packet) {
        if (shouldDrop()) {
            drops++;
            pushOrDrop(1, packet);
            return null;
        }
        return packet;
    }

    private boolean shouldDrop() {
        int size = 0;
        for (Storage queue : queues) {
            size += queue.size();
        }
        average += (size - average) * weight;
        if (average <= minThreshold) {
            sinceDrop = -1;
            return false;
        }
        if (average > maxThreshold) {
            sinceDrop = -1;
            return true;
        }
        sinceDrop++;
        double p = maxProbability * (average - minThreshold) / Math.max(1, maxThreshold - minThreshold);
        double spread = 1 - sinceDrop * p;
        if (spread <= 0 || random.nextDouble() < p / spread) {
            sinceDrop = 0;
            return true;
        }
        return false;
    }
}
