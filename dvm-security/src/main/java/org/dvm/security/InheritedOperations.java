package org.dvm.security;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.edit.ClassEdits;
import org.dvm.core.edit.Descriptors;
import org.dvm.core.edit.Snippet;
import org.dvm.core.edit.Value;
import org.dvm.core.finding.Finding;
import org.dvm.core.finding.Location;
import org.dvm.core.pipeline.TransformContext;
import org.dvm.core.repository.ClassRepository;
import org.dvm.security.policy.Policy.Operation;
import org.jspecify.annotations.Nullable;

/**
 * Operations that a class of the application has without declaring the method that carries them out, or not under the
 * descriptor that the policy names.
 *
 * <ul>
 *   <li>A bridge leads to a method of another descriptor: where the bridge is an operation, so is that method.
 *   <li>A method inherited from a class that knows nothing of the operation implements an interface's: the class gets an
 *       override that checks. So it does for an operation that the policy names on it although a superclass has the method.
 * </ul>
 *
 * <p>What can't be guarded - a native method, one that doesn't exist, an inherited one that is final - is reported, so that
 * the class isn't loaded.
 */
final class InheritedOperations {
    private static final int ACC_PRIVATE = 0x0002;
    private static final int ACC_STATIC = 0x0008;
    private static final int ACC_FINAL = 0x0010;
    private static final int ACC_BRIDGE = 0x0040;
    private static final int ACC_NATIVE = 0x0100;
    private static final int ACC_INTERFACE = 0x0200;
    private static final int ACC_SYNTHETIC = 0x1000;
    private static final int VISIBILITY = 0x0005;

    private final OperationIndex operations;
    private final RawClass raw;
    private final ClassRepository classes;

    /** Its superclasses and interfaces that have operations. */
    private final List<RawClass> guarded;

    /** From the direct superclass upwards. */
    private final List<RawClass> superclasses = new ArrayList<>();

    /** What each of its methods is because a bridge leads there, by name and descriptor. */
    private final Map<String, List<Operation>> behindBridges = new LinkedHashMap<>();

    InheritedOperations(OperationIndex operations, RawClass raw, ClassRepository classes) {
        this.operations = operations;
        this.raw = raw;
        this.classes = classes;
        this.guarded = operations.guardedSupertypes(raw, classes);
        if (!guarded.isEmpty() || operations.owners().contains(raw.className())) {
            followBridges();
            collectSuperclasses();
        }
    }

    private void collectSuperclasses() {
        Set<String> seen = new LinkedHashSet<>();
        String name = raw.superName();
        while (name != null && seen.add(name)) {
            RawClass superclass = classes.find(name);
            name = superclass == null ? null : superclass.superName();
            if (superclass != null) {
                superclasses.add(superclass);
            }
        }
    }

    private void followBridges() {
        for (int i = 0; i < raw.methodCount(); i++) {
            RawClass.Member bridge = raw.method(i);
            if ((raw.memberFlags(bridge) & ACC_BRIDGE) == 0 || bridge.codeOffset() < 0) {
                continue;
            }
            List<Operation> found = operations.of(raw, bridge, classes);
            if (!found.isEmpty()) {
                Instructions.forEachCall(raw, bridge, bci -> noteTarget(bridge, bci, found));
            }
        }
    }

    private void noteTarget(RawClass.Member bridge, int bci, List<Operation> found) {
        int at = raw.codeStart(bridge) + bci;
        int opcode = raw.u1(at);
        if (opcode != Instructions.INVOKEVIRTUAL && opcode != Instructions.INVOKESPECIAL) {
            return; // inherited methods are called as super's
        }
        int reference = raw.constantOffset(raw.u2(at + 1));
        int nameAndType = raw.constantOffset(raw.u2(reference + 3));
        String name = raw.utf8(raw.u2(nameAndType + 1));
        String descriptor = raw.utf8(raw.u2(nameAndType + 3));
        if (name.equals(raw.memberName(bridge)) && !descriptor.equals(raw.memberDescriptor(bridge))) {
            behindBridges.put(name + descriptor, found);
        }
    }

    /** Returns the operations that one of the class's own methods is. */
    List<Operation> of(RawClass.Member method) {
        List<Operation> found = operations.of(raw, method, classes);
        return found.isEmpty()
                ? behindBridges.getOrDefault(raw.memberName(method) + raw.memberDescriptor(method), List.of())
                : found;
    }

    /** Adds overrides that check where the class inherits its operations; returns how many. */
    int addOverrides(ClassEdits edits, TransformContext context) {
        Map<String, List<Operation>> missing = new LinkedHashMap<>();
        if (guarded.isEmpty() && !operations.owners().contains(raw.className())) {
            return 0;
        }
        addMissing(raw.className(), methodsOf(raw), missing, context);
        if ((raw.accessFlags() & ACC_INTERFACE) == 0) {
            for (RawClass supertype : guarded) {
                collectInherited(supertype, missing);
            }
            behindBridges.forEach((method, found) -> {
                if (!methodsOf(raw).contains(method)) {
                    missing.putIfAbsent(method, found);
                }
            });
        }
        missing.forEach((method, found) -> override(method, found, edits, context));
        return missing.size();
    }

