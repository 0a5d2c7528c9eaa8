package org.dvm.nodeos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Random;
import org.dvm.nodeos.link.FrameMemory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PacketBufferTest {
    private final FrameMemory memory = FrameMemory.allocate(4, 2048);
    private final BufferPool pool = BufferPool.open(memory, 2);

    @Test
    void startsEmptyWithRoomOnBothSides() {
        PacketBuffer buffer = take();

        assertThat(buffer.length()).isZero();
        assertThat(buffer.headroom()).isEqualTo(FrameMemory.HEADROOM_BYTES);
        assertThat(buffer.tailroom()).isEqualTo(2048 - FrameMemory.HEADROOM_BYTES);
    }

    @Test
    void readsWhatWasWrittenInNetworkOrder() {
        PacketBuffer buffer = take();
        buffer.put(20);

        buffer.setLong(0, 0x0102030405060708L);
        buffer.setInt(8, 0xfffefdfc);
        buffer.setShort(12, 0xabcd);
        buffer.setByte(14, 0x80);

        assertThat(buffer.getByte(7)).isEqualTo((byte) 8);
        assertThat(buffer.getUnsignedInt(8)).isEqualTo(0xfffefdfcL);
        assertThat(buffer.getUnsignedShort(12)).isEqualTo(0xabcd);
        assertThat(buffer.getShort(12)).isEqualTo((short) 0xabcd);
        assertThat(buffer.getUnsignedByte(14)).isEqualTo(0x80);
        assertThat(buffer.getLong(0)).isEqualTo(0x0102030405060708L);
    }

    @Test
    void refusesAccessOutsideTheData() {
        PacketBuffer buffer = take();
        buffer.put(10);

        assertThatThrownBy(() -> buffer.getLong(3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> buffer.getByte(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> buffer.setByte(10, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> buffer.copyOut(8, new byte[8], 0, 3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> buffer.copyOut(0, new byte[8], 6, 3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> buffer.getInt(Integer.MAX_VALUE)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> buffer.copyOut(1, new byte[8], 0, Integer.MAX_VALUE))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> buffer.push(FrameMemory.HEADROOM_BYTES + 1))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> buffer.put(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> buffer.take(11)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void keepsStrippedHeadersForThoseWhoPushAgain() {
        PacketBuffer buffer = take();
        buffer.put(34);
        buffer.setInt(0, 0xcafe);

        buffer.pull(14);
        buffer.push(14);

        assertThat(buffer.getInt(0)).isEqualTo(0xcafe);
    }

    @Test
    void uncoversZeroesInsteadOfSomebodyElsesBytes() {
        PacketBuffer buffer = take();
        buffer.push(FrameMemory.HEADROOM_BYTES);
        buffer.put(buffer.tailroom());
        buffer.fill(0, 2048, 0xee);
        buffer.release();
        PacketBuffer other = take();
        PacketBuffer again = other == buffer ? other : take();

        again.push(100);
        again.put(1000);

        byte[] seen = new byte[1100];
        again.copyOut(0, seen, 0, 1100);
        assertThat(again).isSameAs(buffer);
        assertThat(seen).containsOnly(0);
    }

    @Test
    void holdsDataUpToTheLastByteOfTheFrame() {
        PacketBuffer buffer = take();
        buffer.put(buffer.tailroom());
        buffer.pull(buffer.length());

        assertThat(buffer.tailroom()).isZero();
        assertThat(buffer.headroom()).isEqualTo(2048);
        buffer.clear();
        assertThat(buffer.headroom()).isEqualTo(FrameMemory.HEADROOM_BYTES);
    }

    @Test
    void refusesUseAfterReleaseAndDoubleRelease() {
        PacketBuffer buffer = take();
        buffer.put(4);
        buffer.release();

        assertThatThrownBy(() -> buffer.getInt(0))
                .isInstanceOf(BufferAccessException.class)
                .hasMessageContaining("given away");
        assertThatThrownBy(buffer::release).isInstanceOf(BufferAccessException.class);
        assertThat(pool.available()).isEqualTo(2);
    }

    @Test
    void passesBetweenThreadsOnlyThroughDetachAndAttach() throws InterruptedException {
        PacketBuffer buffer = take();
        buffer.put(4);
        buffer.setInt(0, 7);

        assertThat(inOtherThread(() -> buffer.getInt(0))).hasMessageContaining("held by another thread");
        buffer.detach();
        assertThatThrownBy(() -> buffer.getInt(0)).hasMessageContaining("detached");
        assertThat(inOtherThread(() -> {
                    buffer.attach();
                    assertThat(buffer.getInt(0)).isEqualTo(7);
                    buffer.detach();
                }))
                .isNull();
        buffer.attach();
        assertThat(buffer.getInt(0)).isEqualTo(7);
    }

    @Test
    void clearsAnnotationsWithThePacket() {
        PacketBuffer buffer = take();
        buffer.setAnnotation(3, 42);
        assertThat(buffer.annotation(3)).isEqualTo(42);

        buffer.clear();

        assertThat(buffer.annotation(3)).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void behavesLikeAByteArray(long seed) {
        Random random = new Random(seed);
        PacketBuffer buffer = take();
        byte[] model = new byte[0];
        for (int step = 0; step < 20_000; step++) {
            int choice = random.nextInt(7);
            if (choice == 0 && buffer.tailroom() > 0) {
                int count = random.nextInt(Math.min(64, buffer.tailroom() + 1));
                buffer.put(count);
                buffer.fill(buffer.length() - count, count, step);
                byte[] longer = java.util.Arrays.copyOf(model, model.length + count);
                java.util.Arrays.fill(longer, model.length, longer.length, (byte) step);
                model = longer;
            } else if (choice == 1 && model.length > 0) {
                int count = random.nextInt(Math.min(64, model.length + 1));
                buffer.take(count);
                model = java.util.Arrays.copyOf(model, model.length - count);
            } else if (choice == 2 && model.length > 0) {
                int count = random.nextInt(Math.min(40, model.length + 1));
                buffer.pull(count);
                model = java.util.Arrays.copyOfRange(model, count, model.length);
            } else if (choice == 3) {
                int count = Math.min(buffer.headroom(), random.nextInt(20));
                buffer.push(count);
                byte[] longer = new byte[model.length + count];
                System.arraycopy(model, 0, longer, count, model.length);
                buffer.copyIn(0, longer, 0, count);
                model = longer;
            } else if (choice == 4 && model.length >= 8) {
                int at = random.nextInt(model.length - 7);
                long value = random.nextLong();
                buffer.setLong(at, value);
                ByteBuffer.wrap(model).putLong(at, value);
            } else if (choice == 5) {
                int at = random.nextInt(model.length + 1);
                int count = random.nextInt(model.length - at + 1);
                assertThat(buffer.internetChecksum(at, count)).isEqualTo(plainChecksum(model, at, count));
            } else {
                byte[] seen = new byte[model.length];
                buffer.copyOut(0, ByteBuffer.wrap(seen), seen.length);
                assertThat(seen).isEqualTo(model);
            }
            assertThat(buffer.length()).isEqualTo(model.length);
        }
    }

    @Test
    void updatesAChecksumIncrementally() {
        Random random = new Random(9);
        PacketBuffer buffer = take();
        buffer.put(20);
        for (int round = 0; round < 10_000; round++) {
            for (int i = 0; i < 20; i += 4) {
                buffer.setInt(i, random.nextInt());
            }
            buffer.setShort(10, 0);
            int before = buffer.internetChecksum(0, 20);
            int oldWord = buffer.getUnsignedShort(8);
            int newWord = random.nextInt(65536);

            buffer.setShort(8, newWord);

            assertThat(InternetChecksum.update(before, oldWord, newWord)).isEqualTo(buffer.internetChecksum(0, 20));
        }
    }

    private PacketBuffer take() {
        return Objects.requireNonNull(pool.take());
    }

    private static int plainChecksum(byte[] bytes, int at, int count) {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            sum += (long) (bytes[at + i] & 0xff) << (i % 2 == 0 ? 8 : 0);
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return (int) (~sum & 0xffff);
    }

    private static Throwable inOtherThread(Runnable action) throws InterruptedException {
        Throwable[] thrown = new Throwable[1];
        Thread thread = new Thread(() -> {
            try {
                action.run();
            } catch (RuntimeException | AssertionError e) {
                thrown[0] = e;
            }
        });
        thread.start();
        thread.join();
        return thrown[0];
    }
}
