package org.dvm.core.jar;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;

/** An archive's bytes at random positions, in a file or in memory. Safe to share. */
abstract class Bytes implements Closeable {
    private static final int COPY_BYTES = 1 << 16;

    static Bytes ofFile(Path file) throws IOException {
        return new InFile(file);
    }

    static Bytes ofArray(byte[] array) {
        return new InMemory(array);
    }

    abstract long size() throws IOException;

    /** Reads just that many bytes. */
    abstract void read(long position, byte[] into, int offset, int length) throws IOException;

    /** Returns a channel for Commons Compress, independent of other reads. */
    abstract SeekableByteChannel channel() throws IOException;

    final byte[] read(long position, int length) throws IOException {
        byte[] bytes = new byte[length];
        read(position, bytes, 0, length);
        return bytes;
    }

    final void copyTo(OutputStream out, long position, long length) throws IOException {
        byte[] buffer = new byte[(int) Math.min(COPY_BYTES, length)];
        long end = position + length;
        for (long at = position; at < end; ) {
            int step = (int) Math.min(buffer.length, end - at);
            read(at, buffer, 0, step);
            out.write(buffer, 0, step);
            at += step;
        }
    }

    private static final class InFile extends Bytes {
        private final Path file;
        private final FileChannel channel;

        InFile(Path file) throws IOException {
            this.file = file;
            this.channel = FileChannel.open(file, StandardOpenOption.READ);
        }

        @Override
        long size() throws IOException {
            return channel.size();
        }

        @Override
        void read(long position, byte[] into, int offset, int length) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(into, offset, length);
            long at = position;
            while (buffer.hasRemaining()) {
                int count = channel.read(buffer, at);
                if (count < 0) {
                    throw new EOFException(file + " ended at " + at + ": it was changed while it was read");
                }
                at += count;
            }
        }

        @Override
        SeekableByteChannel channel() throws IOException {
            return FileChannel.open(file, StandardOpenOption.READ);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    private static final class InMemory extends Bytes {
        private final byte[] array;

        InMemory(byte[] array) {
            this.array = array;
        }

        @Override
        long size() {
            return array.length;
        }

        @Override
        void read(long position, byte[] into, int offset, int length) throws IOException {
            if (position < 0 || position > array.length - length) {
                throw new EOFException("position " + position + " is outside of the " + array.length + " bytes");
            }
            System.arraycopy(array, (int) position, into, offset, length);
        }

        @Override
        SeekableByteChannel channel() {
            return new SeekableInMemoryByteChannel(array);
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
