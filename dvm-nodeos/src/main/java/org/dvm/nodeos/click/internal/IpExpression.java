package org.dvm.nodeos.click.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.dvm.nodeos.PacketBuffer;
import org.dvm.nodeos.click.Values;

/**
 * A condition on IP packets in the language of IPFilter and IPClassifier, which is tcpdump's.
 *
 * <pre>
 *   expr    = term { ("or" | "||") term }
 *   term    = factor { ["and" | "&amp;&amp;"] factor }
 *   factor  = ("not" | "!") factor | "(" expr ")" | primitive
 *   primitive = "all" | "any" | "-" | "true" | "none" | "false"
 *             | [dir] ["host"] ADDRESS | [dir] ["net"] ADDRESS/MASK | [dir] ["tcp"|"udp"] "port" [rel] PORT
 *             | ["ip"] "proto" PROTOCOL | PROTOCOL | "icmp" "type" [rel] TYPE | "tcp" "opt" FLAG
 *             | "ip" "vers" [rel] N | "ip" "hl" [rel] N | "ip" "id" [rel] N | "ip" "tos" [rel] N
 *             | "ip" "dscp" [rel] N | "ip" "ttl" [rel] N | "ip" "len" [rel] N | "ip" "frag" | "ip" "unfrag"
 *   dir     = "src" | "dst" | "src" "and" "dst" | "src" "or" "dst"
 *   rel     = "==" | "=" | "!=" | "&gt;" | "&lt;" | "&gt;=" | "&lt;="
 * </pre>
 */
abstract class IpExpression {
    private static final int MAX_DEPTH = 200;

    private static final Map<String, Integer> PROTOCOLS =
            Map.of("icmp", 1, "igmp", 2, "ipip", 4, "tcp", 6, "udp", 17, "gre", 47, "sctp", 132);

    private static final Map<String, Integer> PORTS = Map.ofEntries(
            Map.entry("echo", 7),
            Map.entry("discard", 9),
            Map.entry("daytime", 13),
            Map.entry("ftp-data", 20),
            Map.entry("ftp", 21),
            Map.entry("ssh", 22),
            Map.entry("telnet", 23),
            Map.entry("smtp", 25),
            Map.entry("domain", 53),
            Map.entry("dns", 53),
            Map.entry("bootps", 67),
            Map.entry("bootpc", 68),
            Map.entry("tftp", 69),
            Map.entry("finger", 79),
            Map.entry("www", 80),
            Map.entry("http", 80),
            Map.entry("pop3", 110),
            Map.entry("auth", 113),
            Map.entry("ntp", 123),
            Map.entry("imap2", 143),
            Map.entry("imap", 143),
            Map.entry("snmp", 161),
            Map.entry("https", 443),
            Map.entry("imap4s", 585),
            Map.entry("imaps", 993),
            Map.entry("pop3s", 995));

    private static final Map<String, Integer> ICMP_TYPES = Map.ofEntries(
            Map.entry("echo-reply", 0),
            Map.entry("unreachable", 3),
            Map.entry("sourcequench", 4),
            Map.entry("redirect", 5),
            Map.entry("echo", 8),
            Map.entry("routeradvert", 9),
            Map.entry("routersolicit", 10),
            Map.entry("timeexceeded", 11),
            Map.entry("parameterproblem", 12),
            Map.entry("timestamp", 13),
            Map.entry("timestamp-reply", 14));

    private static final Map<String, Integer> TCP_FLAGS =
            Map.of("fin", 1, "syn", 2, "rst", 4, "psh", 8, "ack", 16, "urg", 32);

    /** Returns whether the packet, whose IP header is at that offset, fulfils the condition. */
    abstract boolean matches(PacketBuffer packet, int ip);

    /** Parses a condition; throws {@link IllegalArgumentException} with what is wrong. */
    static IpExpression parse(String text) {
        Parser parser = new Parser(text);
        IpExpression expression = parser.expression(0);
        if (!parser.atEnd()) {
            throw new IllegalArgumentException("unexpected '" + parser.peek() + "' in '" + text + "'");
        }
        return expression;
    }

    private static final class Constant extends IpExpression {
        private final boolean value;

        Constant(boolean value) {
            this.value = value;
        }

