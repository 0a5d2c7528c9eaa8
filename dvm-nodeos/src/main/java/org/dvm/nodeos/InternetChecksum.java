package org.dvm.nodeos;

import java.nio.ByteBuffer;

/**
 * The checksum of IP, UDP, TCP and ICMP: sixteen-bit one's complement sum (RFC 1071), and its incremental update (RFC
 * 1624).
 *
 * <p><b>Threads:</b> any thread.
 */
public final class InternetChecksum {
    private InternetChecksum() {}

    /**
     * Adds up bytes as big-endian sixteen-bit words.
     *
     * @param bytes a big-endian buffer
     * @param position absolute position of the first byte
     * @param count number of bytes; an odd last byte counts as the high half of a word
     * @return a partial sum; sums of ranges that begin at even distances may be added
     */
    static long sum(ByteBuffer bytes, int position, int count) {
        long sum = 0;
        int at = position;
        final int end = position + count;
        for (; at <= end - 4; at += 4) {
            sum += bytes.getInt(at) & 0xffff_ffffL;
        }
        if (at <= end - 2) {
            sum += bytes.getShort(at) & 0xffff;
            at += 2;
        }
        if (at < end) {
            sum += (bytes.get(at) & 0xff) << 8;
        }
        return sum;
    }

    /** Folds a partial sum to sixteen bits and complements it. */
    static int complement(long sum) {
        long folded = (sum & 0xffff_ffffL) + (sum >>> 32);
        folded = (folded & 0xffff) + (folded >>> 16);
        folded = (folded & 0xffff) + (folded >>> 16);
        folded = (folded & 0xffff) + (folded >>> 16);
        return (int) (~folded & 0xffff);
    }

    /**
     * Computes the checksum after one sixteen-bit word has changed.
     *
     * @param checksum the old checksum, as in the header
     * @param oldWord the word before, 0 to 65535
     * @param newWord the word after, 0 to 65535
     * @return the new checksum
     */
    public static int update(int checksum, int oldWord, int newWord) {
        int sum = (~checksum & 0xffff) + (~oldWord & 0xffff) + (newWord & 0xffff);
        sum = (sum & 0xffff) + (sum >>> 16);
        return ~(sum + (sum >>> 16)) & 0xffff;
    }
}
