package org.dvm.verifier;

import java.util.List;
import java.util.Random;
import org.dvm.testkit.assembly.Bytes;
import org.dvm.testkit.assembly.ClassAssembler;

/**
 * Small classes that put together what the format has rules for: names and descriptors with odd characters in every kind of
 * constant and member, method handles of all kinds, flags of classes, members, inner classes and parameters, and the
 * attributes that a JVM reads, each in classes and interfaces of every version.
 *
 * @jvms 4.8
 */
final class FormatTemplates {
    private static final List<String> NAMES = List.of(
            "a",
            "A",
            "<init>",
            "<clinit>",
            "<x>",
            "x<",
            ">",
            "a/b",
            "/a",
            "a/",
            "a//b",
            "a.b",
            "a;b",
            "[a",
            "[",
            "",
            "1",
            "-",
            "a b",
            "\u00e9",
            "\u0000",
            "\ud834\udd1e",
            "\ud834",
            "$",
            "_",
            "java/lang/Object",
            "demo/Template",
            "()",
            "I",
            "V",
            "package-info",
            "module-info",
            "[I",
            "[Ljava/lang/Object;",
            "Ljava/lang/Object;");
    private static final List<String> TYPES = List.of(
            "I",
            "J",
            "Z",
            "V",
            "Ljava/lang/Object;",
            "Ljava/lang/Object",
            "L;",
            "LA;",
            "La/b;",
            "La.b;",
            "La//b;",
            "L/a;",
            "La/;",
            "L[I;",
            "[I",
            "[V",
            "[",
            "[[La;",
            "",
            "II",
            "Q",
            "La;I",
            "L\u00e9;",
            "L\u0000;",
            "LA<I>;",
            "[".repeat(255) + "I",
            "[".repeat(256) + "I",
            "()V",
            "()I",
            "(I)V",
            "(IJ[D[[La;)La;",
            "(V)V",
            "()",
            "()VV",
            "()II",
            "(I",
            "I)V",
            "(La)V",
            "([)V",
            "()[V",
            "()L;",
            "()La//b;",
            "(" + "J".repeat(127) + ")V",
            "(" + "J".repeat(127) + "I)V",
            "(" + "J".repeat(128) + ")V",
            "(" + "I".repeat(255) + ")V",
            "(" + "I".repeat(256) + ")V",
            "(())V",
            "(L)V");
    private static final int[] VERSIONS = {45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 57, 59, 60, 61};
    private static final List<String> CLASS_ATTRIBUTES = List.of(
            "InnerClasses",
            "EnclosingMethod",
            "NestHost",
            "NestMembers",
            "PermittedSubclasses",
            "Record",
            "Signature",
            "SourceFile",
            "BootstrapMethods",
            "Synthetic",
            "Deprecated",
            "SourceDebugExtension",
            "ConstantValue",
            "Code",
            "Exceptions",
            "MethodParameters",
            "RuntimeVisibleAnnotations",
            "RuntimeInvisibleAnnotations",
            "RuntimeVisibleTypeAnnotations",
            "AnnotationDefault",
            "Module",
            "Unknown");

    private final Random random;
    private final ClassAssembler assembler = new ClassAssembler("demo/Template");
    private int version;
    private boolean isInterface;

    private FormatTemplates(long seed) {
        random = new Random(seed * 0x9E3779B97F4A7C15L);
    }

    /** Returns the class of that seed. */
    static byte[] of(long seed) {
        return new FormatTemplates(seed).write();
    }

