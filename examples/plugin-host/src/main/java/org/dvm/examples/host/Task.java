package org.dvm.examples.host;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.pf4j.ExtensionPoint;

/** What a plugin of the shop does. */
public interface Task extends ExtensionPoint {
    /**
     * Does it.
     *
     * @param inbox the directory with new orders
     * @param gateway where mail is handed over
     * @return what was done, in a line
     */
    String run(Path inbox, InetSocketAddress gateway) throws IOException;
}
