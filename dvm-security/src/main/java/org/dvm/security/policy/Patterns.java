package org.dvm.security.policy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the patterns of the policy language. */
public final class Patterns {
    private static final List<String> VARIABLES = List.of("user.home", "user.dir", "java.home", "java.io.tmpdir");

    /**
     * A range of addresses.
     *
     * @param address the first address's bytes: 4 or 16
     * @param bits how many leading bits must agree
     */
    public record Network(List<Byte> address, int bits) {
        /** Returns whether an address is in the range. */
        public boolean contains(byte[] other) {
            if (other.length != address.size()) {
                return false;
            }
            for (int bit = 0; bit < bits; bit += 8) {
                int mask = bits - bit >= 8 ? 0xFF : 0xFF << (8 - (bits - bit)) & 0xFF;
                if ((other[bit / 8] & mask) != (address.get(bit / 8) & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    private Patterns() {}

    /** Replaces the variables of a path by the values that they have in this process. */
    public static String expand(String pattern) {
        String expanded = pattern;
        for (String variable : VARIABLES) {
            String reference = "${" + variable + "}";
            if (expanded.contains(reference)) {
                expanded = expanded.replace(reference, System.getProperty(variable));
            }
        }
        return expanded;
    }

    /** Returns a file pattern without its {@code /*} or {@code /**}. */
    public static String directory(String pattern) {
        if (pattern.endsWith("/**")) {
            return pattern.substring(0, pattern.length() - 3);
        }
        return pattern.endsWith("/*") ? pattern.substring(0, pattern.length() - 2) : pattern;
    }

    /** Reads an address, or a range such as {@code 10.0.0.0/8}; empty for a name. No name service is asked. */
    public static Optional<Network> network(String pattern) {
        int slash = pattern.indexOf('/');
        String literal = slash < 0 ? pattern : pattern.substring(0, slash);
        if (!literal.matches("[0-9.]+") && literal.indexOf(':') < 0) {
            return Optional.empty();
        }
        try {
            byte[] bytes = InetAddress.getByName(literal).getAddress();
            int bits = slash < 0 ? bytes.length * 8 : Integer.parseInt(pattern.substring(slash + 1));
            if (bits < 0 || bits > bytes.length * 8) {
                return Optional.empty();
            }
            List<Byte> list = new ArrayList<>();
            for (byte b : bytes) {
                list.add(b);
            }
            return Optional.of(new Network(List.copyOf(list), bits));
        } catch (UnknownHostException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Reads ports and ranges; {@code *} is all of them. */
    public static List<int[]> ports(String ports) {
        List<int[]> ranges = new ArrayList<>();
        if (ports.equals("*")) {
            ranges.add(new int[] {0, 65_535});
            return ranges;
        }
        for (String range : ports.split(",", -1)) {
            int dash = range.indexOf('-');
            int low = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
            ranges.add(new int[] {low, dash < 0 ? low : Integer.parseInt(range.substring(dash + 1))});
        }
        return ranges;
    }

    /** Returns whether a permission is one of a pattern's. */
    public static boolean permits(String pattern, String permission) {
        return pattern.equals("*")
                || pattern.equals(permission)
                || (pattern.endsWith(".*")
                        && permission.length() >= pattern.length()
                        && permission.startsWith(pattern.substring(0, pattern.length() - 1)));
    }
}
