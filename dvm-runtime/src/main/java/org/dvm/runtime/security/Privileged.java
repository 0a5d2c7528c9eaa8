package org.dvm.runtime.security;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sections in which a trusted library acts for itself, not for its caller.
 *
 * <p>The policy must allow it by a transition from every subject that the thread acts for to the library's own. Inside
 * the section code of other subjects is still narrowed when it is called back.
 *
 * <pre>{@code
 * byte[] font = Privileged.call(() -> readOwnResource("font.ttf"));
 * }</pre>
 *
 * <p>A library that opens such a section must not pass on names that its caller chose: that is what makes a deputy
 * confused.
 */
public final class Privileged {
    private static final StackWalker CALLER = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    private Privileged() {}

    /**
     * Runs a task with the authority of the calling class's own subject only.
     *
     * @param task what to run; its class should be the caller's, such as a lambda
     * @return what the task returns
     * @throws AccessDeniedException if the policy has no transition from the thread's subjects to the caller's
     */
    public static <T extends @Nullable Object> T call(Supplier<T> task) {
        return EnforcementManager.enterPrivileged(CALLER.getCallerClass(), task);
    }

    /** Does as {@link #call} for a task without a result. */
    public static void run(Runnable task) {
        Class<?> caller = CALLER.getCallerClass();
        EnforcementManager.<@Nullable Object>enterPrivileged(caller, () -> {
            task.run();
            return null;
        });
    }
}
