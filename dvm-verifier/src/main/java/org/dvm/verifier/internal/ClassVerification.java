package org.dvm.verifier.internal;

import java.util.ArrayList;
import java.util.List;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.Member;
import org.dvm.core.finding.Finding;
import org.dvm.core.finding.LinkError;
import org.dvm.core.finding.Location;
import org.dvm.verifier.Deferred;
import org.dvm.verifier.Fault;
import org.dvm.verifier.TypeRule;
import org.dvm.verifier.Verdict;
import org.dvm.verifier.Verifier.Findings;
import org.dvm.verifier.Verifier.References;
import org.dvm.verifier.internal.ClassWorld.Absent;
import org.jspecify.annotations.Nullable;

/**
 * Phases 2 and 3 for one class, in the order of the JVM: its supertypes, then its methods.
 *
 * <p><b>Threads:</b> confined to one thread.
 *
 * @jvms 4.10
 */
public final class ClassVerification {
    /** Class file version from which methods have stack map frames. */
    private static final int TYPE_CHECKING = 50;

    /** Class file version from which wrong stack map frames are final. */
    private static final int NO_FAILOVER = 51;

    private final RawClass raw;
    private final ClassWorld world;
    private final Findings findings;
    private final References references;
    private final Workspace workspace;
    private final List<Fault> faults = new ArrayList<>();
    private long checks;

    public ClassVerification(
            RawClass raw, ClassWorld world, Findings findings, References references, Workspace workspace) {
        this.raw = raw;
        this.world = world;
        this.findings = findings;
        this.references = references;
        this.workspace = workspace;
    }

    /** Judges the class. */
    public Verdict run() {
        try {
            judge();
        } catch (RuntimeException | StackOverflowError e) {
            // An error while deciding is a refusal that names the error: nothing unverified gets through.
            faults.add(Fault.of(
                    new Finding(TypeRule.UNDECIDED, Location.ofClass(raw.className()), "the verifier failed: " + e)));
        }
        if (!faults.isEmpty()) {
            return new Verdict.Rejected(raw.className(), checks, faults);
        }
        List<Deferred> assumptions = workspace.relations.deferred();
        if (references == References.LEAVE) {
            return new Verdict.Accepted(raw.className(), checks, assumptions, List.of());
        }
        ReferenceCollector collector = new ReferenceCollector(raw, world);
        collector.collect();
        List<Deferred> all = new ArrayList<>(assumptions);
        all.addAll(collector.open());
        return new Verdict.Accepted(raw.className(), checks + collector.decided(), all, collector.failing());
    }

    private void judge() {
        try {
            enterClass();
            new Supertypes(raw, workspace.relations).check();
            linkSupertypes();
        } catch (MethodFault fault) {
            faults.add(ofClass(fault));
            if (findings == Findings.FIRST) {
                return;
            }
        }
        boolean failover = false;
        boolean typeChecking = raw.majorVersion() >= TYPE_CHECKING;
        int before = faults.size();
        for (int i = 0; i < raw.methodCount() && goesOn(before); i++) {
            if (raw.method(i).codeOffset() < 0) {
                continue;
            }
            MethodFault fault = typeChecking ? typeCheck(raw.method(i)) : infer(raw.method(i));
            if (fault != null && typeChecking && canFailOver(fault)) {
                failover = true;
                break;
            }
            if (fault != null) {
                add(raw.method(i), fault, typeChecking);
            }
        }
        if (failover) {
            inferAll(before);
        }
    }

    private void enterClass() throws MethodFault {
        workspace.names.reset(raw);
        workspace.sets.reset();
        workspace.relations.reset(raw, world);
    }

    /** A class is verified after its supertypes; in an open world each is its own affair. */
    private void linkSupertypes() throws MethodFault {
        if (world.absent() == Absent.UNKNOWN) {
            return;
        }
        String superName = raw.superName();
        if (superName != null) {
            world.linkSupertype(superName, raw);
        }
        for (int i = 0; i < raw.interfaceCount(); i++) {
            world.linkSupertype(raw.interfaceName(i), raw);
        }
    }

    /**
     * Returns what a JVM finds wrong with the superinterfaces, which it loads before it reads the members of the class;
     * null if nothing is.
     */
    public @Nullable Fault superinterfacesFault() {
        try {
            enterClass();
            new Supertypes(raw, workspace.relations).checkInterfacesLoad();
            return null;
        } catch (MethodFault fault) {
            return ofClass(fault);
        }
    }

    private Fault ofClass(MethodFault fault) {
        return Fault.of(new Finding(fault.rule(), Location.ofClass(raw.className()), message(fault)));
    }

    private boolean goesOn(int before) {
        return findings == Findings.ALL || faults.size() == before;
    }

    private boolean canFailOver(MethodFault fault) {
        return raw.majorVersion() < NO_FAILOVER
                && (fault.rule().error() == LinkError.VERIFY
                        || fault.rule() == TypeRule.STACK_MAP_SIZE
                        || fault.rule() == TypeRule.STACK_MAP_UNINITIALIZED
                        || fault.rule() == TypeRule.LOCAL_VARIABLE_TABLE
                        || fault.rule() == TypeRule.EXCEPTION_TABLE);
    }

    /** A class of version 50 whose frames are wrong gets a second chance, as a whole, without them. */
    private void inferAll(int before) {
        while (faults.size() > before) {
            faults.remove(faults.size() - 1);
        }
        for (int i = 0; i < raw.methodCount() && goesOn(before); i++) {
            if (raw.method(i).codeOffset() >= 0) {
                MethodFault fault = infer(raw.method(i));
                if (fault != null) {
                    add(raw.method(i), fault, false);
                }
            }
        }
    }

    private @Nullable MethodFault typeCheck(Member method) {
        try {
            enter(method);
            workspace.typeChecker.check();
            return null;
        } catch (MethodFault fault) {
            return fault;
        }
    }

    private @Nullable MethodFault infer(Member method) {
        try {
            enter(method);
            workspace.inference.check();
            return null;
        } catch (MethodFault fault) {
            return fault;
        }
    }

    private void enter(Member method) throws MethodFault {
        workspace.relations.enter(method);
        workspace.code.open(raw, method);
        checks += 8 + workspace.code.length + 2L * workspace.code.handlerCount;
    }

    private void add(Member method, MethodFault fault, boolean typeChecking) {
        int bci = typeChecking ? workspace.typeChecker.bci() : workspace.inference.bci();
        Frame frame = typeChecking ? workspace.typeChecker.frame() : workspace.inference.frame();
        faults.add(new FaultReport(raw, method, workspace.names, workspace.code, frame, bci).report(fault));
    }

    private static String message(MethodFault fault) {
        return fault.getMessage() == null ? "" : fault.getMessage();
    }
}
