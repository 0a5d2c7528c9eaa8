package org.dvm.security.policy;

/**
 * Something wrong in a policy.
 *
 * @param position where
 * @param message what is wrong
 * @param cure what to do about it
 */
public record PolicyProblem(Position position, String message, String cure) {
    @Override
    public String toString() {
        return position + ": " + message + (cure.isEmpty() ? "" : "; " + cure);
    }
}
