package org.dvm.nodeos.click.internal;

import java.util.Locale;
import java.util.Set;
import org.dvm.nodeos.PacketBuffer;
import org.dvm.nodeos.click.Args;
import org.dvm.nodeos.click.Element;
import org.dvm.nodeos.click.Values;

/** Prints packets in hexadecimal: {@code label:  length | 01020304 05060708 ...}. */
final class Print extends Element {
    private static final int DEFAULT_BYTES = 24;

    private String label = "";
    private int maxBytes;
    private String contents = "HEX";
    private boolean timeStamp;
    private boolean active;

    @Override
    protected Set<String> keywords() {
        return Set.of("LABEL", "MAXLENGTH", "CONTENTS", "TIMESTAMP", "ACTIVE");
    }

    @Override
    protected void configure(Args args) {
        label = args.optional("LABEL", Values::string, "");
        maxBytes = args.optional("MAXLENGTH", Values.integer(-1, 0xffff), DEFAULT_BYTES);
        contents = args.keyword("CONTENTS", Print::contents, "HEX");
        timeStamp = args.keyword("TIMESTAMP", Values::truth, false);
        active = args.keyword("ACTIVE", Values::truth, true);
        readHandler("active", () -> Boolean.toString(active));
        writeHandler("active", value -> active = Values.truth(value));
    }

    private static String contents(String text) {
        String upper = text.toUpperCase(Locale.ROOT);
        switch (upper) {
            case "HEX", "ASCII", "NONE":
                return upper;
            case "TRUE":
                return "HEX";
            case "FALSE":
                return "NONE";
            default:
                throw new IllegalArgumentException("expected HEX, ASCII or NONE, found '" + text + "'");
        }
    }

    @Override
    protected PacketBuffer process(PacketBuffer packet) {
        if (active) {
            context().printer().accept(line(packet));
        }
        return packet;
    }

    private String line(PacketBuffer packet) {
        StringBuilder line = new StringBuilder();
        if (!label.isEmpty()) {
            line.append(label).append(": ");
        }
        if (timeStamp) {
            line.append(String.format(Locale.ROOT, "%.6f: ", Annotations.timeStamp(packet) / 1e9));
        }
        line.append(String.format(Locale.ROOT, "%4d", packet.length()));
        if (contents.equals("NONE")) {
            return line.toString();
        }
        line.append(" | ");
        int count = maxBytes < 0 ? packet.length() : Math.min(maxBytes, packet.length());
        for (int i = 0; i < count; i++) {
            int value = packet.getUnsignedByte(i);
            if (contents.equals("ASCII")) {
                line.append(value >= 32 && value < 127 ? (char) value : '.');
            } else {
                line.append(Character.forDigit(value >> 4, 16)).append(Character.forDigit(value & 15, 16));
                if (i % 4 == 3 && i + 1 < count) {
                    line.append(' ');
                }
            }
        }
        return line.toString();
    }
}
