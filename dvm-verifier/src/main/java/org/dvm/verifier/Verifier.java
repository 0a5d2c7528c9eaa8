package org.dvm.verifier;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import org.dvm.core.classfile.FormatChecker;
import org.dvm.core.classfile.JvmRelease;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.ClassFormatException;
import org.dvm.core.repository.ClassRepository;
import org.dvm.verifier.internal.ClassVerification;
import org.dvm.verifier.internal.ClassWorld;
import org.dvm.verifier.internal.ClassWorld.Absent;
import org.dvm.verifier.internal.Workspace;
import org.jspecify.annotations.Nullable;

/**
 * Judges class files as a JVM would, without loading them.
 *
 * <p>Phase 1 (format) is {@link FormatChecker}'s; phases 2 and 3 (instructions and types) are done here on the raw code.
 * What a class takes for granted about others is decided at once where the world knows them, and else becomes an
 * {@link Assumption} for link time (phase 4).
 *
 * <pre>{@code
 * Verdict verdict = Verifier.closedWorld(classPath).verify(classFile);
 * }</pre>
 *
 * <p>The verdicts are those of HotSpot 25, where it deviates from the specification, too; docs/verification.md lists
 * these places.
 *
 * <p><b>Threads:</b> safe to share. What was found out about other classes is kept by name for as long as the verifier
 * lives: make a new one when the class path changes.
 *
 * @jvms 4.10
 * @paper DVM 3.1
 */
public final class Verifier {
    /** How many findings are wanted. */
    public enum Findings {
        /** Stop at the first: what a JVM does. */
        FIRST,
        /** One for every method that is wrong. */
        ALL
    }

    /** Whether assumptions of single instructions are collected. */
    public enum References {
        /** Only assumptions that phases 2 and 3 need; the JVM resolves references itself. */
        LEAVE,
        /** Assumptions of every instruction that names a class, field or method, too. */
        COLLECT
    }

    private final ClassWorld world;
    private final Findings findings;
    private final References references;

    private Verifier(ClassWorld world, Findings findings, References references) {
        this.world = world;
        this.findings = findings;
        this.references = references;
    }

    private static Verifier of(ClassRepository classes, Absent absent) {
        return new Verifier(new ClassWorld(classes, absent, JvmRelease.of(25)), Findings.FIRST, References.LEAVE);
    }

    /**
     * Returns a verifier for which a class that the repository doesn't have doesn't exist. It decides everything.
     *
     * @param classes all classes that those to verify may use, such as the class path with the JDK
     */
    public static Verifier closedWorld(ClassRepository classes) {
        requireNonNull(classes, "classes");
        return of(classes, Absent.MISSING);
    }

    /** Returns a verifier that knows no other class: everything about others becomes an assumption. */
    public static Verifier openWorld() {
        return openWorld(ClassRepository.EMPTY);
    }

    /**
     * Returns a verifier that decides what the repository's classes decide, and assumes the rest.
     *
     * @param known classes that will be the same at link time
     */
    public static Verifier openWorld(ClassRepository known) {
        requireNonNull(known, "known");
        return of(known, Absent.UNKNOWN);
    }

    /** Returns this verifier with another number of findings. */
    public Verifier with(Findings wanted) {
        return new Verifier(world, requireNonNull(wanted, "wanted"), references);
    }

    /** Returns this verifier with or without the assumptions of single instructions. */
    public Verifier with(References wanted) {
        return new Verifier(world, findings, requireNonNull(wanted, "wanted"));
    }

    /**
     * Returns this verifier with another JVM's rules for class file versions and format; Java 25 without preview
     * features unless told otherwise. Phases 2 and 3 are those of HotSpot 25 in any case.
     */
    public Verifier forJvm(JvmRelease release) {
        return new Verifier(world.on(requireNonNull(release, "release")), findings, references);
    }

    /**
     * Judges a class file.
     *
     * @param classFile all bytes of the class file; kept by the findings' caches, so not to be changed afterwards
     * @return the verdict; bad input is a verdict, never an exception
     */
    public Verdict verify(byte[] classFile) {
        try {
            return verify(FormatChecker.read(classFile, world.jvm()));
        } catch (ClassFormatException e) {
            return malformed(classFile, e);
        }
    }

    /** A JVM loads the superinterfaces while it reads the class: what is wrong with them can come first. */
    private Verdict malformed(byte[] classFile, ClassFormatException malformed) {
        List<Fault> faults = new ArrayList<>();
        RawClass header = malformed.header();
        if (header != null) {
            Fault earlier = superinterfacesFault(header);
            if (earlier != null) {
                faults.add(earlier);
            }
        }
        malformed.findings().forEach(finding -> faults.add(Fault.of(finding)));
        return new Verdict.Rejected(header == null ? nameOf(classFile) : header.className(), 1, faults);
    }

    private @Nullable Fault superinterfacesFault(RawClass header) {
        Workspace workspace = Workspace.take();
        try {
            return new ClassVerification(header, world, findings, references, workspace).superinterfacesFault();
        } finally {
            workspace.release();
        }
    }

    private static @Nullable String nameOf(byte[] classFile) {
        try {
            return RawClass.parse(classFile).className();
        } catch (ClassFormatException e) {
            return null; // too broken to tell
        }
    }

    /**
     * Judges a class that has passed the format check already.
     *
     * @param raw the class's map, for which {@link FormatChecker#check} has found nothing
     */
    public Verdict verify(RawClass raw) {
        Workspace workspace = Workspace.take();
        try {
            return new ClassVerification(raw, world, findings, references, workspace).run();
        } finally {
            workspace.release();
        }
    }
}
