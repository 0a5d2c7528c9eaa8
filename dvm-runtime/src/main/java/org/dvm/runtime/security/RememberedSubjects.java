package org.dvm.runtime.security;

import java.util.List;

/**
 * A source that is asked for each class's subject once: code keeps the subject that it was loaded with, and walks of the
 * stack ask again and again.
 */
final class RememberedSubjects implements DecisionSource {
    private final DecisionSource source;

    private final ClassValue<String> subjects = new ClassValue<String>() {
        @Override
        protected String computeValue(Class<?> type) {
            return source.subjectOf(type);
        }
    };

    RememberedSubjects(DecisionSource source) {
        this.source = source;
    }

    @Override
    public Decision decide(String subject, String permission, ResourceKind kind, String resource) {
        return source.decide(subject, permission, kind, resource);
    }

    @Override
    public long epoch() {
        return source.epoch();
    }

    @Override
    public boolean mayEnter(String subject, String target) {
        return source.mayEnter(subject, target);
    }

    @Override
    public Attribution attribution(String permission) {
        return source.attribution(permission);
    }

    @Override
    public boolean endorses(String className, String method, String permission) {
        return source.endorses(className, method, permission);
    }

    @Override
    public String subjectOf(Class<?> type) {
        return subjects.get(type);
    }

    @Override
    public List<String> permissionsToCreate(String className) {
        return source.permissionsToCreate(className);
    }

    @Override
    public String subjectOfThread(String name) {
        return source.subjectOfThread(name);
    }
}
