package org.dvm.verifier.internal;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.dvm.verifier.Assumption;
import org.jspecify.annotations.Nullable;

/** Assumptions as the text that the dynamic component reads; what the JVM always checks by itself isn't in it. */
final class AssumptionTable {
    /** A string constant has at most 65535 bytes; a character takes up to three. */
    private static final int MAX_CHARACTERS = 21_000;

    private final Set<String> entries = new LinkedHashSet<>();

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Returns how many assumptions it holds. */
    int size() {
        return entries.size();
    }

    void add(Assumption assumption) {
        String entry = entry(assumption);
        if (entry != null) {
            entries.add(entry);
        }
    }

    /** Returns the texts; usually one. */
    List<String> texts() {
        List<String> texts = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (String entry : entries) {
            if (text.length() > 0 && text.length() + entry.length() > MAX_CHARACTERS) {
                texts.add(text.toString());
                text.setLength(0);
            }
            text.append(entry);
        }
        if (text.length() > 0) {
            texts.add(text.toString());
        }
        return texts;
    }

    /** Returns an assumption's text; null where the JVM checks it in any case. */
    private static @Nullable String entry(Assumption assumption) {
        if (assumption instanceof Assumption.Assignable a) {
            return text("A", a.from(), a.to());
        }
        if (assumption instanceof Assumption.ThrowableType t) {
            return text("T", t.name());
        }
        if (assumption instanceof Assumption.Loadable l) {
            return l.joined().isEmpty() ? text("L", l.name()) : text("J", l.name(), String.join(";", l.joined()));
        }
        if (assumption instanceof Assumption.SpecialOwner s) {
            return text("S", s.owner());
        }
        if (assumption instanceof Assumption.ProtectedAccess p) {
            String kind = p.kind() == Assumption.MemberKind.FIELD ? "F" : "M";
            return text("P", kind, p.owner(), p.name(), p.descriptor(), p.receiver());
        }
        if (assumption instanceof Assumption.ClassUse c) {
            return text("C", ReferenceJudge.useOf(c).name(), c.name());
        }
        if (assumption instanceof Assumption.FieldUse f) {
            return text("F", ReferenceJudge.useOf(f).name(), f.owner(), f.name(), f.descriptor());
        }
        if (assumption instanceof Assumption.MethodUse m) {
            return text(
                    "M",
                    ReferenceJudge.useOf(m).name(),
                    ReferenceJudge.kindOf(m).name(),
                    m.owner(),
                    m.name(),
                    m.descriptor());
        }
        // Supertypes and overrides the JVM checks when it defines the class, dynamic constants when it resolves them.
        return null;
    }

    private static String text(String... parts) {
        return String.join(".", parts) + '.';
    }
}
