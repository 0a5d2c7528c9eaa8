package org.dvm.verifier.internal;

import java.util.List;
import java.util.Objects;
import org.dvm.core.classfile.JvmRelease;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.finding.LinkError;
import org.dvm.core.repository.ClassRepository;
import org.dvm.runtime.verify.References;
import org.dvm.verifier.Assumption;
import org.dvm.verifier.Assumption.MemberKind;
import org.dvm.verifier.internal.ClassWorld.Absent;
import org.jspecify.annotations.Nullable;

/** Decides assumptions in a world that has all classes. */
public final class AssumptionJudge {
    private static final int MAX_DEPTH = 1 << 14;

    private final ClassWorld world;
    private final RawClass clientClass;
    private final ClassFacts client;
    private final ClassLoading loading;
    private final ReferenceJudge references;

    private AssumptionJudge(ClassRepository classes, RawClass client) {
        this.world = new ClassWorld(classes, Absent.MISSING, JvmRelease.of(25));
        this.clientClass = client;
        this.client = new ClassFacts(client, () -> client);
        this.loading = new ClassLoading(world, this.client);
        this.references = new ReferenceJudge(client, new KnownClasses(world, this.client));
    }

    /** Returns the error that a JVM would raise, or {@link LinkError#NONE}. */
    public static LinkError judge(Assumption assumption, ClassRepository classes, RawClass client) {
        try {
            return new AssumptionJudge(classes, client).judge(assumption) ? LinkError.NONE : LinkError.VERIFY;
        } catch (MethodFault fault) {
            return fault.rule().error();
        }
    }

    private boolean judge(Assumption assumption) throws MethodFault {
        if (assumption instanceof Assumption.Superclass s) {
            ClassFacts superclass = find(s.name());
            Supertypes.checkIsClass(client, superclass);
            Supertypes.checkSuperclass(client, superclass, world.jvm());
            world.linkSupertype(s.name(), clientClass);
            return true;
        }
        if (assumption instanceof Assumption.Superinterface s) {
            ClassFacts superinterface = find(s.name());
            Supertypes.checkIsInterface(client, superinterface);
            Supertypes.checkInterface(client, superinterface);
            world.linkSupertype(s.name(), clientClass);
            return true;
        }
        loading.setClientLoaded();
        return judgeLoaded(assumption);
    }

    private boolean judgeLoaded(Assumption assumption) throws MethodFault {
        if (assumption instanceof Assumption.Assignable a) {
            return isAssignable(a.from(), a.to());
        }
        if (assumption instanceof Assumption.ThrowableType t) {
            return isSubclass(find(t.name()), "java/lang/Throwable");
        }
        if (assumption instanceof Assumption.Loadable l) {
            if (!joinsToObject(l.joined())) {
                find(l.name());
            }
            return true;
        }
        if (assumption instanceof Assumption.SpecialOwner s) {
            return !find(s.owner()).isInterface() && isSubclass(client, s.owner());
        }
        if (assumption instanceof Assumption.ProtectedAccess p) {
            return isProtectedAccessAllowed(p);
        }
        if (assumption instanceof Assumption.NoFinalOverride o) {
            checkOverride(o);
            return true;
        }
        references.check(assumption);
        return true;
    }

    private ClassFacts find(String name) throws MethodFault {
        return Objects.requireNonNull(loading.load(name)); // in a world without unknown classes
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

    /** Returns whether classes have no superclass in common but java/lang/Object; interfaces have none. */
    private boolean joinsToObject(List<String> names) throws MethodFault {
        ClassFacts common = null;
        for (String name : names) {
            ClassFacts facts = find(name);
            if (facts.isInterface()) {
                return true;
            }
            while (common != null && !isSubclass(facts, common.name())) {
                common = superclassOf(common);
            }
            common = common == null ? facts : common;
        }
        return common != null && common.superName() == null;
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
                throw Supertypes.overrides(
                        client.name(), at.name(), override.name() + override.descriptor(), world.jvm());
            }
        }
    }
}
