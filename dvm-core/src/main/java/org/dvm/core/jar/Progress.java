package org.dvm.core.jar;

/**
 * How far a rewriting has come.
 *
 * @param name the entry or file that was finished last
 * @param entriesDone entries or files finished
 * @param entriesTotal entries or files in all, of the outermost archive
 * @param bytesDone their bytes, unpacked
 * @param bytesTotal the bytes of all, unpacked
 */
public record Progress(String name, long entriesDone, long entriesTotal, long bytesDone, long bytesTotal) {
    /** Hears of progress. */
    @FunctionalInterface
    public interface Listener {
        /** A listener that doesn't listen. */
        Listener NONE = progress -> {};

        /**
         * Is told that an entry or file is finished, in order, by the thread that rewrites; what it throws ends the
         * rewriting.
         */
        void progressed(Progress progress);
    }
}
