package org.dvm.nodeos.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.zip.CRC32;
import org.dvm.nodeos.lab.UdpFrames;
import org.dvm.nodeos.link.MacAddress;

/** Frames of all sizes that carry a number and a checksum over everything after the IP header, and their check. */
final class NumberedFrames {
    static final int SHORTEST = 60;
    static final int LONGEST = 1514;
    static final int PORT = 4711;
    static final int SOURCE_ADDRESS = 0x0a000001;
    static final int DESTINATION_ADDRESS = 0x0a000102;

    private static final int NUMBER = 42;
    private static final int CHECKSUM = NUMBER + Long.BYTES;
    private static final int FILL = CHECKSUM + Integer.BYTES;

    private final Random random;
    private final MacAddress destination;
    private final MacAddress source;
    private long next;

    NumberedFrames(long seed, MacAddress destination, MacAddress source) {
        random = new Random(seed);
        this.destination = destination;
        this.source = source;
    }

    byte[] next() {
        int length = SHORTEST + random.nextInt(LONGEST - SHORTEST + 1);
        byte[] frame = UdpFrames.make(destination, source, SOURCE_ADDRESS, DESTINATION_ADDRESS, PORT, length);
        byte[] fill = new byte[length - FILL];
        random.nextBytes(fill);
        ByteBuffer bytes = ByteBuffer.wrap(frame);
        bytes.putLong(NUMBER, next++);
        bytes.put(FILL, fill);
        bytes.putInt(CHECKSUM, checksum(bytes));
        return frame;
    }

    /** Fails if a frame is damaged; returns its number. */
    static long check(byte[] frame) {
        ByteBuffer bytes = ByteBuffer.wrap(frame);
        assertThat(UdpFrames.headerChecksum(frame, 14))
                .as("IPv4 header checksum")
                .isZero();
        assertThat(bytes.getShort(16) & 0xffff).as("IPv4 length").isEqualTo(frame.length - 14);
        assertThat(bytes.getInt(CHECKSUM))
                .as("checksum of frame %d, %d bytes", bytes.getLong(NUMBER), frame.length)
                .isEqualTo(checksum(bytes));
        return bytes.getLong(NUMBER);
    }

    private static int checksum(ByteBuffer frame) {
        CRC32 crc = new CRC32();
        crc.update(frame.array(), NUMBER, Long.BYTES);
        crc.update(frame.array(), FILL, frame.capacity() - FILL);
        return (int) crc.getValue();
    }
}
