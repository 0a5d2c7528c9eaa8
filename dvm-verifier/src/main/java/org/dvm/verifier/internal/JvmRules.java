package org.dvm.verifier.internal;

import org.dvm.core.classfile.JvmRelease;
import org.dvm.verifier.TypeRule;

/**
 * Where HotSpot's verifiers of different releases disagree about the same class file. The format check has its own such
 * places.
 */
final class JvmRules {
    private static final int FINALITY_IS_A_MATTER_OF_CHANGE = 16;
    private static final int DISTANT_INTERFACES_REFUSED = 25;
    private static final int FRAMES_COUNTED_AS_0_IGNORED = 25;

    private JvmRules() {}

    /**
     * Returns the rule that a final superclass breaks. Before Java 16 that was one for the verifier; since then it is an
     * incompatible change.
     */
    static TypeRule finalSuperclass(JvmRelease jvm) {
        return jvm.feature() < FINALITY_IS_A_MATTER_OF_CHANGE ? TypeRule.FINALITY_BEFORE_16 : TypeRule.SUPERTYPE;
    }

    /** Returns the rule that overriding a final method breaks. */
    static TypeRule finalOverride(JvmRelease jvm) {
        return jvm.feature() < FINALITY_IS_A_MATTER_OF_CHANGE ? TypeRule.FINALITY_BEFORE_16 : TypeRule.FINAL_OVERRIDE;
    }

    /**
     * Returns whether the verifier refuses invokespecial of an interface that isn't a direct superinterface. Older ones
     * leave it to the instruction.
     *
     * @jvms 4.9.2
     */
    static boolean refusesDistantInterfaces(JvmRelease jvm) {
        return jvm.feature() >= DISTANT_INTERFACES_REFUSED;
    }

    /**
     * Returns whether a stack map table that says it has no frames counts as empty, whatever follows. Older JVMs call it
     * malformed.
     *
     * @jvms 4.7.4
     */
    static boolean ignoresUncountedFrames(JvmRelease jvm) {
        return jvm.feature() >= FRAMES_COUNTED_AS_0_IGNORED;
    }
}
