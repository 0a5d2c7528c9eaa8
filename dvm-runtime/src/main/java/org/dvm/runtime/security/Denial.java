package org.dvm.runtime.security;

/**
 * A denied access, as the exception and the audit trail name it.
 *
 * @param subject name of the subject's security identifier, or of several that act together, joined by {@code &}
 * @param permission name of the permission that is missing
 * @param kind what the object is
 * @param object the object's name; empty for {@link ResourceKind#NONE}
 * @param rule the rule that denied
 * @param epoch the policy epoch in which it was decided
 */
public record Denial(String subject, String permission, ResourceKind kind, String object, String rule, long epoch) {
    @Override
    public String toString() {
        return "access denied: subject " + subject + " lacks permission " + permission
                + (kind == ResourceKind.NONE
                        ? ""
                        : " on " + kind.name().toLowerCase(java.util.Locale.ROOT) + " \"" + object + "\"")
                + " (" + rule + "; policy epoch " + epoch + ")";
    }
}
