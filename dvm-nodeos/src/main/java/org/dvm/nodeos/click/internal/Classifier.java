package org.dvm.nodeos.click.internal;

import java.util.ArrayList;
import java.util.List;
import org.dvm.nodeos.PacketBuffer;
import org.dvm.nodeos.click.Args;
import org.dvm.nodeos.click.ConfigurationWords;
import org.dvm.nodeos.click.Element;

/**
 * Sends packets to the output of the first pattern that they match, and drops those that match none.
 *
 * <p>A pattern is a list of clauses {@code offset/value[%mask]}, in hexadecimal with {@code ?} for any digit, a clause
 * with {@code !} must not match; {@code -} matches everything.
 */
final class Classifier extends Element {
    /** Bytes from an offset on that must, or must not, have a value under a mask; compared in words of 8, 4, 2 or 1. */
    private static final class Clause {
        private final int offset;
        private final int length;
        private final boolean negated;
        private final int[] sizes;
        private final long[] values;
        private final long[] masks;

        Clause(int offset, byte[] value, byte[] mask, boolean negated) {
            this.offset = offset;
            this.length = value.length;
            this.negated = negated;
            this.sizes = sizes(length);
            this.values = new long[sizes.length];
            this.masks = new long[sizes.length];
            int at = 0;
            for (int word = 0; word < sizes.length; word++) {
                for (int end = at + sizes[word]; at < end; at++) {
                    values[word] = values[word] << 8 | value[at] & mask[at] & 0xff;
                    masks[word] = masks[word] << 8 | mask[at] & 0xff;
                }
            }
        }

        private static int[] sizes(int length) {
            List<Integer> sizes = new ArrayList<>();
            for (int left = length; left > 0; left -= sizes.get(sizes.size() - 1)) {
                sizes.add(Math.min(Long.BYTES, Integer.highestOneBit(left)));
            }
            return sizes.stream().mapToInt(Integer::intValue).toArray();
        }

        boolean matches(PacketBuffer packet) {
            return holds(packet) != negated;
        }

        private boolean holds(PacketBuffer packet) {
            if (offset + length > packet.length()) {
                return false;
            }
            int at = offset;
            for (int word = 0; word < sizes.length; word++) {
                if ((load(packet, at, sizes[word]) & masks[word]) != values[word]) {
                    return false;
                }
                at += sizes[word];
            }
            return true;
        }

        private static long load(PacketBuffer packet, int at, int size) {
            return switch (size) {
                case 1 -> packet.getUnsignedByte(at);
                case 2 -> packet.getUnsignedShort(at);
                case 4 -> packet.getUnsignedInt(at);
                default -> packet.getLong(at);
            };
        }
    }

    private Clause[][] patterns = {};
    private long drops;

    @Override
    protected String portCount() {
        return "1/" + Math.max(1, patterns.length);
    }

    @Override
    protected String processing() {
        return "h/h";
    }

    @Override
    protected void configure(Args args) {
        List<Clause[]> list = new ArrayList<>();
        for (String pattern : args.all()) {
            list.add(args.parse("pattern " + (list.size() + 1), pattern, Classifier::pattern, new Clause[0]));
        }
        if (list.isEmpty()) {
            args.error("too few arguments: at least one pattern is needed");
        }
        patterns = list.toArray(new Clause[0][]);
        readHandler("drops", () -> Long.toString(drops));
    }

    @Override
    protected void push(int port, PacketBuffer packet) {
        for (int i = 0; i < patterns.length; i++) {
            if (matches(patterns[i], packet)) {
                output(i).push(packet);
                return;
            }
        }
        drops++;
        packet.release();
    }

    private static boolean matches(Clause[] pattern, PacketBuffer packet) {
        for (Clause clause : pattern) {
            if (!clause.matches(packet)) {
                return false;
            }
        }
        return true;
    }

    private static Clause[] pattern(String text) {
        List<String> words = ConfigurationWords.of(text);
        if (words.isEmpty()) {
            throw new IllegalArgumentException("empty pattern; use '-' to match everything");
        }
        if (words.size() == 1 && words.get(0).equals("-")) {
            return new Clause[0];
        }
        Clause[] clauses = new Clause[words.size()];
        for (int i = 0; i < clauses.length; i++) {
            clauses[i] = clause(words.get(i));
        }
        return clauses;
    }

    private static Clause clause(String word) {
        boolean negated = word.startsWith("!");
        String text = negated ? word.substring(1) : word;
        int slash = text.indexOf('/');
        if (slash <= 0 || !text.substring(0, slash).matches("[0-9]{1,5}")) {
            throw new IllegalArgumentException("expected offset/value, found '" + word + "'");
        }
        int percent = text.indexOf('%');
        String digits = text.substring(slash + 1, percent < 0 ? text.length() : percent);
        String maskDigits = percent < 0 ? "" : text.substring(percent + 1);
        if (digits.isEmpty() || digits.length() % 2 != 0 || (percent >= 0 && maskDigits.length() != digits.length())) {
            throw new IllegalArgumentException(
                    "value and mask need an even number of digits, the same for both: '" + word + "'");
        }
        byte[] value = new byte[digits.length() / 2];
        byte[] mask = new byte[value.length];
        for (int i = 0; i < digits.length(); i++) {
            boolean any = digits.charAt(i) == '?';
            int maskNibble = any ? 0 : percent < 0 ? 15 : nibble(maskDigits.charAt(i), word);
            int nibble = any ? 0 : nibble(digits.charAt(i), word);
            int shift = i % 2 == 0 ? 4 : 0;
            value[i / 2] = (byte) (value[i / 2] | nibble << shift);
            mask[i / 2] = (byte) (mask[i / 2] | maskNibble << shift);
        }
        return new Clause(Integer.parseInt(text.substring(0, slash)), value, mask, negated);
    }

    private static int nibble(char c, String word) {
        int digit = Character.digit(c, 16);
        if (digit < 0) {
            throw new IllegalArgumentException("'" + c + "' is no hexadecimal digit in '" + word + "'");
        }
        return digit;
    }
}
