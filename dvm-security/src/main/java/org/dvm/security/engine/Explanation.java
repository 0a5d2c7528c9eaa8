package org.dvm.security.engine;

import java.util.List;
import java.util.Optional;
import org.dvm.runtime.security.Decision;
import org.dvm.runtime.security.ResourceKind;
import org.dvm.security.policy.Policy;

/**
 * Why an access is allowed or denied, and what would allow it.
 *
 * @param subject the subject asked about
 * @param permission the permission asked about
 * @param kind what the resource is
 * @param resource the resource's name
 * @param object the object that the resource is; empty if no pattern names it
 * @param pattern the pattern that made it that object
 * @param decision the answer
 * @param allowing rules that allow the access
 * @param denying rules that deny the access
 * @param remedies additions to the policy that would allow it, in its language, the narrowest first; empty if it is
 *     allowed
 */
public record Explanation(
        String subject,
        String permission,
        ResourceKind kind,
        String resource,
        Optional<String> object,
        Optional<Policy.Resource> pattern,
        Decision decision,
        List<Policy.Rule> allowing,
        List<Policy.Rule> denying,
        List<String> remedies) {
    /** Copies the lists. */
    public Explanation {
        allowing = List.copyOf(allowing);
        denying = List.copyOf(denying);
        remedies = List.copyOf(remedies);
    }
}
