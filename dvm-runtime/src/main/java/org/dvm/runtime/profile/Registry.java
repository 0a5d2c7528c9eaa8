package org.dvm.runtime.profile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The counts of all threads. Those of ended threads are added up and let go, at the latest when as many have ended as
 * run.
 */
final class Registry {
    private final List<ThreadCounts> threads = new ArrayList<>();
    private final Map<String, Long> ended = new HashMap<>();
    private int sweepAt = 64;

    synchronized void add(ThreadCounts counts) {
        threads.add(counts);
        if (threads.size() >= sweepAt) {
            addUpEnded();
            sweepAt = Math.max(64, threads.size() * 2);
        }
    }

    synchronized Map<String, Long> sums() {
        addUpEnded();
        Map<String, Long> sums = new HashMap<>(ended);
        threads.forEach(counts -> counts.addTo(sums));
        return sums;
    }

    private void addUpEnded() {
        for (Iterator<ThreadCounts> i = threads.iterator(); i.hasNext(); ) {
            ThreadCounts counts = i.next();
            if (counts.isFinal()) {
                counts.addTo(ended);
                i.remove();
            }
        }
    }
}
