package org.dvm.runtime.verify;

import org.jspecify.annotations.Nullable;

/** Works through one assumption table; {@link LinkChecks} says what stands in it. */
final class TableCheck {
    private static final char END = '.';

    private final Class<?> client;
    private final String table;
    private int at;
    private @Nullable References references;

    TableCheck(Class<?> client, String table) {
        this.client = client;
        this.table = table;
    }

    void run() {
        while (at < table.length()) {
            String kind = next();
            switch (kind) {
                case "A":
                    checkAssignable(next(), next());
                    break;
                case "T":
                    checkThrowable(next());
                    break;
                case "L":
                    load(next());
                    break;
                case "J":
                    loadToJoin(next(), next());
                    break;
                case "S":
                    checkSpecialOwner(next());
                    break;
                case "P":
                    checkProtected(next(), next(), next(), next(), next());
                    break;
                case "C":
                    checkClass(use(), next());
                    break;
                case "F":
                    checkField(use(), next(), next(), next());
                    break;
                case "M":
                    checkMethod(use(), kind(), next(), next(), next());
                    break;
                default:
                    throw new VerifyError("unknown assumption '" + kind + "' in class " + client.getName());
            }
        }
    }

    private String next() {
        int end = table.indexOf(END, at);
        if (end < 0) {
            throw new VerifyError("truncated assumption table in class " + client.getName());
        }
        String text = table.substring(at, end);
        at = end + 1;
        return text;
    }

    private References.Use use() {
        String text = next();
        try {
            return References.Use.valueOf(text);
        } catch (IllegalArgumentException e) {
            throw new VerifyError("unknown use '" + text + "' in class " + client.getName());
        }
    }

    private References.OwnerKind kind() {
        return next().equals("INTERFACE") ? References.OwnerKind.INTERFACE : References.OwnerKind.CLASS;
    }

    // ---- types ----

    /** Interfaces count as Object: the JVM checks them when they are called. */
    private void checkAssignable(String from, String to) {
        Class<?> target = load(to);
        if (!target.isInterface() && !target.isAssignableFrom(load(from))) {
            throw fail("Bad type: Type '" + from + "' is not assignable to '" + to + "'");
        }
    }

    private void checkThrowable(String name) {
        if (!Throwable.class.isAssignableFrom(load(name))) {
            throw fail("Catch type is not a subclass of Throwable: Type '" + name
                    + "' is not assignable to 'java/lang/Throwable'");
        }
    }

    /** What is joined to classes that have only java/lang/Object in common isn't loaded; interfaces have no more. */
    private void loadToJoin(String name, String joined) {
        Class<?> common = null;
        for (String each : joined.split(";")) {
            Class<?> type = load(each);
            if (type.isInterface()) {
                return;
            }
            while (common != null && !common.isAssignableFrom(type)) {
                common = common.getSuperclass();
            }
            common = common == null ? type : common;
        }
        if (common != Object.class) {
            load(name);
        }
    }

    private void checkSpecialOwner(String owner) {
        Class<?> target = load(owner);
        if (target.isInterface()) {
            throw fail("Bad invokespecial instruction: interface method to invoke is not in a direct superinterface");
        }
        if (!target.isAssignableFrom(client)) {
            throw fail("Bad invokespecial instruction: current class isn't assignable to reference class");
        }
    }

    private void checkProtected(String kind, String owner, String name, String descriptor, String receiver) {
        Facts self = LoadedClass.of(client);
        Facts superclass = superclassNamed(self, owner);
        if (superclass != null
                && References.isProtectedElsewhere(superclass, memberKind(kind), name, descriptor, self)
                && !isClientOrSubclass(receiver)) {
            throw fail(
                    "Bad access to protected data: Type '" + receiver + "' is not assignable to '" + self.name() + "'");
        }
    }

    private static References.MemberKind memberKind(String kind) {
        return kind.equals("F") ? References.MemberKind.FIELD : References.MemberKind.METHOD;
    }

    private static @Nullable Facts superclassNamed(Facts self, String owner) {
        Facts superclass = self.superclass();
        while (superclass != null && !superclass.name().equals(owner)) {
            superclass = superclass.superclass();
        }
        return superclass;
    }

    private boolean isClientOrSubclass(String receiver) {
        return !receiver.startsWith("[")
                && (client.isInterface() && !receiver.equals("java/lang/Object")
                        || client.isAssignableFrom(load(receiver)));
    }

    // ---- references ----

    private void checkClass(References.Use use, String name) {
        references().checkClass(name, use);
    }

    private void checkField(References.Use use, String owner, String name, String descriptor) {
        references().checkField(owner, name, descriptor, use);
    }

    private void checkMethod(
            References.Use use, References.OwnerKind kind, String owner, String name, String descriptor) {
        references().checkMethod(owner, kind, name, descriptor, use);
    }

    private References references() {
        References made = references;
        if (made == null) {
            made = new References(LoadedClass.of(client), name -> LoadedClass.of(load(name)));
            references = made;
        }
        return made;
    }

    // ---- classes ----

    private Class<?> load(String name) {
        try {
            return Class.forName(name.replace('/', '.'), false, client.getClassLoader());
        } catch (ClassNotFoundException e) {
            NoClassDefFoundError error = new NoClassDefFoundError(name);
            error.initCause(e);
            throw error;
        }
    }

    private VerifyError fail(String reason) {
        return new VerifyError("(class: " + client.getName().replace('.', '/') + ") " + reason);
    }
}
