package org.dvm.nodeos;

/**
 * What a domain and all domains beneath it may use, in units of this node's hardware.
 *
 * @param pages memory in pages of {@link MemoryPool#PAGE_BYTES}: packet buffers, queues, threads, pages of its own
 * @param cpuNanosPerSecond CPU time guaranteed, in nanoseconds each second; 1,000,000,000 is one processor
 * @param outputBytesPerMilli output bandwidth guaranteed over all links, in bytes each millisecond
 * @param fileBytes bytes of files kept
 * @paper Janos 3.1.2
 */
public record ResourceSpec(long pages, long cpuNanosPerSecond, long outputBytesPerMilli, long fileBytes) {
    /** Nothing at all. */
    public static final ResourceSpec NONE = new ResourceSpec(0, 0, 0, 0);

    /** Checks the ranges. */
    public ResourceSpec {
        if (pages < 0 || cpuNanosPerSecond < 0 || outputBytesPerMilli < 0 || fileBytes < 0) {
            throw new IllegalArgumentException("resources must not be negative: pages=" + pages
                    + ", cpuNanosPerSecond=" + cpuNanosPerSecond + ", outputBytesPerMilli=" + outputBytesPerMilli
                    + ", fileBytes=" + fileBytes);
        }
    }

    ResourceSpec plus(ResourceSpec other) {
        return new ResourceSpec(
                Math.addExact(pages, other.pages),
                Math.addExact(cpuNanosPerSecond, other.cpuNanosPerSecond),
                Math.addExact(outputBytesPerMilli, other.outputBytesPerMilli),
                Math.addExact(fileBytes, other.fileBytes));
    }

    ResourceSpec minus(ResourceSpec other) {
        return new ResourceSpec(
                pages - other.pages,
                cpuNanosPerSecond - other.cpuNanosPerSecond,
                outputBytesPerMilli - other.outputBytesPerMilli,
                fileBytes - other.fileBytes);
    }

    /** Refuses unless another specification fits into this one. */
    void checkHolds(ResourceSpec wanted) {
        check("memory in pages", wanted.pages, pages);
        check("CPU time in nanoseconds per second", wanted.cpuNanosPerSecond, cpuNanosPerSecond);
        check("output bandwidth in bytes per millisecond", wanted.outputBytesPerMilli, outputBytesPerMilli);
        check("file space in bytes", wanted.fileBytes, fileBytes);
    }

    private static void check(String what, long wanted, long left) {
        if (wanted > left) {
            throw new ResourceException(what, wanted, left);
        }
    }
}
