package org.dvm.nodeos.link;

/** Fewer frames are free in the node's frame memory than somebody asked for. */
public final class OutOfFramesException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    OutOfFramesException(int wanted, int free) {
        super("frame memory has too few free frames (open the node with more frames or allot fewer buffers): wanted="
                + wanted + ", free=" + free);
    }
}
