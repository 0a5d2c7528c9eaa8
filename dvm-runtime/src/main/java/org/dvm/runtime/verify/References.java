package org.dvm.runtime.verify;

import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides references of one class as a JVM resolves them: the class, field or method exists, is accessible and of the kind
 * that the instruction needs.
 *
 * <p>What fails raises the error that the instruction would raise; what holds returns. Modules and loader constraints are
 * left to the JVM, which always checks them.
 *
 * <p><b>Threads:</b> as the facts are; it holds no state of its own.
 *
 * @jvms 5.4.3
 */
public final class References {
    /** The instructions that refer to classes, fields and methods. */
    public enum Use {
        /** Casts, array creation, class constants. */
        REFER,
        NEW,
        GETSTATIC,
        PUTSTATIC,
        GETFIELD,
        PUTFIELD,
        INVOKEVIRTUAL,
        INVOKESPECIAL,
        INVOKESTATIC,
        INVOKEINTERFACE
    }

    /** Whether a method reference says that its owner is a class or an interface. */
    public enum OwnerKind {
        CLASS,
        INTERFACE
    }

    /** Finds classes as the loader of the class at hand does. */
    public interface Lookup {
        /**
         * Returns what is known of a class.
         *
         * @param internalName a class, not an array
         * @throws NoClassDefFoundError if it doesn't exist
         */
        Facts find(String internalName);
    }

    private static final String OBJECT = "java/lang/Object";
    private static final Set<String> SIGNATURE_POLYMORPHIC =
            Set.of("java/lang/invoke/MethodHandle", "java/lang/invoke/VarHandle");
    private static final String ANY_ARGUMENTS = "([Ljava/lang/Object;)";
    private static final int ACC_SUPER = 0x0020;

    private final Facts client;
    private final Lookup lookup;

    /**
     * Decides for one class.
     *
     * @param client the class whose references they are
     * @param lookup finds the classes that it names
     */
    public References(Facts client, Lookup lookup) {
        this.client = client;
        this.lookup = lookup;
    }

    /**
     * Checks a class reference.
     *
     * @param name internal name of a class, not an array
     * @param use {@link Use#REFER} or {@link Use#NEW}
     * @throws NoClassDefFoundError if there is no such class
     * @throws IllegalAccessError if it isn't accessible
     * @throws InstantiationError if it can't be instantiated
     * @jvms 5.4.3.1
     */
    public void checkClass(String name, Use use) {
        Facts found = accessible(name);
        if (use == Use.NEW && (isInterface(found) || Modifier.isAbstract(found.flags()))) {
            throw new InstantiationError(name);
        }
    }

    /**
     * Checks a field reference.
     *
     * @param owner internal name of the class that the reference names
     * @param use one of the field instructions
     * @throws NoClassDefFoundError if there is no such class
     * @throws NoSuchFieldError if there is no such field
     * @throws IllegalAccessError if class or field isn't accessible, or a final field of another class is put
     * @throws IncompatibleClassChangeError if the field is static and shouldn't be, or the other way around
     * @jvms 5.4.3.2
     */
    public void checkField(String owner, String name, String descriptor, Use use) {
        Facts resolved = accessible(owner);
        Facts holder = findField(resolved, name, descriptor);
        if (holder == null) {
            throw new NoSuchFieldError(name);
        }
        int flags = holder.fieldFlags(name, descriptor);
        if (!isAccessible(resolved, holder, flags)) {
            throw new IllegalAccessError("class " + external(client) + " tried to access " + access(flags) + "field "
                    + external(holder) + "." + name);
        }
        boolean wantsStatic = use == Use.GETSTATIC || use == Use.PUTSTATIC;
        if (Modifier.isStatic(flags) != wantsStatic) {
            throw new IncompatibleClassChangeError(
                    "Expected " + (wantsStatic ? "static" : "non-static") + " field " + external(holder) + "." + name);
        }
        boolean puts = use == Use.PUTSTATIC || use == Use.PUTFIELD;
        if (puts && Modifier.isFinal(flags) && !holder.equals(client)) {
            throw new IllegalAccessError("Update to " + (wantsStatic ? "static" : "non-static") + " final field "
                    + external(holder) + "." + name + " attempted from a different class (" + external(client)
                    + ") than the field's declaring class");
        }
    }

