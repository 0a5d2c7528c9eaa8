package org.dvm.runtime.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.dvm.runtime.ForkedJvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlotTest {
    /** As many places as the table of recent slots has. */
    private static final int PLACES = 4_096;

    private static final int THREADS = 6;

    /** Where the manager has access to the numbers of threads, as under the agent. */
    public static final class Crowd {
        private Crowd() {}

        /** Has threads of one place act for subjects of their own, in turns, and prints how often one was mistaken. */
        public static void main(String[] arguments) throws Exception {
            AtomicInteger mistaken = new AtomicInteger();
            CountDownLatch all = new CountDownLatch(THREADS);
            List<Thread> threads = new ArrayList<>();
            Thread unused = Thread.currentThread();
            for (int i = 0; i < THREADS; i++) {
                String own = "crowd-" + i;
                threads.add(new Thread(() -> run(own, mistaken, all)));
                for (int number = 1; number < PLACES; number++) {
                    unused = new Thread(); // takes a number
                }
            }
            for (Thread thread : threads) {
                thread.start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
            System.out.println("mistaken: " + mistaken + ", one place: "
                    + (unused.getId() - threads.get(0).getId() + 1 == THREADS * PLACES));
        }

        private static void run(String own, AtomicInteger mistaken, CountDownLatch all) {
            Subjects.<Object>callAs(own, () -> {
                look(own, mistaken);
                all.countDown();
                try {
                    all.await(); // by now others have taken this one's place
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                for (int i = 0; i < 1_000; i++) {
                    look(own, mistaken);
                    Thread.yield();
                }
                return "";
            });
            look("system", mistaken);
        }

        private static void look(String own, AtomicInteger mistaken) {
            if (!Subjects.current().equals(own)) {
                mistaken.incrementAndGet();
            }
        }
    }

    @Test
    void threadsThatShareAPlaceKeepTheirSubjects(@TempDir Path directory) throws Exception {
        assertThat(ForkedJvm.run(directory, Crowd.class, "--add-opens", "java.base/java.lang=ALL-UNNAMED")
                        .output())
                .contains("mistaken: 0, one place: true");
    }

    @Test
    void aSlotIsItsThreadsOwn() throws Exception {
        Slot mine = Slot.current();
        List<Slot> others = new ArrayList<>();
        Thread other = new Thread(() -> {
            others.add(Slot.current());
            others.add(Slot.current());
        });
        other.start();
        other.join();

        assertThat(Slot.current()).isSameAs(mine);
        assertThat(others.get(0)).isSameAs(others.get(1)).isNotSameAs(mine);
    }
}
