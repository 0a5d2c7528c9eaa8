package org.dvm.nodeos.internal.linux.xdp;

import static org.dvm.nodeos.internal.linux.bpf.Register.R0;
import static org.dvm.nodeos.internal.linux.bpf.Register.R1;
import static org.dvm.nodeos.internal.linux.bpf.Register.R2;
import static org.dvm.nodeos.internal.linux.bpf.Register.R3;
import static org.dvm.nodeos.internal.linux.bpf.Register.R7;
import static org.dvm.nodeos.internal.linux.bpf.Register.R8;

import java.util.ArrayList;
import java.util.List;
import org.dvm.nodeos.internal.linux.HeaderOffsets;
import org.dvm.nodeos.internal.linux.bpf.Alu;
import org.dvm.nodeos.internal.linux.bpf.BpfAssembler;
import org.dvm.nodeos.internal.linux.bpf.Condition;
import org.dvm.nodeos.internal.linux.bpf.Register;
import org.dvm.nodeos.internal.linux.bpf.Width;
import org.dvm.nodeos.link.CutThroughPlan.Base;
import org.dvm.nodeos.link.CutThroughPlan.Match;

/**
 * Emits the comparison of a frame with the conditions of a key.
 *
 * <p>Register convention of all XDP programs here: R7 first byte of the frame, R8 end of the frame. R0-R5 are destroyed.
 *
 * <p>A condition on a header that the frame hasn't got - too short, not IPv4, a later fragment, neither UDP nor TCP -
 * does not hold.
 */
final class MatchCode {
    /** Version 4 with the smallest header length, and how far the byte may be above it. */
    private static final int VERSION_4_WORDS_5 = 0x45;

    private static final int MOST_OPTION_WORDS = 10;
    private static final int BYTES_PER_WORD_SHIFT = 2;

    private final BpfAssembler code;
    private final String mismatch;

    private MatchCode(BpfAssembler code, String mismatch) {
        this.code = code;
        this.mismatch = mismatch;
    }

    /**
     * Emits the comparison; it falls through if all conditions hold.
     *
     * @param code where to
     * @param matches the conditions
     * @param plainBytes bytes from the start of the frame that the code after it wants to be there as well
     * @param ipv4 whether the code after it wants an IPv4 header
     * @param mismatch label to go to if a condition does not hold
     */
    static void emit(BpfAssembler code, List<Match> matches, int plainBytes, NetworkHeader ipv4, String mismatch) {
        new MatchCode(code, mismatch).emit(matches, plainBytes, ipv4);
    }

    /** Whether a program needs an IPv4 header even if no condition looks at it. */
    enum NetworkHeader {
        ANY,
        IPV4
    }

    private void emit(List<Match> matches, int plainBytes, NetworkHeader header) {
        boolean ipv4 = header == NetworkHeader.IPV4 || matches.stream().anyMatch(match -> match.base() != Base.LINK);
        int needed = ipv4 ? Math.max(plainBytes, HeaderOffsets.ETHERNET_BYTES + HeaderOffsets.IPV4_BYTES) : plainBytes;
        for (Match match : matches) {
            if (match.base() == Base.LINK || match.base() == Base.NETWORK) {
                needed = Math.max(needed, fixedOffset(match) + match.length());
            }
        }
        if (needed > 0) {
            requireBytes(R7, needed);
        }
        if (ipv4) {
            requireIpv4();
        }
        for (Match match : matches) {
            if (match.base() == Base.LINK || match.base() == Base.NETWORK) {
                compare(R7, fixedOffset(match), match);
            }
        }
        if (matches.stream().anyMatch(match -> match.base() == Base.TRANSPORT)) {
            pointAtTransport();
            compareAt(matches, Base.TRANSPORT);
        }
        if (matches.stream().anyMatch(match -> match.base() == Base.PAYLOAD)) {
            pointAtTransport();
            pointAtPayload();
            compareAt(matches, Base.PAYLOAD);
        }
    }

    private static int fixedOffset(Match match) {
        return match.base() == Base.LINK ? match.offset() : HeaderOffsets.ETHERNET_BYTES + match.offset();
    }

    private void requireBytes(Register base, int count) {
        code.move(R2, base).alu(Alu.ADD, R2, count).jumpIf(Condition.GREATER, R2, R8, mismatch);
    }

    private void requireIpv4() {
        code.load(Width.HALF, R2, R7, HeaderOffsets.ETHERNET_TYPE)
                .jumpIf(Condition.NOT_EQUAL, R2, Short.reverseBytes((short) HeaderOffsets.TYPE_IPV4), mismatch)
                .load(Width.BYTE, R2, R7, network(HeaderOffsets.IPV4_VERSION_AND_WORDS))
                .alu(Alu.SUB, R2, VERSION_4_WORDS_5)
                .jumpIf(Condition.GREATER, R2, MOST_OPTION_WORDS, mismatch);
    }

