package org.dvm.runtime.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.dvm.runtime.ForkedJvm;
import org.dvm.runtime.ProbedMethod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfileTest {
    @TempDir
    Path directory;

    @Test
    void countsOfManyThreadsAddUpExactly() throws Exception {
        String[] keys = new String[200];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = ProbedMethod.key("t/Many", "m" + i, "()V");
        }
        long[] expected = new long[keys.length];
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 100; t++) {
            long seed = t;
            new Random(seed).ints(5_000, 0, keys.length).forEach(i -> expected[i]++);
            Thread thread = new Thread(
                    () -> new Random(seed).ints(5_000, 0, keys.length).forEach(i -> Profile.count(keys[i])));
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }

        Map<ProbedMethod, Long> counts = Profile.snapshot();

        for (int i = 0; i < keys.length; i++) {
            assertThat(counts).containsEntry(ProbedMethod.parse(keys[i]), expected[i]);
        }
        assertThat(Profile.lost()).isZero();
    }

    @Test
    void keysThatAreEqualButNotIdenticalAreAddedUp() {
        ThreadCounts counts = new ThreadCounts(Thread.currentThread());
        counts.count(new String("a.b.()V"));
        counts.count(new String("a.b.()V"));
        Map<String, Long> sums = new HashMap<>();

        counts.addTo(sums);

        assertThat(sums).containsExactly(Map.entry("a.b.()V", 2L));
    }

    static final class TwoMethods {
        public static void main(String[] args) {
            for (int i = 0; i < 3; i++) {
                Profile.count("com/acme/Store.get.()I");
            }
            Profile.count("com/acme/Store.put.(I)V");
        }
    }

    @Test
    void countsAreWrittenWhenTheJvmEnds() throws Exception {
        ForkedJvm.run(directory, TwoMethods.class, "-Ddvm.profile.file=p.json");
        ForkedJvm.run(directory, TwoMethods.class, "-Ddvm.profile.file=p.txt");

        assertThat(Files.readString(directory.resolve("p.json"))).isEqualTo("""
                        {"lost":0,"methods":[
                        {"count":3,"class":"com.acme.Store","method":"get","descriptor":"()I"}
                        ,{"count":1,"class":"com.acme.Store","method":"put","descriptor":"(I)V"}
                        ]}
                        """);
        assertThat(Files.readString(directory.resolve("p.txt")))
                .isEqualTo("              3  com.acme.Store.get()I\n              1  com.acme.Store.put(I)V\n");
    }

    static final class DeepRecursion {
        private static int depth;

        public static void main(String[] args) {
            try {
                recurse();
            } catch (StackOverflowError e) {
                System.out.println("overflowed " + (depth > 100));
            }
            Profile.count("com/acme/Store.get.()I");
        }

        @SuppressWarnings("InfiniteRecursion")
        private static void recurse() {
            Profile.count("com/acme/Deep.recurse.()V");
            depth++;
            recurse();
        }
    }

    @Test
    void survivesStackOverflow() throws Exception {
        var outcome = ForkedJvm.run(directory, DeepRecursion.class, "-Xss512k", "-Ddvm.profile.file=p.txt");

        assertThat(outcome.output()).isEqualToIgnoringNewLines("overflowed true");
        assertThat(directory.resolve("p.txt")).content().contains("1  com.acme.Store.get()I");
    }
}
