package org.dvm.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.ClassFormatException;
import org.dvm.testkit.assembly.Bytes;
import org.dvm.testkit.assembly.ClassAssembler;
import org.dvm.testkit.mutation.Mutator;
import org.dvm.verifier.internal.Workspace;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the bytes are, the answer is a verdict, and the verifier itself never fails. */
class RobustnessTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 50, 49})
    void givesAVerdictOnEveryMutant(int version) {
        assertThat(failures(version, 4_000, 7)).isEmpty();
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(ints = {0, 50, 49, 45})
    void givesAVerdictOnManyMutantsOfANewSeed(int version) {
        long seed = System.nanoTime();

        assertThat(failures(version, 300_000, seed)).as("seed=%s", seed).isEmpty();
    }

    /** The first method that a new workspace sees decides how large its arrays become. */
    @ParameterizedTest
    @ValueSource(ints = {49, 52})
    void judgesMethodsOfEveryLength(int version) {
        List<Workspace> others = new ArrayList<>();
        for (int length = 960; length <= 1_100; length++) {
            others.add(Workspace.take());
            assertThat(failure(Verifier.openWorld().verify(methodOf(version, length))))
                    .as("length=%s", length)
                    .isNull();
        }
        others.forEach(Workspace::release);
    }

    private static byte[] methodOf(int version, int length) {
        ClassAssembler assembler = new ClassAssembler("demo/Long").version(version, 0);
        byte[] instructions = new byte[length];
        instructions[length - 1] = (byte) 0xb1;
        return assembler
                .method(9, "m", "()V", assembler.code(1, 0, Bytes.of().raw(instructions)))
                .toBytes();
    }

    /** Mutants that pass the format check and many that don't: the verifier must stand both. */
    private static List<String> failures(int version, int count, long seed) {
        Corpus corpus = Corpus.ofModules(Path.of(System.getProperty("java.home")), "java.xml", "java.logging");
        List<RawClass> classes = corpus.classes();
        Verifier closed = Verifier.closedWorld(corpus);
        Verifier open = Verifier.openWorld().with(Verifier.Findings.ALL).with(Verifier.References.COLLECT);
        Mutator mutator = Mutator.ofAllKinds();
        Random random = new Random(seed);
        List<String> failures = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] bytes = classes.get(random.nextInt(classes.size())).bytes().clone();
            if (version > 0) {
                bytes[7] = (byte) version;
            }
            byte[] mutant = mutate(mutator, bytes, random.nextLong());
            for (Verifier verifier : List.of(closed, open)) {
                String failure = failure(verifier.verify(mutant));
                if (failure != null) {
                    failures.add(failure);
                }
            }
        }
        return failures;
    }

    private static byte[] mutate(Mutator mutator, byte[] bytes, long seed) {
        try {
            return mutator.mutate(RawClass.parse(bytes), seed).bytes();
        } catch (ClassFormatException e) {
            throw new IllegalStateException("only the version was changed", e);
        }
    }

    private static @Nullable String failure(Verdict verdict) {
        if (verdict instanceof Verdict.Rejected rejected) {
            for (Fault fault : rejected.faults()) {
                if (fault.finding().rule() == TypeRule.UNDECIDED) {
                    return fault.render();
                }
                assertThat(fault.render()).isNotEmpty();
            }
        }
        return null;
    }
}
