package org.dvm.verifier.internal;

import java.util.ArrayList;
import java.util.List;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.Member;
import org.dvm.core.finding.Location;
import org.dvm.verifier.Assumption;
import org.dvm.verifier.Assumption.ClassUse;
import org.dvm.verifier.Assumption.FieldUse;
import org.dvm.verifier.Assumption.MethodUse;
import org.dvm.verifier.Deferred;
import org.jspecify.annotations.Nullable;

/**
 * Collects what single instructions assume: every one that names a class, field or method of another class.
 *
 * @jvms 5.4.3
 */
final class ReferenceCollector {
    private final RawClass raw;
    private final NameTable names = new NameTable();
    private final Code code = new Code(names);
    private final List<Deferred> collected = new ArrayList<>();

    ReferenceCollector(RawClass raw) {
        this.raw = raw;
        names.reset(raw);
    }

    List<Deferred> collect() {
        for (int i = 0; i < raw.methodCount(); i++) {
            Member method = raw.method(i);
            if (method.codeOffset() >= 0) {
                collect(method);
            }
        }
        return collected;
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
                collected.add(new Deferred(assumption, Location.ofCode(raw.className(), member, bci)));
            }
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
        String name = raw.name(index);
        if (name.startsWith("[")) {
            if (!name.endsWith(";")) {
                return null;
            }
            name = name.substring(name.lastIndexOf('[') + 2, name.length() - 1);
        }
        return name.equals(raw.className()) ? null : new ClassUse(name, use);
    }

    private @Nullable Assumption ofField(int index, FieldUse.Use use) {
        int offset = raw.constantOffset(index);
        int member = raw.constantOffset(raw.u2(offset + 3));
        return new FieldUse(
                raw.name(raw.u2(offset + 1)), raw.utf8(raw.u2(member + 1)), raw.utf8(raw.u2(member + 3)), use);
    }

    private Assumption ofMethod(int index, MethodUse.Use use) {
        int offset = raw.constantOffset(index);
        int member = raw.constantOffset(raw.u2(offset + 3));
        return new MethodUse(
                raw.name(raw.u2(offset + 1)),
                raw.utf8(raw.u2(member + 1)),
                raw.utf8(raw.u2(member + 3)),
                raw.constantTag(index) == RawClass.INTERFACE_METHOD_REF,
                use);
    }
}
