package org.dvm.testkit.roundtrip;

import java.util.List;
import org.dvm.core.classfile.FormatChecker;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.ClassFormatException;
import org.dvm.core.classfile.RawClass.Member;
import org.dvm.core.edit.ClassEdits;
import org.dvm.core.edit.ClassWriter;
import org.dvm.core.edit.EditException;
import org.dvm.core.edit.FilterEdits;
import org.dvm.core.edit.FilterEdits.Overflow;
import org.dvm.core.edit.MethodEdits;
import org.dvm.core.edit.Snippet;
import org.dvm.core.edit.Value;
import org.dvm.core.edit.Written;
import org.dvm.testkit.Corpora.ClassFile;
import org.dvm.testkit.mutation.Instructions;

/** Puts probes into every method: at entry, at every exit, before every call and allocation. */
final class ProbedClasses {
    /** In a package that every module reads. */
    static final String PROBE = "java/lang/DvmProbe";

    private static final int FIRST_CALL = 182;
    private static final int NEW = 187;

    private int methods;
    private int leftOut;

    /** Returns the class with its probes. */
    byte[] probed(ClassFile file) {
        try {
            return probed(FormatChecker.read(file.bytes()));
        } catch (ClassFormatException | EditException e) {
            throw new AssertionError(file.name(), e);
        }
    }

    private byte[] probed(RawClass raw) throws EditException {
        ClassEdits edits = new ClassEdits(raw);
        for (int i = 0; i < raw.methodCount(); i++) {
            if (raw.method(i).codeOffset() >= 0) {
                probe(raw, raw.method(i), i, edits.method(i));
                methods++;
            }
        }
        Written written = ClassWriter.write(raw, List.of(new FilterEdits("probes", edits, Overflow.LEAVE_OUT)));
        leftOut += written.findings().size();
        return written.classFile();
    }

    private static void probe(RawClass raw, Member method, int index, MethodEdits edits) {
        edits.atEntry(Snippet.call(PROBE, "enter", "(I)V", Value.of(index)));
        edits.atEveryExit(Snippet.call(PROBE, "exit", "(I)V", Value.of(index)));
        Snippet call = Snippet.call(PROBE, "call", "(I)V", Value.of(index));
        int start = raw.codeStart(method);
        for (int at : Instructions.offsetsOf(raw, method)) {
            if (raw.u1(at) >= FIRST_CALL && raw.u1(at) <= NEW) {
                edits.before(at - start, call);
            }
        }
    }

    int methods() {
        return methods;
    }

    /** Returns how many methods have not got all of their probes, for want of room in 64 KB. */
    int leftOut() {
        return leftOut;
    }
}