    /** Leaves the first byte after the IPv4 header in R3. */
    private void pointAtTransport() {
        code.load(Width.HALF, R2, R7, network(HeaderOffsets.IPV4_FRAGMENT))
                .networkOrder(R2, Width.HALF)
                .alu(Alu.AND, R2, HeaderOffsets.FRAGMENT_OFFSET_MASK)
                .jumpIf(Condition.NOT_EQUAL, R2, 0, mismatch)
                .load(Width.BYTE, R2, R7, network(HeaderOffsets.IPV4_VERSION_AND_WORDS))
                .alu(Alu.AND, R2, 0x0f)
                .alu(Alu.SHIFT_LEFT, R2, BYTES_PER_WORD_SHIFT)
                .move(R3, R7)
                .alu(Alu.ADD, R3, HeaderOffsets.ETHERNET_BYTES)
                .alu(Alu.ADD, R3, R2);
    }

    /** Moves R3 from the first byte of a UDP or TCP header to the first one after it. */
    private void pointAtPayload() {
        String udp = mismatch + ".udp";
        String found = mismatch + ".payload";
        code.load(Width.BYTE, R1, R7, network(HeaderOffsets.IPV4_PROTOCOL))
                .jumpIf(Condition.EQUAL, R1, HeaderOffsets.PROTOCOL_UDP, udp)
                .jumpIf(Condition.NOT_EQUAL, R1, HeaderOffsets.PROTOCOL_TCP, mismatch);
        requireBytes(R3, HeaderOffsets.TCP_WORDS + 1);
        code.load(Width.BYTE, R2, R3, HeaderOffsets.TCP_WORDS)
                .alu(Alu.SHIFT_RIGHT, R2, Byte.SIZE / 2)
                .alu(Alu.SHIFT_LEFT, R2, BYTES_PER_WORD_SHIFT)
                .alu(Alu.ADD, R3, R2)
                .jump(found)
                .label(udp)
                .alu(Alu.ADD, R3, HeaderOffsets.UDP_BYTES)
                .label(found);
    }

    private void compareAt(List<Match> matches, Base base) {
        int needed = 0;
        for (Match match : matches) {
            if (match.base() == base) {
                needed = Math.max(needed, match.offset() + match.length());
            }
        }
        requireBytes(R3, needed);
        for (Match match : matches) {
            if (match.base() == base) {
                compare(R3, match.offset(), match);
            }
        }
    }

    /** Compares piece by piece, each as wide as one load; bits that don't matter are not looked at. */
    private void compare(Register base, int offset, Match match) {
        for (Piece piece : pieces(match)) {
            code.load(piece.width, R0, base, offset + piece.at);
            if (piece.mask != piece.allOnes()) {
                code.alu32(Alu.AND, R0, piece.inMemoryOrder(piece.mask));
            }
            code.jumpIf32(Condition.NOT_EQUAL, R0, piece.inMemoryOrder(piece.value & piece.mask), mismatch);
        }
    }

    private static List<Piece> pieces(Match match) {
        List<Piece> pieces = new ArrayList<>();
        int at = 0;
        while (at < match.length()) {
            int bytes = Integer.highestOneBit(Math.min(Integer.BYTES, match.length() - at));
            int shift = (match.length() - at - bytes) * Byte.SIZE;
            Piece piece = new Piece(
                    at, Width.ofBytes(bytes), (int) (match.mask() >>> shift), (int) (match.value() >>> shift));
            if ((piece.mask & piece.allOnes()) != 0) {
                pieces.add(piece);
            }
            at += bytes;
        }
        return pieces;
    }

    private record Piece(int at, Width width, int mask, int value) {
        Piece {
            int ones = allOnes(width);
            mask &= ones;
            value &= ones;
        }

        int allOnes() {
            return allOnes(width);
        }

        private static int allOnes(Width width) {
            return (int) (0xffff_ffffL >>> Integer.SIZE - width.bytes() * Byte.SIZE);
        }

        /** Turns a number in network order into what a plain load of those bytes yields on this machine. */
        int inMemoryOrder(int number) {
            return switch (width) {
                case BYTE -> number;
                case HALF -> Short.toUnsignedInt(Short.reverseBytes((short) number));
                case WORD, DOUBLE -> Integer.reverseBytes(number);
            };
        }
    }

    static int network(int offset) {
        return HeaderOffsets.ETHERNET_BYTES + offset;
    }
}
