package org.dvm.verifier.internal;

import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.Attribute;
import org.dvm.runtime.verify.References;
import org.dvm.runtime.verify.References.OwnerKind;
import org.dvm.runtime.verify.References.Use;
import org.dvm.verifier.Assumption;
import org.dvm.verifier.TypeRule;
import org.jspecify.annotations.Nullable;

/**
 * Decides assumptions of single instructions in a world, by the rules of the dynamic component.
 *
 * @jvms 5.4.3
 */
final class ReferenceJudge {
    /** Constants that name constants, nested deeper than this, are left to the JVM. */
    private static final int MAX_NESTING = 16;

    private static final int GET_FIELD = 1;
    private static final int PUT_STATIC = 4;
    private static final Use[] HANDLE_USES = {
        Use.REFER,
        Use.GETFIELD,
        Use.GETSTATIC,
        Use.PUTFIELD,
        Use.PUTSTATIC,
        Use.INVOKEVIRTUAL,
        Use.INVOKESTATIC,
        Use.INVOKESPECIAL,
        Use.INVOKESPECIAL,
        Use.INVOKEINTERFACE
    };

    private final RawClass raw;
    private final References references;

    ReferenceJudge(RawClass raw, KnownClasses classes) {
        this.raw = raw;
        this.references = new References(classes.client(), name -> classes.find(name, 0));
    }

    /**
     * Returns if the assumption holds.
     *
     * @throws MethodFault if it doesn't: with the rule broken
     * @throws UndecidedException if it hangs on a class that isn't known
     */
    void check(Assumption assumption) throws MethodFault {
        try {
            if (assumption instanceof Assumption.ClassUse use) {
                references.checkClass(use.name(), useOf(use));
            } else if (assumption instanceof Assumption.FieldUse use) {
                references.checkField(use.owner(), use.name(), use.descriptor(), useOf(use));
            } else if (assumption instanceof Assumption.MethodUse use) {
                references.checkMethod(use.owner(), kindOf(use), use.name(), use.descriptor(), useOf(use));
            } else if (assumption instanceof Assumption.DynamicUse use) {
                checkConstant(use.constant(), 0);
            }
        } catch (LinkageError error) {
            throw MethodFault.of(ruleOf(error, assumption), String.valueOf(error.getMessage()));
        }
    }

    /** Returns the dynamic component's name of an instruction's kind. */
    static Use useOf(Assumption.ClassUse use) {
        return use.use() == Assumption.ClassUse.Use.CREATE ? Use.NEW : Use.REFER;
    }

    static Use useOf(Assumption.FieldUse use) {
        return switch (use.use()) {
            case GET_STATIC -> Use.GETSTATIC;
            case PUT_STATIC -> Use.PUTSTATIC;
            case GET_FIELD -> Use.GETFIELD;
            case PUT_FIELD -> Use.PUTFIELD;
        };
    }

    static Use useOf(Assumption.MethodUse use) {
        return switch (use.use()) {
            case VIRTUAL -> Use.INVOKEVIRTUAL;
            case SPECIAL -> Use.INVOKESPECIAL;
            case STATIC -> Use.INVOKESTATIC;
            case INTERFACE -> Use.INVOKEINTERFACE;
        };
    }

    static OwnerKind kindOf(Assumption.MethodUse use) {
        return use.ownerIsInterface() ? OwnerKind.INTERFACE : OwnerKind.CLASS;
    }

    private static TypeRule ruleOf(LinkageError error, Assumption assumption) {
        if (error instanceof NoClassDefFoundError) {
            return TypeRule.CLASS_MISSING;
        } else if (error instanceof ClassCircularityError) {
            return TypeRule.CIRCULARITY;
        } else if (error instanceof NoSuchFieldError) {
            return TypeRule.FIELD_MISSING;
        } else if (error instanceof NoSuchMethodError) {
            return TypeRule.METHOD_MISSING;
        } else if (error instanceof InstantiationError) {
            return TypeRule.INSTANTIABLE;
        } else if (error instanceof AbstractMethodError) {
            return TypeRule.ABSTRACT_CALL;
        } else if (error instanceof IllegalAccessError) {
            return assumption instanceof Assumption.ClassUse ? TypeRule.CLASS_ACCESS : TypeRule.MEMBER_ACCESS;
        }
        return TypeRule.MEMBER_KIND;
    }

    // ---- constants ----

    private void checkConstant(int index, int nesting) {
        if (nesting > MAX_NESTING) {
            throw UndecidedException.INSTANCE;
        }
        int offset = raw.constantOffset(index);
        switch (raw.constantTag(index)) {
            case RawClass.CLASS -> checkType(raw.name(index));
            case RawClass.METHOD_TYPE -> checkDescriptor(raw.utf8(raw.u2(offset + 1)));
            case RawClass.METHOD_HANDLE -> checkHandle(raw.u1(offset + 1), raw.u2(offset + 2));
            case RawClass.DYNAMIC, RawClass.INVOKE_DYNAMIC -> {
                checkDescriptor(raw.utf8(raw.u2(raw.constantOffset(raw.u2(offset + 3)) + 3)));
                checkBootstrap(raw.u2(offset + 1), nesting);
            }
            default -> {} // numbers and strings assume nothing
        }
    }

    private void checkBootstrap(int number, int nesting) {
        Attribute attribute = raw.attribute(raw.attributes(), "BootstrapMethods");
        if (attribute == null) {
            throw UndecidedException.INSTANCE;
        }
        int at = attribute.offset() + 2;
        for (int i = 0; i < number; i++) {
            at += 4 + 2 * raw.u2(at + 2);
        }
        checkConstant(raw.u2(at), nesting + 1);
        for (int i = 0; i < raw.u2(at + 2); i++) {
            checkConstant(raw.u2(at + 4 + 2 * i), nesting + 1);
        }
    }

    private void checkHandle(int kind, int reference) {
        int offset = raw.constantOffset(reference);
        int member = raw.constantOffset(raw.u2(offset + 3));
        String owner = raw.name(raw.u2(offset + 1));
        String name = raw.utf8(raw.u2(member + 1));
        String descriptor = raw.utf8(raw.u2(member + 3));
        if (owner.startsWith("[")) {
            checkType(owner);
        } else if (kind >= GET_FIELD && kind <= PUT_STATIC) {
            references.checkField(owner, name, descriptor, HANDLE_USES[kind]);
        } else {
            OwnerKind ownerKind =
                    raw.constantTag(reference) == RawClass.INTERFACE_METHOD_REF ? OwnerKind.INTERFACE : OwnerKind.CLASS;
            references.checkMethod(owner, ownerKind, name, descriptor, HANDLE_USES[kind]);
        }
        checkDescriptor(descriptor);
    }

    /** Method types and handles need the classes that their descriptors name. */
    private void checkDescriptor(String descriptor) {
        int at = descriptor.indexOf('L');
        while (at >= 0) {
            int end = descriptor.indexOf(';', at);
            references.checkClass(descriptor.substring(at + 1, end), Use.REFER);
            at = descriptor.indexOf('L', end);
        }
    }

    private void checkType(String name) {
        String element = elementOf(name);
        if (element != null) {
            references.checkClass(element, Use.REFER);
        }
    }

    /** Returns the class that an array is made of, or the class itself; null where it is of primitives. */
    static @Nullable String elementOf(String name) {
        if (!name.startsWith("[")) {
            return name;
        }
        return name.endsWith(";") ? name.substring(name.lastIndexOf('[') + 2, name.length() - 1) : null;
    }
}
