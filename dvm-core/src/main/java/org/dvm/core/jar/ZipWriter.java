package org.dvm.core.jar;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes a zip archive of entries that are packed already.
 *
 * <p>The same entries give the same bytes: headers hold name, method, times, sizes, attributes and comment and nothing else, in
 * the order in which entries are written. Zip64 fields appear where a size, an offset or the count needs them.
 * Confined to a thread.
 *
 * <p>Why not Commons' writer: it turns each entry's time into a date of the default time zone and back, so that its
 * output depends on where it runs, and it encodes names again.
 */
final class ZipWriter {
    private static final int LOCAL_HEADER = 0x04034b50;
    private static final int DIRECTORY_HEADER = 0x02014b50;
    private static final int END = 0x06054b50;
    private static final int ZIP64_END = 0x06064b50;
    private static final int ZIP64_LOCATOR = 0x07064b50;
    private static final int ZIP64_FIELD = 1;
    private static final int FLAG_UTF8 = 0x800;
    private static final int VERSION = 20;
    private static final int VERSION_ZIP64 = 45;
    private static final long MAX_32 = 0xffffffffL;
    private static final int MAX_16 = 0xffff;

    /** What the headers of an entry say besides sizes. */
    record Header(byte[] rawName, int method, int dosTime, int madeBy, long externalAttributes, byte[] comment) {
        static Header of(ZipDirectory.Entry entry) {
            return new Header(
                    entry.rawName(),
                    entry.method(),
                    entry.dosTime(),
                    entry.madeBy(),
                    entry.externalAttributes(),
                    entry.comment());
        }

        /** Returns the header of a file that stands beside an entry. */
        static Header beside(ZipDirectory.Entry entry, String name) {
            return new Header(
                    name.getBytes(StandardCharsets.UTF_8),
                    ZipDirectory.DEFLATED,
                    entry.dosTime(),
                    entry.madeBy(),
                    entry.externalAttributes(),
                    new byte[0]);
        }
    }

    private final OutputStream out;
    private final LittleEndian directory = new LittleEndian();
    private final LittleEndian header = new LittleEndian();
    private long position;
    private long count;

    ZipWriter(OutputStream out) {
        this.out = out;
    }

    /** Writes bytes in front of the first entry. */
    void preamble(Bytes from, long length) throws IOException {
        from.copyTo(out, 0, length);
        position += length;
    }

    /** Copies an entry as it is packed. */
    void copy(Bytes from, ZipDirectory.Entry entry) throws IOException {
        begin(Header.of(entry), entry.crc(), entry.packedSize(), entry.size());
        from.copyTo(out, entry.dataOffset(), entry.packedSize());
        position += entry.packedSize();
    }

    /** Writes an entry. */
    void write(Header of, Packed data) throws IOException {
        begin(of, data.crc(), data.length(), data.size());
        out.write(data.bytes(), 0, data.length());
        position += data.length();
    }

    private void begin(Header of, long crc, long packedSize, long size) throws IOException {
        boolean zip64 = packedSize >= MAX_32 || size >= MAX_32;
        header.reset();
        header.u4(LOCAL_HEADER);
        header.u2(zip64 ? VERSION_ZIP64 : VERSION);
        common(header, of, crc);
        header.u4(zip64 ? MAX_32 : packedSize);
        header.u4(zip64 ? MAX_32 : size);
        header.u2(of.rawName.length);
        header.u2(zip64 ? 20 : 0);
        header.writeBytes(of.rawName);
        if (zip64) {
            header.u2(ZIP64_FIELD);
            header.u2(16);
            header.u8(size);
            header.u8(packedSize);
        }
        list(of, crc, packedSize, size);
        header.writeTo(out);
        position += header.size();
        count++;
    }

    /** Flags, method, time and checksum, which both headers have in that order. */
    private static void common(LittleEndian to, Header of, long crc) {
        to.u2(isAscii(of.rawName) && isAscii(of.comment) ? 0 : FLAG_UTF8);
        to.u2(of.method);
        to.u4(of.dosTime & MAX_32);
        to.u4(crc);
    }

    private void list(Header of, long crc, long packedSize, long size) {
        boolean bigSize = packedSize >= MAX_32 || size >= MAX_32;
        boolean bigOffset = position >= MAX_32;
        int fieldBytes = (bigSize ? 16 : 0) + (bigOffset ? 8 : 0);
        directory.u4(DIRECTORY_HEADER);
        directory.u2(of.madeBy);
        directory.u2(fieldBytes > 0 ? VERSION_ZIP64 : VERSION);
        common(directory, of, crc);
        directory.u4(bigSize ? MAX_32 : packedSize);
        directory.u4(bigSize ? MAX_32 : size);
        directory.u2(of.rawName.length);
        directory.u2(fieldBytes > 0 ? 4 + fieldBytes : 0);
        directory.u2(of.comment.length);
        directory.u2(0); // disk
        directory.u2(0); // internal attributes
        directory.u4(of.externalAttributes & MAX_32);
        directory.u4(bigOffset ? MAX_32 : position);
        directory.writeBytes(of.rawName);
        if (fieldBytes > 0) {
            directory.u2(ZIP64_FIELD);
            directory.u2(fieldBytes);
            if (bigSize) {
                directory.u8(size);
                directory.u8(packedSize);
            }
            if (bigOffset) {
                directory.u8(position);
            }
        }
        directory.writeBytes(of.comment);
    }

    /** Writes the directory; the stream stays open. */
    void finish(byte[] comment) throws IOException {
        long directoryOffset = position;
        long directoryBytes = directory.size();
        directory.writeTo(out);
        header.reset();
        if (count >= MAX_16 || directoryOffset >= MAX_32 || directoryBytes >= MAX_32) {
            zip64End(directoryOffset, directoryBytes);
        }
        header.u4(END);
        header.u2(0);
        header.u2(0);
        header.u2((int) Math.min(count, MAX_16));
        header.u2((int) Math.min(count, MAX_16));
        header.u4(Math.min(directoryBytes, MAX_32));
        header.u4(Math.min(directoryOffset, MAX_32));
        header.u2(comment.length);
        header.writeBytes(comment);
        header.writeTo(out);
        out.flush();
    }

    private void zip64End(long directoryOffset, long directoryBytes) {
        header.u4(ZIP64_END);
        header.u8(44);
        header.u2(VERSION_ZIP64);
        header.u2(VERSION_ZIP64);
        header.u4(0);
        header.u4(0);
        header.u8(count);
        header.u8(count);
        header.u8(directoryBytes);
        header.u8(directoryOffset);
        header.u4(ZIP64_LOCATOR);
        header.u4(0);
        header.u8(directoryOffset + directoryBytes);
        header.u4(1);
    }

    private static boolean isAscii(byte[] text) {
        for (byte b : text) {
            if (b < 0) {
                return false;
            }
        }
        return true;
    }

    private static final class LittleEndian extends ByteArrayOutputStream {
        void u2(int value) {
            write(value);
            write(value >>> 8);
        }

        void u4(long value) {
            u2((int) value);
            u2((int) (value >>> 16));
        }

        void u8(long value) {
            u4(value);
            u4(value >>> 32);
        }
    }
}
