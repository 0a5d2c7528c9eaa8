package org.dvm.verifier.internal;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.dvm.verifier.Assumption;
import org.dvm.verifier.Deferred;
import org.jspecify.annotations.Nullable;

/** Assumptions as the text that the dynamic component reads; what the JVM checks by itself isn't in it. */
public final class AssumptionTable {
    /** A string constant has at most 65535 bytes; a character takes up to three. */
    private static final int MAX_CHARACTERS = 21_000;

    private AssumptionTable() {}

    /** Returns the tables; usually one, none where nothing is left to check. */
    public static List<String> of(List<Deferred> assumptions) {
        List<String> tables = new ArrayList<>();
        StringBuilder table = new StringBuilder();
        for (String entry : entries(assumptions)) {
            if (table.length() > 0 && table.length() + entry.length() > MAX_CHARACTERS) {
                tables.add(table.toString());
                table.setLength(0);
            }
            table.append(entry);
        }
        if (table.length() > 0) {
            tables.add(table.toString());
        }
        return tables;
    }

    /** Returns how many assumptions the tables hold. */
    public static int count(List<Deferred> assumptions) {
        return entries(assumptions).size();
    }

    private static Set<String> entries(List<Deferred> assumptions) {
        Set<String> entries = new LinkedHashSet<>();
        for (Deferred each : assumptions) {
            String entry = entry(each.assumption());
            if (entry != null) {
                entries.add(entry);
            }
        }
        return entries;
    }

    private static @Nullable String entry(Assumption assumption) {
        if (assumption instanceof Assumption.Assignable a) {
            return "A." + a.from() + '.' + a.to() + '.';
        }
        if (assumption instanceof Assumption.ThrowableType t) {
            return "T." + t.name() + '.';
        }
        if (assumption instanceof Assumption.Loadable l) {
            return "L." + l.name() + '.';
        }
        if (assumption instanceof Assumption.SpecialOwner s) {
            return "S." + s.owner() + '.';
        }
        if (assumption instanceof Assumption.ProtectedAccess p) {
            char kind = p.kind() == Assumption.MemberKind.FIELD ? 'F' : 'M';
            return "P." + kind + '.' + p.owner() + '.' + p.name() + '.' + p.descriptor() + '.' + p.receiver() + '.';
        }
        // Supertypes and overrides the JVM checks when it defines the class, references when it resolves them.
        return null;
    }
}
