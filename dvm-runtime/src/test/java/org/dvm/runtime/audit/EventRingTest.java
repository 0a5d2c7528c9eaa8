package org.dvm.runtime.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventRingTest {
    private final EventRing.Event event = new EventRing.Event();

    private static boolean offer(EventRing ring, long time, String method) {
        return ring.offer(EventFormat.ENTER, time, Thread.currentThread(), method, null);
    }

    @Test
    void refusesCapacityThatIsNoPowerOfTwo() {
        assertThatThrownBy(() -> new EventRing(3)).hasMessageContaining("capacity=3");
    }

    @Test
    void offerReturnsFalseWhenFull() {
        EventRing ring = new EventRing(2);

        assertThat(offer(ring, 1, "a")).isTrue();
        assertThat(offer(ring, 2, "b")).isTrue();
        assertThat(offer(ring, 3, "c")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 8, 64})
    void behavesLikeABoundedQueue(int capacity) {
        EventRing ring = new EventRing(capacity);
        Deque<Long> model = new ArrayDeque<>();
        Random random = new Random(capacity);
        for (long step = 0; step < 20_000; step++) {
            if (random.nextInt(100) < 55) {
                boolean added = model.size() < capacity;
                assertThat(offer(ring, step, "m")).isEqualTo(added);
                if (added) {
                    model.add(step);
                }
            } else {
                Long expected = model.poll();
                assertThat(ring.poll(event)).isEqualTo(expected != null);
                if (expected != null) {
                    assertThat(event.nanoTime).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void retiredSlotIsPassedByProducersAndConsumer() {
        EventRing ring = new EventRing(4);
        ring.claimWithoutPublishing();
        offer(ring, 1, "a");

        assertThat(ring.poll(event)).isFalse();
        assertThat(ring.stuckPosition()).isZero();
        assertThat(ring.retireStuckSlot()).isTrue();
        assertThat(ring.poll(event)).isTrue();

        for (long round = 0; round < 10; round++) {
            for (long i = 0; i < 3; i++) {
                assertThat(offer(ring, round * 3 + i, "x")).isTrue();
            }
            assertThat(offer(ring, -1, "full")).isFalse();
            for (long i = 0; i < 3; i++) {
                assertThat(ring.poll(event)).isTrue();
                assertThat(event.nanoTime).isEqualTo(round * 3 + i);
            }
            assertThat(ring.poll(event)).isFalse();
        }
    }

    @Test
    void halfOfTheSlotsAreNeverRetired() {
        EventRing ring = new EventRing(4);
        for (int i = 0; i < 4; i++) {
            ring.claimWithoutPublishing();
        }

        assertThat(ring.retireStuckSlot()).isTrue();
        assertThat(ring.retireStuckSlot()).isTrue();
        assertThat(ring.retireStuckSlot()).isFalse();
    }

    @Test
    void eachProducersEventsArriveInOrderAndNoneTwice() throws Exception {
        EventRing ring = new EventRing(256);
        int producers = 4;
        int each = 50_000;
        AtomicLong refused = new AtomicLong();
        AtomicInteger running = new AtomicInteger(producers);
        List<Thread> threads = new ArrayList<>();
        for (int p = 0; p < producers; p++) {
            String name = "p" + p;
            Thread thread = new Thread(() -> {
                for (int i = 0; i < each; i++) {
                    if (!offer(ring, i, name)) {
                        refused.incrementAndGet();
                        Thread.yield();
                    }
                }
                running.decrementAndGet();
            });
            threads.add(thread);
            thread.start();
        }

        Map<String, Long> last = new HashMap<>();
        long received = 0;
        while (true) {
            boolean ended = running.get() == 0;
            if (ring.poll(event)) {
                received++;
                Long before = last.put(String.valueOf(event.method), event.nanoTime);
                assertThat(before == null || before < event.nanoTime).isTrue();
            } else if (ended) {
                break;
            }
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(received + refused.get()).isEqualTo((long) producers * each);
        assertThat(ring.stuckPosition()).isEqualTo(-1);
    }
}
