package org.dvm.monitor;

import java.util.Set;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.edit.MethodEdits;
import org.dvm.core.finding.Finding;
import org.dvm.core.finding.Location;
import org.dvm.core.pipeline.ClassUnit;
import org.dvm.core.pipeline.TransformContext;
import org.dvm.runtime.ProbedMethod;

/** The walk over a class that monitoring filters share: each chosen method with code gets a probe. */
final class MethodProbes {
    /**
     * Packages on which the collectors stand. A probe in them could call itself without end, so that they are never
     * observed, whatever the rules say.
     */
    private static final String[] FOUNDATION = {
        "org/dvm/runtime/",
        "java/lang/",
        "java/util/",
        "java/io/",
        "java/nio/",
        "java/time/",
        "jdk/internal/",
        "jdk/jfr/",
        "sun/"
    };

    /** Room that a string constant has: the length field counts 16 bits of bytes. */
    private static final int MAX_UTF8_BYTES = 65_535;

    /** What a filter asks for at one method. */
    interface Probe {
        void insert(MethodEdits edits, String key, Set<AuditEvent> events);
    }

    private MethodProbes() {}

    static void insert(MethodSelector selector, ClassUnit unit, TransformContext context, Probe probe) {
        MethodSelector.OfClass selection = selector.ofClass(unit.name());
        if (selection.isEmpty()) {
            return;
        }
        if (isFoundation(unit.name())) {
            context.note("left out: the collectors themselves need this package");
            return;
        }
        RawClass raw = unit.raw();
        int probed = 0;
        for (int i = 0; i < raw.methodCount(); i++) {
            RawClass.Member method = raw.method(i);
            if (method.codeOffset() < 0) {
                continue; // abstract and native methods have no code to probe
            }
            String name = raw.memberName(method);
            String descriptor = raw.memberDescriptor(method);
            Set<AuditEvent> events = selection.events(name, descriptor);
            if (events.isEmpty()) {
                continue;
            }
            String key = ProbedMethod.key(unit.name(), name, descriptor);
            if (utf8Length(key) > MAX_UTF8_BYTES) {
                context.report(new Finding(
                        MonitorRule.METHOD_NAME_TOO_LONG,
                        Location.ofCode(unit.name(), name + descriptor, -1),
                        "not observed: its full name takes more than " + MAX_UTF8_BYTES + " bytes"));
                continue;
            }
            probe.insert(unit.edits().method(i), key, events);
            probed++;
        }
        if (probed > 0) {
            context.note("methods=" + probed + "/" + raw.methodCount());
        }
    }

    private static boolean isFoundation(String internalName) {
        for (String prefix : FOUNDATION) {
            if (internalName.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    /** Returns the length in modified UTF-8. */
    private static int utf8Length(String text) {
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            length += c >= 1 && c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
        }
        return length;
    }
}
