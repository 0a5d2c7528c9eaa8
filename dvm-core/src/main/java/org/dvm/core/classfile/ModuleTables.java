package org.dvm.core.classfile;

import java.util.HashSet;
import java.util.Set;
import org.dvm.core.classfile.RawClass.Attribute;
import org.jspecify.annotations.Nullable;

/**
 * What the Module, ModulePackages and ModuleMainClass attributes of one module descriptor say, and the first thing that is
 * wrong with each.
 *
 * @jvms 4.7.25
 * @jvms 4.7.26
 * @jvms 4.7.27
 */
final class ModuleTables {
    private static final int MAJOR_OF_JAVA_10 = 54;
    private static final int OPEN = 0x0020;
    private static final int STATIC = 0x0040;
    private static final int SYNTHETIC = 0x1000;
    private static final String BASE = "java.base";

    private final RawClass raw;
    private final ConstantFacts constants;
    private final Set<String> usedPackages = new HashSet<>();
    private final Set<String> allPackages = new HashSet<>();

    ModuleTables(RawClass raw, ConstantFacts constants) {
        this.raw = raw;
        this.constants = constants;
    }

    /** Reads a Module attribute; returns what is wrong with it, or null. */
    @Nullable
    String faultOfModule(Attribute attribute) {
        Cursor cursor = new Cursor(attribute);
        String module = cursor.name(RawClass.MODULE);
        boolean open = (cursor.number() & OPEN) != 0;
        cursor.constantOrZero(RawClass.UTF8);
        readRequires(cursor, module);
        readPackages(cursor, "exports");
        int opens = cursor.peek();
        if (open && opens > 0) {
            cursor.fail("an open module opens packages one by one");
        }
        readPackages(cursor, "opens");
        cursor.distinct("uses", RawClass.CLASS);
        readProvides(cursor);
        cursor.end();
        return cursor.fault();
    }

    private void readRequires(Cursor cursor, String module) {
        Set<String> required = new HashSet<>();
        for (int count = cursor.number(); count > 0 && cursor.isFine(); count--) {
            String name = cursor.name(RawClass.MODULE);
            int flags = cursor.number();
            cursor.constantOrZero(RawClass.UTF8);
            if (!required.add(name) || name.equals(module)) {
                cursor.fail("it requires " + FormatReport.quoted(name) + " twice, or itself");
            }
            boolean isStatic = (flags & STATIC) != 0 && raw.majorVersion() >= MAJOR_OF_JAVA_10;
            if (name.equals(BASE) && (isStatic || (flags & SYNTHETIC) != 0)) {
                cursor.fail("it requires java.base as static or synthetic");
            }
        }
        if (module.equals(BASE) && !required.isEmpty()) {
            cursor.fail("java.base requires other modules");
        } else if (!module.equals(BASE) && !required.contains(BASE)) {
            cursor.fail("it doesn't require java.base");
        }
    }

    private void readPackages(Cursor cursor, String what) {
        Set<String> packages = new HashSet<>();
        for (int count = cursor.number(); count > 0 && cursor.isFine(); count--) {
            String name = cursor.name(RawClass.PACKAGE);
            cursor.number();
            cursor.distinct(what + " to", RawClass.MODULE);
            if (!packages.add(name)) {
                cursor.fail("it " + what + " the package " + FormatReport.quoted(name) + " twice");
            }
        }
        usedPackages.addAll(packages);
    }

    private void readProvides(Cursor cursor) {
        Set<String> services = new HashSet<>();
        for (int count = cursor.number(); count > 0 && cursor.isFine(); count--) {
            String service = cursor.name(RawClass.CLASS);
            if (cursor.peek() == 0) {
                cursor.fail("it provides " + FormatReport.quoted(service) + " with nothing");
            }
            cursor.distinct("provides", RawClass.CLASS).forEach(this::usePackageOf);
            if (!services.add(service)) {
                cursor.fail("it provides " + FormatReport.quoted(service) + " twice");
            }
        }
    }

    private void usePackageOf(String className) {
        int slash = className.lastIndexOf('/');
        if (slash > 0) {
            usedPackages.add(className.substring(0, slash));
        }
    }

    /** Reads a ModulePackages attribute; returns what is wrong with it, or null. */
    @Nullable
    String faultOfPackages(Attribute attribute) {
        Cursor cursor = new Cursor(attribute);
        allPackages.addAll(cursor.distinct("has", RawClass.PACKAGE));
        cursor.end();
        return cursor.fault();
    }

    /** Reads a ModuleMainClass attribute; returns what is wrong with it, or null. */
    @Nullable
    String faultOfMainClass(Attribute attribute) {
        Cursor cursor = new Cursor(attribute);
        usePackageOf(cursor.name(RawClass.CLASS));
        cursor.end();
        return cursor.fault();
    }

    /** Returns a package that the module exports, opens or has classes in, but that isn't among its packages; or null. */
    @Nullable
    String missingPackage() {
        return usedPackages.stream()
                .filter(name -> !allPackages.contains(name))
                .sorted()
                .findFirst()
                .orElse(null);
    }

    /** Reads the content of one attribute, and remembers the first thing that is wrong with it. */
    private final class Cursor {
        private final int end;
        private int at;
        private @Nullable String fault;

        Cursor(Attribute attribute) {
            at = attribute.offset();
            end = at + attribute.length();
        }

        /** Returns the next number without reading it; 0 where there is none. */
        int peek() {
            return fault != null || end - at < 2 ? 0 : raw.u2(at);
        }

        int number() {
            if (fault != null || end - at < 2) {
                fail("it is too short");
                return 0;
            }
            at += 2;
            return raw.u2(at - 2);
        }

        /** Returns the name in a constant of a tag; empty where it is another. */
        String name(int tag) {
            int index = number();
            if (fault == null && !constants.hasTag(index, tag)) {
                fail("at " + (at - 2) + " it refers to " + constants.described(index) + " instead of tag " + tag);
            }
            String name = fault == null ? raw.name(index) : "";
            if (tag == RawClass.CLASS && name.startsWith("[")) {
                fail("it names an array type");
            }
            return name;
        }

        void constantOrZero(int tag) {
            if (peek() == 0) {
                number();
                return;
            }
            int index = number();
            if (fault == null && !constants.hasTag(index, tag)) {
                fail("at " + (at - 2) + " it refers to " + constants.described(index) + " instead of tag " + tag);
            }
        }

        /** Returns the names of a list, of which none may stand twice. */
        Set<String> distinct(String what, int tag) {
            Set<String> names = new HashSet<>();
            for (int count = number(); count > 0 && fault == null; count--) {
                String name = name(tag);
                if (!names.add(name)) {
                    fail("it " + what + " " + FormatReport.quoted(name) + " twice");
                }
            }
            return names;
        }

        void end() {
            if (at != end) {
                fail("it is longer than its content");
            }
        }

        void fail(String what) {
            fault = fault == null ? what : fault;
        }

        boolean isFine() {
            return fault == null;
        }

        @Nullable
        String fault() {
            return fault;
        }
    }
}
