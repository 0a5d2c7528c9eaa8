package org.dvm.nodeos.internal.linux.packet;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dvm.nodeos.internal.linux.HeaderOffsets;
import org.dvm.nodeos.internal.linux.sys.LinuxException;
import org.dvm.nodeos.internal.linux.sys.NativeMemory;
import org.dvm.nodeos.link.CutThroughPlan.Base;
import org.dvm.nodeos.link.CutThroughPlan.Match;
import org.jspecify.annotations.Nullable;

/**
 * Demultiplexing keys as a classic BPF program: a frame is taken if all conditions of any key hold.
 *
 * <p>A condition on a header that the frame hasn't got - too short, not IPv4, a later fragment, neither UDP nor TCP - does
 * not hold. Frames with a VLAN tag are always taken: the kernel keeps their tag apart, so that offsets differ from those on
 * the wire, and the node looks at every frame again.
 *
 * <pre>
 *   0            16     24     32                     64
 *   +------------+------+------+----------------------+
 *   | code u16   | jt u8| jf u8| k u32                |      one instruction
 *   +------------+------+------+----------------------+
 * </pre>
 */
final class ClassicFilter {
    private static final int INSTRUCTION_BYTES = 8;
    private static final int MAX_INSTRUCTIONS = 4096;
    private static final int FARTHEST_JUMP = 255;

    private static final int LOAD_ABSOLUTE = 0x20;
    private static final int LOAD_INDEXED = 0x40;
    private static final int LOAD_LENGTH = 0x80;
    private static final int SIZE_WORD = 0x00;
    private static final int SIZE_HALF = 0x08;
    private static final int SIZE_BYTE = 0x10;
    private static final int LOAD_X_HEADER_LENGTH = 0xb1;
    private static final int AND = 0x54;
    private static final int ADD = 0x04;
    private static final int ADD_X = 0x0c;
    private static final int SUBTRACT_X = 0x1c;
    private static final int SHIFT_LEFT = 0x64;
    private static final int SHIFT_RIGHT = 0x74;
    private static final int JUMP = 0x05;
    private static final int JUMP_EQUAL = 0x15;
    private static final int JUMP_GREATER_OR_EQUAL = 0x35;
    private static final int MOVE_A_TO_X = 0x07;
    private static final int RETURN = 0x06;
    private static final int VLAN_TAG_PRESENT = 0xfffff000 + 48;
    private static final int WHOLE_FRAME = 0x40000;

    private final List<Instruction> instructions;

    private record Instruction(
            int code,
            int constant,
            @Nullable String ifTrue,
            @Nullable String ifFalse) {}

    private final Map<String, Integer> labels;

    private ClassicFilter(Builder builder) {
        instructions = List.copyOf(builder.instructions);
        labels = Map.copyOf(builder.labels);
    }

    /**
     * Compiles keys.
     *
     * @param keys alternatives, each a list of conditions that all must hold
     * @return the filter, or nothing if the keys are too long for one: then every frame must be taken
     */
    static Optional<ClassicFilter> compile(List<List<Match>> keys) {
        ClassicFilter filter = new ClassicFilter(new Builder(keys));
        return filter.instructions.size() <= MAX_INSTRUCTIONS && filter.reachesItsLabels()
                ? Optional.of(filter)
                : Optional.empty();
    }

    private boolean reachesItsLabels() {
        for (int i = 0; i < instructions.size(); i++) {
            Instruction instruction = instructions.get(i);
            if (instruction.code != JUMP
                    && (distance(i, instruction.ifTrue) > FARTHEST_JUMP
                            || distance(i, instruction.ifFalse) > FARTHEST_JUMP)) {
                return false;
            }
        }
        return true;
    }

    private int distance(int from, @Nullable String label) {
        return label == null ? 0 : labels.getOrDefault(label, from + 1) - from - 1;
    }

    int size() {
        return instructions.size();
    }

