package org.dvm.jmh.security;

import org.dvm.runtime.security.Attribution;
import org.dvm.runtime.security.DecisionSource;

/** A policy with one subject, whose all code is, and with nothing but its decisions. */
abstract class OneSubjectSource implements DecisionSource {
    private final String subject;

    OneSubjectSource(String subject) {
        this.subject = subject;
    }

    @Override
    public long epoch() {
        return 1;
    }

    @Override
    public boolean mayEnter(String from, String target) {
        return false;
    }

    @Override
    public Attribution attribution(String permission) {
        return Attribution.STACK;
    }

    @Override
    public boolean endorses(String className, String method, String permission) {
        return false;
    }

    @Override
    public String subjectOf(Class<?> type) {
        return subject;
    }

    @Override
    public String subjectOfThread(String threadName) {
        return "";
    }
}
