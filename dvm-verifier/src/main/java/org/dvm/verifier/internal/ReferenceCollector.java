package org.dvm.verifier.internal;

import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.Member;
import org.dvm.core.finding.Finding;
import org.dvm.core.finding.Location;
import org.dvm.verifier.Assumption;
import org.dvm.verifier.Assumption.ClassUse;
import org.dvm.verifier.Assumption.FieldUse;
import org.dvm.verifier.Assumption.MethodUse;
import org.dvm.verifier.Deferred;
import org.dvm.verifier.FailingReference;
import org.dvm.verifier.Fault;
import org.dvm.verifier.TypeRule;
import org.jspecify.annotations.Nullable;

/**
 * Collects what single instructions assume - every one that names a class, field or method - and decides what the world
 * decides.
 *
 * @jvms 5.4.3
 */
final class ReferenceCollector {
    private static final int FINAL_PUT_IN_INITIALIZERS = 53;

    private final RawClass raw;
    private final ClassFacts self;
    private final NameTable names = new NameTable();
    private final Code code = new Code(names);
    private final ReferenceJudge judge;
    private final Map<Assumption, Answer> answers = new HashMap<>();
    private final List<Deferred> open = new ArrayList<>();
    private final List<FailingReference> failing = new ArrayList<>();
    private long decided;

    /** What the world says to an assumption: it holds, it can't be told, or a fault. */
    private record Answer(boolean known, @Nullable MethodFault fault) {}

    ReferenceCollector(RawClass raw, ClassWorld world) {
        this.raw = raw;
        this.self = new ClassFacts(raw, () -> raw);
        this.judge = new ReferenceJudge(raw, new KnownClasses(world, self));
        names.reset(raw);
    }

    void collect() {
        for (int i = 0; i < raw.methodCount(); i++) {
            Member method = raw.method(i);
            if (method.codeOffset() >= 0) {
                collect(method);
            }
        }
    }

    /** Returns what hangs on classes that aren't known. */
    List<Deferred> open() {
        return open;
    }

    /** Returns what is known to fail when it is executed. */
    List<FailingReference> failing() {
        return failing;
    }

    /** Returns how many were decided, either way. */
    long decided() {
        return decided;
    }

    private void collect(Member method) {
        try {
            code.open(raw, method);
        } catch (MethodFault fault) {
            throw new IllegalStateException("an accepted method can't be read: " + fault.getMessage(), fault);
        }
        String member = raw.memberName(method) + raw.memberDescriptor(method);
        for (int bci = 0; bci < code.length; bci += code.lengthAt(bci)) {
            Assumption assumption = assumptionAt(bci);
            if (assumption != null) {
                sort(assumption, Location.ofCode(raw.className(), member, bci));
            }
        }
    }

    private void sort(Assumption assumption, Location location) {
        @Nullable Answer answer = answers.get(assumption);
        if (answer == null) {
            answer = answer(assumption);
            answers.put(assumption, answer);
        }
        MethodFault fault = answer.fault();
        if (fault == null && assumption instanceof FieldUse use && isFinalPutOutsideInitializer(use, location)) {
            fault = MethodFault.of(TypeRule.MEMBER_ACCESS, "Update to final field " + use.owner() + "." + use.name());
        }
        decided += answer.known() ? 1 : 0;
        if (!answer.known()) {
            open.add(new Deferred(assumption, location));
        } else if (fault != null) {
            Finding finding = new Finding(fault.rule(), location, String.valueOf(fault.getMessage()));
            failing.add(new FailingReference(assumption, Fault.of(finding)));
        }
    }

    /** From version 53 on a class itself puts its final fields only in initializers. */
    private boolean isFinalPutOutsideInitializer(FieldUse use, Location location) {
        if (raw.majorVersion() < FINAL_PUT_IN_INITIALIZERS
                || use.use() == FieldUse.Use.GET_STATIC
                || use.use() == FieldUse.Use.GET_FIELD
                || !use.owner().equals(raw.className())) {
            return false;
        }
        String initializer = use.use() == FieldUse.Use.PUT_STATIC ? "<clinit>" : "<init>";
        int flags = self.fieldFlags(use.name(), use.descriptor());
        return flags >= 0
                && Modifier.isFinal(flags)
                && !String.valueOf(location.member()).startsWith(initializer);
    }

