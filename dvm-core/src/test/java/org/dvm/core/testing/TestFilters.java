package org.dvm.core.testing;

import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;
import org.dvm.core.pipeline.ClassTransformer;
import org.dvm.core.pipeline.ClassUnit;
import org.dvm.core.pipeline.TransformContext;

/** Small filters for tests. */
public final class TestFilters {
    private TestFilters() {}

    /** Returns a filter of that name with that action. */
    public static ClassTransformer filter(String name, BiConsumer<ClassUnit, TransformContext> action) {
        return new ClassTransformer() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public String fingerprint() {
                return "1";
            }

            @Override
            public void transform(ClassUnit unit, TransformContext context) {
                action.accept(unit, context);
            }
        };
    }

    /** Returns a filter that replaces a text of the class by another of the same length, as in a string constant. */
    public static ClassTransformer replaceText(String from, String to) {
        return filter("replace-text", (unit, context) -> {
            byte[] bytes = unit.raw().bytes();
            byte[] changed = replace(bytes, from, to);
            if (changed != bytes) {
                context.note("replaced " + from);
                context.replaceClass(changed);
            }
        });
    }

    /** Returns the bytes with one text replaced by another of the same length; the same array without it. */
    public static byte[] replace(byte[] bytes, String from, String to) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        return text.contains(from) ? text.replace(from, to).getBytes(StandardCharsets.ISO_8859_1) : bytes;
    }
}
