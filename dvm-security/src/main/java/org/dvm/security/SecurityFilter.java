package org.dvm.security;

import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.edit.ClassEdits;
import org.dvm.core.edit.LocalVariable;
import org.dvm.core.edit.MethodEdits;
import org.dvm.core.edit.Snippet;
import org.dvm.core.edit.Value;
import org.dvm.core.finding.Finding;
import org.dvm.core.finding.Location;
import org.dvm.core.pipeline.ClassTransformer;
import org.dvm.core.pipeline.ClassUnit;
import org.dvm.core.pipeline.TransformContext;
import org.dvm.security.policy.Policy.Operation;

/**
 * The filter of the security service: inserts checks of operations at the entry of the methods that are them, and lets
 * code of restricted subjects narrow its thread's subject while it runs.
 *
 * <p>In the JDK's classes only checks are inserted, for the JDK's operations. In application classes the checks are
 * those of the application's own operations: what the application overrides of the JDK's is its own code, and is held by
 * narrowing. Constructors are narrowed from their first instruction on: what they hand to {@code super()} is computed by
 * them, and what that constructor does it does for them. Methods that call nothing need no narrowing.
 *
 * @paper DVM 3.2
 */
final class SecurityFilter implements ClassTransformer {
    private static final String SUBJECTS = "org/dvm/runtime/security/Subjects";
    private static final String ENTER = "(Ljava/lang/String;)Ljava/lang/Object;";
    private static final String LEAVE = "(Ljava/lang/Object;)V";
    private static final int ACC_STATIC = 0x0008;

    /** What only inserted code may call: an application class that names one of these is refused. */
    private static final List<String> RESERVED = List.of(
            SUBJECTS,
            "org/dvm/runtime/security/Guard",
            "org/dvm/runtime/security/EnforcementManager",
            "org/dvm/runtime/security/EnforcementManager$Installation",
            "org/dvm/runtime/security/HiddenClasses",
            "org/dvm/runtime/security/Permission",
            "org/dvm/runtime/security/Permissions");

    /** What inserted code of other services calls; it may stand in a class before this filter looks at it. */
    private static final Set<String> PROBES =
            Set.of("enter", "exit", "thrown", "count", "check", "checkCaller", "checkOnce");

    /** Whose classes a filter is for. */
    enum Code {
        /** The JDK's: they are guarded. */
        JDK,
        /** Everybody else's: they are held to their subject. */
        APPLICATION
    }

    private final Code code;
    private final OperationIndex jdkOperations;
    private final OperationIndex applicationOperations;
    private final Function<ClassUnit, String> subjects;
    private final String fingerprint;

    /**
     * Makes a filter.
     *
     * @param code whose classes it is for; what a class is called doesn't tell
     * @param jdkOperations the policy's operations of the JDK
     * @param applicationOperations its other operations
     * @param subjects tells a class's subject; empty for trusted code
     * @param fingerprint changes with the policy
     */
    SecurityFilter(
            Code code,
            OperationIndex jdkOperations,
            OperationIndex applicationOperations,
            Function<ClassUnit, String> subjects,
            String fingerprint) {
        this.code = code;
        this.jdkOperations = jdkOperations;
        this.applicationOperations = applicationOperations;
        this.subjects = subjects;
        this.fingerprint = fingerprint;
    }

    @Override
    public String name() {
        return "security";
    }

    @Override
    public String fingerprint() {
        return "2 " + code + " " + fingerprint;
    }

    @Override
    public void transform(ClassUnit unit, TransformContext context) {
        RawClass raw = unit.raw();
        ClassEdits edits = unit.edits();
        if (code == Code.JDK) {
            insertChecks(raw, edits, method -> jdkOperations.of(raw, method, context.classes()));
            JdkHooks.insert(raw, edits);
            return;
        }
        InheritedOperations operations = new InheritedOperations(applicationOperations, raw, context.classes());
        int checks = insertChecks(raw, edits, operations::of) + operations.addOverrides(edits, context);
        String subject = subjects.apply(unit);
        if (!subject.isEmpty()) {
            refuseReservedNames(raw, context);
            narrow(raw, edits, subject);
            context.note("subject " + subject + (checks == 0 ? "" : ", checked operations: " + checks));
        }
    }

    private static int insertChecks(
            RawClass raw, ClassEdits edits, Function<RawClass.Member, List<Operation>> operations) {
        int count = 0;
        for (int i = 0; i < raw.methodCount(); i++) {
            RawClass.Member method = raw.method(i);
            if (method.codeOffset() < 0) {
                continue;
            }
            for (Operation operation : operations.apply(method)) {
                insertCheck(raw, method, edits.method(i), operation);
                count++;
            }
        }
        return count;
    }

    private static void insertCheck(RawClass raw, RawClass.Member method, MethodEdits edits, Operation operation) {
        String name = raw.memberName(method);
        boolean hasThis = !name.equals("<init>") && (raw.memberFlags(method) & ACC_STATIC) == 0;
        for (Snippet snippet : CheckSnippets.of(
                operation, raw.className(), name, raw.memberDescriptor(method), hasThis, edits::newLocal)) {
            edits.atEntry(snippet);
        }
        if (CheckSnippets.changesNames(operation)) {
            edits.atEveryExit(CheckSnippets.namesChanged());
        }
    }

    private void narrow(RawClass raw, ClassEdits edits, String subject) {
        for (int i = 0; i < raw.methodCount(); i++) {
            RawClass.Member method = raw.method(i);
            if (method.codeOffset() < 0) {
                continue;
            }
            if (!Instructions.callsAnything(raw, method)) {
                continue;
            }
            MethodEdits methodEdits = edits.method(i);
            LocalVariable former = methodEdits.newLocal("Ljava/lang/Object;");
            Snippet enter =
                    Snippet.call(SUBJECTS, "enter", ENTER, Value.of(subject)).storeInto(former);
            Snippet leave = Snippet.call(SUBJECTS, "leave", LEAVE, Value.local(former));
            methodEdits.atEntry(enter);
            methodEdits.atEveryExit(leave);
            methodEdits.atThrowBeforeSuper(leave); // what super() itself throws is JdkHooks' business
        }
    }

    private static void refuseReservedNames(RawClass raw, TransformContext context) {
        for (int i = 1; i < raw.constantCount(); i++) {
            boolean reserved = raw.constantTag(i) == RawClass.CLASS
                    ? RESERVED.contains(raw.name(i))
                    : raw.constantTag(i) == RawClass.METHOD_REF && isReservedMethod(raw, raw.constantOffset(i));
            if (reserved) {
                context.report(new Finding(
                        SecurityRule.RESERVED_CLASS,
                        Location.ofClass(raw.className()),
                        "restricted code names what only inserted code may call: " + ownerOf(raw, i)));
            }
        }
    }

    private static String ownerOf(RawClass raw, int constant) {
        return raw.name(
                raw.constantTag(constant) == RawClass.CLASS ? constant : raw.u2(raw.constantOffset(constant) + 1));
    }

    /** Returns whether a method is one of the collectors of other services, and not what their probes call. */
    private static boolean isReservedMethod(RawClass raw, int at) {
        String owner = raw.name(raw.u2(at + 1));
        return owner.startsWith("org/dvm/runtime/")
                && !owner.startsWith("org/dvm/runtime/security/")
                && !PROBES.contains(raw.utf8(raw.u2(raw.constantOffset(raw.u2(at + 3)) + 1)));
    }
}
