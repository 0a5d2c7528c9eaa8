package org.dvm.verifier.internal;

import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.edit.ClassEdits;
import org.dvm.core.edit.OnceGuard;
import org.dvm.core.edit.OnceGuard.Setter;
import org.dvm.core.edit.Snippet;
import org.dvm.core.edit.Value;
import org.dvm.core.repository.ClassRepository;
import org.jspecify.annotations.Nullable;

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
 * <p>The class's guard is final: once the class is initialized, compiled code doesn't test it. An interface's guards are
 * in a class beside it ({@link GuardHolder}).
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
    private final @Nullable GuardHolder holder;
    private final Set<String> takenNames = new HashSet<>();
    private final Map<String, Snippet> ofInstructions = new HashMap<>();
    private int guards;

    private LinkCheckInsertion(RawClass raw, ClassEdits edits, @Nullable GuardHolder holder) {
        this.raw = raw;
        this.edits = edits;
        this.holder = holder;
        for (int i = 0; i < raw.fieldCount(); i++) {
            takenNames.add(raw.memberName(raw.field(i)));
        }
    }

    /**
     * Inserts all checks of a plan.
     *
     * @param raw the class
     * @param edits where the insertions are asked for
     * @param plan what is to be checked
     * @param classes knows which names of classes are taken
     * @param addClass takes a class that the class needs beside it
     */
    public static void insert(
            RawClass raw, ClassEdits edits, LinkPlan plan, ClassRepository classes, Consumer<byte[]> addClass) {
        GuardHolder holder = isInterface(raw) ? new GuardHolder(holderName(raw, plan, classes)) : null;
        LinkCheckInsertion insertion = new LinkCheckInsertion(raw, edits, holder);
        if (!plan.ofClass().isEmpty()) {
            insertion.insertIntoClass(plan.ofClass());
        }
        plan.forEachMethod(insertion::insertIntoMethod);
        plan.forEachInstruction(insertion::insertBefore);
        if (holder != null && !holder.isEmpty()) {
            addClass.accept(holder.toClassFile());
        }
    }

    /** The name says what is guarded: where a class is rewritten twice with different assumptions, guards aren't mixed up. */
    private static String holderName(RawClass raw, LinkPlan plan, ClassRepository classes) {
        StringBuilder name = new StringBuilder(raw.className() + "$dvm$" + Integer.toHexString(plan.hashOfTables()));
        while (classes.find(name.toString()) != null) {
            name.append('$');
        }
        return name.toString();
    }

    // ---- the class ----

    private void insertIntoClass(List<String> tables) {
        int initializer = initializer();
        Snippet[] checks = checks(CHECK, tables);
        if (holder != null) {
            if (initializer >= 0 && !hasInstanceCode()) {
                enter(initializer, checks); // which every call of a static method waits for
            } else {
                enterAll(guarded(newGuard(0), checks), -1);
            }
            return;
        }
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

    /** Returns whether the class has methods that can run without its initializer, which static ones can't. */
    private boolean hasInstanceCode() {
        for (int i = 0; i < raw.methodCount(); i++) {
            if (raw.method(i).codeOffset() >= 0
                    && !Modifier.isStatic(raw.u2(raw.method(i).offset()))) {
                return true;
            }
        }
        return false;
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
        enter(method, guarded(newGuard(0), checks(CHECK, tables)));
    }

    /** The same reference at several instructions has one guard. */
    private void insertBefore(int method, int bci, List<String> tables) {
        for (String table : tables) {
            Snippet check = ofInstructions.computeIfAbsent(
                    table, each -> check(CHECK, each).once(newGuard(0)));
            edits.method(method).before(bci, check);
        }
    }

    // ---- parts ----

    private static boolean isInterface(RawClass raw) {
        return Modifier.isInterface(raw.accessFlags());
    }

    /** Adds a field of a name that no field of the class has, to the class itself unless it is an interface. */
    private OnceGuard newGuard(int flags) {
        if (holder != null) {
            return holder.newGuard();
        }
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
