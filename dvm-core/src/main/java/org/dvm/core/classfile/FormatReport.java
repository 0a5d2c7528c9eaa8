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
    private static final int MAX_QUOTED_LENGTH = 200;

    private final List<Finding> findings = new ArrayList<>(0);
    private @Nullable RawClass raw;
    private @Nullable String className;
    private @Nullable Member member;

    /** Says which class later findings are about. */
    void enterClass(RawClass entered) {
        raw = entered;
    }

    /** Says which field or method later findings are about; null for the class itself. */
    void enterMember(@Nullable Member entered) {
        member = entered;
    }

    void add(FormatRule rule, int offset, String message) {
        if (findings.size() < LIMIT) {
            findings.add(new Finding(rule, location(offset), message));
        }
    }

    private Location location(int offset) {
        RawClass in = raw;
        if (in == null) {
            return Location.ofOffset(null, offset);
        }
        Member at = member;
        String name = at == null ? null : quotable(in.memberName(at) + in.memberDescriptor(at));
        className = className == null ? quotable(in.className()) : className;
        return new Location(null, className, name, -1, offset);
    }

    void add(Finding finding) {
        if (findings.size() < LIMIT) {
            findings.add(finding);
        }
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
        return '"' + quotable(text) + '"';
    }

    /** Returns a text of the class file cut down to what a message can bear. */
    static String quotable(String text) {
        String cut = text.length() <= MAX_QUOTED_LENGTH ? text : text.substring(0, MAX_QUOTED_LENGTH) + "...";
        StringBuilder printable = new StringBuilder(cut.length());
        for (int i = 0; i < cut.length(); i++) {
            char c = cut.charAt(i);
            if (Character.isISOControl(c) || Character.isSurrogate(c) || Character.getType(c) == Character.FORMAT) {
                printable.append("\\u");
                for (int shift = 12; shift >= 0; shift -= 4) {
                    printable.append(Character.forDigit(c >> shift & 0xf, 16));
                }
            } else {
                printable.append(c);
            }
        }
        return printable.toString();
    }
}