    /** Returns the program as the kernel wants it. */
    NativeMemory toMemory() throws LinuxException {
        NativeMemory memory = NativeMemory.allocate((long) instructions.size() * INSTRUCTION_BYTES);
        write(memory.bytes());
        return memory;
    }

    void write(ByteBuffer out) {
        for (int i = 0; i < instructions.size(); i++) {
            Instruction instruction = instructions.get(i);
            boolean jump = instruction.code == JUMP;
            out.putShort(i * INSTRUCTION_BYTES, (short) instruction.code);
            out.put(i * INSTRUCTION_BYTES + 2, (byte) (jump ? 0 : distance(i, instruction.ifTrue)));
            out.put(i * INSTRUCTION_BYTES + 3, (byte) (jump ? 0 : distance(i, instruction.ifFalse)));
            out.putInt(i * INSTRUCTION_BYTES + 4, jump ? distance(i, instruction.ifTrue) : instruction.constant);
        }
    }

    /** Emits the instructions. */
    private static final class Builder {
        private static final String TAKE = "take";

        private final List<Instruction> instructions = new ArrayList<>();
        private final Map<String, Integer> labels = new HashMap<>();
        private String mismatch = "";
        private int labelCount;

        Builder(List<List<Match>> keys) {
            emit(LOAD_ABSOLUTE | SIZE_WORD, VLAN_TAG_PRESENT);
            String untagged = newLabel();
            unless(JUMP_EQUAL, 1, untagged);
            jump(TAKE);
            place(untagged);
            for (List<Match> key : keys) {
                mismatch = newLabel();
                key(key);
                jump(TAKE);
                place(mismatch);
            }
            emit(RETURN, 0);
            place(TAKE);
            emit(RETURN, WHOLE_FRAME);
        }

        private void key(List<Match> key) {
            boolean ipv4 = key.stream().anyMatch(match -> match.base() != Base.LINK);
            int needed = ipv4 ? HeaderOffsets.ETHERNET_BYTES + HeaderOffsets.IPV4_BYTES : 0;
            for (Match match : key) {
                if (match.base() == Base.LINK || match.base() == Base.NETWORK) {
                    needed = Math.max(needed, fixedOffset(match) + match.length());
                }
            }
            emit(LOAD_LENGTH | SIZE_WORD, 0);
            unless(JUMP_GREATER_OR_EQUAL, needed, mismatch);
            if (ipv4) {
                emit(LOAD_ABSOLUTE | SIZE_HALF, HeaderOffsets.ETHERNET_TYPE);
                unless(JUMP_EQUAL, HeaderOffsets.TYPE_IPV4, mismatch);
                emit(LOAD_ABSOLUTE | SIZE_BYTE, network(HeaderOffsets.IPV4_VERSION_AND_WORDS));
                unless(JUMP_GREATER_OR_EQUAL, 0x45, mismatch);
                when(JUMP_GREATER_OR_EQUAL, 0x50, mismatch);
            }
            for (Match match : key) {
                if (match.base() == Base.LINK || match.base() == Base.NETWORK) {
                    compare(LOAD_ABSOLUTE, fixedOffset(match), match);
                }
            }
            if (key.stream().anyMatch(match -> match.base() == Base.TRANSPORT)) {
                pointAtTransport();
                compareAfterX(key, Base.TRANSPORT);
            }
            if (key.stream().anyMatch(match -> match.base() == Base.PAYLOAD)) {
                pointAtTransport();
                pointAtPayload();
                compareAfterX(key, Base.PAYLOAD);
            }
        }

        private static int network(int offset) {
            return HeaderOffsets.ETHERNET_BYTES + offset;
        }

        private static int fixedOffset(Match match) {
            return match.base() == Base.LINK ? match.offset() : network(match.offset());
        }

