package org.dvm.jmh.engine;

import java.util.ArrayList;
import java.util.List;
import org.dvm.core.classfile.FormatChecker;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.Member;
import org.dvm.core.edit.ClassEdits;
import org.dvm.core.edit.ClassWriter;
import org.dvm.core.edit.FilterEdits;
import org.dvm.core.edit.FilterEdits.Overflow;
import org.dvm.core.edit.MethodEdits;
import org.dvm.core.edit.Snippet;
import org.dvm.core.edit.Value;
import org.dvm.core.pipeline.ClassTransformer;
import org.dvm.core.pipeline.ClassUnit;
import org.dvm.core.pipeline.TransformContext;

/** DVM's own engine, format check on. */
public final class DvmContender implements Contender {
    @Override
    public String name() {
        return "DVM";
    }

    @Override
    public boolean canDo(Task task) {
        return true;
    }

    @Override
    public byte[] transform(byte[] classFile, Task task) throws Exception {
        RawClass raw = FormatChecker.read(classFile);
        int filterCount = task == Task.FOUR_FILTERS ? 4 : 1;
        List<FilterEdits> filters = new ArrayList<>(filterCount);
        for (int filter = 0; filter < filterCount; filter++) {
            ClassEdits edits = new ClassEdits(raw);
            edit(raw, task, edits);
            filters.add(new FilterEdits("bench", edits, Overflow.LEAVE_OUT));
        }
        return ClassWriter.write(raw, filters).classFile();
    }

    /** Returns the task as a filter for a pipeline; four of them are four filters. */
    public static ClassTransformer filter(Task task, int number) {
        return new ClassTransformer() {
            @Override
            public String name() {
                return "bench" + number;
            }

            @Override
            public String fingerprint() {
                return task.name();
            }

            @Override
            public OnOverflow onOverflow() {
                return OnOverflow.LEAVE_OUT;
            }

            @Override
            public void transform(ClassUnit unit, TransformContext context) {
                if (task != Task.UNTOUCHED) {
                    edit(unit.raw(), task, unit.edits());
                }
            }
        };
    }

    private static void edit(RawClass raw, Task task, ClassEdits edits) {
        int count = raw.methodCount();
        for (int i = 0; i < count; i++) {
            if (raw.method(i).codeOffset() >= 0 && task.touches(i)) {
                if (task == Task.CALLS) {
                    probeCalls(raw, i, edits.method(i));
                } else {
                    probeEntryAndExit(i, edits.method(i));
                }
            }
        }
    }

    private static void probeEntryAndExit(int index, MethodEdits method) {
        method.atEntry(Snippet.call(Task.PROBE, "enter", Task.PROBE_DESCRIPTOR, Value.of(index)));
        method.atReturn(Snippet.call(Task.PROBE, "exit", Task.PROBE_DESCRIPTOR, Value.of(index)));
    }

    private static void probeCalls(RawClass raw, int index, MethodEdits edits) {
        Member method = raw.method(index);
        Snippet probe = Snippet.call(Task.PROBE, "call", Task.PROBE_DESCRIPTOR, Value.of(index));
        edits.atBackEdges(Snippet.call(Task.PROBE, "back", Task.PROBE_DESCRIPTOR, Value.of(index)));
        int start = raw.codeStart(method);
        int end = start + raw.codeLength(method);
        for (int at = start; at < end; at += Opcodes.length(raw, start, at)) {
            if (Opcodes.isCallOrNew(raw.u1(at))) {
                edits.before(at - start, probe);
            }
        }
    }
}
