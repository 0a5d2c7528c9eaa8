package org.dvm.runtime.security;

import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the callers of a check that the thread's subject doesn't pass: trusted code that acts for purposes of its own
 * is let through.
 *
 * <p>The walk goes outwards from the checked operation and ends at the first class of a restricted subject, with a
 * denial. On its way these have authority of their own:
 *
 * <ul>
 *   <li>class initializers of the JDK and of trusted code, which run once, for everybody, without arguments;
 *   <li>methods of the JDK that policy endorses for the permission, with only JDK code in between;
 *   <li>if the permission's attribution is immediate, JDK code that calls the operation itself: not through reflection
 *       or method handles, which call what somebody else has chosen.
 * </ul>
 */
final class StackAuthority {
    private static final StackWalker WALKER = StackWalker.getInstance(
            Set.of(StackWalker.Option.RETAIN_CLASS_REFERENCE, StackWalker.Option.SHOW_HIDDEN_FRAMES));

    /** Where the walk gives up, with a denial, so that its cost is bounded. */
    private static final int MAX_FRAMES = 1_024;

    /** How the names of the properties begin that the JDK reads for itself. */
    private static final String[] JDK_PROPERTIES = {
        "java.",
        "javax.",
        "jdk.",
        "sun.",
        "com.sun.",
        "org.xml.sax.",
        "org.w3c.dom.",
        "os.",
        "user.",
        "file.",
        "path.",
        "line.",
        "native.",
        "std",
        "awt.",
        "swing.",
        "http",
        "ftp.",
        "socks",
        "networkaddress.",
    };

    /** What reflection and method handles call their targets from. */
    private static final String[] INVOKERS = {
        "java.lang.invoke.LambdaForm$",
        "java.lang.invoke.DirectMethodHandle$Holder",
        "java.lang.invoke.DelegatingMethodHandle$Holder",
        "java.lang.invoke.Invokers$Holder",
        "jdk.internal.reflect.NativeMethodAccessorImpl",
        "jdk.internal.reflect.NativeConstructorAccessorImpl",
        "jdk.internal.reflect.GeneratedMethodAccessor",
        "jdk.internal.reflect.GeneratedConstructorAccessor",
        "jdk.internal.reflect.GeneratedSerializationConstructorAccessor",
        "jdk.internal.reflect.DirectMethodHandleAccessor",
        "jdk.internal.reflect.DirectConstructorHandleAccessor",
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

    /**
     * Returns whether code on the stack has the authority for an operation that the thread's subject lacks.
     *
     * @param resource what the operation is on, as the program gave it
     */
    static boolean lends(DecisionSource source, Permission permission, String resource) {
        boolean immediate = source.attribution(permission.name) == Attribution.IMMEDIATE
                && (permission != Permissions.PROPERTY_READ || isJdkProperty(resource));
        return lends(new Walk(source, permission.name, immediate));
    }

    /** Returns whether what is being created is an initializer's, which works for everybody. */
    static boolean isInitializing(DecisionSource source) {
        return lends(new Walk(source, "", false));
    }

    private static boolean lends(Walk walk) {
        try {
            WALKER.forEach(walk);
        } catch (EndOfWalk end) {
            return walk.lends;
        }
        return false;
    }

    /** Ends a walk early, without a stack trace. */
    private static final class EndOfWalk extends RuntimeException {
        private static final long serialVersionUID = 1L;
        static final EndOfWalk INSTANCE = new EndOfWalk();

        private EndOfWalk() {
            super(null, null, false, false);
        }
    }

    /** Looks at one frame after the other; a plain class rather than a stream, since denials must stay cheap. */
    private static final class Walk implements Consumer<StackWalker.StackFrame> {
        private final DecisionSource source;
        private final String permission;
        private StackWalker.@Nullable StackFrame operation;
        private boolean onlyJdk = true;
        private boolean callsItself;
        private int frames;
        boolean lends;

        Walk(DecisionSource source, String permission, boolean immediate) {
            this.source = source;
            this.permission = permission;
            this.callsItself = immediate;
        }

        @Override
        public void accept(StackWalker.StackFrame frame) {
            StackWalker.StackFrame checked = operation;
            if (checked == null && isManager(frame)) {
                return;
            }
            Class<?> type = frame.getDeclaringClass();
            boolean initializer = frame.getMethodName().equals("<clinit>");
            boolean jdk = isJdk(type)
                    || (initializer && (isJdkCode(type) || java.lang.reflect.Proxy.isProxyClass(type))); // JDK's code
            if (!jdk && !source.subjectOf(type).isEmpty()) {
                throw EndOfWalk.INSTANCE;
            }
            onlyJdk &= jdk;
            lends = initializer
                    || (onlyJdk && source.endorses(frame.getClassName(), frame.getMethodName(), permission));
            if (checked == null) {
                operation = frame;
            } else if (callsItself && onlyJdk && !sameOperation(checked, frame)) {
                callsItself = !startsWithAny(frame.getClassName(), INVOKERS);
                lends |= callsItself;
            }
            if (lends || ++frames == MAX_FRAMES) {
                throw EndOfWalk.INSTANCE;
            }
        }
    }

    /** Returns whether a class is the JDK's, or its trampoline of reflection, which is in a loader of its own. */
    static boolean isJdkCode(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        return isJdk(type)
                || (loader != null
                        && loader.getClass().getName().equals("sun.reflect.misc.MethodUtil")
                        && isJdk(loader.getClass()));
    }

    /** Overloads and constructors of one class that lead to one another are one operation. */
    private static boolean sameOperation(StackWalker.StackFrame operation, StackWalker.StackFrame frame) {
        return frame.getMethodName().equals(operation.getMethodName())
                && frame.getDeclaringClass().isAssignableFrom(operation.getDeclaringClass());
    }

    /** Returns whether the JDK reads a property for itself: others that are set are read on somebody's behalf. */
    private static boolean isJdkProperty(String name) {
        return startsWithAny(name, JDK_PROPERTIES) || name.isEmpty() || System.getProperty(name) == null;
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
