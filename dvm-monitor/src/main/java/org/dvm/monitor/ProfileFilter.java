package org.dvm.monitor;

import static java.util.Objects.requireNonNull;

import org.dvm.core.edit.Snippet;
import org.dvm.core.edit.Value;
import org.dvm.core.pipeline.ClassTransformer;
import org.dvm.core.pipeline.ClassUnit;
import org.dvm.core.pipeline.TransformContext;

/**
 * Counts the calls of chosen methods and constructors. The counts are kept and written where the rewritten code runs:
 * {@link org.dvm.runtime.profile.Profile}.
 *
 * <p>A method in which the insertion doesn't fit is left as it was, with a finding.
 *
 * @paper DVM 3.3
 */
public final class ProfileFilter implements ClassTransformer {
    private final MethodSelector selector;

    /** Makes a filter for the methods that the selector chooses at {@link AuditEvent#ENTER}. */
    public ProfileFilter(MethodSelector selector) {
        this.selector = requireNonNull(selector, "selector");
    }

    @Override
    public String name() {
        return ProfileService.NAME;
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
        MethodProbes.insert(selector, unit, context, (edits, key, events) -> {
            if (events.contains(AuditEvent.ENTER)) {
                edits.atEntry(Snippet.call(
                        "org/dvm/runtime/profile/Profile", "count", "(Ljava/lang/String;)V", Value.of(key)));
            }
        });
    }

    @Override
    public String toString() {
        return name() + "[" + selector + "]";
    }
}
