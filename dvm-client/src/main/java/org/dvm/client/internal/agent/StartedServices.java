package org.dvm.client.internal.agent;

import java.util.List;

/**
 * Services that were started and nothing else: they stay as long as the JVM.
 *
 * @param names their names
 */
record StartedServices(List<String> names) implements Runnable {
    StartedServices {
        names = List.copyOf(names);
    }

    /**
     * Refuses to take them out.
     *
     * @throws IllegalStateException if there are any
     */
    @Override
    public void run() {
        if (!names.isEmpty()) {
            throw new IllegalStateException(
                    String.join(", ", names) + " can't be taken out of a running JVM: restart the application");
        }
    }

    @Override
    public String toString() {
        return "started: " + String.join(", ", names);
    }
}