        @Override
        boolean matches(PacketBuffer packet, int ip) {
            return value;
        }
    }

    private static final class Not extends IpExpression {
        private final IpExpression operand;

        Not(IpExpression operand) {
            this.operand = operand;
        }

        @Override
        boolean matches(PacketBuffer packet, int ip) {
            return !operand.matches(packet, ip);
        }
    }

    /** All of the operands, or any of them. */
    private static final class Combination extends IpExpression {
        private final IpExpression[] operands;
        private final boolean any;

        Combination(List<IpExpression> operands, Logic logic) {
            this.operands = operands.toArray(new IpExpression[0]);
            this.any = logic == Logic.ANY;
        }

        @Override
        boolean matches(PacketBuffer packet, int ip) {
            for (IpExpression operand : operands) {
                if (operand.matches(packet, ip) == any) {
                    return any;
                }
            }
            return !any;
        }
    }

    private enum Logic {
        ANY,
        ALL
    }

    private enum Relation {
        EQUAL,
        NOT_EQUAL,
        LESS,
        GREATER,
        LESS_OR_EQUAL,
        GREATER_OR_EQUAL;

        boolean holds(long left, long right) {
            return switch (this) {
                case EQUAL -> left == right;
                case NOT_EQUAL -> left != right;
                case LESS -> left < right;
                case GREATER -> left > right;
                case LESS_OR_EQUAL -> left <= right;
                case GREATER_OR_EQUAL -> left >= right;
            };
        }
    }

    /** Bits of the IP header, compared with a number. */
    private static final class Field extends IpExpression {
        private final int offset;
        private final int bytes;
        private final int shift;
        private final long mask;
        private final Relation relation;
        private final long value;

        Field(int offset, int bytes, int shift, long mask, Relation relation, long value) {
            this.offset = offset;
            this.bytes = bytes;
            this.shift = shift;
            this.mask = mask;
            this.relation = relation;
            this.value = value;
        }

        @Override
        boolean matches(PacketBuffer packet, int ip) {
            long field = bytes == 1
                    ? packet.getUnsignedByte(ip + offset)
                    : bytes == 2 ? packet.getUnsignedShort(ip + offset) : packet.getUnsignedInt(ip + offset);
            return relation.holds(field >>> shift & mask, value);
        }
    }

    /** Bits of the transport header of a first fragment, for given protocols. */
    private static final class Transport extends IpExpression {
        private final int protocolA;
        private final int protocolB;
        private final int offset;
        private final int bytes;
        private final int mask;
        private final Relation relation;
        private final int value;

        Transport(int protocolA, int protocolB, int offset, int bytes, int mask, Relation relation, int value) {
            this.protocolA = protocolA;
            this.protocolB = protocolB;
            this.offset = offset;
            this.bytes = bytes;
            this.mask = mask;
            this.relation = relation;
            this.value = value;
        }

        @Override
        boolean matches(PacketBuffer packet, int ip) {
            int protocol = packet.getUnsignedByte(ip + Ip.PROTOCOL);
            if ((protocol != protocolA && protocol != protocolB) || Ip.isLaterFragment(packet, ip)) {
                return false;
            }
            int at = ip + Ip.headerBytes(packet, ip) + offset;
            if (at + bytes > packet.length()) {
                return false;
            }
            int field = bytes == 1 ? packet.getUnsignedByte(at) : packet.getUnsignedShort(at);
            return relation.holds(field & mask, value);
        }
    }

    /** Which of two symmetric fields a primitive speaks of. */
    private enum Direction {
        SOURCE,
        DESTINATION,
        BOTH,
        EITHER
    }

    private static final class Parser {
        private final String text;
        private final List<String> words;
        private int at;

        Parser(String text) {
            this.text = text;
            this.words = words(text);
        }

        /** Splits at white space and around parentheses and operators. */
        private static List<String> words(String text) {
            List<String> words = new ArrayList<>();
            java.util.regex.Matcher matcher = java.util.regex.Pattern.compile(
                            "&&|\\|\\||==|!=|>=|<=|[()!<>=]|[^\\s()!<>=&|]+|\\S")
                    .matcher(text);
            while (matcher.find()) {
                words.add(matcher.group());
            }
            return words;
        }

