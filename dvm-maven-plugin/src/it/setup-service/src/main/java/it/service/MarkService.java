package it.service;

import java.util.Map;
import org.dvm.core.pipeline.ClassTransformer;
import org.dvm.core.pipeline.ClassUnit;
import org.dvm.core.pipeline.Service;
import org.dvm.core.pipeline.TransformContext;

/** Makes classes of a package cloneable, so that a test can see that it was here. */
public final class MarkService implements Service {
    @Override
    public String name() {
        return "mark";
    }

    @Override
    public String description() {
        return "adds an interface to each class";
    }

    @Override
    public ClassTransformer transformer(Map<String, String> options) {
        String prefix = options.getOrDefault("prefix", "");
        return new ClassTransformer() {
            @Override
            public String name() {
                return "mark";
            }

            @Override
            public String fingerprint() {
                return "1 " + prefix;
            }

            @Override
            public void transform(ClassUnit unit, TransformContext context) {
                if (unit.name().startsWith(prefix)) {
                    if (unit.raw().interfaceCount() > 0) {
                        throw new IllegalStateException("marked twice: " + unit.name());
                    }
                    unit.edits().addInterface("java/lang/Cloneable");
                    context.note("marked");
                }
            }
        };
    }
}
