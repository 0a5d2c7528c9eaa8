package org.dvm.examples.filter;

import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.Member;
import org.dvm.core.edit.LocalVariable;
import org.dvm.core.edit.MethodEdits;
import org.dvm.core.edit.Snippet;
import org.dvm.core.edit.Value;
import org.dvm.core.pipeline.ClassTransformer;
import org.dvm.core.pipeline.ClassUnit;
import org.dvm.core.pipeline.TransformContext;

/** The static component: takes the time of every method with code. */
record SlowCallFilter(String classPrefix, int limitMillis) implements ClassTransformer {
    @Override
    public String name() {
        return "slow";
    }

    @Override
    public String fingerprint() {
        return "1 " + classPrefix + " " + limitMillis;
    }

    @Override
    public void transform(ClassUnit unit, TransformContext context) {
        if (!unit.name().startsWith(classPrefix)) {
            return;
        }
        RawClass raw = unit.raw();
        int probes = 0;
        for (int i = 0; i < raw.methodCount(); i++) {
            Member method = raw.method(i);
            if (method.codeOffset() >= 0 && !raw.memberName(method).startsWith("<")) {
                time(unit.edits().method(i), unit.name() + "." + raw.memberName(method));
                probes++;
            }
        }
        context.note("times " + probes + " methods");
    }

    private void time(MethodEdits method, String name) {
        LocalVariable start = method.newLocal("J");
        method.atEntry(Snippet.call("java/lang/System", "nanoTime", "()J").storeInto(start));
        method.atEveryExit(Snippet.call(
                "org/dvm/examples/filter/SlowCalls",
                "left",
                "(Ljava/lang/String;JI)V",
                Value.of(name),
                Value.local(start),
                Value.of(limitMillis)));
    }

    @Override
    public OnOverflow onOverflow() {
        return OnOverflow.LEAVE_OUT;
    }
}