    /** Notes operations that the policy names on this very class, and that it doesn't declare. */
    private void addMissing(
            String owner, Set<String> declared, Map<String, List<Operation>> missing, TransformContext context) {
        for (Operation operation : operations.on(owner)) {
            String key = operation.method() + operation.descriptor();
            boolean there = false;
            for (String method : declared) {
                there |= operation.descriptor().isEmpty() ? method.startsWith(key + "(") : method.equals(key);
            }
            if (!there) {
                List<String> inherited = inheritedNamed(operation);
                if (inherited.isEmpty()) {
                    refuse(operation, "the class has no such method; name it as it stands in the class", context);
                }
                inherited.forEach(method ->
                        missing.computeIfAbsent(method, m -> new ArrayList<>()).add(operation));
            }
        }
        for (int i = 0; i < raw.methodCount(); i++) {
            RawClass.Member method = raw.method(i);
            if ((raw.memberFlags(method) & ACC_NATIVE) != 0) {
                for (Operation operation : of(method)) {
                    refuse(operation, "the method is native; name a method that calls it", context);
                }
            }
        }
    }

    private List<String> inheritedNamed(Operation operation) {
        List<String> found = new ArrayList<>();
        for (RawClass type : superclasses) {
            for (int i = 0; i < type.methodCount(); i++) {
                RawClass.Member method = type.method(i);
                String key = type.memberName(method) + type.memberDescriptor(method);
                if (isInstanceMethod(type, method)
                        && type.memberName(method).equals(operation.method())
                        && (operation.descriptor().isEmpty()
                                || type.memberDescriptor(method).equals(operation.descriptor()))
                        && !found.contains(key)) {
                    found.add(key);
                }
            }
        }
        return found;
    }

    /** Notes the operations of a supertype that the class has from a superclass that isn't below that supertype. */
    private void collectInherited(RawClass supertype, Map<String, List<Operation>> missing) {
        Set<String> declared = methodsOf(raw);
        for (int i = 0; i < supertype.methodCount(); i++) {
            RawClass.Member method = supertype.method(i);
            String key = supertype.memberName(method) + supertype.memberDescriptor(method);
            if (!isInstanceMethod(supertype, method) || declared.contains(key)) {
                continue;
            }
            List<Operation> found = operations.of(
                    supertype.className(), supertype.memberName(method), supertype.memberDescriptor(method));
            RawClass implementor = found.isEmpty() ? null : implementorOf(key);
            if (implementor != null
                    && operations
                            .of(implementor, find(implementor, key), classes)
                            .isEmpty()) {
                missing.putIfAbsent(key, found);
            }
        }
    }

    private @Nullable RawClass implementorOf(String key) {
        for (RawClass type : superclasses) {
            if (methodsOf(type).contains(key)) {
                return type;
            }
        }
        return null;
    }

    private void override(String key, List<Operation> found, ClassEdits edits, TransformContext context) {
        RawClass implementor = implementorOf(key);
        String superName = raw.superName();
        if (implementor == null || superName == null) {
            return; // abstract, or an interface's own method, which is guarded there
        }
        RawClass.Member inherited = find(implementor, key);
        int flags = implementor.memberFlags(inherited);
        if ((flags & ACC_FINAL) != 0) {
            refuse(
                    found.get(0),
                    "the class inherits it as a final method of "
                            + implementor.className().replace('/', '.') + "; name it there",
                    context);
            return;
        }
        String name = implementor.memberName(inherited);
        String descriptor = implementor.memberDescriptor(inherited);
        List<Snippet> body = new ArrayList<>();
        for (Operation operation : found) {
            body.addAll(CheckSnippets.of(operation, raw.className(), name, descriptor, true, edits::newLocal));
        }
        body.add(callOf(superName, name, descriptor));
        edits.addMethod(flags & VISIBILITY | ACC_SYNTHETIC, name, descriptor, body.toArray(new Snippet[0]));
    }

    private Snippet callOf(String superName, String name, String descriptor) {
        int parameters = Descriptors.parameters(descriptor).length;
        Value[] values = new Value[parameters + 1];
        values[0] = Value.thisObject();
        for (int i = 0; i < parameters; i++) {
            values[i + 1] = Value.parameter(i);
        }
        return Snippet.call(superName, name, "(L" + raw.className() + ";" + descriptor.substring(1), values)
                .onSuper();
    }

    private void refuse(Operation operation, String why, TransformContext context) {
        context.report(new Finding(
                SecurityRule.UNGUARDED_OPERATION,
                Location.ofClass(raw.className()),
                "the operation " + operation.className() + "." + operation.method() + operation.descriptor() + " ("
                        + operation.position() + ") can't be guarded: " + why));
    }

    // ---- class files ----

    private static boolean isInstanceMethod(RawClass type, RawClass.Member method) {
        return (type.memberFlags(method) & (ACC_STATIC | ACC_PRIVATE)) == 0
                && !type.memberName(method).startsWith("<");
    }

    private static Set<String> methodsOf(RawClass type) {
        Set<String> methods = new LinkedHashSet<>();
        for (int i = 0; i < type.methodCount(); i++) {
            RawClass.Member method = type.method(i);
            methods.add(type.memberName(method) + type.memberDescriptor(method));
        }
        return methods;
    }

    private static RawClass.Member find(RawClass type, String key) {
        for (int i = 0; i < type.methodCount(); i++) {
            RawClass.Member method = type.method(i);
            if ((type.memberName(method) + type.memberDescriptor(method)).equals(key)) {
                return method;
            }
        }
        throw new IllegalArgumentException("no such method: " + type.className() + "." + key);
    }
}
