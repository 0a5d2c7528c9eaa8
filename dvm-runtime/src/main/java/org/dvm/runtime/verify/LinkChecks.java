package org.dvm.runtime.verify;

import java.lang.reflect.Modifier;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Checks, when a class is initialized, what its static verification took for granted about other classes.
 *
 * <p>The static component inserts one call into a class, with the class's assumption table. A table is text: every
 * assumption is a letter and its operands, each followed by a dot, which no name or descriptor contains. Assumptions
 * about references - that a field, method or class that an instruction names exists and is accessible - aren't in it:
 * the JVM checks those whenever it resolves the reference, verified or not.
 *
 * <pre>
 * A.from.to.                                assignable: to is an interface or a superclass of from
 * T.class.                                  a subclass of Throwable
 * L.class.                                  exists
 * S.owner.                                  a superclass, no interface
 * P.kind.owner.name.descriptor.receiver.    if a protected member (kind F or M) of a superclass in another package:
 *                                           receiver is the client or a subclass
 * </pre>
 *
 * <p>What fails raises the error that the JVM's own verifier would have raised.
 *
 * <p><b>Threads:</b> safe to call from any thread.
 *
 * @paper DVM 3.1, figure 3
 * @jvms 4.10
 */
public final class LinkChecks {
    private static final char END = '.';

    private static final ClassValue<Set<String>> CHECKED = new ClassValue<>() {
        @Override
        protected Set<String> computeValue(Class<?> type) {
            return ConcurrentHashMap.newKeySet();
        }
    };

    private LinkChecks() {}

    /**
     * Checks a class's assumptions.
     *
     * @param client the class
     * @param table its assumptions
     * @throws VerifyError if an assumption doesn't hold
     * @throws NoClassDefFoundError if a class that one is about is missing
     */
    public static void check(Class<?> client, String table) {
        new Checker(client, table).run();
    }

    /**
     * Checks the assumptions of the class that calls: for class files without class constants (versions below 49).
     *
     * @param table its assumptions
     * @throws VerifyError if an assumption doesn't hold
     * @throws NoClassDefFoundError if a class that one is about is missing
     */
    public static void checkCaller(String table) {
        check(StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE).getCallerClass(), table);
    }

    /**
     * Checks an interface's assumptions when one of its methods is called, unless they have been found to hold: an
     * interface can't hold the flag that says so.
     *
     * @param client the interface
     * @param table its assumptions
     * @throws VerifyError if an assumption doesn't hold
     * @throws NoClassDefFoundError if a class that one is about is missing
     */
    public static void checkOnce(Class<?> client, String table) {
        Set<String> checked = CHECKED.get(client);
        if (!checked.contains(table)) {
            check(client, table);
            checked.add(table);
        }
    }

    /** Works through one table. */
    private static final class Checker {
        private final Class<?> client;
        private final String table;
        private int at;

        Checker(Class<?> client, String table) {
            this.client = client;
            this.table = table;
        }

        void run() {
            while (at < table.length()) {
                String kind = next();
                switch (kind) {
                    case "A":
                        checkAssignable(next(), next());
                        break;
                    case "T":
                        checkThrowable(next());
                        break;
                    case "L":
                        load(next());
                        break;
                    case "S":
                        checkSpecialOwner(next());
                        break;
                    case "P":
                        checkProtected(next(), next(), next(), next(), next());
                        break;
                    default:
                        throw new VerifyError("unknown assumption '" + kind + "' in class " + client.getName());
                }
            }
        }

        private String next() {
            int end = table.indexOf(END, at);
            if (end < 0) {
                throw new VerifyError("truncated assumption table in class " + client.getName());
            }
            String text = table.substring(at, end);
            at = end + 1;
            return text;
        }

        /** Interfaces count as Object: the JVM checks them when they are called. */
        private void checkAssignable(String from, String to) {
            Class<?> target = load(to);
            if (!target.isInterface() && !target.isAssignableFrom(load(from))) {
                throw fail("Bad type: Type '" + from + "' is not assignable to '" + to + "'");
            }
        }

        private void checkThrowable(String name) {
            if (!Throwable.class.isAssignableFrom(load(name))) {
                throw fail("Catch type is not a subclass of Throwable: Type '" + name
                        + "' is not assignable to 'java/lang/Throwable'");
            }
        }

        private void checkSpecialOwner(String owner) {
            Class<?> target = load(owner);
            if (target.isInterface()) {
                throw fail(
                        "Bad invokespecial instruction: interface method to invoke is not in a direct superinterface");
            }
            if (!target.isAssignableFrom(client)) {
                throw fail("Bad invokespecial instruction: current class isn't assignable to reference class");
            }
        }

        private void checkProtected(String kind, String owner, String name, String descriptor, String receiver) {
            Class<?> declaring = superclassNamed(owner);
            while (declaring != null) {
                int flags = MemberTable.of(declaring).flags(kind.equals("F"), name, descriptor);
                if (flags >= 0) {
                    boolean guarded = Modifier.isProtected(flags) && !samePackage(declaring);
                    if (guarded && !isClientOrSubclass(receiver)) {
                        throw fail("Bad access to protected data: Type '" + receiver + "' is not assignable to '"
                                + internalName(client) + "'");
                    }
                    return;
                }
                declaring = declaring.getSuperclass();
            }
        }

        private @Nullable Class<?> superclassNamed(String owner) {
            String wanted = owner.replace('/', '.');
            Class<?> superclass = client.getSuperclass();
            while (superclass != null && !superclass.getName().equals(wanted)) {
                superclass = superclass.getSuperclass();
            }
            return superclass;
        }

        private boolean samePackage(Class<?> other) {
            return other.getClassLoader() == client.getClassLoader()
                    && other.getPackageName().equals(client.getPackageName());
        }

        private boolean isClientOrSubclass(String receiver) {
            return !receiver.startsWith("[")
                    && (client.isInterface() && !receiver.equals("java/lang/Object")
                            || client.isAssignableFrom(load(receiver)));
        }

        private Class<?> load(String name) {
            try {
                return Class.forName(name.replace('/', '.'), false, client.getClassLoader());
            } catch (ClassNotFoundException e) {
                NoClassDefFoundError error = new NoClassDefFoundError(name);
                error.initCause(e);
                throw error;
            }
        }

        private VerifyError fail(String reason) {
            return new VerifyError("(class: " + internalName(client) + ") " + reason);
        }

        private static String internalName(Class<?> type) {
            return type.getName().replace('.', '/');
        }
    }
}