        boolean atEnd() {
            return at >= words.size();
        }

        String peek() {
            return atEnd() ? "" : words.get(at);
        }

        private boolean accept(String... alternatives) {
            for (String word : alternatives) {
                if (peek().equals(word)) {
                    at++;
                    return true;
                }
            }
            return false;
        }

        private String take(String wanted) {
            if (atEnd()) {
                throw new IllegalArgumentException("expected " + wanted + " at the end of '" + text + "'");
            }
            return words.get(at++);
        }

        IpExpression expression(int depth) {
            if (depth > MAX_DEPTH) {
                throw new IllegalArgumentException("expression is nested deeper than " + MAX_DEPTH);
            }
            List<IpExpression> terms = new ArrayList<>(List.of(term(depth)));
            while (accept("or", "||")) {
                terms.add(term(depth));
            }
            return terms.size() == 1 ? terms.get(0) : new Combination(terms, Logic.ANY);
        }

        private IpExpression term(int depth) {
            List<IpExpression> factors = new ArrayList<>(List.of(factor(depth)));
            while (true) {
                boolean explicit = accept("and", "&&");
                if (!explicit && (atEnd() || peek().equals("or") || peek().equals("||") || peek().equals(")"))) {
                    break;
                }
                factors.add(factor(depth));
            }
            return factors.size() == 1 ? factors.get(0) : new Combination(factors, Logic.ALL);
        }

        private IpExpression factor(int depth) {
            if (depth > MAX_DEPTH) {
                throw new IllegalArgumentException("expression is nested deeper than " + MAX_DEPTH);
            }
            if (accept("not", "!")) {
                return new Not(factor(depth + 1));
            }
            if (accept("(")) {
                IpExpression inner = expression(depth + 1);
                if (!accept(")")) {
                    throw new IllegalArgumentException("'(' is never closed in '" + text + "'");
                }
                return inner;
            }
            return primitive();
        }

        private IpExpression primitive() {
            String word = take("a condition");
            switch (word.toLowerCase(Locale.ROOT)) {
                case "all", "any", "-", "true":
                    return new Constant(true);
                case "none", "false":
                    return new Constant(false);
                case "src", "dst":
                    return directed(direction(word));
                case "host", "net", "port":
                    at--;
                    return directed(Direction.EITHER);
                case "ip":
                    return ipField();
                case "proto":
                    return protocol(take("a protocol"));
                case "icmp":
                    if (accept("type")) {
                        Relation relation = relation();
                        return new Transport(Ip.ICMP, Ip.ICMP, 0, 1, 255, relation, number(ICMP_TYPES, 255));
                    }
                    return protocol(word);
                case "tcp":
                    if (accept("opt")) {
                        int flag = number(TCP_FLAGS, 63);
                        return new Transport(Ip.TCP, Ip.TCP, 13, 1, flag, Relation.NOT_EQUAL, 0);
                    }
                    if (accept("port")) {
                        return ports(Direction.EITHER, Ip.TCP, Ip.TCP);
                    }
                    return protocol(word);
                case "udp":
                    if (accept("port")) {
                        return ports(Direction.EITHER, Ip.UDP, Ip.UDP);
                    }
                    return protocol(word);
                default:
                    if (PROTOCOLS.containsKey(word)) {
                        return protocol(word);
                    }
                    at--;
                    return directed(Direction.EITHER);
            }
        }

        private Direction direction(String first) {
            boolean and = peek().equals("and") || peek().equals("&&");
            boolean or = peek().equals("or") || peek().equals("||");
            if ((and || or) && at + 1 < words.size()) {
                String second = words.get(at + 1);
                if ((second.equals("src") || second.equals("dst")) && !second.equals(first)) {
                    at += 2;
                    return and ? Direction.BOTH : Direction.EITHER;
                }
            }
            return first.equals("src") ? Direction.SOURCE : Direction.DESTINATION;
        }