    private Answer answer(Assumption assumption) {
        try {
            judge.check(assumption);
            return new Answer(true, null);
        } catch (MethodFault fault) {
            return new Answer(true, fault);
        } catch (RuntimeException e) {
            return new Answer(false, null); // hangs on a class that isn't known, or can't be read
        }
    }

    private @Nullable Assumption assumptionAt(int bci) {
        int opcode = code.u1(bci);
        switch (opcode) {
            case Opcode.LDC:
                return ofConstant(code.u1(bci + 1));
            case Opcode.LDC_W:
            case Opcode.LDC2_W:
                return ofConstant(code.u2(bci + 1));
            case Opcode.NEW:
                return ofClass(code.u2(bci + 1), ClassUse.Use.CREATE);
            case Opcode.ANEWARRAY:
            case Opcode.CHECKCAST:
            case Opcode.INSTANCEOF:
            case Opcode.MULTIANEWARRAY:
                return ofClass(code.u2(bci + 1), ClassUse.Use.REFER);
            case Opcode.GETSTATIC:
            case Opcode.PUTSTATIC:
            case Opcode.GETFIELD:
            case Opcode.PUTFIELD:
                return ofField(code.u2(bci + 1), FieldUse.Use.values()[opcode - Opcode.GETSTATIC]);
            case Opcode.INVOKEVIRTUAL:
            case Opcode.INVOKESPECIAL:
            case Opcode.INVOKESTATIC:
            case Opcode.INVOKEINTERFACE:
                return ofMethod(code.u2(bci + 1), MethodUse.Use.values()[opcode - Opcode.INVOKEVIRTUAL]);
            case Opcode.INVOKEDYNAMIC:
                return new Assumption.DynamicUse(code.u2(bci + 1));
            default:
                return null;
        }
    }

    private @Nullable Assumption ofConstant(int index) {
        switch (raw.constantTag(index)) {
            case RawClass.CLASS:
                return ofClass(index, ClassUse.Use.REFER);
            case RawClass.METHOD_HANDLE:
            case RawClass.METHOD_TYPE:
            case RawClass.DYNAMIC:
                return new Assumption.DynamicUse(index);
            default:
                return null;
        }
    }

    /** Arrays stand for their element class; those of primitives assume nothing. */
    private @Nullable Assumption ofClass(int index, ClassUse.Use use) {
        return ofType(raw.name(index), use);
    }

    private @Nullable Assumption ofType(String name, ClassUse.Use use) {
        String element = ReferenceJudge.elementOf(name);
        return element == null || element.equals(raw.className()) && use == ClassUse.Use.REFER
                ? null
                : new ClassUse(element, use);
    }

    private Assumption ofField(int index, FieldUse.Use use) {
        int offset = raw.constantOffset(index);
        int member = raw.constantOffset(raw.u2(offset + 3));
        return new FieldUse(
                raw.name(raw.u2(offset + 1)), raw.utf8(raw.u2(member + 1)), raw.utf8(raw.u2(member + 3)), use);
    }

    /** Methods of arrays are those of java/lang/Object, and public. */
    private @Nullable Assumption ofMethod(int index, MethodUse.Use use) {
        int offset = raw.constantOffset(index);
        int member = raw.constantOffset(raw.u2(offset + 3));
        String owner = raw.name(raw.u2(offset + 1));
        return owner.startsWith("[")
                ? ofType(owner, ClassUse.Use.REFER)
                : new MethodUse(
                        owner,
                        raw.utf8(raw.u2(member + 1)),
                        raw.utf8(raw.u2(member + 3)),
                        raw.constantTag(index) == RawClass.INTERFACE_METHOD_REF,
                        use);
    }
}
