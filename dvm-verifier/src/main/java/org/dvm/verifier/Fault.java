package org.dvm.verifier;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.dvm.core.finding.Finding;
import org.dvm.core.finding.LinkError;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a class, with all that helps to see why.
 *
 * @param finding rule, place and message
 * @param expected the type needed, or null where it isn't about types
 * @param found the type found instead, or null
 * @param frame the state at the instruction, or null where it isn't about an instruction
 * @param instructions the instructions around the faulty one, which is marked; empty where there is none
 */
public record Fault(
        Finding finding,
        @Nullable String expected,
        @Nullable String found,
        @Nullable FrameSnapshot frame,
        List<String> instructions) {
    /** Checks and copies. */
    public Fault {
        requireNonNull(finding, "finding");
        instructions = List.copyOf(instructions);
    }

    /** Returns a fault that is about the class as a whole. */
    public static Fault of(Finding finding) {
        return new Fault(finding, null, null, null, List.of());
    }

    /** Returns the error that a JVM raises. */
    public LinkError error() {
        return finding.rule().error();
    }

    /** Returns the finding in one line, then the frame and the instructions around the fault. */
    public String render() {
        StringBuilder text = new StringBuilder(finding.toString());
        if (frame != null) {
            text.append("\n  frame: ").append(frame);
        }
        for (String instruction : instructions) {
            text.append("\n  ").append(instruction);
        }
        return text.toString();
    }
}
