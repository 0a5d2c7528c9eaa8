package org.dvm.core.jar;

/**
 * How much an archive may hold; one that holds more is refused as a zip bomb.
 *
 * @param entries entries of one archive and all archives in it
 * @param entryBytes bytes of one entry, unpacked
 * @param totalBytes bytes of all entries, unpacked, those of nested archives included
 * @param ratio how many times larger than packed an entry may be unpacked; asked of entries above 1 MiB
 * @param nesting how many archives may be within each other, the outermost counted
 */
public record Limits(int entries, long entryBytes, long totalBytes, int ratio, int nesting) {
    /** A million entries, 1 GiB an entry, 8 GiB in all, 300 times, 4 levels. */
    public static final Limits DEFAULT = new Limits(1_000_000, 1L << 30, 8L << 30, 300, 4);

    /** Entries up to this size, unpacked, may have any ratio. */
    static final long ANY_RATIO_BYTES = 1 << 20;

    /** Checks that every limit is positive. */
    public Limits {
        if (entries < 1 || entryBytes < 1 || totalBytes < 1 || ratio < 1 || nesting < 1) {
            throw new IllegalArgumentException("limits must be positive: entries=" + entries + " entryBytes="
                    + entryBytes + " totalBytes=" + totalBytes + " ratio=" + ratio + " nesting=" + nesting);
        }
    }

    /** Returns these limits with another number of entries. */
    public Limits withEntries(int entries) {
        return new Limits(entries, entryBytes, totalBytes, ratio, nesting);
    }

    /** Returns these limits with another size of an entry, in bytes. */
    public Limits withEntryBytes(long entryBytes) {
        return new Limits(entries, entryBytes, totalBytes, ratio, nesting);
    }

    /** Returns these limits with another total, in bytes. */
    public Limits withTotalBytes(long totalBytes) {
        return new Limits(entries, entryBytes, totalBytes, ratio, nesting);
    }

    /** Returns these limits with another ratio. */
    public Limits withRatio(int ratio) {
        return new Limits(entries, entryBytes, totalBytes, ratio, nesting);
    }

    /** Returns these limits with another depth of nesting. */
    public Limits withNesting(int nesting) {
        return new Limits(entries, entryBytes, totalBytes, ratio, nesting);
    }
}
