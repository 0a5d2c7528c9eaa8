package org.dvm.verifier.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.Member;
import org.dvm.core.finding.Finding;
import org.dvm.core.finding.Location;
import org.dvm.verifier.Fault;
import org.dvm.verifier.FrameSnapshot;

/** Makes a fault of what the verifiers unwind with: types become names, and the instructions around it text. */
final class FaultReport {
    private static final int BEFORE = 4;
    private static final int AFTER = 3;

    private final RawClass raw;
    private final Member method;
    private final NameTable names;
    private final Code code;
    private final Frame frame;
    private final int bci;

    FaultReport(RawClass raw, Member method, NameTable names, Code code, Frame frame, int bci) {
        this.raw = raw;
        this.method = method;
        this.names = names;
        this.code = code;
        this.frame = frame;
        this.bci = bci;
    }

    Fault report(MethodFault fault) {
        String message = fault.getMessage() == null ? "" : fault.getMessage();
        String expected = null;
        String found = null;
        if (fault.hasTypes()) {
            expected = names.describe(fault.expected());
            found = names.describe(fault.found());
            message += ": expected " + expected + ", found " + found;
        }
        String member = raw.memberName(method) + raw.memberDescriptor(method);
        Location location = Location.ofCode(raw.className(), member, bci);
        Finding finding = new Finding(fault.rule(), location, message);
        if (bci < 0) {
            return new Fault(finding, expected, found, null, List.of());
        }
        FrameSnapshot snapshot = new FrameSnapshot(
                bci,
                describe(frame.locals, frame.localCount),
                describe(frame.stack, frame.depth),
                frame.thisUninitialized);
        return new Fault(finding, expected, found, snapshot, instructions());
    }

    private List<String> describe(int[] types, int count) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(names.describe(types[i]));
        }
        return texts;
    }

    private List<String> instructions() {
        Deque<String> shown = new ArrayDeque<>();
        int after = 0;
        for (int at = 0; at < code.length && after <= AFTER; ) {
            shown.add((at == bci ? "> " : "  ") + at + ": " + InstructionText.of(code, at));
            if (at < bci && shown.size() > BEFORE) {
                shown.removeFirst();
            }
            if (at >= bci) {
                after++;
            }
            int length = code.lengthAt(at);
            if (length <= 0) {
                break;
            }
            at += length;
        }
        return new ArrayList<>(shown);
    }
}
