package org.dvm.verifier;

import java.util.LinkedHashMap;
import java.util.Map;
import org.dvm.core.pipeline.ClassFile;
import org.dvm.core.pipeline.TransformPipeline;
import org.dvm.core.pipeline.TransformResult;
import org.dvm.core.pipeline.TransformResult.Status;

/** One class under one filter, in a world that knows nothing. */
final class FilterRun {
    private FilterRun() {}

    /** Returns what the filter makes of a class file: the class and those added to it, by internal name. */
    static Map<String, byte[]> of(VerifyFilter filter, byte[] classFile) {
        TransformResult result = TransformPipeline.of(filter).process(classFile);
        if (result.status() == Status.FAILED) {
            throw new IllegalStateException("the class must be well formed and have room: " + result.findings());
        }
        Map<String, byte[]> classes = new LinkedHashMap<>();
        classes.put(String.valueOf(result.className()), result.output());
        for (ClassFile each : result.extraClasses()) {
            classes.put(each.name(), each.bytes());
        }
        return classes;
    }
}
