package org.dvm.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.finding.LinkError;
import org.dvm.testkit.mutation.MutationKind.Family;
import org.dvm.testkit.mutation.Mutator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the open world assumes, judged by the world, gives the closed world's verdict. */
class OpenWorldTest {
    @Tag("once")
    @Test
    void assumptionsDecideAsTheClosedWorldDoes() {
        Corpus corpus = Corpus.ofModules(Path.of(System.getProperty("java.home")), "java.xml");
        Verifier closed = Verifier.closedWorld(corpus);
        Verifier open = Verifier.openWorld();
        Mutator mutator = Mutator.of(Family.CODE, Family.FRAMES);
        List<String> differences = new ArrayList<>();
        List<RawClass> classes = corpus.classes();
        for (int i = 0; i < 4000; i++) {
            byte[] mutant =
                    mutator.mutate(classes.get(i * 13 % classes.size()), i).bytes();
            boolean expected = closed.verify(mutant).isAccepted();
            if (expected != acceptedIn(corpus, open.verify(mutant))) {
                differences.add(open.verify(mutant) + " but the closed world: " + closed.verify(mutant));
            }
        }

        assertThat(differences).isEmpty();
    }

    private static boolean acceptedIn(Corpus world, Verdict verdict) {
        return verdict instanceof Verdict.Accepted accepted
                && accepted.assumptions().stream()
                        .allMatch(each -> each.assumption()
                                        .failureIn(
                                                world,
                                                java.util.Objects.requireNonNull(world.find(accepted.className())))
                                == LinkError.NONE);
    }
}
