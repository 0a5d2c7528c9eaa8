package org.dvm.verifier.internal;

import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.edit.ClassEdits;
import org.dvm.core.edit.OnceGuard;
import org.dvm.core.edit.OnceGuard.Setter;
import org.dvm.core.edit.Snippet;
import org.dvm.core.edit.Value;

/**
 * Puts a class's checks into its code, each so that it runs once, when its scope is first executed.
 *
 * <pre>
 * class         static { LinkChecks.check(Client.class, "A.dep/Sub.dep/Base."); $dvm$linked = true; ... }
 *               void m() { if (!$dvm$linked) LinkChecks.checkOnce(...); ... }     only where code can run before
 * method        void m() { if (!$dvm$linked0) { LinkChecks.check(...); $dvm$linked0 = true; } ... }
 * instruction   dvm$0(); getfield ...                                          dvm$0 does as a method's entry does
 * </pre>
 *
 * <p>The class's guard is final: once the class is initialized, compiled code doesn't test it. An interface can't have
 * guards and asks {@code LinkChecks} each time.
 *
 * @paper DVM figure 3
 */
public final class LinkCheckInsertion {
    private static final String RUNTIME = "org/dvm/runtime/verify/LinkChecks";
    private static final String CHECK = "check";
    private static final String CHECK_ONCE = "checkOnce";
    private static final int CLASS_CONSTANTS = 49;
    private static final int ACC_STATIC_SYNTHETIC = 0x1008;
    private static final int ACC_PRIVATE_STATIC_SYNTHETIC = 0x100a;

    /** An initializer longer than this may have no room for the check, which then stands in a method of its own. */
    private static final int ROOMY_LENGTH = 32_000;

    /** Packages that only the JVM's own loaders define. */
    private static final String PLATFORM = "java/";

    private final RawClass raw;
    private final ClassEdits edits;
    private final Set<String> takenNames = new HashSet<>();
    private final Map<String, Snippet> ofInstructions = new HashMap<>();
    private int guards;

    /** Inserts into a class. */
    public LinkCheckInsertion(RawClass raw, ClassEdits edits) {
        this.raw = raw;
        this.edits = edits;
        for (int i = 0; i < raw.fieldCount(); i++) {
            takenNames.add(raw.memberName(raw.field(i)));
        }
    }

    /** Inserts all checks of a plan. */
    public void insert(LinkPlan plan) {
        if (!plan.ofClass().isEmpty()) {
            insertIntoClass(plan.ofClass());
        }
        plan.forEachMethod(this::insertIntoMethod);
        plan.forEachInstruction(this::insertBefore);
    }

    // ---- the class ----

    private void insertIntoClass(List<String> tables) {
        if (isInterface()) {
            // Methods of an interface can run before its initializer, and no field of it could be a guard.
            enterAll(checks(CHECK_ONCE, tables), -1);
            return;
        }
        int initializer = initializer();
        Snippet[] checks = checks(CHECK, tables);
        if (canRunEarly()) {
            boolean isRoomy = initializer < 0 || raw.codeLength(raw.method(initializer)) < ROOMY_LENGTH;
            OnceGuard guard = newGuard(isRoomy ? Modifier.FINAL : 0);
            enterAll(
                    isRoomy
                            ? guarded(
                                    new OnceGuard(guard.owner(), guard.name(), Setter.OTHER),
                                    checks(CHECK_ONCE, tables))
                            : guarded(guard, checks),
                    initializer);
            checks = guarded(guard, checks);
        }
        if (initializer < 0) {
            edits.addMethod(ACC_STATIC_SYNTHETIC, "<clinit>", "()V", checks);
        } else {
            enter(initializer, checks);
        }
    }

    /**
     * Returns whether code of the class can run before its own initializer: initializers of its supertypes run first and
     * may call it. Those of the Java platform don't.
     */
    private boolean canRunEarly() {
        String superName = raw.superName();
        boolean early = superName != null && !superName.startsWith(PLATFORM);
        for (int i = 0; i < raw.interfaceCount(); i++) {
            early |= !raw.interfaceName(i).startsWith(PLATFORM);
        }
        return early;
    }

    private int initializer() {
        for (int i = 0; i < raw.methodCount(); i++) {
            if (raw.memberName(raw.method(i)).equals("<clinit>")
                    && raw.memberDescriptor(raw.method(i)).equals("()V")
                    && raw.method(i).codeOffset() >= 0) {
                return i;
            }
        }
        return -1;
    }

    private void enterAll(Snippet[] checks, int except) {
        for (int i = 0; i < raw.methodCount(); i++) {
            if (i != except && raw.method(i).codeOffset() >= 0) {
                enter(i, checks);
            }
        }
    }

    private void enter(int method, Snippet[] checks) {
        for (Snippet check : checks) {
            edits.method(method).atEntry(check);
        }
    }

    // ---- methods and instructions ----

    private void insertIntoMethod(int method, List<String> tables) {
        enter(method, isInterface() ? checks(CHECK_ONCE, tables) : guarded(newGuard(0), checks(CHECK, tables)));
    }

    /** The same reference at several instructions has one guard. */
    private void insertBefore(int method, int bci, List<String> tables) {
        for (String table : tables) {
            Snippet check = ofInstructions.computeIfAbsent(
                    table,
                    each -> isInterface()
                            ? check(CHECK_ONCE, each)
                            : check(CHECK, each).once(newGuard(0)));
            edits.method(method).before(bci, check);
        }
    }

    // ---- parts ----

    private boolean isInterface() {
        return Modifier.isInterface(raw.accessFlags());
    }

    /** Adds a field of a name that no field of the class has. */
    private OnceGuard newGuard(int flags) {
        String name = "$dvm$linked" + (guards++ == 0 ? "" : guards);
        while (!takenNames.add(name)) {
            name += "$";
        }
        edits.addField(ACC_PRIVATE_STATIC_SYNTHETIC | flags, name, "Z");
        return new OnceGuard(raw.className(), name);
    }

    private static Snippet[] guarded(OnceGuard guard, Snippet[] checks) {
        Snippet[] guarded = new Snippet[checks.length];
        for (int i = 0; i < checks.length; i++) {
            guarded[i] = checks[i].once(guard);
        }
        return guarded;
    }

    private Snippet[] checks(String method, List<String> tables) {
        return tables.stream().map(table -> check(method, table)).toArray(Snippet[]::new);
    }

    private Snippet check(String method, String table) {
        return raw.majorVersion() >= CLASS_CONSTANTS
                ? Snippet.call(
                        RUNTIME,
                        method,
                        "(Ljava/lang/Class;Ljava/lang/String;)V",
                        Value.ofClass(raw.className()),
                        Value.of(table))
                : Snippet.call(RUNTIME, "checkCaller", "(Ljava/lang/String;)V", Value.of(table));
    }
}
