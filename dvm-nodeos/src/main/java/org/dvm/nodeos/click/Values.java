package org.dvm.nodeos.click;

import java.math.BigDecimal;
import java.util.Locale;

/** Parsers of the values that configurations speak of; each says in its exception what it wanted. */
public final class Values {
    private static final BigDecimal NANOS_PER_SECOND = BigDecimal.valueOf(1_000_000_000L);

    private Values() {}

    /** Returns a parser of integers, decimal or with 0x, from {@code min} to {@code max}. */
    public static Args.ValueParser<Integer> integer(int min, int max) {
        return text -> {
            long value;
            try {
                value = Long.decode(text);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("expected an integer, found '" + text + "'", e);
            }
            if (value < min || value > max) {
                throw new IllegalArgumentException("expected " + min + " to " + max + ", found " + text);
            }
            return (int) value;
        };
    }

    /** Parses {@code true}, {@code false}, {@code yes}, {@code no}, 1 or 0. */
    public static Boolean truth(String text) {
        switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "1":
                return true;
            case "false", "no", "0":
                return false;
            default:
                throw new IllegalArgumentException("expected true or false, found '" + text + "'");
        }
    }

    /** Parses text, quoted or not. */
    public static String string(String text) {
        return ConfigurationStrings.unquote(text);
    }

    /** Parses an IPv4 address as a number in network order. */
    public static Integer ipAddress(String text) {
        String[] parts = text.split("\\.", -1);
        int address = 0;
        if (parts.length != 4) {
            throw new IllegalArgumentException("expected an IP address such as 10.0.0.1, found '" + text + "'");
        }
        for (String part : parts) {
            int octet = part.matches("[0-9]{1,3}") ? Integer.parseInt(part) : 256;
            if (octet > 255) {
                throw new IllegalArgumentException("expected an IP address such as 10.0.0.1, found '" + text + "'");
            }
            address = address << 8 | octet;
        }
        return address;
    }

    /** Parses {@code 10.0.0.0/8}, {@code 10.0.0.0/255.0.0.0} or a lone address. */
    public static IpPrefix ipPrefix(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return new IpPrefix(ipAddress(text), -1);
        }
        String mask = text.substring(slash + 1);
        int bits;
        if (mask.matches("[0-9]{1,2}") && Integer.parseInt(mask) <= 32) {
            int length = Integer.parseInt(mask);
            bits = length == 0 ? 0 : -1 << (32 - length);
        } else {
            bits = ipAddress(mask);
        }
        return new IpPrefix(ipAddress(text.substring(0, slash)), bits);
    }

    /** Parses an Ethernet address such as {@code 00:11:22:33:44:55}. */
    public static Long etherAddress(String text) {
        String[] parts = text.split("[:-]", -1);
        long address = 0;
        if (parts.length != 6) {
            throw new IllegalArgumentException(
                    "expected an Ethernet address such as 00:11:22:33:44:55, found '" + text + "'");
        }
        for (String part : parts) {
            if (!part.matches("[0-9A-Fa-f]{1,2}")) {
                throw new IllegalArgumentException(
                        "expected an Ethernet address such as 00:11:22:33:44:55, found '" + text + "'");
            }
            address = address << 8 | Integer.parseInt(part, 16);
        }
        return address;
    }

    /** Parses a time such as {@code 1.5}, {@code 10ms}, {@code 3min}; without a unit it is in seconds. Nanoseconds. */
    public static Long nanos(String text) {
        return scaled(text, "a time such as 1.5s or 10ms", NANOS_PER_SECOND, TIME_UNITS);
    }

    /** Parses a rate such as {@code 1000}, {@code 8Kbps}, {@code 1MBps}; without a unit in bytes. Bytes per second. */
    public static Long bytesPerSecond(String text) {
        return scaled(text, "a bandwidth such as 125000 or 1Mbps", BigDecimal.ONE, RATE_UNITS);
    }

    private record Unit(String suffix, BigDecimal factor) {}

    private static final Unit[] TIME_UNITS = {
        new Unit("nsec", BigDecimal.ONE),
        new Unit("ns", BigDecimal.ONE),
        new Unit("usec", BigDecimal.valueOf(1_000)),
        new Unit("us", BigDecimal.valueOf(1_000)),
        new Unit("msec", BigDecimal.valueOf(1_000_000)),
        new Unit("ms", BigDecimal.valueOf(1_000_000)),
        new Unit("sec", NANOS_PER_SECOND),
        new Unit("min", NANOS_PER_SECOND.multiply(BigDecimal.valueOf(60))),
        new Unit("hr", NANOS_PER_SECOND.multiply(BigDecimal.valueOf(3600))),
        new Unit("m", NANOS_PER_SECOND.multiply(BigDecimal.valueOf(60))),
        new Unit("h", NANOS_PER_SECOND.multiply(BigDecimal.valueOf(3600))),
        new Unit("s", NANOS_PER_SECOND),
    };

    private static final Unit[] RATE_UNITS = {
        new Unit("Gbps", BigDecimal.valueOf(125_000_000)),
        new Unit("Mbps", BigDecimal.valueOf(125_000)),
        new Unit("kbps", BigDecimal.valueOf(125)),
        new Unit("Kbps", BigDecimal.valueOf(125)),
        new Unit("bps", BigDecimal.valueOf(125, 3)),
        new Unit("GBps", BigDecimal.valueOf(1_000_000_000)),
        new Unit("MBps", BigDecimal.valueOf(1_000_000)),
        new Unit("kBps", BigDecimal.valueOf(1_000)),
        new Unit("KBps", BigDecimal.valueOf(1_000)),
        new Unit("Bps", BigDecimal.ONE),
        new Unit("B/s", BigDecimal.ONE),
    };

    private static Long scaled(String text, String wanted, BigDecimal plain, Unit[] units) {
        BigDecimal factor = plain;
        String number = text;
        for (Unit unit : units) {
            if (text.endsWith(unit.suffix())) {
                factor = unit.factor();
                number = text.substring(0, text.length() - unit.suffix().length())
                        .trim();
                break;
            }
        }
        if (number.length() <= 30 && number.matches("[0-9]+(\\.[0-9]*)?|\\.[0-9]+")) {
            BigDecimal value = new BigDecimal(number).multiply(factor);
            if (value.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0) {
                return value.longValue();
            }
        }
        throw new IllegalArgumentException("expected " + wanted + ", found '" + text + "'");
    }

    /**
     * An IPv4 address with a mask.
     *
     * @param address the address, as written
     * @param mask the bits that count; -1 for a single address
     */
    public record IpPrefix(int address, int mask) {
        /** Returns whether an address lies within. */
        public boolean contains(int other) {
            return ((other ^ address) & mask) == 0;
        }
    }

    /** Returns an IPv4 address in dotted form. */
    public static String dotted(int address) {
        return (address >>> 24) + "." + (address >>> 16 & 255) + "." + (address >>> 8 & 255) + "." + (address & 255);
    }

    /** Returns an Ethernet address in the usual form, upper case as Click prints it. */
    public static String etherText(long address) {
        return String.format(
                Locale.ROOT,
                "%02X-%02X-%02X-%02X-%02X-%02X",
                address >>> 40 & 255,
                address >>> 32 & 255,
                address >>> 24 & 255,
                address >>> 16 & 255,
                address >>> 8 & 255,
                address & 255);
    }
}
