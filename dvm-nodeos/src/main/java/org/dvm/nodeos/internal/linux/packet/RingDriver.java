package org.dvm.nodeos.internal.linux.packet;

import java.nio.ByteBuffer;
import org.dvm.nodeos.internal.linux.HeaderOffsets;
import org.dvm.nodeos.internal.linux.sys.Libc;
import org.dvm.nodeos.internal.linux.sys.LinuxException;
import org.dvm.nodeos.internal.linux.sys.NativeMemory;
import org.dvm.nodeos.internal.linux.sys.Resources;
import org.dvm.nodeos.link.FrameBatch;
import org.dvm.nodeos.link.FrameMemory;
import org.dvm.nodeos.link.LinkDescription;

/**
 * Receives through a TPACKET_V3 ring, in which the kernel packs frames into blocks and hands a block over when it is
 * full or a millisecond old. A frame is copied once, from its block to a frame of the node.
 *
 * <pre>
 *   block                                       frame in a block
 *    0 version u32                               0 distance to the next u32
 *    4 offset of private area u32               12 bytes captured u32
 *    8 status u32: bit 0 = it is ours           16 bytes on the wire u32
 *   12 number of frames u32                     20 status u32
 *   16 offset of the first u32                  24 offset of the Ethernet header u16
 *                                               32 VLAN control u32
 *                                               36 VLAN type u16
 * </pre>
 *
 * A driver without empty frames leaves the blocks alone: the ring fills, and the kernel counts what it drops.
 */
final class RingDriver extends PacketDriver {
    static final String NAME = "packet_ring";

    private static final int TPACKET_V3 = 2;
    private static final int BLOCK_BYTES = 1 << 16;
    private static final int BLOCKS = 64;
    /** The kernel wants to know; in version 3 frames are as long as they are. */
    private static final int NOMINAL_FRAME_BYTES = 2048;

    private static final int RETIRE_MILLIS = 1;

    // struct tpacket_req3
    private static final int REQUEST_BYTES = 28;
    private static final int REQUEST_BLOCK_COUNT = 4;
    private static final int REQUEST_FRAME_BYTES = 8;
    private static final int REQUEST_FRAME_COUNT = 12;
    private static final int REQUEST_RETIRE_MILLIS = 16;

    private static final int BLOCK_STATUS = 8;
    private static final int BLOCK_FRAMES = 12;
    private static final int BLOCK_FIRST = 16;
    private static final int STATUS_KERNEL = 0;
    private static final int STATUS_USER = 1;

    private static final int FRAME_NEXT = 0;
    private static final int FRAME_CAPTURED = 12;
    private static final int FRAME_STATUS = 20;
    private static final int FRAME_ETHERNET = 24;
    private static final int FRAME_VLAN_CONTROL = 32;
    private static final int FRAME_VLAN_TYPE = 36;

    private final ByteBuffer ring;
    private int block;
    /** Frames of the current block not yet read; 0 if none is current. */
    private int unread;

    private int nextFrame;

    private RingDriver(LinkDescription description, FrameMemory memory, Resources resources) throws LinuxException {
        super(description, memory, resources);
        socket.set(PacketSocket.SOL_PACKET, PacketSocket.VERSION, TPACKET_V3, "PACKET_VERSION TPACKET_V3");
        try (NativeMemory request = NativeMemory.allocate(REQUEST_BYTES)) {
            ByteBuffer fields = request.bytes();
            fields.putInt(0, BLOCK_BYTES);
            fields.putInt(REQUEST_BLOCK_COUNT, BLOCKS);
            fields.putInt(REQUEST_FRAME_BYTES, NOMINAL_FRAME_BYTES);
            fields.putInt(REQUEST_FRAME_COUNT, BLOCK_BYTES / NOMINAL_FRAME_BYTES * BLOCKS);
            fields.putInt(REQUEST_RETIRE_MILLIS, RETIRE_MILLIS);
            LinuxException.check(
                    Libc.setsockopt(
                            socket.number(),
                            PacketSocket.SOL_PACKET,
                            PacketSocket.RX_RING,
                            request.address(),
                            REQUEST_BYTES),
                    "setsockopt PACKET_RX_RING (" + BLOCKS + " blocks of " + BLOCK_BYTES + " bytes)");
        }
        ring = resources
                .add(NativeMemory.share(socket.number(), 0, (long) BLOCK_BYTES * BLOCKS, "packet ring"))
                .bytes();
        socket.bind();
    }

    static RingDriver open(LinkDescription description, FrameMemory memory) throws LinuxException {
        Resources resources = new Resources();
        try {
            return new RingDriver(description, memory, resources);
        } catch (LinuxException | RuntimeException e) {
            resources.close();
            throw e;
        }
    }

    @Override
    public String backEnd() {
        return NAME;
    }

    // Hot path: no allocation, no locks, no logging.

    @Override
    public int receive(FrameBatch full) {
        int frames = 0;
        long bytes = 0;
        while (full.remaining() > 0 && empty.size() > 0 && (unread > 0 || openBlock())) {
            int length = takeFrame(full);
            if (length > 0) {
                frames++;
                bytes += length;
            }
            if (--unread == 0) {
                closeBlock();
            }
        }
        if (frames > 0) {
            received.add(frames, bytes);
        }
        return frames;
    }

    private boolean openBlock() {
        int base = block * BLOCK_BYTES;
        // pairs with the kernel's barrier before it hands the block over
        if (((int) NativeMemory.INT.getAcquire(ring, base + BLOCK_STATUS) & STATUS_USER) == 0) {
            return false;
        }
        unread = ring.getInt(base + BLOCK_FRAMES);
        nextFrame = base + ring.getInt(base + BLOCK_FIRST);
        if (unread == 0) {
            closeBlock();
            return openBlock();
        }
        return true;
    }

    private void closeBlock() {
        NativeMemory.INT.setRelease(ring, block * BLOCK_BYTES + BLOCK_STATUS, STATUS_KERNEL);
        block = block + 1 == BLOCKS ? 0 : block + 1;
    }

    /** Copies the next frame out; returns its length, or 0 if it is longer than a frame of the node. */
    private int takeFrame(FrameBatch full) {
        final int at = nextFrame;
        int captured = ring.getInt(at + FRAME_CAPTURED);
        int status = ring.getInt(at + FRAME_STATUS);
        int from = at + Short.toUnsignedInt(ring.getShort(at + FRAME_ETHERNET));
        nextFrame = at + ring.getInt(at + FRAME_NEXT);
        if (captured > roomInFrame() || captured < HeaderOffsets.ETHERNET_BYTES) {
            received.drop(1); // several frames merged by an offload, or a fragment of one
            return 0;
        }
        int to = takeEmpty();
        memory.bytes().put(to, ring, from, captured);
        if ((status & Repair.CHECKSUM_NOT_READY) != 0) {
            Repair.completeChecksum(memory.bytes(), to, captured);
        }
        if ((status & Repair.VLAN_VALID) != 0) {
            int tag = Repair.vlanTag(
                    status,
                    Short.toUnsignedInt(ring.getShort(at + FRAME_VLAN_TYPE)),
                    ring.getInt(at + FRAME_VLAN_CONTROL) & 0xffff);
            to = Repair.insertVlanTag(memory.bytes(), to, tag);
            captured += HeaderOffsets.VLAN_TAG_BYTES;
        }
        full.add(to, captured);
        return captured;
    }
}
