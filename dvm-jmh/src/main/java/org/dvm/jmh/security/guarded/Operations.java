package org.dvm.jmh.security.guarded;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The guarded operations, each in a loop at a depth of the stack. */
public final class Operations {
    /** One operation. */
    public enum Kind {
        /** {@code System.getProperty} of one name. */
        PROPERTY,
        /** {@code System.getProperty} of a name that was not asked for before. */
        FRESH_PROPERTY,
        /** {@code new FileInputStream} and {@code close}, of one file. */
        OPEN,
        /** {@code Files.newByteChannel} and {@code close}, of one file. */
        CHANNEL,
        /** {@code File.exists} of a name that was not asked for before, below symbolic links. */
        FRESH_FILE,
        /** {@code FileInputStream.read} into an empty array: the check and no system call. */
        READ_NOTHING,
        /** {@code FileInputStream.read} of one byte. */
        READ,
        /** {@code System.getProperty} of a name that the policy denies; unchecked, of any name. */
        DENIED
    }

    private static final byte[] NOTHING = {};
    private static final byte[] ONE = new byte[1];

    private final String property;
    private final String denied;
    private final File file;
    private final Path path;
    private final String directory;
    private final FileInputStream open;
    private int fresh;

    /**
     * Opens the file.
     *
     * @param property the name of a property that may be read
     * @param denied the name of one that may not
     * @param file a file that may be read
     */
    public Operations(String property, String denied, File file) throws IOException {
        this.property = property;
        this.denied = denied;
        this.file = file;
        this.path = file.toPath();
        this.directory = String.valueOf(file.getParent()) + "/";
        this.open = new FileInputStream(file);
    }

    /**
     * Performs an operation some times.
     *
     * @param kind which
     * @param depth how many more frames are on the stack
     * @param times how often
     * @return something that depends on the results
     */
    public long run(Kind kind, int depth, int times) throws IOException {
        if (depth > 0) {
            return run(kind, depth - 1, times) + 1;
        }
        return switch (kind) {
            case PROPERTY -> properties(times);
            case FRESH_PROPERTY -> freshProperties(times);
            case OPEN -> opens(times);
            case CHANNEL -> channels(times);
            case FRESH_FILE -> freshFiles(times);
            case READ_NOTHING -> reads(NOTHING, times);
            case READ -> reads(ONE, times);
            case DENIED -> denials(times);
        };
    }

    private long properties(int times) {
        long sum = 0;
        for (int i = 0; i < times; i++) {
            sum += System.getProperty(property).length();
        }
        return sum;
    }

    private long freshProperties(int times) {
        long sum = 0;
        for (int i = 0; i < times; i++) {
            sum += System.getProperty(property.concat(Integer.toString(fresh++))) == null ? 1 : 0;
        }
        return sum;
    }

    private long opens(int times) throws IOException {
        for (int i = 0; i < times; i++) {
            new FileInputStream(file).close();
        }
        return times;
    }

    private long channels(int times) throws IOException {
        for (int i = 0; i < times; i++) {
            Files.newByteChannel(path).close();
        }
        return times;
    }

    private long freshFiles(int times) {
        long sum = 0;
        for (int i = 0; i < times; i++) {
            sum += new File(directory.concat(Integer.toString(fresh++))).exists() ? 1 : 0;
        }
        return sum;
    }

    private long reads(byte[] into, int times) throws IOException {
        long sum = 0;
        for (int i = 0; i < times; i++) {
            sum += open.read(into);
        }
        return sum;
    }

    private long denials(int times) {
        long sum = 0;
        for (int i = 0; i < times; i++) {
            try {
                sum += System.getProperty(denied) == null ? 1 : 0;
            } catch (SecurityException e) {
                sum += 2;
            }
        }
        return sum;
    }
}
