package org.dvm.nodeos.internal.linux.packet;

import org.dvm.nodeos.internal.linux.HeaderOffsets;
import org.dvm.nodeos.internal.linux.sys.Libc;
import org.dvm.nodeos.internal.linux.sys.LinuxException;
import org.dvm.nodeos.internal.linux.sys.Resources;
import org.dvm.nodeos.link.FrameBatch;
import org.dvm.nodeos.link.FrameMemory;
import org.dvm.nodeos.link.LinkDescription;

/** Receives with one recvmmsg(2) a batch, straight into frames of the node. */
final class MessageDriver extends PacketDriver {
    static final String NAME = "packet_mmsg";

    // struct tpacket_auxdata
    private static final int AUXILIARY_STATUS = 0;
    private static final int AUXILIARY_VLAN_CONTROL = 16;
    private static final int AUXILIARY_VLAN_TYPE = 18;

    private final MessageVector messages;
    private final int[] targets = new int[MessageVector.BATCH];

    private MessageDriver(LinkDescription description, FrameMemory memory, Resources resources) throws LinuxException {
        super(description, memory, resources);
        messages = resources.add(new MessageVector(MessageVector.Control.AUXILIARY_DATA));
        socket.set(PacketSocket.SOL_PACKET, PacketSocket.AUXILIARY_DATA, 1, "PACKET_AUXDATA");
        socket.bind();
    }

    static MessageDriver open(LinkDescription description, FrameMemory memory) throws LinuxException {
        Resources resources = new Resources();
        try {
            return new MessageDriver(description, memory, resources);
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
        int wanted = Math.min(MessageVector.BATCH, Math.min(full.remaining(), empty.size()));
        if (wanted == 0) {
            return 0;
        }
        for (int i = 0; i < wanted; i++) {
            targets[i] = takeEmpty();
            messages.set(i, memoryAddress + targets[i], roomInFrame());
        }
        int arrived = Math.max(0, Libc.recvmmsg(socket.number(), messages.address(), wanted, Libc.MSG_DONTWAIT, 0));
        int frames = 0;
        long bytes = 0;
        for (int i = 0; i < arrived; i++) {
            int length = hand(i, full);
            if (length > 0) {
                frames++;
                bytes += length;
            }
        }
        for (int i = arrived; i < wanted; i++) {
            empty.add(targets[i], 0);
        }
        if (frames > 0) {
            received.add(frames, bytes);
        }
        return frames;
    }

    /** Appends an arrived frame; returns its length, or 0 if it is longer than a frame of the node. */
    private int hand(int index, FrameBatch full) {
        int at = targets[index];
        int length = messages.messageLength(index);
        if ((messages.flags(index) & Libc.MSG_TRUNC) != 0 || length < HeaderOffsets.ETHERNET_BYTES) {
            received.drop(1); // several frames merged by an offload, or a fragment of one
            empty.add(at, 0);
            return 0;
        }
        int status = messages.hasAuxiliaryData(index) ? messages.auxiliaryInt(index, AUXILIARY_STATUS) : 0;
        if ((status & Repair.CHECKSUM_NOT_READY) != 0) {
            Repair.completeChecksum(memory.bytes(), at, length);
        }
        if ((status & Repair.VLAN_VALID) != 0) {
            int tag = Repair.vlanTag(
                    status,
                    messages.auxiliaryShort(index, AUXILIARY_VLAN_TYPE),
                    messages.auxiliaryShort(index, AUXILIARY_VLAN_CONTROL));
            at = Repair.insertVlanTag(memory.bytes(), at, tag);
            length += HeaderOffsets.VLAN_TAG_BYTES;
        }
        full.add(at, length);
        return length;
    }
}
