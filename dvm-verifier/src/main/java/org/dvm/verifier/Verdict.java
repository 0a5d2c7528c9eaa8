package org.dvm.verifier;

import java.util.List;
import org.dvm.core.finding.LinkError;
import org.jspecify.annotations.Nullable;

/** What verification says about a class. */
public sealed interface Verdict {
    /** Returns the class's internal name; null where not even that could be read. */
    @Nullable
    String className();

    /** Returns how many checks were made; more work than that of a JVM is not implied. */
    long staticChecks();

    /** Returns whether the class may run, given its assumptions. */
    default boolean isAccepted() {
        return this instanceof Accepted;
    }

    /**
     * The class is sound if its assumptions hold.
     *
     * @param className the class's internal name
     * @param staticChecks how many checks were made
     * @param assumptions what must be checked at link time; empty in a closed world
     * @param failing references, where wanted, that fail if they are executed: the class runs without them
     */
    record Accepted(String className, long staticChecks, List<Deferred> assumptions, List<FailingReference> failing)
            implements Verdict {
        /** Copies the lists. */
        public Accepted {
            assumptions = List.copyOf(assumptions);
            failing = List.copyOf(failing);
        }
    }

    /**
     * The class must not run.
     *
     * @param className the class's internal name, or null
     * @param staticChecks how many checks were made
     * @param faults what is wrong, at least one; the first is what a JVM would say
     */
    record Rejected(@Nullable String className, long staticChecks, List<Fault> faults) implements Verdict {
        /** Copies the list. */
        public Rejected {
            if (faults.isEmpty()) {
                throw new IllegalArgumentException("a rejected class has faults: className=" + className);
            }
            faults = List.copyOf(faults);
        }

        /** Returns the error that a JVM raises for the class. */
        public LinkError error() {
            return faults.get(0).error();
        }
    }
}
