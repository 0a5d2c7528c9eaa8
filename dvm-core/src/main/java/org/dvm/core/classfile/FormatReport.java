package org.dvm.core.classfile;

import java.util.ArrayList;
import java.util.List;
import org.dvm.core.classfile.RawClass.Member;
import org.dvm.core.finding.Finding;
import org.dvm.core.finding.Location;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong with one class file; no more than {@link #LIMIT} findings, however broken it is. */
final class FormatReport {
    static final int LIMIT = 50;

    /** How long texts of the class file get in a message, but for an escape and dots: below 200. */
    private static final int MAX_QUOTED_LENGTH = 190;

    private final int limit;
    private final List<Finding> findings = new ArrayList<>(0);
    private @Nullable RawClass raw;
    private @Nullable String className;
    private @Nullable Member member;

    private FormatReport(int limit) {
        this.limit = limit;
    }

    /** Returns a report for those who only ask whether anything is wrong. */
    static FormatReport ofFirst() {
        return new FormatReport(1);
    }

    /** Returns a report for those who want to know what is wrong, in order. */
    static FormatReport ofAll() {
        return new FormatReport(LIMIT);
    }

    boolean isOfAll() {
        return limit == LIMIT;
    }

    /** Says which class later findings are about. */
    void enterClass(RawClass entered) {
        raw = entered;
    }

    /** Says which field or method later findings are about; null for the class itself. */
    void enterMember(@Nullable Member entered) {
        member = entered;
    }

    void add(FormatRule rule, int offset, String message) {
        if (!isFull()) {
            findings.add(new Finding(rule, location(offset), message));
        }
    }

    private Location location(int offset) {
        RawClass in = raw;
        if (in == null) {
            return Location.ofOffset(null, offset);
        }
        Member at = member;
        String name = at == null ? null : quotable(in.memberName(at), in.memberDescriptor(at));
        className = className == null ? quotable(in.className(), "") : className;
        return new Location(null, className, name, -1, offset);
    }

    void add(Finding finding) {
        if (!isFull()) {
            findings.add(finding);
        }
    }

    /** Returns whether what else is found doesn't count. */
    boolean isFull() {
        return findings.size() >= limit;
    }

    boolean isEmpty() {
        return findings.isEmpty();
    }

    /** Forgets findings of all other rules. */
    void keepOnly(FormatRule first, FormatRule second) {
        findings.removeIf(finding -> finding.rule() != first && finding.rule() != second);
    }

    List<Finding> findings() {
        return findings.isEmpty() ? List.of() : List.copyOf(findings);
    }

    /** Returns a text of the class file in quotes, cut down to what a message can bear. */
    static String quoted(String text) {
        return '"' + quotable(text, "") + '"';
    }

    /** Returns two texts of the class file behind each other, cut down to what a message can bear. */
    private static String quotable(String first, String second) {
        StringBuilder printable =
                new StringBuilder(Math.min(first.length() + second.length(), MAX_QUOTED_LENGTH) + "...".length());
        if (!appendPrintable(printable, first) || !appendPrintable(printable, second)) {
            printable.append("...");
        }
        return printable.toString();
    }

    /** Returns whether all of the text had its place. */
    private static boolean appendPrintable(StringBuilder printable, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (printable.length() >= MAX_QUOTED_LENGTH) {
                return false;
            }
            char c = text.charAt(i);
            if (Character.isISOControl(c) || Character.isSurrogate(c) || Character.getType(c) == Character.FORMAT) {
                printable.append("\\u");
                for (int shift = 12; shift >= 0; shift -= 4) {
                    printable.append(Character.forDigit(c >> shift & 0xf, 16));
                }
            } else {
                printable.append(c);
            }
        }
        return true;
    }
}
