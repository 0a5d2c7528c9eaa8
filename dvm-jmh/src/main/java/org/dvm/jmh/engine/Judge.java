package org.dvm.jmh.engine;

import java.util.ArrayList;
import java.util.List;
import org.dvm.testkit.oracle.HotSpotOracle;
import org.dvm.testkit.oracle.OracleCase;
import org.dvm.testkit.oracle.OracleVerdict;

/** Whether a JVM links what contenders write. */
final class Judge {
    /** One class in so many is linked, other ones for each task. */
    static final int SHARE = 16;

    private Judge() {}

    /** Returns which classes a JVM links as they are: for lack of dependencies some can't. */
    static List<byte[]> linkable(List<byte[]> sample, HotSpotOracle oracle) {
        List<OracleVerdict> verdicts =
                oracle.judge(sample.stream().map(OracleCase::link).toList());
        List<byte[]> linkable = new ArrayList<>();
        for (int i = 0; i < sample.size(); i++) {
            if (verdicts.get(i).accepted()) {
                linkable.add(sample.get(i));
            }
        }
        return linkable;
    }

    /** Returns how many classes a JVM refuses after the task was done to them. */
    static int refused(Contender contender, Task task, List<byte[]> linkable, HotSpotOracle oracle) {
        List<OracleCase> written = new ArrayList<>();
        for (byte[] classFile : linkable) {
            try {
                written.add(OracleCase.link(contender.transform(classFile, task)));
            } catch (Exception | LinkageError e) {
                continue; // counted as failed
            }
        }
        return (int) oracle.judge(written).stream()
                .filter(verdict -> !verdict.accepted())
                .count();
    }
}
