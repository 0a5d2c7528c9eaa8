package org.dvm.core.pipeline;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.dvm.core.internal.Sha256;
import org.dvm.core.repository.ClassRepository;

/**
 * Filters in the order in which they look at a class: a value that is composed first and run later.
 *
 * <pre>{@code
 * TransformPipeline pipeline = TransformPipeline.of(verify, secure, audit);
 * TransformResult result = pipeline.process(classFile, "app.jar", classes);
 * }</pre>
 *
 * <p>A class is parsed and checked once. Every filter sees it as it was read, and all edits are written in one pass;
 * insertions of later filters nest around those of earlier ones. A class that breaks the format, in which a filter
 * fails or reports an error, or whose edits can't be written, fails: it has findings and no output. Module
 * descriptors are checked and pass by the filters.
 *
 * <p><b>Threads:</b> immutable and safe to share, as its filters are.
 *
 * @paper DVM 3
 */
public final class TransformPipeline implements ClassProcessor {
    /** Part of every fingerprint: to be counted up when the engine's output for the same plan changes. */
    private static final String ENGINE = "engine-1";

    private static final TransformPipeline EMPTY = new TransformPipeline(List.of());

    private final List<ClassTransformer> filters;
    private final List<String> labels;
    private final String fingerprint;

    private TransformPipeline(List<ClassTransformer> filters) {
        this.filters = List.copyOf(filters);
        this.labels = labelsOf(filters);
        this.fingerprint = fingerprintOf(filters);
    }

    /** Returns the pipeline of these filters, in order; without any it only checks the format. */
    public static TransformPipeline of(ClassTransformer... filters) {
        return of(List.of(filters));
    }

    /** Returns the pipeline of these filters, in order. */
    public static TransformPipeline of(List<ClassTransformer> filters) {
        return filters.isEmpty() ? EMPTY : new TransformPipeline(filters);
    }

    /** Returns this pipeline with another filter behind it. */
    public TransformPipeline then(ClassTransformer filter) {
        requireNonNull(filter, "filter");
        List<ClassTransformer> longer = new ArrayList<>(filters);
        longer.add(filter);
        return new TransformPipeline(longer);
    }

    /** Returns the filters in order. */
    public List<ClassTransformer> filters() {
        return filters;
    }

    /** Returns the SHA-256, in hexadecimal, of the engine's version and all filters' names and fingerprints. */
    @Override
    public String fingerprint() {
        return fingerprint;
    }

    @Override
    public TransformResult process(byte[] classFile, String source, ClassRepository classes) {
        requireNonNull(classFile, "classFile");
        requireNonNull(source, "source");
        requireNonNull(classes, "classes");
        return new PipelineRun(this, source, classes).run(classFile);
    }

    /** Processes a class of unknown source without knowledge of others. */
    public TransformResult process(byte[] classFile) {
        return process(classFile, "", ClassRepository.EMPTY);
    }

    @Override
    public String toString() {
        return "TransformPipeline" + labels;
    }

    List<String> labels() {
        return labels;
    }

    private static List<String> labelsOf(List<ClassTransformer> filters) {
        Map<String, Integer> seen = new HashMap<>();
        List<String> labels = new ArrayList<>();
        for (ClassTransformer filter : filters) {
            int nth = seen.merge(filter.name(), 1, Integer::sum);
            labels.add(nth == 1 ? filter.name() : filter.name() + "#" + nth);
        }
        return List.copyOf(labels);
    }

    private static String fingerprintOf(List<ClassTransformer> filters) {
        // Lengths in front, so that no two lists of filters spell the same text.
        String text = filters.stream()
                .flatMap(filter -> List.of(filter.name(), filter.fingerprint()).stream())
                .map(part -> part.length() + ":" + part)
                .collect(Collectors.joining(",", ENGINE + ",", ""));
        return HexFormat.of().formatHex(Sha256.of(text.getBytes(StandardCharsets.UTF_8)));
    }
}