    /**
     * Checks a method reference.
     *
     * @param owner internal name of the class that the reference names
     * @param kind what the reference says that the owner is
     * @param use one of the invocation instructions
     * @throws NoClassDefFoundError if there is no such class
     * @throws NoSuchMethodError if there is no such method
     * @throws IllegalAccessError if class or method isn't accessible
     * @throws AbstractMethodError if invokespecial would call a method without code
     * @throws IncompatibleClassChangeError if owner or method isn't of the kind needed
     * @jvms 5.4.3.3
     * @jvms 5.4.3.4
     */
    public void checkMethod(String owner, OwnerKind kind, String name, String descriptor, Use use) {
        Facts resolved = accessible(owner);
        if (isInterface(resolved) != (kind == OwnerKind.INTERFACE)) {
            throw new IncompatibleClassChangeError(
                    kind == OwnerKind.CLASS
                            ? "Found interface " + external(resolved) + ", but class was expected"
                            : "Found class " + external(resolved) + ", but interface was expected");
        }
        if (kind == OwnerKind.CLASS && isSignaturePolymorphic(resolved, name)) {
            return;
        }
        Facts holder = findMethod(resolved, kind, name, descriptor);
        if (holder == null || name.equals("<init>") && !holder.equals(resolved)) {
            throw new NoSuchMethodError(external(resolved) + "." + name + descriptor);
        }
        int flags = holder.methodFlags(name, descriptor);
        if (!isAccessible(resolved, holder, flags)) {
            throw new IllegalAccessError("class " + external(client) + " tried to access " + access(flags) + "method "
                    + external(holder) + "." + name + descriptor);
        }
        boolean wantsStatic = use == Use.INVOKESTATIC;
        if (Modifier.isStatic(flags) != wantsStatic) {
            throw new IncompatibleClassChangeError("Expected " + (wantsStatic ? "static" : "instance") + " method '"
                    + external(holder) + "." + name + descriptor + "'");
        }
        if (use == Use.INVOKESPECIAL) {
            checkSpecial(resolved, holder, kind, name, descriptor);
        }
    }

    /** A super call selects from the direct superclass upwards; what it selects must have code. */
    private void checkSpecial(Facts resolved, Facts holder, OwnerKind kind, String name, String descriptor) {
        Facts selected = holder;
        boolean superCall = kind == OwnerKind.CLASS
                && !name.equals("<init>")
                && (client.flags() & ACC_SUPER) != 0
                && !resolved.equals(client)
                && isSubclass(client, resolved);
        Facts superclass = client.superclass();
        if (superCall && superclass != null) {
            selected = findMethod(superclass, kind, name, descriptor);
        }
        if (selected == null || Modifier.isAbstract(selected.methodFlags(name, descriptor))) {
            throw new AbstractMethodError(external(resolved) + "." + name + descriptor);
        }
    }

    private Facts accessible(String name) {
        if (name.equals(client.name())) {
            return client;
        }
        Facts found = lookup.find(name);
        if (!Modifier.isPublic(found.flags()) && !found.isInPackageOf(client)) {
            throw new IllegalAccessError(
                    "class " + external(client) + " cannot access its class " + external(found) + ": it isn't public");
        }
        return found;
    }

    private static boolean isInterface(Facts facts) {
        return Modifier.isInterface(facts.flags());
    }

    // ---- look-up ----

    /**
     * Returns the class that declares a field which another one has or inherits, or null.
     *
     * @jvms 5.4.3.2
     */
    private static @Nullable Facts findField(Facts from, String name, String descriptor) {
        Set<String> seen = new HashSet<>();
        for (Facts at = from; at != null; at = at.superclass()) {
            Facts holder = findField(at, name, descriptor, seen);
            if (holder != null) {
                return holder;
            }
        }
        return null;
    }

    /** Looks into a class and, one after the other, its superinterfaces; each of them once. */
    private static @Nullable Facts findField(Facts at, String name, String descriptor, Set<String> seen) {
        if (at.fieldFlags(name, descriptor) != Facts.ABSENT) {
            return at;
        }
        for (Facts each : at.interfaces()) {
            Facts holder = seen.add(each.name()) ? findField(each, name, descriptor, seen) : null;
            if (holder != null) {
                return holder;
            }
        }
        return null;
    }

