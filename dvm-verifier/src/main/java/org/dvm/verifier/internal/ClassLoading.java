package org.dvm.verifier.internal;

import java.util.HashSet;
import java.util.Set;
import org.dvm.core.classfile.JvmRelease;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.Member;
import org.dvm.verifier.TypeRule;
import org.dvm.verifier.internal.ClassWorld.Absent;
import org.jspecify.annotations.Nullable;

/**
 * Loads classes of a world as far as it shows: a class's superinterfaces in their order, then its superclass, each with
 * all of its own supertypes first, and then checks the class against them.
 *
 * <p>The class being verified, the client, counts as it is, whatever the world holds under its name. Where supertypes
 * aren't known and the world is open, nothing is said against the class.
 *
 * <p><b>Threads:</b> confined to one thread.
 *
 * @jvms 5.3.5
 */
final class ClassLoading {
    /** Classes nested deeper than this in supertypes go in a circle, or might as well. */
    private static final int MAX_DEPTH = 1000;

    private final ClassWorld world;
    private final ClassFacts client;
    private final JvmRelease jvm;
    private boolean clientIsLoaded;

    /** Classes on the way from the one asked for to the one at hand. */
    private final Set<String> begun = new HashSet<>();

    /** Classes that load, but whose supertypes are those of this client and this moment only. */
    private final Set<String> done = new HashSet<>();

    ClassLoading(ClassWorld world, ClassFacts client) {
        this.world = world;
        this.client = client;
        this.jvm = world.jvm();
    }

    /** Says that the client's own supertypes are loaded: from now on others may have it as theirs. */
    void setClientLoaded() {
        clientIsLoaded = true;
        done.clear();
    }

    /**
     * Returns what is known of a class that the JVM loads; null where it isn't known.
     *
     * @throws MethodFault if the class, or a supertype, doesn't exist or isn't what it has to be
     */
    @Nullable
    ClassFacts load(String name) throws MethodFault {
        if (name.equals(client.name())) {
            if (!clientIsLoaded) {
                throw circularity(name);
            }
            return client;
        }
        ClassFacts facts = world.find(name);
        if (facts == null ? world.absent() == Absent.MISSING : !facts.loadsBeside(client.name())) {
            begun.clear();
            supertypes(name, "");
        }
        return facts;
    }

    /**
     * Returns the names of a class and all its supertypes; null where that isn't so for every client.
     *
     * @param subtype the class that has it as a supertype
     */
    private @Nullable Set<String> supertypes(String name, String subtype) throws MethodFault {
        if (isClient(name, subtype)) {
            if (!clientIsLoaded) {
                throw circularity(name);
            }
            return null;
        }
        ClassFacts facts = world.find(name);
        if (facts == null) {
            if (world.absent() == Absent.MISSING) {
                throw MethodFault.of(TypeRule.CLASS_MISSING, name);
            }
            return null;
        }
        if (facts.loadsBeside(client.name())) {
            return facts.supertypes();
        }
        if (done.contains(name)) {
            return null;
        }
        if (!begun.add(name) || begun.size() > MAX_DEPTH) {
            throw circularity(name);
        }
        Set<String> all = supertypesOf(facts);
        begun.remove(name);
        if (all == null) {
            done.add(name);
        } else {
            facts.setSupertypes(all);
        }
        return all;
    }

    private @Nullable Set<String> supertypesOf(ClassFacts facts) throws MethodFault {
        Set<String> all = new HashSet<>();
        all.add(facts.name());
        boolean complete = true;
        for (String each : facts.interfaces()) {
            Set<String> more = supertypes(each, facts.name());
            complete &= more != null;
            all.addAll(more == null ? Set.of() : more);
            ClassFacts superinterface = find(each, facts);
            if (superinterface != null) {
                Supertypes.checkIsInterface(facts, superinterface);
            }
        }
        String superName = facts.superName();
        if (superName != null) {
            Set<String> more = supertypes(superName, facts.name());
            complete &= more != null;
            all.addAll(more == null ? Set.of() : more);
            checkSupertypes(facts, find(superName, facts));
        }
        return complete ? Set.copyOf(all) : null;
    }

    private void checkSupertypes(ClassFacts facts, @Nullable ClassFacts superclass) throws MethodFault {
        if (superclass != null) {
            Supertypes.checkIsClass(facts, superclass);
            Supertypes.checkSuperclass(facts, superclass, jvm);
        }
        for (int i = facts.interfaces().length - 1; i >= 0; i--) {
            ClassFacts superinterface = find(facts.interfaces()[i], facts);
            if (superinterface != null) {
                Supertypes.checkInterface(facts, superinterface);
            }
        }
        if (!facts.isInterface()) {
            checkFinalOverrides(facts, superclass);
        }
    }

    /** Looks at the methods of a class only if a superclass below java/lang/Object has final ones. */
    private void checkFinalOverrides(ClassFacts facts, @Nullable ClassFacts superclass) throws MethodFault {
        RawClass raw = null;
        ClassFacts at = superclass;
        for (int depth = 0; at != null && at.superName() != null && depth < MAX_DEPTH; depth++) {
            if (at.hasFinalMethods()) {
                raw = raw == null ? facts.raw() : raw;
                checkFinalOverrides(facts, raw, at);
            }
            at = find(at.superName(), at);
        }
    }

    private void checkFinalOverrides(ClassFacts facts, @Nullable RawClass raw, ClassFacts superclass)
            throws MethodFault {
        for (int i = 0; raw != null && i < raw.methodCount(); i++) {
            Member method = raw.method(i);
            if (superclass.mayHaveFinalMethod(ClassFacts.nameHash(raw, method)) && Supertypes.isVirtual(raw, method)) {
                String name = raw.memberName(method);
                String descriptor = raw.memberDescriptor(method);
                if (Supertypes.isFinalMethod(superclass, facts, name, descriptor)) {
                    throw Supertypes.overrides(facts.name(), superclass.name(), name + descriptor, jvm);
                }
            }
        }
    }

    private @Nullable ClassFacts find(String name, ClassFacts subtype) {
        return isClient(name, subtype.name()) ? client : world.find(name);
    }

    private boolean isClient(String name, String subtype) {
        return name.equals(client.name()) && (clientIsLoaded || !isOfBootLoader(subtype));
    }

    /** Classes of the core packages never see what other loaders define under their supertypes' names. */
    private static boolean isOfBootLoader(String name) {
        return name.startsWith("java/");
    }

    private static MethodFault circularity(String name) {
        return MethodFault.of(TypeRule.CIRCULARITY, name + " is its own supertype");
    }
}
