package org.dvm.core.edit;

import java.util.List;
import org.dvm.core.finding.Finding;

/**
 * A class as written.
 *
 * @param classFile the class file; the original's own array where nothing was asked for
 * @param findings what was left out ({@link EditRule#LEFT_OUT}); empty where all is in
 */
public record Written(byte[] classFile, List<Finding> findings) {
    /** Copies the findings. */
    public Written {
        findings = List.copyOf(findings);
    }
}
