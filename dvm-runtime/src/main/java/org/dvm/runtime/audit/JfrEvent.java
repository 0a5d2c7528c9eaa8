package org.dvm.runtime.audit;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** An audit event in a Flight Recorder recording. Loaded only where Flight Recorder is asked for and present. */
@Name("org.dvm.Audit")
@Label("Audit")
@Description("A method was entered or left")
@Category("DVM")
@StackTrace(false)
final class JfrEvent extends Event {
    @Label("Kind")
    @Nullable
    String kind;

    @Label("Method")
    @Description("Class, name and descriptor, separated by dots")
    @Nullable
    String method;

    @Label("Exception Class")
    @Nullable
    String exception;

    /** Commits an event in the calling thread; it costs nothing while no recording wants it. */
    static void emit(String kind, String method, @Nullable String exception) {
        JfrEvent event = new JfrEvent();
        if (event.isEnabled()) {
            event.kind = kind;
            event.method = method;
            event.exception = exception;
            event.commit();
        }
    }
}
