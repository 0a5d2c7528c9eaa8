package org.dvm.runtime.security;

import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Looks at the callers of a check that the thread's subject doesn't pass: JDK code that acts for purposes of its own is
 * let through.
 *
 * <p>The walk goes outwards from the checked operation and ends at the first class that isn't the JDK's, with a denial:
 * its subject, and those of all callers behind it, are in the thread's subject already. So a mistake here can only give
 * the JDK's authority to the JDK's own code.
 */
final class StackAuthority {
    private static final StackWalker WALKER = StackWalker.getInstance(
            Set.of(StackWalker.Option.RETAIN_CLASS_REFERENCE, StackWalker.Option.SHOW_HIDDEN_FRAMES));

    /** Where the walk gives up, with a denial, so that its cost is bounded. */
    private static final int MAX_FRAMES = 1_024;

    /** What reflection and method handles call their targets from. */
    private static final String[] INVOKERS = {
        "java.lang.invoke.LambdaForm$",
        "java.lang.invoke.DirectMethodHandle$Holder",
        "java.lang.invoke.DelegatingMethodHandle$Holder",
        "java.lang.invoke.Invokers$Holder",
    };

    /** What stands between them and whoever uses them. */
    private static final String[] DISPATCH = {
        "java.lang.invoke.", "java.lang.reflect.", "jdk.internal.reflect.", "sun.reflect.", "java.lang.Class",
    };

    /** JDK code that dispatches to methods of its callers' choice: it lends them no authority. */
    private static final String[] DEPUTIES = {
        "java.beans.",
        "com.sun.beans.",
        "com.sun.jmx.",
        "javax.management.",
        "java.rmi.",
        "sun.rmi.",
        "com.sun.org.apache.",
        "java.io.Object",
        "javax.script.",
        "javax.naming.",
        "com.sun.naming.",
        "com.sun.jndi.",
        "jdk.jshell.",
        "java.security.AccessController",
        "javax.security.auth.Subject",
    };

    private static final Set<Module> JDK_MODULES = jdkModules();

    private StackAuthority() {}

    private static Set<Module> jdkModules() {
        Set<Module> modules = new HashSet<>();
        for (ModuleReference reference : ModuleFinder.ofSystem().findAll()) {
            Optional<Module> module =
                    ModuleLayer.boot().findModule(reference.descriptor().name());
            module.ifPresent(modules::add);
        }
        return modules;
    }

    /** Returns whether a class belongs to the JDK, or to what the administrator put on the boot class path. */
    static boolean isJdk(Class<?> type) {
        return type.getClassLoader() == null || (type.getModule().isNamed() && JDK_MODULES.contains(type.getModule()));
    }

    /** Returns whether JDK code on the stack has the authority for an operation that the thread's subject lacks. */
    static boolean lends(DecisionSource source, String permission) {
        Attribution attribution = source.attribution(permission);
        return WALKER.walk(frames -> lends(frames, source, permission, attribution));
    }

    private static boolean lends(
            Stream<StackWalker.StackFrame> frames, DecisionSource source, String permission, Attribution attribution) {
        Iterator<StackWalker.StackFrame> iterator =
                frames.dropWhile(StackAuthority::isManager).limit(MAX_FRAMES).iterator();
        if (!iterator.hasNext()) {
            return false;
        }
        StackWalker.StackFrame operation = iterator.next();
        if (carriesOwnAuthority(operation, source, permission)) {
            return true;
        }
        boolean immediate = attribution == Attribution.IMMEDIATE;
        boolean inOperation = true;
        boolean dispatched = false;
        while (iterator.hasNext()) {
            StackWalker.StackFrame frame = iterator.next();
            if (carriesOwnAuthority(frame, source, permission)) {
                return true;
            }
            if (!isJdk(frame.getDeclaringClass())) {
                return false;
            }
            inOperation = inOperation && sameOperation(operation, frame);
            if (immediate && !inOperation) {
                dispatched |= isInvoker(frame.getClassName());
                boolean lends = !dispatched
                        || !(startsWithAny(frame.getClassName(), DISPATCH)
                                || startsWithAny(frame.getClassName(), DEPUTIES));
                if (lends) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean carriesOwnAuthority(StackWalker.StackFrame frame, DecisionSource source, String permission) {
        Class<?> type = frame.getDeclaringClass();
        boolean initializer = frame.getMethodName().equals("<clinit>");
        if (!isJdk(type)) {
            return initializer && java.lang.reflect.Proxy.isProxyClass(type); // written by the JDK
        }
        return initializer || source.endorses(frame.getClassName(), frame.getMethodName(), permission);
    }

    /** Overloads and constructors of one class that lead to one another are one operation. */
    private static boolean sameOperation(StackWalker.StackFrame operation, StackWalker.StackFrame frame) {
        return frame.getMethodName().equals(operation.getMethodName())
                && frame.getDeclaringClass().isAssignableFrom(operation.getDeclaringClass());
    }

    private static boolean isInvoker(String className) {
        return startsWithAny(className, INVOKERS)
                || (className.startsWith("jdk.internal.reflect.") && className.contains("Accessor"));
    }

    private static boolean startsWithAny(String name, String[] prefixes) {
        for (String prefix : prefixes) {
            if (name.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isManager(StackWalker.StackFrame frame) {
        return frame.getDeclaringClass().getClassLoader() == StackAuthority.class.getClassLoader()
                && frame.getClassName().startsWith("org.dvm.runtime.security.");
    }
}
