package org.dvm.core.jar;

import java.io.IOException;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Packs and unpacks entries, and checks what it unpacks against what was declared. Confined to a thread at a time;
 * holds native memory until {@link #close}.
 */
final class Packer implements AutoCloseable {
    private static final int CHUNK = 1 << 16;

    private final Inflater inflater = new Inflater(true);
    private final Deflater deflater;
    private final byte[] input = new byte[CHUNK];
    private byte[] output = new byte[CHUNK];

    Packer(int level) {
        deflater = new Deflater(level, true);
    }

    /** Returns an entry's content, unpacked, of at most 2 GB. */
    byte[] unpack(Bytes from, ZipDirectory.Entry entry, String source) throws IOException, RefusedArchiveException {
        if (entry.size() > Integer.MAX_VALUE - 16 || entry.packedSize() > Integer.MAX_VALUE - 16) {
            throw corrupt(source, "has " + entry.size() + " bytes, too many to be a class or a nested archive");
        }
        byte[] content = new byte[(int) entry.size()];
        if (entry.method() == ZipDirectory.STORED) {
            from.read(entry.dataOffset(), content, 0, content.length);
        } else {
            inflate(from, entry, source, content);
        }
        if (crcOf(content, content.length) != entry.crc()) {
            throw corrupt(source, "doesn't have the checksum that was declared");
        }
        return content;
    }

    private void inflate(Bytes from, ZipDirectory.Entry entry, String source, byte[] content)
            throws IOException, RefusedArchiveException {
        int packed = (int) entry.packedSize();
        byte[] data = packed <= input.length ? input : new byte[packed];
        from.read(entry.dataOffset(), data, 0, packed);
        inflater.reset();
        inflater.setInput(data, 0, packed);
        try {
            int length = 0;
            while (length < content.length) {
                int count = inflater.inflate(content, length, content.length - length);
                if (count == 0) {
                    break;
                }
                length += count;
            }
            // One byte more tells whether the data end here.
            boolean more = !inflater.finished() && inflater.inflate(output, 0, 1) > 0;
            if (length != content.length || more || !inflater.finished() || inflater.getBytesRead() != packed) {
                throw corrupt(source, "doesn't unpack to the " + content.length + " bytes that were declared");
            }
        } catch (DataFormatException e) {
            throw corrupt(source, "can't be unpacked: " + e.getMessage());
        }
    }

    /** Checks that an entry unpacks to what was declared, without keeping it. */
    void check(Bytes from, ZipDirectory.Entry entry, String source) throws IOException, RefusedArchiveException {
        CRC32 crc = new CRC32();
        long length = entry.method() == ZipDirectory.STORED
                ? checkStored(from, entry, crc)
                : checkDeflated(from, entry, source, crc);
        if (length != entry.size() || crc.getValue() != entry.crc()) {
            throw corrupt(source, "doesn't unpack to the size and checksum that were declared");
        }
    }

    private long checkStored(Bytes from, ZipDirectory.Entry entry, CRC32 crc) throws IOException {
        for (long at = 0; at < entry.packedSize(); at += CHUNK) {
            int step = (int) Math.min(CHUNK, entry.packedSize() - at);
            from.read(entry.dataOffset() + at, input, 0, step);
            crc.update(input, 0, step);
        }
        return entry.packedSize();
    }

    private long checkDeflated(Bytes from, ZipDirectory.Entry entry, String source, CRC32 crc)
            throws IOException, RefusedArchiveException {
        inflater.reset();
        long at = 0;
        long length = 0;
        try {
            while (!inflater.finished() && length <= entry.size()) {
                int count = inflater.inflate(output);
                crc.update(output, 0, count);
                length += count;
                if (count == 0 && inflater.needsInput()) {
                    int step = (int) Math.min(CHUNK, entry.packedSize() - at);
                    if (step == 0) {
                        break;
                    }
                    from.read(entry.dataOffset() + at, input, 0, step);
                    inflater.setInput(input, 0, step);
                    at += step;
                } else if (count == 0 && !inflater.finished()) {
                    break; // asks for a dictionary
                }
            }
        } catch (DataFormatException e) {
            throw corrupt(source, "can't be unpacked: " + e.getMessage());
        }
        // Bytes behind the packed data would be the next entry to some readers of streams.
        return inflater.finished() && inflater.getBytesRead() == entry.packedSize() ? length : -1;
    }

    /** Packs content. */
    Packed pack(byte[] content, int method) {
        long crc = crcOf(content, content.length);
        if (method == ZipDirectory.STORED) {
            return new Packed(content, content.length, crc, content.length);
        }
        deflater.reset();
        deflater.setInput(content);
        deflater.finish();
        int length = 0;
        while (!deflater.finished()) {
            if (length == output.length) {
                output = Arrays.copyOf(output, output.length * 2);
            }
            length += deflater.deflate(output, length, output.length - length);
        }
        return new Packed(Arrays.copyOf(output, length), length, crc, content.length);
    }

    private static long crcOf(byte[] content, int length) {
        CRC32 crc = new CRC32();
        crc.update(content, 0, length);
        return crc.getValue();
    }

    private static RefusedArchiveException corrupt(String source, String what) {
        return new RefusedArchiveException(ArchiveRule.CORRUPT_ENTRY, source, "the entry " + what);
    }

    @Override
    public void close() {
        inflater.end();
        deflater.end();
    }
}
