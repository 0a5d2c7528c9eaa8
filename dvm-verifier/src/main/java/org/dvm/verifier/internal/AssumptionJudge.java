package org.dvm.verifier.internal;

import org.dvm.core.classfile.RawClass;
import org.dvm.core.finding.LinkError;
import org.dvm.core.repository.ClassRepository;
import org.dvm.runtime.verify.References;
import org.dvm.verifier.Assumption;
import org.dvm.verifier.Assumption.MemberKind;
import org.dvm.verifier.TypeRule;
import org.dvm.verifier.internal.ClassWorld.Absent;
import org.jspecify.annotations.Nullable;

/** Decides assumptions in a world that has all classes. */
public final class AssumptionJudge {
    private static final int MAX_DEPTH = 1 << 14;

    private final ClassWorld world;
    private final ClassFacts client;

    private final ReferenceJudge references;

    private AssumptionJudge(ClassRepository classes, RawClass client) {
        this.world = new ClassWorld(classes, Absent.MISSING);
        this.client = new ClassFacts(client, () -> client);
        this.references = new ReferenceJudge(client, new KnownClasses(world, this.client));
    }

    /** Returns the error that a JVM would raise, or {@link LinkError#NONE}. */
    public static LinkError judge(Assumption assumption, ClassRepository classes, RawClass client) {
        try {
            return new AssumptionJudge(classes, client).judge(assumption) ? LinkError.NONE : LinkError.VERIFY;
        } catch (MethodFault fault) {
            return fault.rule().error();
        } catch (NoClassDefFoundError e) {
            return LinkError.NO_CLASS_DEF_FOUND;
        }
    }

    private boolean judge(Assumption assumption) throws MethodFault {
        if (assumption instanceof Assumption.Assignable a) {
            return isAssignable(a.from(), a.to());
        }
        if (assumption instanceof Assumption.ThrowableType t) {
            return isSubclass(find(t.name()), "java/lang/Throwable");
        }
        if (assumption instanceof Assumption.Loadable l) {
            find(l.name());
            return true;
        }
        if (assumption instanceof Assumption.SpecialOwner s) {
            return !find(s.owner()).isInterface() && isSubclass(client, s.owner());
        }
        if (assumption instanceof Assumption.ProtectedAccess p) {
            return isProtectedAccessAllowed(p);
        }
        if (assumption instanceof Assumption.Superclass s) {
            Supertypes.checkSuperclass(client, find(s.name()));
            return true;
        }
        if (assumption instanceof Assumption.Superinterface s) {
            Supertypes.checkInterface(client, find(s.name()));
            return true;
        }
        if (assumption instanceof Assumption.NoFinalOverride o) {
            checkOverride(o);
            return true;
        }
        references.check(assumption);
        return true;
    }

    private ClassFacts find(String name) throws MethodFault {
        if (name.equals(client.name())) {
            return client;
        }
        String missing = world.missingFor(name);
        ClassFacts facts = world.find(name);
        if (missing != null || facts == null) {
            throw MethodFault.of(TypeRule.CLASS_MISSING, missing == null ? name : missing);
        }
        return facts;
    }

    private boolean isAssignable(String from, String to) throws MethodFault {
        return find(to).isInterface() || isSubclass(find(from), to);
    }

    private boolean isSubclass(ClassFacts from, String to) throws MethodFault {
        ClassFacts at = from;
        for (int depth = 0; at != null && depth < MAX_DEPTH; depth++) {
            if (at.name().equals(to)) {
                return true;
            }
            at = superclassOf(at);
        }
        return false;
    }

    private @Nullable ClassFacts superclassOf(ClassFacts facts) throws MethodFault {
        String superName = facts.superName();
        return superName == null ? null : find(superName);
    }

    private boolean isProtectedAccessAllowed(Assumption.ProtectedAccess access) throws MethodFault {
        if (access.owner().equals(client.name()) || !isSubclass(client, access.owner())) {
            return true;
        }
        KnownClasses classes = new KnownClasses(world, client);
        return !References.isProtectedElsewhere(
                        classes.find(access.owner(), 0),
                        access.kind() == MemberKind.FIELD ? References.MemberKind.FIELD : References.MemberKind.METHOD,
                        access.name(),
                        access.descriptor(),
                        classes.client())
                || isReceiverThis(access.receiver());
    }

    private boolean isReceiverThis(String receiver) throws MethodFault {
        if (receiver.startsWith("[")) {
            return false;
        }
        return client.isInterface() ? !receiver.equals("java/lang/Object") : isSubclass(find(receiver), client.name());
    }

    private void checkOverride(Assumption.NoFinalOverride override) throws MethodFault {
        for (ClassFacts at = superclassOf(client); at != null; at = superclassOf(at)) {
            if (Supertypes.isFinalMethod(at, client, override.name(), override.descriptor())) {
                throw MethodFault.of(
                        TypeRule.FINAL_OVERRIDE,
                        "class " + client.name() + " overrides final method " + at.name() + "." + override.name()
                                + override.descriptor());
            }
        }
    }
}
