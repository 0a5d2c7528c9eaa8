package org.dvm.verifier;

import static java.util.Objects.requireNonNull;

import java.lang.reflect.Modifier;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.edit.ClassEdits;
import org.dvm.core.edit.OnceGuard;
import org.dvm.core.edit.Snippet;
import org.dvm.core.edit.Value;
import org.dvm.core.finding.Finding;
import org.dvm.core.pipeline.ClassTransformer;
import org.dvm.core.pipeline.ClassUnit;
import org.dvm.core.pipeline.TransformContext;
import org.dvm.core.repository.ClassRepository;
import org.dvm.verifier.internal.AssumptionTable;
import org.dvm.verifier.internal.ReplacementClass;
import org.jspecify.annotations.Nullable;

/**
 * The static component of verification as a filter: its output verifies itself.
 *
 * <p>A sound class gets a check of its link-time assumptions at the start of its initializer, which runs once, when the
 * JVM would have verified the class at the latest. Where supertypes' initializers, which run before, could call the class,
 * its methods check, too, guarded by a flag. A class without assumptions is left as it is. What single instructions assume about the classes, fields and methods that they name is left to the JVM, which
 * checks it at that instruction, verified or not. An unsound class is replaced by one of the same name, supertypes and
 * members that raises the error, with the fault's text, when it is initialized.
 *
 * <p><b>Threads:</b> safe to share.
 *
 * @paper DVM 3.1, figure 3
 */
public final class VerifyFilter implements ClassTransformer {
    /** What the filter relies on. */
    public enum World {
        /** The classes that the pipeline knows; the rest is checked at link time. */
        KNOWN,
        /** Nothing: all is checked at link time. */
        OPEN
    }

    private static final String RUNTIME = "org/dvm/runtime/verify/LinkChecks";
    private static final int CLASS_CONSTANTS = 49;
    private static final int ACC_STATIC_SYNTHETIC = 0x1008;
    private static final int ACC_PRIVATE_STATIC_SYNTHETIC = 0x100a;

    /** Packages that only the JVM's own loaders define. */
    private static final String PLATFORM = "java/";

    private final World world;
    private final Verifier open = Verifier.openWorld();
    private volatile @Nullable Known known;

    /** The verifier of the repository that was asked for last: its knowledge is worth keeping. */
    private record Known(ClassRepository repository, Verifier verifier) {}

    /** Makes a filter. */
    public VerifyFilter(World world) {
        this.world = requireNonNull(world, "world");
    }

    @Override
    public String name() {
        return VerifyService.NAME;
    }

    @Override
    public String fingerprint() {
        return "verify-1 world=" + world;
    }

    @Override
    public void transform(ClassUnit unit, TransformContext context) {
        Verdict verdict = verifier(context.classes()).verify(unit.raw());
        if (verdict instanceof Verdict.Rejected rejected) {
            refuse(unit, context, rejected);
        } else if (verdict instanceof Verdict.Accepted accepted) {
            List<String> tables = AssumptionTable.of(accepted.assumptions());
            if (!tables.isEmpty()) {
                insertChecks(unit, tables);
                context.note("checks " + AssumptionTable.count(accepted.assumptions()) + " assumptions at link time");
            }
        }
    }

    private Verifier verifier(ClassRepository classes) {
        if (world == World.OPEN) {
            return open;
        }
        Known last = known;
        if (last == null || last.repository() != classes) {
            last = new Known(classes, Verifier.openWorld(classes));
            known = last;
        }
        return last.verifier();
    }

    private static void refuse(ClassUnit unit, TransformContext context, Verdict.Rejected rejected) {
        Fault fault = rejected.faults().get(0);
        Finding finding = fault.finding();
        context.report(finding);
        byte[] replacement = ReplacementClass.of(unit.raw(), fault);
        if (replacement != null) {
            context.replaceClass(replacement);
            context.note("replaced by a class that raises "
                    + fault.error().className().replace('/', '.'));
        }
    }

    private static void insertChecks(ClassUnit unit, List<String> tables) {
        RawClass raw = unit.raw();
        ClassEdits edits = unit.edits();
        if (isInterface(raw)) {
            // Methods of an interface can run before its initializer, and no field of it could be a guard.
            enterAll(raw, edits, checks(raw, "checkOnce", tables));
            return;
        }
        Snippet[] checks = checks(raw, "check", tables);
        if (canRunEarly(raw)) {
            OnceGuard guard = new OnceGuard(raw.className(), guardName(raw));
            edits.addField(ACC_PRIVATE_STATIC_SYNTHETIC, guard.name(), "Z");
            for (int i = 0; i < checks.length; i++) {
                checks[i] = checks[i].once(guard);
            }
            enterAll(raw, edits, checks);
        }
        int initializer = initializerOf(raw);
        if (initializer < 0) {
            edits.addMethod(ACC_STATIC_SYNTHETIC, "<clinit>", "()V", checks);
        } else if (!canRunEarly(raw)) {
            enter(edits, initializer, checks);
        }
    }

    /**
     * Returns whether code of the class can run before its own initializer: initializers of its supertypes run first and
     * may call it. Those of the Java platform don't.
     */
    private static boolean canRunEarly(RawClass raw) {
        String superName = raw.superName();
        boolean early = superName != null && !superName.startsWith(PLATFORM);
        for (int i = 0; i < raw.interfaceCount(); i++) {
            early |= !raw.interfaceName(i).startsWith(PLATFORM);
        }
        return early;
    }

    /** Returns a name that no field of the class has. */
    private static String guardName(RawClass raw) {
        Set<String> taken = new HashSet<>();
        for (int i = 0; i < raw.fieldCount(); i++) {
            taken.add(raw.memberName(raw.field(i)));
        }
        String name = "$dvm$linked";
        while (taken.contains(name)) {
            name += "$";
        }
        return name;
    }

    private static void enterAll(RawClass raw, ClassEdits edits, Snippet[] checks) {
        for (int i = 0; i < raw.methodCount(); i++) {
            if (raw.method(i).codeOffset() >= 0) {
                enter(edits, i, checks);
            }
        }
    }

    private static void enter(ClassEdits edits, int method, Snippet[] checks) {
        for (Snippet check : checks) {
            edits.method(method).atEntry(check);
        }
    }

    private static Snippet[] checks(RawClass raw, String method, List<String> tables) {
        return tables.stream().map(table -> check(raw, method, table)).toArray(Snippet[]::new);
    }

    private static Snippet check(RawClass raw, String method, String table) {
        return raw.majorVersion() >= CLASS_CONSTANTS
                ? Snippet.call(
                        RUNTIME,
                        method,
                        "(Ljava/lang/Class;Ljava/lang/String;)V",
                        Value.ofClass(raw.className()),
                        Value.of(table))
                : Snippet.call(RUNTIME, "checkCaller", "(Ljava/lang/String;)V", Value.of(table));
    }

    private static int initializerOf(RawClass raw) {
        for (int i = 0; i < raw.methodCount(); i++) {
            if (raw.memberName(raw.method(i)).equals("<clinit>")
                    && raw.memberDescriptor(raw.method(i)).equals("()V")
                    && raw.method(i).codeOffset() >= 0) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isInterface(RawClass raw) {
        return Modifier.isInterface(raw.accessFlags());
    }
}