        private IpExpression directed(Direction direction) {
            if (accept("tcp")) {
                expectPort();
                return ports(direction, Ip.TCP, Ip.TCP);
            }
            if (accept("udp")) {
                expectPort();
                return ports(direction, Ip.UDP, Ip.UDP);
            }
            if (accept("port")) {
                return ports(direction, Ip.TCP, Ip.UDP);
            }
            boolean net = accept("net");
            boolean host = !net && accept("host");
            String word = take("an address");
            Values.IpPrefix prefix = Values.ipPrefix(word);
            int mask = prefix.mask();
            if (net && accept("mask")) {
                mask = Values.ipAddress(take("a mask"));
            } else if (host && mask != -1) {
                throw new IllegalArgumentException("'host' takes one address, not '" + word + "'; use 'net'");
            }
            long value = prefix.address() & mask & 0xffff_ffffL;
            long bits = mask & 0xffff_ffffL;
            return symmetric(
                    direction,
                    new Field(Ip.SOURCE, 4, 0, bits, Relation.EQUAL, value),
                    new Field(Ip.DESTINATION, 4, 0, bits, Relation.EQUAL, value));
        }

        private void expectPort() {
            if (!accept("port")) {
                throw new IllegalArgumentException("expected 'port' in '" + text + "', found '" + peek() + "'");
            }
        }

        private IpExpression ports(Direction direction, int protocolA, int protocolB) {
            Relation relation = relation();
            int port = number(PORTS, 0xffff);
            return symmetric(
                    direction,
                    new Transport(protocolA, protocolB, 0, 2, 0xffff, relation, port),
                    new Transport(protocolA, protocolB, 2, 2, 0xffff, relation, port));
        }

        private static IpExpression symmetric(Direction direction, IpExpression source, IpExpression destination) {
            return switch (direction) {
                case SOURCE -> source;
                case DESTINATION -> destination;
                case BOTH -> new Combination(List.of(source, destination), Logic.ALL);
                case EITHER -> new Combination(List.of(source, destination), Logic.ANY);
            };
        }

        private IpExpression protocol(String word) {
            Integer named = PROTOCOLS.get(word);
            int value = named != null ? named : Values.integer(0, 255).parse(word);
            return new Field(Ip.PROTOCOL, 1, 0, 255, Relation.EQUAL, value);
        }

        private IpExpression ipField() {
            String field = take("a field of the IP header");
            switch (field) {
                case "proto":
                    return protocol(take("a protocol"));
                case "frag":
                    return new Field(Ip.FRAGMENT, 2, 0, Ip.MORE_FRAGMENTS | Ip.OFFSET_MASK, Relation.NOT_EQUAL, 0);
                case "unfrag":
                    return new Field(Ip.FRAGMENT, 2, 0, Ip.MORE_FRAGMENTS | Ip.OFFSET_MASK, Relation.EQUAL, 0);
                case "vers":
                    return field(0, 1, 4, 15);
                case "hl":
                    return field(0, 1, 0, 15);
                case "tos":
                    return field(Ip.TOS, 1, 0, 255);
                case "dscp":
                    return field(Ip.TOS, 1, 2, 63);
                case "id":
                    return field(Ip.ID, 2, 0, 0xffff);
                case "ttl":
                    return field(Ip.TTL, 1, 0, 255);
                case "len":
                    return field(Ip.LENGTH, 2, 0, 0xffff);
                default:
                    throw new IllegalArgumentException("unknown field 'ip " + field + "'; there are proto, vers, hl,"
                            + " tos, dscp, id, ttl, len, frag and unfrag");
            }
        }

        private IpExpression field(int offset, int bytes, int shift, int mask) {
            Relation relation = relation();
            return new Field(
                    offset,
                    bytes,
                    shift,
                    mask,
                    relation,
                    Values.integer(0, mask).parse(take("a number")));
        }

        private Relation relation() {
            if (accept("==", "=")) {
                return Relation.EQUAL;
            }
            if (accept("!=")) {
                return Relation.NOT_EQUAL;
            }
            if (accept(">=")) {
                return Relation.GREATER_OR_EQUAL;
            }
            if (accept("<=")) {
                return Relation.LESS_OR_EQUAL;
            }
            if (accept(">")) {
                return Relation.GREATER;
            }
            return accept("<") ? Relation.LESS : Relation.EQUAL;
        }

        private int number(Map<String, Integer> names, int max) {
            String word = take("a number");
            Integer named = names.get(word);
            return named != null ? named : Values.integer(0, max).parse(word);
        }
    }
}
