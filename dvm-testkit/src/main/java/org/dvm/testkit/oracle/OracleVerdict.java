package org.dvm.testkit.oracle;

/**
 * What HotSpot said.
 *
 * @param stage how far the class came before it was refused, or {@link Stage#ACCEPTED}
 * @param error the internal name of the error's class; empty where accepted
 * @param message the error's message; empty where there is none
 */
public record OracleVerdict(Stage stage, String error, String message) {
    /** Returns whether the class went as far as asked. */
    public boolean accepted() {
        return stage == Stage.ACCEPTED;
    }

    @Override
    public String toString() {
        return accepted() ? "ACCEPTED" : stage + " " + error + ": " + message;
    }

    /** Where a class was refused. */
    public enum Stage {
        /** While it was parsed or its supertypes loaded. */
        DEFINE,
        /** While it was verified. */
        LINK,
        /** While its initializer ran. */
        INITIALIZE,
        /** Nowhere. */
        ACCEPTED,
        /** The JVM itself crashed or hung. */
        CRASHED
    }
}
