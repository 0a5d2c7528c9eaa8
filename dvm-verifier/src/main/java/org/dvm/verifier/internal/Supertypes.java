package org.dvm.verifier.internal;

import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import org.dvm.core.classfile.JvmRelease;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.Member;
import org.dvm.verifier.Assumption;
import org.dvm.verifier.TypeRule;
import org.jspecify.annotations.Nullable;

/**
 * The checks of a class's header against its supertypes.
 *
 * @jvms 5.3.5
 */
final class Supertypes {
    private static final int MAX_DEPTH = 1 << 14;

    private static final byte[] INIT = "<init>".getBytes(StandardCharsets.US_ASCII);

    private final RawClass raw;
    private final Relations relations;

    Supertypes(RawClass raw, Relations relations) {
        this.raw = raw;
        this.relations = relations;
    }

    /** Checks all in the order of a JVM. */
    void check() throws MethodFault {
        checkInterfacesLoad();
        String superName = raw.superName();
        if (superName != null) {
            ClassFacts superclass = relations.loading().load(superName);
            if (superclass != null) {
                checkIsClass(self(), superclass);
                checkSuperclass(self(), superclass, jvm());
            } else if (!superName.equals("java/lang/Object")) {
                relations.assume(new Assumption.Superclass(superName));
            }
            checkInterfaces();
            if (!self().isInterface() && !superName.equals("java/lang/Object")) {
                checkFinalOverrides(superclass);
            } else {
                checkObjectOverrides();
            }
        }
        relations.loading().setClientLoaded();
    }

    /** Checks what a JVM checks before it reads the members of the class. */
    void checkInterfacesLoad() throws MethodFault {
        for (int i = 0; i < raw.interfaceCount(); i++) {
            ClassFacts superinterface = relations.loading().load(raw.interfaceName(i));
            if (superinterface != null) {
                checkIsInterface(self(), superinterface);
            }
        }
    }

    private void checkInterfaces() throws MethodFault {
        for (int i = raw.interfaceCount() - 1; i >= 0; i--) {
            ClassFacts superinterface = relations.loading().load(raw.interfaceName(i));
            if (superinterface != null) {
                checkInterface(self(), superinterface);
            } else {
                relations.assume(new Assumption.Superinterface(raw.interfaceName(i)));
            }
        }
    }

    private ClassFacts self() {
        return relations.self();
    }

    private JvmRelease jvm() {
        return relations.world().jvm();
    }

    static void checkIsInterface(ClassFacts self, ClassFacts superinterface) throws MethodFault {
        if (!superinterface.isInterface()) {
            throw MethodFault.of(
                    TypeRule.SUPERTYPE,
                    "class " + self.name() + " can not implement " + superinterface.name()
                            + ", because it is not an interface");
        }
    }

    static void checkIsClass(ClassFacts self, ClassFacts superclass) throws MethodFault {
        if (superclass.isInterface()) {
            throw MethodFault.of(
                    TypeRule.SUPERTYPE,
                    "class " + self.name() + " has interface " + superclass.name() + " as super class");
        }
    }

    /** Checks a class against its superclass. */
    static void checkSuperclass(ClassFacts self, ClassFacts superclass, JvmRelease jvm) throws MethodFault {
        if (superclass.isFinal()) {
            throw MethodFault.of(
                    JvmRules.finalSuperclass(jvm),
                    "class " + self.name() + " cannot inherit from final class " + superclass.name());
        }
        checkSealed(self, superclass);
        if (!superclass.isPublic() && !superclass.samePackage(self.name())) {
            throw MethodFault.of(
                    TypeRule.SUPERTYPE_ACCESS,
                    "class " + self.name() + " cannot access its superclass " + superclass.name());
        }
    }

    /** Checks a class against a direct superinterface. */
    static void checkInterface(ClassFacts self, ClassFacts superinterface) throws MethodFault {
        checkSealed(self, superinterface);
        if (!superinterface.isPublic() && !superinterface.samePackage(self.name())) {
            throw MethodFault.of(
                    TypeRule.SUPERTYPE_ACCESS,
                    "class " + self.name() + " cannot access its superinterface " + superinterface.name());
        }
    }

