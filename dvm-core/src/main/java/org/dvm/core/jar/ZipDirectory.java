package org.dvm.core.jar;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * The checked directory of a zip archive: its entries in the order in which they stand in the file, and whether all
 * readers of archives see the same ones.
 *
 * <p>A JVM reads the central directory; readers of streams read the local headers. {@link #isUnambiguous} tells whether
 * both say the same and nothing else is in the file: only such an archive may be passed on as it is.
 */
final class ZipDirectory {
    /** One entry; offsets are positions in the archive. */
    record Entry(
            String name,
            byte[] rawName,
            int method,
            int flags,
            long crc,
            long size,
            long packedSize,
            long headerOffset,
            long dataOffset,
            int dosTime,
            int madeBy,
            long externalAttributes,
            byte[] comment) {
        boolean isDirectory() {
            return name.endsWith("/");
        }
    }

    static final int STORED = 0;
    static final int DEFLATED = 8;

    private static final int LOCAL_HEADER = 0x04034b50;
    private static final int DIRECTORY_HEADER = 0x02014b50;
    private static final int END = 0x06054b50;
    private static final int ZIP64_END = 0x06064b50;
    private static final int ZIP64_LOCATOR = 0x07064b50;
    private static final int END_BYTES = 22;
    private static final int LOCATOR_BYTES = 20;
    private static final int LOCAL_HEADER_BYTES = 30;
    private static final int DIRECTORY_HEADER_BYTES = 46;
    private static final int EXTRA_FIELD_HEADER_BYTES = 4;
    private static final int ZIP64_EXTRA_FIELD = 1;
    private static final int MAX_COMMENT = 0xffff;

    /** Announced where the count stands in the Zip64 record. */
    private static final int MANY = 0xffff;

    private static final int FLAG_DATA_DESCRIPTOR = 8;
    private static final int MAX_DATA_DESCRIPTOR = 24;

    private final Bytes bytes;
    private final String source;
    private final Limits limits;
    private final List<Entry> entries = new ArrayList<>();
    private byte[] comment = {};
    private long directoryOffset = -1;
    private long directoryEnd = -1;
    private boolean plainEnd;
    private int announced;

    private ZipDirectory(Bytes bytes, String source, Limits limits) {
        this.bytes = bytes;
        this.source = source;
        this.limits = limits;
    }

    /** Returns whether the bytes can be an archive to anybody: an end record is where it may be. */
    static boolean hasEndRecord(byte[] archive) {
        ByteBuffer buffer = ByteBuffer.wrap(archive).order(ByteOrder.LITTLE_ENDIAN);
        int lowest = Math.max(0, archive.length - END_BYTES - MAX_COMMENT);
        for (int at = archive.length - END_BYTES; at >= lowest; at--) {
            if (buffer.getInt(at) == END) {
                return true;
            }
        }
        return false;
    }

    static ZipDirectory read(Bytes bytes, String source, Limits limits) throws IOException, RefusedArchiveException {
        ZipDirectory directory = new ZipDirectory(bytes, source, limits);
        directory.readEnd();
        directory.readEntries();
        directory.checkCount();
        directory.checkNames();
        directory.checkLayout();
        return directory;
    }

    /** Returns the entries in the order of their data. */
    List<Entry> entries() {
        return Collections.unmodifiableList(entries);
    }

    /** Returns the archive's comment. */
    byte[] comment() {
        return comment;
    }

    /** Returns how many bytes stand before the first entry. */
    long preambleBytes() {
        return entries.isEmpty() ? 0 : entries.get(0).headerOffset;
    }

    /**
     * Finds the end record as a strict reader does: it is the only one, and its comment reaches to the end of the file.
     * Where there are more, readers may choose differently, and the archive is ambiguous.
     */
    private void readEnd() throws IOException, RefusedArchiveException {
        long size = bytes.size();
        int length = (int) Math.min(size, END_BYTES + MAX_COMMENT);
        ByteBuffer tail = ByteBuffer.wrap(bytes.read(size - length, length)).order(ByteOrder.LITTLE_ENDIAN);
        int found = 0;
        for (int at = length - END_BYTES; at >= 0; at--) {
            if (tail.getInt(at) == END) {
                found++;
                if (found == 1 && at + END_BYTES + (tail.getShort(at + 20) & 0xffff) == length) {
                    plainEnd = true;
                    announced = tail.getShort(at + 10) & 0xffff;
                    comment = Arrays.copyOfRange(tail.array(), at + END_BYTES, length);
                    readDirectoryOffset(tail, at, size - length + at);
                }
            }
        }
        plainEnd &= found == 1;
        if (found == 0) {
            throw refuse(ArchiveRule.MALFORMED, "not a zip archive: it has no end-of-directory record");
        }
    }

    /** Notes the directory's offset if the directory reaches just to the end records. */
    private void readDirectoryOffset(ByteBuffer tail, int at, long endOffset) throws IOException {
        long offset = tail.getInt(at + 16) & 0xffffffffL;
        long length = tail.getInt(at + 12) & 0xffffffffL;
        if (offset + length == endOffset) {
            directoryOffset = offset;
            directoryEnd = endOffset;
        } else if (endOffset >= LOCATOR_BYTES) {
            readZip64DirectoryOffset(endOffset - LOCATOR_BYTES);
        }
    }

    private void readZip64DirectoryOffset(long locatorOffset) throws IOException {
        ByteBuffer locator =
                ByteBuffer.wrap(bytes.read(locatorOffset, LOCATOR_BYTES)).order(ByteOrder.LITTLE_ENDIAN);
        long zip64End = locator.getLong(8);
        if (locator.getInt(0) != ZIP64_LOCATOR || zip64End < 0 || zip64End > locatorOffset - 56) {
            return;
        }
        ByteBuffer end = ByteBuffer.wrap(bytes.read(zip64End, 56)).order(ByteOrder.LITTLE_ENDIAN);
        boolean adjacent = end.getInt(0) == ZIP64_END && zip64End + 12 + end.getLong(4) == locatorOffset;
        long offset = end.getLong(48);
        if (adjacent && offset >= 0 && offset + end.getLong(40) == zip64End) {
            directoryOffset = offset;
            directoryEnd = zip64End;
        }
    }

    private void readEntries() throws IOException, RefusedArchiveException {
        List<ZipArchiveEntry> found;
        try (SeekableByteChannel channel = bytes.channel();
                ZipFile zip = ZipFile.builder()
                        .setSeekableByteChannel(channel)
                        .setCharset(StandardCharsets.UTF_8)
                        .setUseUnicodeExtraFields(false)
                        .get()) {
            found = Collections.list(zip.getEntriesInPhysicalOrder());
        } catch (IOException | RuntimeException e) { // Commons' parser may throw either on hostile input
            throw refuse(ArchiveRule.MALFORMED, "the archive's directory can't be read: " + e.getMessage());
        }
        if (found.size() > limits.entries()) {
            throw refuse(
                    ArchiveRule.LIMIT_EXCEEDED,
                    "the archive has " + found.size() + " entries, the limit is " + limits.entries());
        }
        for (ZipArchiveEntry entry : found) {
            entries.add(checked(entry));
        }
    }

    private Entry checked(ZipArchiveEntry entry) throws IOException, RefusedArchiveException {
        byte[] rawName = entry.getRawName();
        String name = decode(rawName);
        int flags = entry.getRawFlag();
        if ((flags & 1) != 0 || entry.getMethod() != STORED && entry.getMethod() != DEFLATED) {
            throw refuse(
                    ArchiveRule.UNSUPPORTED_ENTRY,
                    "the entry " + name + " is encrypted or packed by method " + entry.getMethod()
                            + ": a JVM reads stored and deflated ones only");
        }
        long headerOffset = entry.getLocalHeaderOffset();
        long dataOffset = entry.getDataOffset();
        long packed = entry.getCompressedSize();
        long size = entry.getSize();
        if (headerOffset < 0 || dataOffset < headerOffset + LOCAL_HEADER_BYTES || packed < 0 || size < 0) {
            throw refuse(ArchiveRule.MALFORMED, "the entry " + name + " has no valid offset or size");
        }
        if (packed > bytes.size() - dataOffset || entry.getMethod() == STORED && size != packed) {
            throw refuse(ArchiveRule.MALFORMED, "the data of the entry " + name + " don't fit the file");
        }
        if (size > limits.entryBytes() || size > Limits.ANY_RATIO_BYTES && size / limits.ratio() > packed) {
            throw refuse(
                    ArchiveRule.LIMIT_EXCEEDED,
                    "the entry " + name + " unpacks from " + packed + " to " + size + " bytes; the limits are "
                            + limits.entryBytes() + " bytes and " + limits.ratio() + " times");
        }
        int dosTime = ByteBuffer.wrap(bytes.read(headerOffset + 10, 4))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getInt();
        return new Entry(
                name,
                rawName,
                entry.getMethod(),
                flags,
                entry.getCrc(),
                size,
                packed,
                headerOffset,
                dataOffset,
                dosTime,
                entry.getVersionMadeBy(),
                entry.getExternalAttributes(),
                commentOf(entry));
    }

    private static byte[] commentOf(ZipArchiveEntry entry) {
        String text = entry.getComment();
        byte[] comment = text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
        return comment.length <= MAX_COMMENT ? comment : new byte[0]; // longer than it was: it isn't UTF-8
    }

    private String decode(byte[] rawName) throws RefusedArchiveException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(rawName))
                    .toString();
        } catch (CharacterCodingException e) {
            throw refuse(
                    ArchiveRule.ENTRY_NAME,
                    "an entry's name isn't UTF-8, so that a JVM doesn't open the archive: "
                            + new String(rawName, StandardCharsets.ISO_8859_1));
        }
    }

    /** Some readers take a directory that they can't follow for an empty one, and others look elsewhere for it. */
    private void checkCount() throws RefusedArchiveException {
        if (plainEnd && announced != MANY && announced != (entries.size() & 0xffff)) {
            throw refuse(
                    ArchiveRule.MALFORMED,
                    "the archive announces " + announced + " entries and its directory has " + entries.size());
        }
    }

    private void checkNames() throws RefusedArchiveException {
        Set<String> names = new HashSet<>();
        for (Entry entry : entries) {
            String name = entry.name;
            if (!isSafe(name)) {
                throw refuse(ArchiveRule.ENTRY_NAME, "the entry's name leads outside or is no path: " + quoted(name));
            }
            if (entry.isDirectory() && entry.size != 0) {
                // A JVM asked for "A.class" takes an entry "A.class/" where there is no other.
                throw refuse(ArchiveRule.ENTRY_NAME, "the directory " + quoted(name) + " has content");
            }
            if (!names.add(entry.isDirectory() ? name.substring(0, name.length() - 1) : name)) {
                throw refuse(ArchiveRule.DUPLICATE_ENTRY, "two entries have the name " + quoted(name));
            }
        }
    }

    private static boolean isSafe(String name) {
        String path = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
        if (path.isEmpty() || path.indexOf('\\') >= 0 || path.indexOf('\0') >= 0 || path.matches("[A-Za-z]:.*")) {
            return false;
        }
        for (String segment : path.split("/", -1)) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                return false;
            }
        }
        return true;
    }

    private static String quoted(String name) {
        return '"' + name.replace("\0", "\\0") + '"';
    }

    private void checkLayout() throws RefusedArchiveException {
        for (int i = 1; i < entries.size(); i++) {
            Entry before = entries.get(i - 1);
            if (before.dataOffset + before.packedSize > entries.get(i).headerOffset) {
                throw refuse(
                        ArchiveRule.MALFORMED,
                        "the entries " + before.name + " and " + entries.get(i).name + " overlap");
            }
        }
    }

    /** Returns whether local headers and directory agree, the directory is whole, and nothing but entries is in the file. */
    boolean isUnambiguous() throws IOException {
        if (entries.isEmpty()) {
            return plainEnd && bytes.size() == END_BYTES + comment.length;
        }
        if (!plainEnd || directoryOffset < 0) {
            return false;
        }
        long expected = 0;
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            if (entry.headerOffset != expected || !localHeaderAgrees(entry)) {
                return false;
            }
            expected = endOf(entry, i + 1 < entries.size() ? entries.get(i + 1).headerOffset : directoryOffset);
        }
        return expected == directoryOffset && directoryAgrees();
    }

    /**
     * Returns whether the directory's headers fill it, name the entries in the order of their data, and have extra fields
     * that end where they say: a JVM refuses an archive in which they don't.
     */
    private boolean directoryAgrees() throws IOException {
        long length = directoryEnd - directoryOffset;
        if (length > Integer.MAX_VALUE) {
            return false;
        }
        ByteBuffer directory =
                ByteBuffer.wrap(bytes.read(directoryOffset, (int) length)).order(ByteOrder.LITTLE_ENDIAN);
        int at = 0;
        for (Entry entry : entries) {
            if (directory.limit() - at < DIRECTORY_HEADER_BYTES || directory.getInt(at) != DIRECTORY_HEADER) {
                return false;
            }
            int extra = at + DIRECTORY_HEADER_BYTES + (directory.getShort(at + 28) & 0xffff);
            int comment = extra + (directory.getShort(at + 30) & 0xffff);
            int end = comment + (directory.getShort(at + 32) & 0xffff);
            if (end > directory.limit()
                    || !agrees(directory.getInt(at + 42), entry.headerOffset)
                    || !extraFieldsAgree(directory, at, extra, comment)) {
                return false;
            }
            at = end;
        }
        return at == directory.limit();
    }

    /** Returns whether extra fields fill their place, and one for Zip64 has just what the header at an offset leaves to it. */
    private static boolean extraFieldsAgree(ByteBuffer directory, int header, int start, int end) {
        int left = leftToZip64(directory, header);
        int at = start;
        while (end - at >= EXTRA_FIELD_HEADER_BYTES) {
            int length = directory.getShort(at + 2) & 0xffff;
            if (directory.getShort(at) == ZIP64_EXTRA_FIELD) {
                if (length != left) {
                    return false;
                }
                left = 0;
            }
            at += EXTRA_FIELD_HEADER_BYTES + length;
        }
        return at == end && left == 0;
    }

    /** Returns how many bytes a directory's header leaves to its Zip64 field: eight for a size or offset, four for a disk. */
    private static int leftToZip64(ByteBuffer directory, int header) {
        return (directory.getInt(header + 20) == -1 ? 8 : 0)
                + (directory.getInt(header + 24) == -1 ? 8 : 0)
                + (directory.getInt(header + 42) == -1 ? 8 : 0)
                + (directory.getShort(header + 34) == -1 ? 4 : 0);
    }

    /** Returns where the next entry must start: after the data and a data descriptor, if the entry has one. */
    private static long endOf(Entry entry, long following) {
        long end = entry.dataOffset + entry.packedSize;
        boolean described = (entry.flags & FLAG_DATA_DESCRIPTOR) != 0;
        return described && following >= end && following - end <= MAX_DATA_DESCRIPTOR ? following : end;
    }

    private boolean localHeaderAgrees(Entry entry) throws IOException {
        int length = LOCAL_HEADER_BYTES + entry.rawName.length;
        ByteBuffer header =
                ByteBuffer.wrap(bytes.read(entry.headerOffset, length)).order(ByteOrder.LITTLE_ENDIAN);
        boolean described = (entry.flags & FLAG_DATA_DESCRIPTOR) != 0;
        return header.getInt(0) == LOCAL_HEADER
                && (header.getShort(6) & 0xffff) == entry.flags
                && header.getShort(8) == entry.method
                && (described || (header.getInt(14) & 0xffffffffL) == entry.crc)
                && (described || agrees(header.getInt(18), entry.packedSize))
                && (described || agrees(header.getInt(22), entry.size))
                && header.getShort(26) == (short) entry.rawName.length
                && Arrays.equals(header.array(), LOCAL_HEADER_BYTES, length, entry.rawName, 0, entry.rawName.length);
    }

    private static boolean agrees(int local, long size) {
        return local == -1 || (local & 0xffffffffL) == size; // -1: in the Zip64 field
    }

    private RefusedArchiveException refuse(ArchiveRule rule, String message) {
        return new RefusedArchiveException(rule, source, message);
    }
}