        /** X becomes the length of the IPv4 header. */
        private void pointAtTransport() {
            emit(LOAD_ABSOLUTE | SIZE_HALF, network(HeaderOffsets.IPV4_FRAGMENT));
            emit(AND, HeaderOffsets.FRAGMENT_OFFSET_MASK);
            unless(JUMP_EQUAL, 0, mismatch);
            emit(LOAD_X_HEADER_LENGTH, network(HeaderOffsets.IPV4_VERSION_AND_WORDS));
        }

        /** X grows by the length of the UDP or TCP header. */
        private void pointAtPayload() {
            String udp = newLabel();
            String found = newLabel();
            emit(LOAD_ABSOLUTE | SIZE_BYTE, network(HeaderOffsets.IPV4_PROTOCOL));
            when(JUMP_EQUAL, HeaderOffsets.PROTOCOL_UDP, udp);
            unless(JUMP_EQUAL, HeaderOffsets.PROTOCOL_TCP, mismatch);
            requireAfterX(HeaderOffsets.TCP_WORDS + 1);
            emit(LOAD_INDEXED | SIZE_BYTE, network(HeaderOffsets.TCP_WORDS));
            emit(SHIFT_RIGHT, 4);
            emit(SHIFT_LEFT, 2);
            jump(found);
            place(udp);
            emit(LOAD_LENGTH | SIZE_WORD, 0);
            emit(AND, 0);
            emit(ADD, HeaderOffsets.UDP_BYTES);
            place(found);
            emit(ADD_X, 0);
            emit(MOVE_A_TO_X, 0);
        }

        private void requireAfterX(int count) {
            // X may lie behind the end; then the difference is negative, which is a large unsigned number.
            String inside = newLabel();
            emit(LOAD_LENGTH | SIZE_WORD, 0);
            emit(SUBTRACT_X, 0);
            unless(JUMP_GREATER_OR_EQUAL, network(count), mismatch);
            unless(JUMP_GREATER_OR_EQUAL, 1 << 30, inside);
            jump(mismatch);
            place(inside);
        }

        private void compareAfterX(List<Match> key, Base base) {
            int needed = 0;
            for (Match match : key) {
                if (match.base() == base) {
                    needed = Math.max(needed, match.offset() + match.length());
                }
            }
            requireAfterX(needed);
            for (Match match : key) {
                if (match.base() == base) {
                    compare(LOAD_INDEXED, network(match.offset()), match);
                }
            }
        }

        private void compare(int load, int offset, Match match) {
            int at = 0;
            while (at < match.length()) {
                int bytes = Integer.highestOneBit(Math.min(Integer.BYTES, match.length() - at));
                int shift = (match.length() - at - bytes) * Byte.SIZE;
                int allOnes = (int) (0xffff_ffffL >>> Integer.SIZE - bytes * Byte.SIZE);
                int mask = (int) (match.mask() >>> shift) & allOnes;
                if (mask != 0) {
                    emit(load | size(bytes), offset + at);
                    if (mask != allOnes) {
                        emit(AND, mask);
                    }
                    unless(JUMP_EQUAL, (int) (match.value() >>> shift) & mask, mismatch);
                }
                at += bytes;
            }
        }

        private static int size(int bytes) {
            return switch (bytes) {
                case 1 -> SIZE_BYTE;
                case 2 -> SIZE_HALF;
                default -> SIZE_WORD;
            };
        }

        private String newLabel() {
            return "label" + labelCount++;
        }

        private void place(String label) {
            labels.put(label, instructions.size());
        }

        private void emit(int code, int constant) {
            instructions.add(new Instruction(code, constant, null, null));
        }

        private void when(int code, int constant, String label) {
            instructions.add(new Instruction(code, constant, label, null));
        }

        private void unless(int code, int constant, String label) {
            instructions.add(new Instruction(code, constant, null, label));
        }

        private void jump(String label) {
            instructions.add(new Instruction(JUMP, 0, label, null));
        }
    }
}
