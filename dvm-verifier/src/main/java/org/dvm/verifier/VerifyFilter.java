package org.dvm.verifier;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.ClassFormatException;
import org.dvm.core.edit.ClassEdits;
import org.dvm.core.edit.ClassWriter;
import org.dvm.core.edit.EditException;
import org.dvm.core.edit.ThrowingClass;
import org.dvm.core.finding.Finding;
import org.dvm.core.pipeline.ClassTransformer;
import org.dvm.core.pipeline.ClassUnit;
import org.dvm.core.pipeline.MalformedClass;
import org.dvm.core.pipeline.TransformContext;
import org.dvm.core.repository.ClassRepository;
import org.dvm.runtime.verify.FactTable;
import org.dvm.verifier.Verifier.References;
import org.dvm.verifier.internal.LinkCheckInsertion;
import org.dvm.verifier.internal.LinkPlan;
import org.dvm.verifier.internal.ReplacementClass;
import org.jspecify.annotations.Nullable;

/**
 * The static component of verification as a filter: its output verifies itself.
 *
 * <p>A sound class gets checks of its link-time assumptions, each where its scope starts. Those about the whole class stand
 * at the start of its initializer, which runs once, when the JVM would have verified the class at the latest; where
 * supertypes' initializers, which run before, could call the class, its methods check, too. Those of a method stand at the
 * method's entry. What single instructions assume is left to the JVM or, where asked for, checked before the instruction.
 * Every class gets a table of the facts that others may ask about. An unsound class is replaced by one of the same
 * name, supertypes and members that raises the error, with the fault's text, when it is initialized. So is one that breaks
 * the format, as far as its name, supertypes and members can be read.
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

    /** Who checks references: what single instructions assume about the classes, fields and methods that they name. */
    public enum ReferenceChecks {
        /** The JVM, which checks them whenever it resolves them, whether it verifies or not. */
        JVM,
        /** The class itself, just before the JVM: the paper's figure 3, for JVMs that don't check. */
        INSERTED
    }

    /** Whether classes carry a table of their own facts. */
    public enum FactTables {
        ATTACHED,
        /** Others read the class file's members instead. */
        NONE
    }

    private final World world;
    private final ReferenceChecks referenceChecks;
    private final FactTables factTables;
    private final Verifier open = Verifier.openWorld();
    private volatile @Nullable Known known;

    /** The verifier of the repository that was asked for last: its knowledge is worth keeping. */
    private record Known(ClassRepository repository, Verifier verifier) {}

    /** Makes a filter that leaves references to the JVM and attaches facts. */
    public VerifyFilter(World world) {
        this(world, ReferenceChecks.JVM, FactTables.ATTACHED);
    }

    /** Makes a filter. */
    public VerifyFilter(World world, ReferenceChecks referenceChecks, FactTables factTables) {
        this.world = requireNonNull(world, "world");
        this.referenceChecks = requireNonNull(referenceChecks, "referenceChecks");
        this.factTables = requireNonNull(factTables, "factTables");
    }

    @Override
    public String name() {
        return VerifyService.NAME;
    }

    @Override
    public String fingerprint() {
        return "verify-3 world=" + world + " references=" + referenceChecks + " facts=" + factTables;
    }

    @Override
    public void transform(ClassUnit unit, TransformContext context) {
        RawClass raw = unit.raw();
        Verdict verdict = verifier(context.classes())
                .with(referenceChecks == ReferenceChecks.INSERTED ? References.COLLECT : References.LEAVE)
                .verify(raw);
        if (verdict instanceof Verdict.Rejected rejected) {
            refuse(unit, context, rejected);
        } else if (verdict instanceof Verdict.Accepted accepted) {
            LinkPlan plan = new LinkPlan(raw, toCheck(accepted));
            if (!plan.isEmpty()) {
                LinkCheckInsertion.insert(raw, unit.edits(), plan, context.classes(), context::addClass);
                context.note("checks " + plan.size() + " assumptions at link time");
            }
            if (factTables == FactTables.ATTACHED || FactTable.isAttached(raw.bytes())) {
                attachFacts(raw, unit.edits()); // one that came with the class isn't the last any more
            }
        }
    }

    @Override
    public byte @Nullable [] standIn(MalformedClass malformed) {
        Fault fault = Fault.of(malformed.findings().get(0));
        return ThrowingClass.ofMalformed(
                malformed.bytes(), malformed.nameBySource(), fault.error().className(), fault.render());
    }

    /** References that are known to fail are checked, too: they fail when they are executed, not before. */
    private static List<Deferred> toCheck(Verdict.Accepted accepted) {
        List<Deferred> all = new ArrayList<>(accepted.assumptions());
        for (FailingReference each : accepted.failing()) {
            all.add(new Deferred(each.assumption(), each.fault().finding().location()));
        }
        return all;
    }

    /** The refused class's own attributes are still there: a table of ours, behind them, is the one that counts. */
    private static byte[] withFacts(byte[] replacement) {
        try {
            ClassEdits edits = new ClassEdits(RawClass.parse(replacement));
            attachFacts(edits.original(), edits);
            return ClassWriter.write(edits);
        } catch (ClassFormatException | EditException e) {
            return replacement; // no room for it: others read the members
        }
    }

    private static void attachFacts(RawClass raw, ClassEdits edits) {
        FactTable facts = FactTable.parse(raw.bytes());
        if (facts != null) {
            edits.addAttribute(FactTable.ATTRIBUTE, facts.toAttribute());
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

    private void refuse(ClassUnit unit, TransformContext context, Verdict.Rejected rejected) {
        Fault fault = rejected.faults().get(0);
        Finding finding = fault.finding();
        context.report(finding);
        byte[] replacement = ReplacementClass.of(unit.raw(), fault);
        if (replacement != null) {
            context.replaceClass(factTables == FactTables.ATTACHED ? withFacts(replacement) : replacement);
            context.note("replaced by a class that raises "
                    + fault.error().className().replace('/', '.'));
        }
    }
}
