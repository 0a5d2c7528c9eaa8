package org.dvm.testkit.mutation;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.dvm.core.classfile.RawClass;
import org.dvm.testkit.assembly.Bytes;

/** One class on the table: overwrites in place, and cuts whose enclosing lengths the caller grows. */
final class Surgery {
    private static final int[] INTERESTING = {
        0, 1, 2, 3, 4, 7, 8, 15, 16, 63, 64, 127, 128, 246, 247, 251, 252, 254, 255, 256, 0x7ffe, 0x7fff, 0x8000,
        0xfffe, 0xffff
    };

    final RawClass raw;
    final Random random;
    private final byte[] bytes;
    private final Map<Integer, Cut> cuts = new TreeMap<>();
    private int addedConstants;

    private record Cut(int removed, Bytes inserted) {}

    Surgery(RawClass raw, Random random) {
        this.raw = raw;
        this.random = random;
        this.bytes = raw.bytes().clone();
    }

    int length() {
        return bytes.length;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    boolean oneOf(int chances) {
        return random.nextInt(chances) == 0;
    }

    /** Returns a number near the old one, one at the edge of something, or any. */
    int otherThan(int old) {
        switch (below(4)) {
            case 0:
                return old + 1;
            case 1:
                return old - 1;
            case 2:
                return INTERESTING[below(INTERESTING.length)];
            default:
                return below(0x10000);
        }
    }

    void u1(int offset, int value) {
        bytes[offset] = (byte) value;
    }

    void u2(int offset, int value) {
        bytes[offset] = (byte) (value >>> 8);
        bytes[offset + 1] = (byte) value;
    }

    void u4(int offset, int value) {
        u2(offset, value >>> 16);
        u2(offset + 2, value);
    }

    void addToU2(int offset, int delta) {
        u2(offset, raw.u2(offset) + delta);
    }

    void addToU4(int offset, int delta) {
        u4(offset, raw.s4(offset) + delta);
    }

    void insert(int offset, byte[] inserted) {
        cuts.computeIfAbsent(offset, at -> new Cut(0, Bytes.of())).inserted().raw(inserted);
    }

    void replace(int offset, int removed, byte[] inserted) {
        cuts.put(offset, new Cut(removed, Bytes.of().raw(inserted)));
    }

    void truncate(int offset) {
        replace(offset, bytes.length - offset, new byte[0]);
    }

    byte[] copy(int from, int to) {
        return java.util.Arrays.copyOfRange(raw.bytes(), from, to);
    }

    /** Appends a constant, tag first, and returns its index. */
    int addConstant(Bytes constant) {
        insert(raw.constantPoolEnd(), constant.toArray());
        addedConstants++;
        u2(8, raw.constantCount() + addedConstants);
        return raw.constantCount() + addedConstants - 1;
    }

    int addUtf8(String ascii) {
        byte[] text = ascii.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        return addConstant(Bytes.of().u1(RawClass.UTF8).u2(text.length).raw(text));
    }

    int addClass(String name) {
        return addConstant(Bytes.of().u1(RawClass.CLASS).u2(addUtf8(name)));
    }

    /** Returns a constant of that tag, 0 if there is none. */
    int anyConstant(int tag) {
        List<Integer> found = new ArrayList<>();
        for (int i = 1; i < raw.constantCount(); i++) {
            if (raw.constantTag(i) == tag) {
                found.add(i);
            }
        }
        return found.isEmpty() ? 0 : found.get(below(found.size()));
    }

    /** Returns any index, now and then one that is out of bounds. */
    int anyConstant() {
        return oneOf(8) ? otherThan(raw.constantCount()) : below(raw.constantCount());
    }

    byte[] toBytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + 64);
        int at = 0;
        for (Map.Entry<Integer, Cut> entry : cuts.entrySet()) {
            int offset = Math.max(entry.getKey(), at);
            out.write(bytes, at, offset - at);
            out.writeBytes(entry.getValue().inserted().toArray());
            at = Math.min(bytes.length, offset + entry.getValue().removed());
        }
        out.write(bytes, at, bytes.length - at);
        return out.toByteArray();
    }
}
