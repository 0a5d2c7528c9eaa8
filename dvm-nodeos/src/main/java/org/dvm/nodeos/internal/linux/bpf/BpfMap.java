package org.dvm.nodeos.internal.linux.bpf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.dvm.nodeos.internal.linux.sys.Descriptor;
import org.dvm.nodeos.internal.linux.sys.LinuxException;
import org.dvm.nodeos.internal.linux.sys.NativeMemory;

/**
 * A map shared between eBPF programs and this process, with 32-bit keys.
 *
 * <p>The kernel keeps a map as long as a loaded program uses it; closing gives up this process's hold.
 */
public final class BpfMap implements AutoCloseable {
    /** The kinds of maps in use here. */
    public enum Kind {
        /** Values in one block of memory. */
        ARRAY(2, 0),
        /** As many values an index as there are processors. */
        PER_CPU_ARRAY(6, 0),
        /** Interfaces to redirect to. */
        DEVICES(14, 0),
        /** AF_XDP sockets to redirect to. */
        XDP_SOCKETS(17, 0);

        private final int type;
        private final int flags;

        Kind(int type, int flags) {
            this.type = type;
            this.flags = flags;
        }
    }

    // union bpf_attr of BPF_MAP_CREATE
    private static final int TYPE = 0;
    private static final int KEY_SIZE = 4;
    private static final int VALUE_SIZE = 8;
    private static final int MAX_ENTRIES = 12;
    private static final int FLAGS = 16;
    private static final int NAME = 28;
    // union bpf_attr of BPF_MAP_*_ELEM
    private static final int MAP_DESCRIPTOR = 0;
    private static final int KEY_ADDRESS = 8;
    private static final int VALUE_ADDRESS = 16;

    private static final int KEY_BYTES = Integer.BYTES;

    private final Kind kind;
    private final String name;
    private final int valueBytes;
    private final int entries;
    private final Descriptor descriptor;

    private BpfMap(Kind kind, String name, int valueBytes, int entries, Descriptor descriptor) {
        this.kind = kind;
        this.name = name;
        this.valueBytes = valueBytes;
        this.entries = entries;
        this.descriptor = descriptor;
    }

    /**
     * Creates a map; all values are zero, all references empty.
     *
     * @param kind what it holds
     * @param name what the kernel shows for it, at most 15 characters
     * @param valueBytes size of a value; 4 for maps of references
     * @param entries number of keys, from 0
     * @return the map
     * @throws LinuxException if the kernel refuses; EPERM without CAP_BPF
     */
    public static BpfMap create(Kind kind, String name, int valueBytes, int entries) throws LinuxException {
        try (NativeMemory attributes = NativeMemory.allocate(BpfSystem.ATTRIBUTES_BYTES)) {
            ByteBuffer fields = attributes.bytes();
            fields.putInt(TYPE, kind.type);
            fields.putInt(KEY_SIZE, KEY_BYTES);
            fields.putInt(VALUE_SIZE, valueBytes);
            fields.putInt(MAX_ENTRIES, entries);
            fields.putInt(FLAGS, kind.flags);
            BpfSystem.putName(fields, NAME, name);
            String operation = "bpf: create map " + name + " (" + kind + ", " + entries + " entries)";
            return new BpfMap(
                    kind,
                    name,
                    valueBytes,
                    entries,
                    Descriptor.own(BpfSystem.call(BpfSystem.MAP_CREATE, attributes, operation), operation));
        }
    }

    /**
     * Returns the name.
     *
     * @return what the kernel shows for it
     */
    public String name() {
        return name;
    }

    int descriptor() {
        return descriptor.number();
    }

    /**
     * Sets one value.
     *
     * @param key from 0 to the number of entries less one
     * @param value its bytes in native order
     * @throws LinuxException if the kernel refuses
     */
    public void put(int key, byte[] value) throws LinuxException {
        if (value.length != valueBytes) {
            throw new IllegalArgumentException(
                    "value of map " + name + " must have " + valueBytes + " bytes: length=" + value.length);
        }
        element(BpfSystem.MAP_UPDATE, key, ByteBuffer.wrap(value), value.length);
    }

    /**
     * Sets one 32-bit value: an interface, a descriptor, a number.
     *
     * @param key from 0 to the number of entries less one
     * @param value the value
     * @throws LinuxException if the kernel refuses
     */
    public void putInt(int key, int value) throws LinuxException {
        put(
                key,
                ByteBuffer.allocate(Integer.BYTES)
                        .order(ByteOrder.nativeOrder())
                        .putInt(value)
                        .array());
    }

    /**
     * Empties an entry of a map of references.
     *
     * @param key the entry
     * @throws LinuxException if the kernel refuses
     */
    public void remove(int key) throws LinuxException {
        element(BpfSystem.MAP_DELETE, key, ByteBuffer.allocate(0), 0);
    }

    /**
     * Reads one value; of a map by processor the sums over all processors, taken as 64-bit words.
     *
     * @param key from 0 to the number of entries less one
     * @return the 64-bit words of the value
     * @throws LinuxException if the kernel refuses
     */
    public long[] words(int key) throws LinuxException {
        int copies = kind == Kind.PER_CPU_ARRAY ? Processors.possible() : 1;
        int words = valueBytes / Long.BYTES;
        ByteBuffer copy = element(BpfSystem.MAP_LOOKUP, key, ByteBuffer.allocate(0), copies * words * Long.BYTES);
        long[] sums = new long[words];
        for (int i = 0; i < copies * words; i++) {
            sums[i % words] += copy.getLong(i * Long.BYTES);
        }
        return sums;
    }

    private ByteBuffer element(int command, int key, ByteBuffer value, int transferBytes) throws LinuxException {
        if (key < 0 || key >= entries) {
            throw new IllegalArgumentException("key of map " + name + " must be below " + entries + ": key=" + key);
        }
        try (NativeMemory attributes = NativeMemory.allocate(BpfSystem.ATTRIBUTES_BYTES);
                NativeMemory element = NativeMemory.allocate(Long.BYTES + Math.max(transferBytes, Long.BYTES))) {
            ByteBuffer fields = attributes.bytes();
            fields.putInt(MAP_DESCRIPTOR, descriptor.number());
            fields.putLong(KEY_ADDRESS, element.address());
            if (command != BpfSystem.MAP_DELETE) {
                fields.putLong(VALUE_ADDRESS, element.address() + Long.BYTES);
            }
            element.bytes().putInt(0, key);
            element.bytes().put(Long.BYTES, value, 0, value.remaining());
            BpfSystem.call(command, attributes, "bpf: access map " + name + " at " + key);
            ByteBuffer answer = ByteBuffer.allocate(transferBytes).order(ByteOrder.nativeOrder());
            answer.put(0, element.bytes(), Long.BYTES, transferBytes);
            return answer;
        }
    }

    /** Gives up the map. A second call does nothing. */
    @Override
    public void close() {
        descriptor.close();
    }
}
