package org.dvm.testkit.mutation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.ClassFormatException;
import org.junit.jupiter.api.Test;

class MutatorTest {
    @Test
    void givesTheSameMutantForTheSameSeed() throws Exception {
        RawClass original = read(HashMap.class);

        Mutant first = Mutator.ofAllKinds().mutate(original, 4711);
        Mutant second = Mutator.ofAllKinds().mutate(original, 4711);

        assertThat(first.bytes()).isEqualTo(second.bytes());
        assertThat(first.kinds()).isEqualTo(second.kinds());
    }

    @Test
    void leavesTheOriginalAlone() throws Exception {
        RawClass original = read(HashMap.class);
        byte[] before = original.bytes().clone();

        for (int seed = 0; seed < 500; seed++) {
            Mutator.ofAllKinds().mutate(original, seed);
        }

        assertThat(original.bytes()).isEqualTo(before);
    }

    @Test
    void findsEveryKindInOrdinaryClasses() throws Exception {
        RawClass[] originals = {
            read(HashMap.class),
            read(String.class),
            read(Map.class),
            read(java.util.Formatter.class),
            read(java.util.Comparator.class)
        };
        Set<MutationKind> met = EnumSet.noneOf(MutationKind.class);

        for (int seed = 0; seed < 12_000; seed++) {
            met.addAll(Mutator.ofAllKinds()
                    .mutate(originals[seed % originals.length], seed)
                    .kinds());
        }

        assertThat(met).containsAll(EnumSet.allOf(MutationKind.class));
    }

    private static RawClass read(Class<?> type) throws IOException, ClassFormatException {
        try (InputStream in = type.getResourceAsStream(type.getSimpleName() + ".class")) {
            assertThat(in).isNotNull();
            return RawClass.parse(in.readAllBytes());
        }
    }
}