    /** A class that isn't public may only be permitted by one of its package. */
    private static void checkSealed(ClassFacts self, ClassFacts supertype) throws MethodFault {
        boolean seen = !supertype.isSealed() || self.isPublic() || supertype.samePackage(self.name());
        if (!seen || !supertype.permits(self.name())) {
            throw MethodFault.of(
                    TypeRule.SUPERTYPE,
                    "class " + self.name() + " cannot inherit from sealed class " + supertype.name());
        }
    }

    /** java/lang/Object is the same everywhere: its final methods need no world. */
    private void checkObjectOverrides() throws MethodFault {
        for (int i = 0; i < raw.methodCount(); i++) {
            Member method = raw.method(i);
            if (mayBeObjects(method)
                    && isVirtual(raw, method)
                    && isFinalInObject(raw.memberName(method), raw.memberDescriptor(method))) {
                throw overrides("java/lang/Object", method);
            }
        }
    }

    /** Looks at the length and the first letter of a name: strings are made for few methods only. */
    private boolean mayBeObjects(Member method) {
        int offset = raw.constantOffset(raw.u2(method.offset() + 2));
        int length = raw.u2(offset + 1);
        return length >= 4 && length <= 9 && "gnw".indexOf(raw.u1(offset + 3)) >= 0;
    }

    static boolean isFinalInObject(String name, String descriptor) {
        switch (name) {
            case "getClass":
                return descriptor.equals("()Ljava/lang/Class;");
            case "notify":
            case "notifyAll":
                return descriptor.equals("()V");
            case "wait":
                return descriptor.equals("()V") || descriptor.equals("(J)V") || descriptor.equals("(JI)V");
            default:
                return false;
        }
    }

    private void checkFinalOverrides(@Nullable ClassFacts superclass) throws MethodFault {
        boolean known = true;
        boolean anyFinal = false;
        ClassFacts at = superclass;
        for (int depth = 0; depth < MAX_DEPTH; depth++) {
            if (at == null) {
                known = false;
                break;
            }
            anyFinal |= at.hasFinalMethods();
            if (at.superName() == null) {
                break;
            }
            at = relations.superclassOf(at);
        }
        if (known && !anyFinal) {
            return;
        }
        for (int i = 0; i < raw.methodCount(); i++) {
            Member method = raw.method(i);
            if (isVirtual(raw, method)) {
                checkFinalOverride(superclass, method);
            }
        }
    }

    private void checkFinalOverride(@Nullable ClassFacts superclass, Member method) throws MethodFault {
        int hash = ClassFacts.nameHash(raw, method);
        ClassFacts at = superclass;
        for (int depth = 0; at != null && depth < MAX_DEPTH; depth++) {
            if (at.mayHaveFinalMethod(hash)
                    && isFinalMethod(at, self(), raw.memberName(method), raw.memberDescriptor(method))) {
                throw overrides(at.name(), method);
            }
            if (at.superName() == null) {
                return;
            }
            at = relations.superclassOf(at);
        }
        if (isFinalInObject(raw.memberName(method), raw.memberDescriptor(method))) {
            throw overrides("java/lang/Object", method);
        }
        relations.assume(new Assumption.NoFinalOverride(raw.memberName(method), raw.memberDescriptor(method)));
    }

    /** Returns whether a superclass declares a final method that a method of that name in {@code self} overrides. */
    static boolean isFinalMethod(ClassFacts superclass, ClassFacts self, String name, String descriptor) {
        if (!superclass.hasFinalMethods()) {
            return false;
        }
        int flags = superclass.methodFlags(name, descriptor);
        if (flags < 0 || !Modifier.isFinal(flags) || Modifier.isStatic(flags) || Modifier.isPrivate(flags)) {
            return false;
        }
        return Modifier.isPublic(flags) || Modifier.isProtected(flags) || superclass.samePackage(self.name());
    }

    static boolean isVirtual(RawClass raw, Member method) {
        int flags = raw.memberFlags(method);
        return !Modifier.isStatic(flags)
                && !Modifier.isPrivate(flags)
                && !raw.utf8Equals(raw.u2(method.offset() + 2), INIT);
    }

    private MethodFault overrides(String owner, Member method) {
        return overrides(self().name(), owner, raw.memberName(method) + raw.memberDescriptor(method), jvm());
    }

    static MethodFault overrides(String name, String owner, String method, JvmRelease jvm) {
        return MethodFault.of(
                JvmRules.finalOverride(jvm), "class " + name + " overrides final method " + owner + "." + method);
    }
}
