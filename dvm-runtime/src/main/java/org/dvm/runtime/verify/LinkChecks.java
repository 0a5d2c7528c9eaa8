package org.dvm.runtime.verify;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Checks, on the client, what a class's static verification took for granted about other classes.
 *
 * <p>The static component inserts a call into a class, with an assumption table, where the class, a method or an
 * instruction first relies on it. A table is text: every assumption is a letter and its operands, each followed by a dot,
 * which no name or descriptor contains.
 *
 * <pre>
 * A.from.to.                                assignable: to is an interface or a superclass of from
 * T.class.                                  a subclass of Throwable
 * L.class.                                  exists
 * J.class.class;class;...                   exists, if the others have a superclass in common but java/lang/Object
 * S.owner.                                  a superclass, no interface
 * P.kind.owner.name.descriptor.receiver.    if a protected member (kind F or M) of a superclass in another package:
 *                                           receiver is the client or a subclass
 * C.use.class.                              a class that an instruction names ({@link References.Use#REFER} or NEW)
 * F.use.owner.name.descriptor.              a field that one names
 * M.use.kind.owner.name.descriptor.         a method that one names; kind as {@link References.OwnerKind}
 * </pre>
 *
 * <p>The last three are what the JVM checks itself whenever it resolves the reference, whether it verifies or not.
 *
 * <p>What fails raises the error that the JVM would have raised.
 *
 * <p><b>Threads:</b> safe to call from any thread.
 *
 * @paper DVM 3.1, figure 3
 * @jvms 4.10
 */
public final class LinkChecks {
    private static final ClassValue<Passed> PASSED = new ClassValue<>() {
        @Override
        protected Passed computeValue(Class<?> type) {
            return new Passed();
        }
    };

    private LinkChecks() {}

    /**
     * Checks a class's assumptions.
     *
     * @param client the class
     * @param table its assumptions
     * @throws VerifyError if an assumption about types doesn't hold
     * @throws NoClassDefFoundError if a class that one is about is missing
     * @throws IncompatibleClassChangeError if one about a reference doesn't hold
     */
    public static void check(Class<?> client, String table) {
        new TableCheck(client, table).run();
    }

    /**
     * Checks the assumptions of the class that calls: for class files without class constants (versions below 49).
     *
     * @param table its assumptions
     * @throws VerifyError if an assumption about types doesn't hold
     * @throws NoClassDefFoundError if a class that one is about is missing
     * @throws IncompatibleClassChangeError if one about a reference doesn't hold
     */
    public static void checkCaller(String table) {
        check(StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE).getCallerClass(), table);
    }

    /**
     * Checks a class's assumptions unless they have been found to hold: for places that have no flag to say so, such as
     * the methods of interfaces.
     *
     * @param client the class
     * @param table its assumptions, a constant of the class
     * @throws VerifyError if an assumption about types doesn't hold
     * @throws NoClassDefFoundError if a class that one is about is missing
     * @throws IncompatibleClassChangeError if one about a reference doesn't hold
     */
    public static void checkOnce(Class<?> client, String table) {
        Passed passed = PASSED.get(client);
        if (!passed.contains(table)) {
            check(client, table);
            passed.add(table);
        }
    }

    /** The tables of one class that were found to hold: few, and constants, so that equal ones are mostly the same. */
    private static final class Passed {
        private volatile @Nullable String[] tables = {};

        // Hot path: no allocation, no lock.
        boolean contains(String table) {
            for (String each : tables) {
                if (table.equals(each)) {
                    return true;
                }
            }
            return false;
        }

        synchronized void add(String table) {
            @Nullable String[] more = Arrays.copyOf(tables, tables.length + 1);
            more[tables.length] = table;
            tables = more;
        }
    }
}
