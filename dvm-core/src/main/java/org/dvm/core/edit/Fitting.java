package org.dvm.core.edit;

import java.util.ArrayList;
import java.util.List;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.edit.FilterEdits.Overflow;
import org.dvm.core.edit.PlacedSnippets.Effort;
import org.dvm.core.finding.Finding;
import org.dvm.core.finding.Location;
import org.jspecify.annotations.Nullable;

/**
 * Writes a class whose edits don't all fit: makes insertions smaller by outlining them, and leaves out those of filters
 * that allow it, with findings.
 */
final class Fitting {
    private final ClassWriter writer;
    /** What is left out of methods. */
    private final List<Finding> findings = new ArrayList<>();

    private Fitting(ClassWriter writer) {
        this.writer = writer;
    }

    /**
     * Writes the class, leaving out whole filters, if they allow it, while it has too many constants.
     *
     * @param cause why the first attempt failed; thrown again if more effort doesn't help
     */
    static Written write(ClassWriter writer, RawClass raw, List<FilterEdits> filters, RuntimeException cause)
            throws EditException {
        if (!(cause instanceof DoesNotFit || cause instanceof IndexOutOfBoundsException)) {
            throw cause;
        }
        List<FilterEdits> remaining = new ArrayList<>(filters);
        List<Finding> findings = new ArrayList<>();
        while (true) {
            try {
                Fitting fitting = new Fitting(writer);
                byte[] written = remaining.isEmpty() ? raw.bytes() : writer.write(raw, remaining, fitting);
                findings.addAll(fitting.findings);
                return new Written(written, findings);
            } catch (DoesNotFit e) {
                Location location = Location.ofClass(raw.className());
                int victim = lastToLeaveOut(remaining, new boolean[remaining.size()], e.filter());
                if (victim < 0) {
                    throw new EditException(List.of(new Finding(e.rule(), location, e.text())));
                }
                findings.add(leftOut(location, remaining.get(victim), e));
                remaining.remove(victim);
            } catch (IndexOutOfBoundsException e) {
                String message = "the class is malformed and can't be edited: " + e.getMessage();
                throw new EditException(
                        List.of(new Finding(EditRule.MALFORMED_CODE, Location.ofClass(raw.className()), message)));
            }
        }
    }

    /** Returns the last filter that allows its edits to be left out, or the one at fault if it allows it; else -1. */
    private static int lastToLeaveOut(List<FilterEdits> filters, boolean[] alreadyOut, int atFault) {
        if (atFault != DoesNotFit.ANY_FILTER) {
            return filters.get(atFault).overflow() == Overflow.LEAVE_OUT ? atFault : -1;
        }
        for (int i = filters.size() - 1; i >= 0; i--) {
            if (!alreadyOut[i] && filters.get(i).overflow() == Overflow.LEAVE_OUT) {
                return i;
            }
        }
        return -1;
    }

    private static Finding leftOut(Location location, FilterEdits filter, DoesNotFit cause) {
        return new Finding(
                EditRule.LEFT_OUT,
                location,
                "edits of filter " + filter.filter() + " are left out: " + cause.text() + " (" + cause.rule() + ")");
    }

    /**
     * Writes the content of a method's new Code attribute.
     *
     * @param edits the filters' edits of the method; what is left out becomes null
     * @return false, with nothing written, where all of them had to be left out
     */
    boolean splice(
            RawClass raw,
            RawClass.Member method,
            @Nullable MethodEdits[] edits,
            List<FilterEdits> filters,
            @Nullable String newSuperclass)
            throws EditException {
        GeneralWriter general = writer.general(raw);
        Constants constants = writer.constants();
        Output out = writer.fresh();
        int markedSize = out.size();
        int markedEntries = constants.entries();
        int markedCount = constants.count();
        int markedBytes = constants.appended().size();
        int markedHelpers = general.helpers().count();
        Effort effort = Effort.INLINE;
        while (true) {
            try {
                general.splice(raw, method, edits, newSuperclass, effort, out);
                return true;
            } catch (DoesNotFit e) {
                out.setSize(markedSize);
                constants.rollback(markedEntries, markedCount, markedBytes);
                general.helpers().rollback(markedHelpers);
                if (e.rule() == EditRule.CLASS_TOO_LARGE) {
                    throw e;
                } else if (e.isAboutSize() && effort == Effort.INLINE) {
                    effort = Effort.OUTLINED;
                } else if (!leaveOut(raw, method, edits, filters, e)) {
                    if (newSuperclass == null) {
                        return false;
                    }
                    // a constructor still has to call its new superclass
                    general.splice(raw, method, edits, newSuperclass, Effort.INLINE, out);
                    return true;
                }
            }
        }
    }

    /** Takes the edits of one filter out, with a finding; false if no edits remain. */
    private boolean leaveOut(
            RawClass raw,
            RawClass.Member method,
            @Nullable MethodEdits[] edits,
            List<FilterEdits> filters,
            DoesNotFit cause)
            throws EditException {
        boolean[] alreadyOut = new boolean[edits.length];
        for (int i = 0; i < edits.length; i++) {
            alreadyOut[i] = edits[i] == null;
        }
        String member = raw.memberName(method) + raw.memberDescriptor(method);
        Location location = Location.ofCode(raw.className(), member, cause.bci());
        int victim = lastToLeaveOut(filters, alreadyOut, cause.filter());
        if (victim < 0) {
            throw new EditException(List.of(new Finding(cause.rule(), location, cause.text())));
        }
        findings.add(leftOut(location, filters.get(victim), cause));
        edits[victim] = null;
        for (MethodEdits remaining : edits) {
            if (remaining != null) {
                return true;
            }
        }
        return false;
    }
}
