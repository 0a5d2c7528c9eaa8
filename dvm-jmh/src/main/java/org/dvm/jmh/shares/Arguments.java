package org.dvm.jmh.shares;

import java.io.PrintStream;
import java.util.List;
import org.dvm.nodeos.lab.NetworkNamespace;

/** What the benchmarks of this package are started with: one number at most, where namespaces can be made. */
final class Arguments {
    /** That a benchmark can't run. */
    static final int UNUSABLE = 2;

    private static final int MAX_DIGITS = 4;

    private Arguments() {}

    /**
     * Returns the number.
     *
     * @param name the benchmark's
     * @param what the number's, for the message
     * @param standard what it is if it isn't given
     * @return 0 if the benchmark can't run; what is wrong has been printed then
     */
    static int number(String name, String what, List<String> arguments, int standard, PrintStream err) {
        if (arguments.size() > 1
                || !arguments.stream().allMatch(text -> text.matches("[1-9][0-9]{0," + (MAX_DIGITS - 1) + "}"))) {
            err.println(name + ": not understood: " + arguments + "; usage: [" + what + "]");
            return 0;
        }
        String obstacle = NetworkNamespace.obstacle();
        if (!obstacle.isEmpty()) {
            err.println(name + ": namespaces can't be made here: " + obstacle);
            return 0;
        }
        return arguments.isEmpty() ? standard : Integer.parseInt(arguments.get(0));
    }
}