    private byte[] write() {
        version = VERSIONS[random.nextInt(VERSIONS.length)];
        isInterface = random.nextInt(3) == 0;
        assembler.version(version, 0).flags(isInterface ? 0x0601 : 0x0021);
        int parts = 1 + random.nextInt(2);
        for (int i = 0; i < parts; i++) {
            switch (random.nextInt(8)) {
                case 0, 1 -> constant();
                case 2 -> handle();
                case 3 -> field();
                case 4 -> method();
                case 5 -> header();
                default -> assembler.with(attribute(any(CLASS_ATTRIBUTES)));
            }
        }
        return assembler.toBytes();
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private boolean rarely() {
        return random.nextInt(8) == 0;
    }

    private int flags() {
        int flags = 0;
        for (int count = random.nextInt(4); count >= 0; count--) {
            flags |= 1 << random.nextInt(16);
        }
        return flags;
    }

    private String type(boolean ofMethod) {
        if (rarely()) {
            return any(TYPES);
        }
        String type = any(TYPES);
        while (type.startsWith("(") != ofMethod) {
            type = any(TYPES);
        }
        return type;
    }

    // ---- constants ----

    private int constant() {
        String owner = rarely() ? any(NAMES) : "A";
        return switch (random.nextInt(10)) {
            case 0 -> assembler.classConstant(any(NAMES));
            case 1 -> assembler.nameAndType(any(NAMES), type(random.nextBoolean()));
            case 2 -> assembler.fieldRef(owner, any(NAMES), type(false));
            case 3 -> assembler.methodRef(owner, any(NAMES), type(true));
            case 4 -> assembler.interfaceMethodRef(owner, any(NAMES), type(true));
            case 5 -> assembler.methodType(type(true));
            case 6 -> dynamic(17, any(NAMES), type(false));
            case 7 -> dynamic(18, any(NAMES), type(true));
            case 8 -> assembler.tagged(19 + random.nextInt(2), assembler.utf8(any(NAMES)));
            default -> assembler.string(any(NAMES));
        };
    }

    private int dynamic(int tag, String name, String type) {
        if (!rarely()) {
            assembler.with(attribute("BootstrapMethods"));
        }
        return assembler.dynamic(tag, rarely() ? 7 : 0, name, type);
    }

    private int handle() {
        String name = random.nextBoolean() ? "<init>" : any(NAMES);
        String type = random.nextBoolean() ? "()V" : type(true);
        int target = switch (random.nextInt(6)) {
            case 0 -> assembler.fieldRef("A", any(NAMES), type(false));
            case 1, 2 -> assembler.methodRef("A", name, type);
            case 3, 4 -> assembler.interfaceMethodRef("A", name, type);
            default -> constant();
        };
        return assembler.methodHandle(random.nextInt(11), target);
    }

    // ---- members ----

    private void field() {
        int flags = isInterface && !rarely() ? 0x0019 : flags();
        String name = random.nextBoolean() ? "f" : any(NAMES);
        String type = random.nextBoolean() ? any(List.of("I", "J", "F", "D", "Z", "Ljava/lang/String;")) : type(false);
        assembler.field(flags, name, type, attribute(random.nextBoolean() ? "ConstantValue" : any(CLASS_ATTRIBUTES)));
        if (rarely()) {
            assembler.field(flags, name, type);
        }
    }

    private void method() {
        int flags = random.nextBoolean() ? flags() : isInterface ? 0x0401 : 0x0001;
        String name = any(List.of("m", "<init>", "<clinit>", any(NAMES)));
        String type = random.nextBoolean() ? "()V" : type(true);
        byte[] other = attribute(any(CLASS_ATTRIBUTES));
        if ((flags & 0x0500) == 0 != rarely()) {
            assembler.method(
                    flags, name, type, assembler.code(1, 255, Bytes.of().u1(0xb1)), other);
        } else {
            assembler.method(flags, name, type, other);
        }
        if (rarely()) {
            assembler.method(flags, name, type, other);
        }
    }

    private void header() {
        switch (random.nextInt(6)) {
            case 0 -> assembler.flags(flags());
            case 1 -> assembler.flags(random.nextInt(1 << 16));
            case 2 -> assembler.thisClass(assembler.classConstant(any(NAMES)));
            case 3 -> assembler.superClass(rarely() ? 0 : assembler.classConstant(any(NAMES)));
            case 4 -> assembler.implement(assembler.classConstant(any(NAMES)));
            default -> {
                int runnable = assembler.classConstant("java/lang/Runnable");
                assembler
                        .implement(runnable)
                        .implement(rarely() ? runnable : assembler.classConstant("java/lang/Cloneable"));
            }
        }
    }

    // ---- attributes ----

    private byte[] attribute(String name) {
        Bytes content = content(name);
        if (rarely()) {
            content = rarely() ? Bytes.of() : content.u1(0);
        }
        return assembler.attribute(name, content);
    }

    /** Returns a constant of the wished kind, mostly; 0, one of another kind or none at all now and then. */
    private int reference(int wished) {
        return switch (random.nextInt(14)) {
            case 0 -> 0;
            case 1 -> 0xffff;
            case 2 -> assembler.utf8("I");
            case 3 -> assembler.classConstant("A");
            case 4 -> assembler.longInteger(5) + random.nextInt(2);
            default -> wished;
        };
    }

    private int className() {
        return reference(assembler.classConstant(random.nextInt(3) == 0 ? any(NAMES) : "demo/Template$A"));
    }

    private int zeroOr(int reference) {
        return random.nextInt(4) == 0 ? 0 : reference;
    }

    private Bytes content(String name) {
        int utf8 = reference(assembler.utf8(random.nextBoolean() ? any(NAMES) : any(TYPES)));
        switch (name) {
            case "InnerClasses" -> {
                int inner = className();
                int count = 1 + random.nextInt(2);
                Bytes bytes = Bytes.of().u2(count);
                for (int i = 0; i < count; i++) {
                    bytes.u2(random.nextBoolean() ? inner : className(), zeroOr(className()), zeroOr(utf8), flags());
                }
                return bytes;
            }
            case "EnclosingMethod" -> {
                return Bytes.of()
                        .u2(
                                className(),
                                zeroOr(reference(assembler.nameAndType(any(NAMES), type(random.nextInt(4) > 0)))));
            }
            case "NestHost" -> {
                return Bytes.of().u2(className());
            }
            case "NestMembers", "PermittedSubclasses", "Exceptions" -> {
                return Bytes.of().u2(2, className(), className());
            }
            case "Record" -> {
                byte[] inner = random.nextBoolean() ? attribute("Signature") : attribute("Unknown");
                return Bytes.of()
                        .u2(1, reference(assembler.utf8(any(NAMES))), reference(assembler.utf8(type(false))), 1)
                        .raw(inner);
            }
            case "BootstrapMethods" -> {
                int handle = reference(assembler.methodHandle(6, assembler.methodRef("A", "b", "()V")));
                return random.nextBoolean()
                        ? Bytes.of().u2(1, handle, 0)
                        : Bytes.of().u2(2, handle, 0, handle, 1, reference(constant()));
            }
            case "ConstantValue" -> {
                return Bytes.of()
                        .u2(reference(
                                switch (random.nextInt(6)) {
                                    case 0 -> assembler.integer(1);
                                    case 1 -> assembler.longInteger(1);
                                    case 2 -> assembler.floating(1);
                                    case 3 -> assembler.doubled(1);
                                    case 4 -> assembler.string("s");
                                    default -> assembler.classConstant("A");
                                }));
            }
            case "MethodParameters" -> {
                return Bytes.of().u1(2).u2(zeroOr(utf8), flags(), zeroOr(utf8), flags());
            }
            case "Signature", "SourceFile" -> {
                return Bytes.of().u2(utf8);
            }
            case "Synthetic", "Deprecated" -> {
                return Bytes.of();
            }
            default -> {
                byte[] bytes = new byte[random.nextInt(12)];
                random.nextBytes(bytes);
                return Bytes.of().raw(bytes);
            }
        }
    }
}
