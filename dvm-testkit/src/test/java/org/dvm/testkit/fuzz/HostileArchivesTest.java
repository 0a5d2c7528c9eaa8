package org.dvm.testkit.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Base64;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Broken archives by the thousand: findings and no exception, in bounded time and memory. */
class HostileArchivesTest {
    private static final long SEED = 4711;

    @TempDir
    Path directory;

    @Test
    void bearsMutants() {
        bearMutants(10_000, SEED);
    }

    @Test
    @Tag("slow")
    @Tag("once")
    void bearsAMillionNewMutants() {
        long seed = new SplittableRandom().nextLong();
        System.out.println("hostile archives, seed " + seed);
        bearMutants(1_000_000, seed);
    }

    private void bearMutants(int count, long seed) {
        ArchiveMutator mutator = new ArchiveMutator();
        SplittableRandom random = new SplittableRandom(seed);
        HostileArchive archive = new HostileArchive(HostileInput.Memory.WATCHED, directory.resolve("out.jar"));
        ArchiveMutator.seeds().forEach(archive::bear);
        assertThat(archive.accepted()).isEqualTo(ArchiveMutator.seeds().size());
        for (int i = 0; i < count; i++) {
            byte[] mutant = mutator.mutate(random.nextLong());
            try {
                archive.bear(mutant);
            } catch (Throwable e) {
                throw new AssertionError(Base64.getEncoder().encodeToString(mutant), e);
            }
        }
        System.out.println(count + " archives: " + archive);
        assertThat(archive.accepted()).isBetween(count / 100, count * 9 / 10);
    }
}