    private @Nullable Facts findMethod(Facts from, OwnerKind kind, String name, String descriptor) {
        if (kind == OwnerKind.CLASS) {
            Facts holder = findInClasses(from, name, descriptor);
            if (holder != null) {
                return holder;
            }
        } else {
            if (from.methodFlags(name, descriptor) != Facts.ABSENT) {
                return from;
            }
            Facts object = lookup.find(OBJECT);
            int flags = object.methodFlags(name, descriptor);
            if (flags != Facts.ABSENT && Modifier.isPublic(flags) && !Modifier.isStatic(flags)) {
                return object;
            }
        }
        return findInterfaceMethod(from, name, descriptor);
    }

    private static @Nullable Facts findInClasses(Facts from, String name, String descriptor) {
        for (Facts at = from; at != null; at = at.superclass()) {
            if (at.methodFlags(name, descriptor) != Facts.ABSENT) {
                return at;
            }
        }
        return null;
    }

    /** Returns a superinterface that declares the method: one with code before one without. */
    private static @Nullable Facts findInterfaceMethod(Facts from, String name, String descriptor) {
        @Nullable Facts found = null;
        Set<String> seen = new HashSet<>();
        Deque<Facts> open = new ArrayDeque<>();
        for (Facts at = from; at != null; at = at.superclass()) {
            open.addAll(at.interfaces());
        }
        while (!open.isEmpty()) {
            Facts at = open.remove();
            if (!seen.add(at.name())) {
                continue;
            }
            int flags = at.methodFlags(name, descriptor);
            if (flags != Facts.ABSENT && !Modifier.isStatic(flags) && !Modifier.isPrivate(flags)) {
                if (!Modifier.isAbstract(flags)) {
                    return at;
                }
                found = found == null ? at : found;
            }
            open.addAll(at.interfaces());
        }
        return found;
    }

    private static boolean isSignaturePolymorphic(Facts owner, String name) {
        if (!SIGNATURE_POLYMORPHIC.contains(owner.name())) {
            return false;
        }
        for (String result : new String[] {"Ljava/lang/Object;", "V", "Z"}) {
            int flags = owner.methodFlags(name, ANY_ARGUMENTS + result);
            if (flags != Facts.ABSENT && Modifier.isNative(flags)) {
                return true;
            }
        }
        return false;
    }

    // ---- access ----

    /** Whether a member is a field or a method. */
    public enum MemberKind {
        FIELD,
        METHOD
    }

    /**
     * Returns whether the member that a class has or inherits is protected and declared in another package than a client's.
     *
     * @jvms 4.10.1.8
     */
    public static boolean isProtectedElsewhere(
            Facts owner, MemberKind kind, String name, String descriptor, Facts client) {
        Facts holder =
                kind == MemberKind.FIELD ? findField(owner, name, descriptor) : findInClasses(owner, name, descriptor);
        if (holder == null || holder.isInPackageOf(client)) {
            return false;
        }
        return Modifier.isProtected(
                kind == MemberKind.FIELD ? holder.fieldFlags(name, descriptor) : holder.methodFlags(name, descriptor));
    }

    /**
     * Returns whether a member may be used by the class at hand.
     *
     * @jvms 5.4.4
     */
    private boolean isAccessible(Facts resolved, Facts holder, int flags) {
        if (Modifier.isPublic(flags) || holder.equals(client)) {
            return true;
        }
        if (Modifier.isPrivate(flags)) {
            return holder.isNestmateOf(client);
        }
        if (holder.isInPackageOf(client)) {
            return true;
        }
        return Modifier.isProtected(flags)
                && (resolved.name().startsWith("[")
                        || isSubclass(client, holder)
                                && (Modifier.isStatic(flags)
                                        || isSubclass(resolved, client)
                                        || isSubclass(client, resolved)));
    }

    private static boolean isSubclass(Facts from, Facts to) {
        for (Facts at = from; at != null; at = at.superclass()) {
            if (at.equals(to)) {
                return true;
            }
        }
        return false;
    }

    private static String access(int flags) {
        return Modifier.isPrivate(flags) ? "private " : Modifier.isProtected(flags) ? "protected " : "";
    }

    private static String external(Facts facts) {
        return facts.name().replace('/', '.');
    }
}
