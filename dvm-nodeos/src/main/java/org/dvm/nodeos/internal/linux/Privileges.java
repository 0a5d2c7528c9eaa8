package org.dvm.nodeos.internal.linux;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.dvm.nodeos.internal.linux.sys.Capability;

/** Says what a back end lacks, in words that tell the administrator what to grant. */
public final class Privileges {
    private Privileges() {}

    /**
     * Compares what is needed with what the calling thread has.
     *
     * @param needed the capabilities
     * @return what to grant, or the empty string if nothing is missing
     */
    public static String missing(Capability... needed) {
        Set<Capability> held = Capability.effective();
        List<Capability> missing = new ArrayList<>(List.of(needed));
        missing.removeAll(held);
        return missing.isEmpty()
                ? ""
                : "grant "
                        + missing.stream().map(Enum::name).collect(Collectors.joining(", "))
                        + " (setcap on the java binary, AmbientCapabilities= of the service, or run as root)";
    }
}
