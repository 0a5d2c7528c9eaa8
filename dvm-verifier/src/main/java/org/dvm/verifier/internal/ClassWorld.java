package org.dvm.verifier.internal;

import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.dvm.core.classfile.JvmRelease;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.finding.Finding;
import org.dvm.core.repository.ClassRepository;
import org.dvm.verifier.TypeRule;
import org.dvm.verifier.Verdict;
import org.dvm.verifier.Verifier.Findings;
import org.dvm.verifier.Verifier.References;
import org.jspecify.annotations.Nullable;

/**
 * The other classes, as far as they are known, what it means that one isn't, and the JVM by whose rules all are judged.
 *
 * <p><b>Threads:</b> safe to share; facts are kept by name for as long as the world lives.
 */
public final class ClassWorld {
    /** What it means that the repository doesn't have a class. */
    public enum Absent {
        /** It doesn't exist: using it is an error. */
        MISSING,
        /** Nobody knows: using it is an assumption. */
        UNKNOWN
    }

    private final ClassRepository repository;
    private final Absent absent;
    private final JvmRelease jvm;
    private final ConcurrentHashMap<String, ClassFacts> facts = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Optional<MethodFault>> linked = new ConcurrentHashMap<>();

    public ClassWorld(ClassRepository repository, Absent absent, JvmRelease jvm) {
        this.repository = repository;
        this.absent = absent;
        this.jvm = jvm;
    }

    /** Returns a world of the same classes on another JVM. */
    public ClassWorld on(JvmRelease other) {
        return new ClassWorld(repository, absent, other);
    }

    /** Returns the JVM. */
    public JvmRelease jvm() {
        return jvm;
    }

    Absent absent() {
        return absent;
    }

    /**
     * Links a supertype of the class being verified: that is, verifies it after its own supertypes, beside that class.
     * Classes of the platform's core packages are taken as sound.
     *
     * @param client the class being verified, which takes the place of what the world holds under its name
     * @throws MethodFault if that fails; a JVM then fails to link the class for the same reason
     * @jvms 5.4
     */
    void linkSupertype(String name, RawClass client) throws MethodFault {
        if (name.startsWith("java/")) {
            return;
        }
        RawClass held = repository.find(client.className());
        boolean isOther = held != null && !Arrays.equals(held.bytes(), client.bytes());
        MethodFault fault = isOther ? with(client).linkFault(name) : linkFault(name);
        if (fault != null && held == null) {
            fault = with(client).linkFault(name); // it may have missed the client
        }
        if (fault != null) {
            throw fault;
        }
    }

    private ClassWorld with(RawClass client) {
        String clientName = client.className();
        return new ClassWorld(name -> name.equals(clientName) ? client : repository.find(name), absent, jvm);
    }

    private @Nullable MethodFault linkFault(String name) {
        Optional<MethodFault> fault = linked.get(name);
        if (fault == null) {
            fault = Optional.ofNullable(verify(name));
            linked.put(name, fault);
        }
        return fault.orElse(null);
    }

    private @Nullable MethodFault verify(String name) {
        RawClass raw = repository.find(name);
        if (raw == null) {
            return null;
        }
        Workspace workspace = Workspace.take();
        try {
            Verdict verdict = new ClassVerification(raw, this, Findings.FIRST, References.LEAVE, workspace).run();
            return verdict instanceof Verdict.Rejected rejected ? notLinked(name, rejected) : null;
        } finally {
            workspace.release();
        }
    }

    private static MethodFault notLinked(String name, Verdict.Rejected verdict) {
        Finding finding = verdict.faults().get(0).finding();
        return MethodFault.of((TypeRule) finding.rule(), "the supertype " + name + " can't be linked: " + finding);
    }

    /** Returns what is known of a class, or null. */
    @Nullable
    ClassFacts find(String name) {
        if (repository == ClassRepository.EMPTY) {
            return null;
        }
        ClassFacts known = facts.get(name);
        if (known != null) {
            return known;
        }
        RawClass raw = repository.find(name);
        if (raw == null || !raw.className().equals(name)) {
            return null;
        }
        ClassFacts found = new ClassFacts(raw, () -> repository.find(name));
        ClassFacts earlier = facts.putIfAbsent(name, found);
        return earlier == null ? found : earlier;
    }
}
