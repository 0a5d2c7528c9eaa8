package org.dvm.monitor;

import static java.util.Objects.requireNonNull;

import java.util.Set;
import org.dvm.core.edit.MethodEdits;
import org.dvm.core.edit.Snippet;
import org.dvm.core.edit.Value;
import org.dvm.core.pipeline.ClassTransformer;
import org.dvm.core.pipeline.ClassUnit;
import org.dvm.core.pipeline.TransformContext;

/**
 * Inserts audit events at the boundaries of chosen methods and constructors. What the events are written to is set up
 * where the rewritten code runs: {@link org.dvm.runtime.audit.Audit}.
 *
 * <p>A method in which the insertions don't fit is left as it was, with a finding.
 *
 * @paper DVM 3.3
 */
public final class AuditFilter implements ClassTransformer {
    private static final String COLLECTOR = "org/dvm/runtime/audit/Audit";

    private final MethodSelector selector;

    /** Makes a filter for the methods and events that the selector chooses. */
    public AuditFilter(MethodSelector selector) {
        this.selector = requireNonNull(selector, "selector");
    }

    @Override
    public String name() {
        return AuditService.NAME;
    }

    @Override
    public String fingerprint() {
        return "1 " + selector;
    }

    @Override
    public OnOverflow onOverflow() {
        return OnOverflow.LEAVE_OUT;
    }

    @Override
    public void transform(ClassUnit unit, TransformContext context) {
        MethodProbes.insert(selector, unit, context, AuditFilter::insert);
    }

    private static void insert(MethodEdits edits, String key, Set<AuditEvent> events) {
        if (events.contains(AuditEvent.ENTER)) {
            edits.atEntry(Snippet.call(COLLECTOR, "enter", "(Ljava/lang/String;)V", Value.of(key)));
        }
        if (events.contains(AuditEvent.EXIT)) {
            edits.atReturn(Snippet.call(COLLECTOR, "exit", "(Ljava/lang/String;)V", Value.of(key)));
        }
        if (events.contains(AuditEvent.THROW)) {
            edits.atThrowOut(Snippet.call(
                    COLLECTOR, "thrown", "(Ljava/lang/String;Ljava/lang/Throwable;)V", Value.of(key), Value.thrown()));
        }
    }

    @Override
    public String toString() {
        return name() + "[" + selector + "]";
    }
}
