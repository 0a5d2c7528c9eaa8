package org.dvm.testkit.format;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.dvm.core.classfile.FormatRule;
import org.dvm.testkit.assembly.Bytes;
import org.dvm.testkit.assembly.ClassAssembler;
import org.jspecify.annotations.Nullable;

/** Class files for the rules of the format: those that break one, and those that look as if they did. */
final class FormatFixtures {
    private static final Bytes RETURN = Bytes.of().u1(0xb1);

    /**
     * A class file and what a JVM says to it.
     *
     * @param name what is special about it
     * @param bytes the class file
     * @param rule the rule it breaks first; null if it is accepted
     */
    record Fixture(String name, byte[] bytes, @Nullable FormatRule rule) {
        @Override
        public String toString() {
            return name;
        }
    }

    private final List<Fixture> fixtures = new ArrayList<>();

    private FormatFixtures() {}

    static List<Fixture> all() {
        FormatFixtures fixtures = new FormatFixtures();
        fixtures.addVersions();
        fixtures.addConstants();
        fixtures.addNames();
        fixtures.addHeaders();
        fixtures.addFields();
        fixtures.addMethods();
        fixtures.addCode();
        fixtures.addClassAttributes();
        fixtures.addStructure();
        return fixtures.fixtures;
    }

    private void accepted(String name, Consumer<ClassAssembler> content) {
        add(name, null, content);
    }

    private void refused(FormatRule rule, String name, Consumer<ClassAssembler> content) {
        add(name, rule, content);
    }

    private void add(String name, @Nullable FormatRule rule, Consumer<ClassAssembler> content) {
        ClassAssembler assembler = new ClassAssembler("demo/Fixture" + fixtures.size());
        content.accept(assembler);
        fixtures.add(new Fixture(name, assembler.toBytes(), rule));
    }

    private void refused(FormatRule rule, String name, byte[] bytes) {
        fixtures.add(new Fixture(name, bytes, rule));
    }

    private void addStructure() {
        byte[] sound = new ClassAssembler("demo/Sound").toBytes();
        byte[] magic = sound.clone();
        magic[3] = 0;
        refused(FormatRule.MAGIC, "another first word", magic);
        refused(FormatRule.TRUNCATED, "no bytes at all", new byte[0]);
        refused(FormatRule.TRUNCATED, "the last byte cut off", Arrays.copyOf(sound, sound.length - 1));
        refused(FormatRule.EXTRA_BYTES, "a byte too many", Arrays.copyOf(sound, sound.length + 1));
        byte[] noConstants = sound.clone();
        noConstants[8] = 0;
        noConstants[9] = 0;
        refused(FormatRule.CONSTANT_COUNT, "a constant pool of size 0", noConstants);
        refused(FormatRule.NAME_CONSTANT, "a class named by a string", c -> c.thisClass(c.string("demo/Sound")));
        refused(
                FormatRule.CLASS_NAME,
                "a class name with a trailing slash in Java 1.4",
                c -> c.version(48, 0).classConstant("a/"));
        refused(FormatRule.FIELD_NAME, "a field with a semicolon", c -> c.field(0, "a;", "I"));
        refused(
                FormatRule.SIGNATURE,
                "a signature that is a class",
                c -> c.with(c.attribute("Signature", Bytes.of().u2(c.classConstant("A")))));
    }

    private void addVersions() {
        refused(FormatRule.VERSION, "version 44", c -> c.version(44, 0));
        accepted("version 45.0", c -> c.version(45, 0));
        accepted("version 55 with a minor version", c -> c.version(55, 7));
        refused(FormatRule.VERSION, "version 56 with a minor version", c -> c.version(56, 7));
        refused(FormatRule.VERSION, "preview without --enable-preview", c -> c.version(61, 0xffff));
        refused(FormatRule.VERSION, "version 70", c -> c.version(70, 0));
    }

    private void addConstants() {
        refused(FormatRule.CONSTANT_REFERENCE, "a class named by a class", c -> c.tagged(7, c.classConstant("A")));
        refused(FormatRule.CONSTANT_REFERENCE, "a string out of bounds", c -> c.tagged(8, 999));
        refused(FormatRule.CONSTANT_REFERENCE, "a reference without type", c -> c.tagged(9, c.classConstant("A"), 1));
        refused(FormatRule.CONSTANT_REFERENCE, "a handle before a reference out of bounds", c -> {
            int handle = c.methodHandle(5, c.classConstant("A") + 2);
            c.tagged(10, handle - 1, 999);
        });
        refused(FormatRule.CONSTANT_REFERENCE, "the second half of a long", c -> c.tagged(8, c.longInteger(1) + 1));
        refused(
                FormatRule.CONSTANT_VERSION,
                "a method type in Java 6",
                c -> c.version(50, 0).methodType("()V"));
        refused(
                FormatRule.CONSTANT_VERSION,
                "a dynamic constant in Java 10",
                c -> c.version(54, 0).dynamic(17, 0, "a", "I"));
        refused(FormatRule.CONSTANT_TAG, "a module constant in a class", c -> {
            c.version(53, 0);
            c.tagged(19, c.utf8("m"));
        });
        refused(FormatRule.METHOD_HANDLE, "a handle of kind 0", c -> c.methodHandle(0, c.methodRef("A", "m", "()V")));
        refused(
                FormatRule.METHOD_HANDLE,
                "a handle that gets a method",
                c -> c.methodHandle(1, c.methodRef("A", "m", "()V")));
        refused(
                FormatRule.METHOD_HANDLE,
                "a handle that calls a constructor",
                c -> c.methodHandle(5, c.methodRef("A", "<init>", "()V")));
        refused(
                FormatRule.METHOD_HANDLE,
                "a handle that makes an instance by a method",
                c -> c.methodHandle(8, c.methodRef("A", "m", "()V")));
        refused(
                FormatRule.METHOD_HANDLE,
                "a handle on an interface's static method in Java 7",
                c -> c.version(51, 0).methodHandle(6, c.interfaceMethodRef("A", "m", "()V")));
        accepted(
                "a handle on an interface's static method in Java 8",
                c -> c.methodHandle(6, c.interfaceMethodRef("A", "m", "()V")));
        refused(
                FormatRule.UTF8,
                "a zero byte",
                c -> c.constant(Bytes.of().u1(1).u2(1).u1(0)));
        refused(
                FormatRule.UTF8,
                "four bytes a character",
                c -> c.constant(Bytes.of().u1(1).u2(4).u1(0xf0, 0x9f, 0x98, 0x80)));
        refused(
                FormatRule.UTF8,
                "a cut character",
                c -> c.constant(Bytes.of().u1(1).u2(1).u1(0xc3)));
        refused(
                FormatRule.UTF8,
                "an overlong A",
                c -> c.constant(Bytes.of().u1(1).u2(2).u1(0xc1, 0x81)));
        accepted(
                "an overlong A in Java 1.3",
                c -> c.version(47, 0).constant(Bytes.of().u1(1).u2(2).u1(0xc1, 0x81)));
        accepted("half a surrogate pair", c -> c.constant(Bytes.of().u1(1).u2(3).u1(0xed, 0xa0, 0xbd)));
    }

    private void addNames() {
        for (String name : List.of("", "a.b", "a;b", "a[b", "/a", "a/", "a//b", "[", "[V", "[La", "[L;")) {
            refused(FormatRule.CLASS_NAME, "the class name " + name, c -> c.classConstant(name));
        }
        for (String name : List.of("a<b", "a b", "\u00e4\u4e2d", "[[I", "[La/b;", "I", "[".repeat(255) + "I")) {
            accepted("the class name " + name, c -> c.classConstant(name));
        }
        refused(FormatRule.CLASS_NAME, "256 dimensions", c -> c.classConstant("[".repeat(256) + "I"));
        refused(
                FormatRule.CLASS_NAME,
                "a class name with a space in Java 1.4",
                c -> c.version(48, 0).classConstant("a b"));
        accepted(
                "a class name with a leading slash in Java 1.4",
                c -> c.version(48, 0).classConstant("/a"));
        refused(FormatRule.METHOD_NAME, "a method called <x>", c -> c.nameAndType("<x>", "()V"));
        refused(FormatRule.METHOD_NAME, "a method with an angle bracket", c -> c.nameAndType("a>", "()V"));
        accepted("a field with angle brackets", c -> c.nameAndType("<init>", "I"));
        accepted(
                "a <clinit> with parameters, of an interface, which Java 17 refuses",
                c -> c.interfaceMethodRef("A", "<clinit>", "(I)V"));
        refused(FormatRule.METHOD_NAME, "a reference to <clinit>", c -> c.methodRef("A", "<clinit>", "()V"));
        refused(FormatRule.METHOD_DESCRIPTOR, "a constructor with a result", c -> c.methodRef("A", "<init>", "()I"));
        refused(FormatRule.FIELD_DESCRIPTOR, "a field with a method's type", c -> c.fieldRef("A", "f", "()V"));
        refused(FormatRule.METHOD_DESCRIPTOR, "a method with a field's type", c -> c.methodRef("A", "m", "I"));
        for (String type : List.of("V", "II", "L", "La", "La.b;", "[V", "Q", "")) {
            refused(FormatRule.FIELD_DESCRIPTOR, "the type " + type, c -> c.nameAndType("f", type));
        }
        for (String type : List.of("(", "()", "(V)V", "()VV", "(I", "(L;)V", "()[V")) {
            refused(FormatRule.METHOD_DESCRIPTOR, "the method type " + type, c -> c.methodType(type));
        }
    }

    private void addHeaders() {
        refused(FormatRule.MODULE_AS_CLASS, "a module", c -> c.version(53, 0).flags(0x8000));
        accepted("a module's flag in Java 8", c -> c.version(52, 0).flags(0x8021));
        refused(FormatRule.CLASS_FLAGS, "final and abstract", c -> c.flags(0x0431));
        refused(FormatRule.CLASS_FLAGS, "an interface that isn't abstract", c -> c.flags(0x0201));
        accepted(
                "an interface that isn't abstract in Java 5",
                c -> c.version(49, 0).flags(0x0201));
        refused(FormatRule.CLASS_FLAGS, "an interface with ACC_SUPER", c -> c.flags(0x0621));
        accepted(
                "an interface with ACC_SUPER in Java 1.4", c -> c.version(48, 0).flags(0x0621));
        refused(FormatRule.CLASS_FLAGS, "an annotation that is no interface", c -> c.flags(0x2021));
        refused(FormatRule.SUPER_CLASS, "no superclass", c -> c.superClass(0));
        refused(FormatRule.SUPER_CLASS, "an array as superclass", c -> c.superClass(c.classConstant("[I")));
        refused(FormatRule.THIS_CLASS, "an array as class", c -> c.thisClass(c.classConstant("[I")));
        refused(
                FormatRule.ROOT,
                "an interface that extends a class",
                c -> c.flags(0x0601).superClass(c.classConstant("java/lang/Thread")));
        refused(
                FormatRule.DUPLICATE_INTERFACE,
                "an interface twice",
                c -> c.implement(c.classConstant("java/lang/Runnable"))
                        .implement(c.classConstant("java/lang/Runnable")));
        refused(FormatRule.INTERFACES, "an array as interface", c -> c.implement(c.classConstant("[I")));
    }

    private void addFields() {
        refused(FormatRule.FIELD_FLAGS, "public and private", c -> c.field(0x0003, "f", "I"));
        refused(FormatRule.FIELD_FLAGS, "final and volatile", c -> c.field(0x0050, "f", "I"));
        refused(
                FormatRule.FIELD_FLAGS,
                "an instance field in an interface",
                c -> c.flags(0x0601).field(0x0011, "f", "I"));
        accepted("a synthetic field in an interface", c -> c.flags(0x0601).field(0x1019, "f", "I"));
        refused(
                FormatRule.DUPLICATE_FIELD,
                "a field twice",
                c -> c.field(0, "f", "I").field(0, "f", "I"));
        accepted("two fields of different types", c -> c.field(0, "f", "I").field(0, "f", "J"));
        refused(
                FormatRule.CONSTANT_VALUE,
                "a long's value for an int",
                c -> c.field(
                        0x0018,
                        "f",
                        "I",
                        c.attribute("ConstantValue", Bytes.of().u2(c.longInteger(1)))));
        accepted(
                "a long's value for an int that isn't static",
                c -> c.field(
                        0x0010,
                        "f",
                        "I",
                        c.attribute("ConstantValue", Bytes.of().u2(c.longInteger(1)))));
        refused(
                FormatRule.CONSTANT_VALUE,
                "a value for an object",
                c -> c.field(
                        0x0018,
                        "f",
                        "Ljava/lang/Object;",
                        c.attribute("ConstantValue", Bytes.of().u2(c.string("x")))));
        refused(
                FormatRule.ATTRIBUTE_LENGTH,
                "a long Deprecated",
                c -> c.field(0, "f", "I", c.attribute("Deprecated", Bytes.of().u1(0))));
        refused(
                FormatRule.DUPLICATE_ATTRIBUTE,
                "two signatures",
                c -> c.field(
                        0,
                        "f",
                        "I",
                        c.attribute("Signature", Bytes.of().u2(c.utf8("TT;"))),
                        c.attribute("Signature", Bytes.of().u2(c.utf8("TT;")))));
        accepted(
                "an attribute that nobody knows",
                c -> c.field(0, "f", "I", c.attribute("Whatever", Bytes.of().u4(-1))));
        accepted(
                "code at a field",
                c -> c.field(0, "f", "I", c.attribute("Code", Bytes.of().u1(1))));
    }

    private void addMethods() {
        refused(
                FormatRule.METHOD_FLAGS,
                "abstract and final",
                c -> c.flags(0x0421).method(0x0410, "m", "()V"));
        refused(
                FormatRule.METHOD_FLAGS,
                "a static constructor",
                c -> c.method(0x0008, "<init>", "()V", c.code(0, 1, RETURN)));
        refused(
                FormatRule.METHOD_FLAGS,
                "a protected method in an interface",
                c -> c.flags(0x0601).method(0x0404, "m", "()V"));
        refused(
                FormatRule.METHOD_FLAGS,
                "a static method in an interface of Java 7",
                c -> c.version(51, 0).flags(0x0601).method(0x0009, "m", "()V", c.code(0, 0, RETURN)));
        refused(
                FormatRule.METHOD_FLAGS,
                "strictfp and abstract in Java 16",
                c -> c.version(60, 0).flags(0x0421).method(0x0c00, "m", "()V"));
        accepted(
                "strictfp and abstract in Java 17",
                c -> c.version(61, 0).flags(0x0421).method(0x0c00, "m", "()V"));
        refused(
                FormatRule.INITIALIZER,
                "an instance <clinit>",
                c -> c.method(0, "<clinit>", "()V", c.code(0, 1, RETURN)));
        accepted(
                "an instance <clinit> in Java 6",
                c -> c.version(50, 0).method(0, "<clinit>", "()V", c.code(0, 1, RETURN)));
        refused(
                FormatRule.INITIALIZER,
                "a <clinit> with an argument",
                c -> c.method(0x0008, "<clinit>", "(I)V", c.code(0, 1, RETURN)));
        accepted(
                "a <clinit> with an argument in Java 6",
                c -> c.version(50, 0).method(0x0008, "<clinit>", "(I)V", c.code(0, 1, RETURN)));
        refused(
                FormatRule.INITIALIZER,
                "a constructor of an interface",
                c -> c.flags(0x0601).method(0x0001, "<init>", "()V", c.code(0, 1, RETURN)));
        refused(
                FormatRule.ARGUMENT_SLOTS,
                "128 longs",
                c -> c.flags(0x0421).method(0x0400, "m", "(" + "J".repeat(128) + ")V"));
        accepted("254 ints and this", c -> c.flags(0x0421).method(0x0401, "m", "(" + "I".repeat(254) + ")V"));
        refused(
                FormatRule.ARGUMENT_SLOTS,
                "255 ints and this",
                c -> c.flags(0x0421).method(0x0401, "m", "(" + "I".repeat(255) + ")V"));
        refused(
                FormatRule.DUPLICATE_METHOD,
                "a method twice",
                c -> c.flags(0x0421).method(0x0401, "m", "()V").method(0x0401, "m", "()V"));
        refused(
                FormatRule.CODE,
                "an abstract method with code",
                c -> c.flags(0x0421).method(0x0401, "m", "()V", c.code(0, 1, RETURN)));
        refused(FormatRule.CODE, "a method without code", c -> c.method(0x0001, "m", "()V"));
        refused(
                FormatRule.EXCEPTIONS,
                "an exception that is no class",
                c -> c.flags(0x0421)
                        .method(
                                0x0401,
                                "m",
                                "()V",
                                c.attribute("Exceptions", Bytes.of().u2(1, 1))));
        refused(
                FormatRule.ATTRIBUTE_LENGTH,
                "parameters that aren't there",
                c -> c.flags(0x0421)
                        .method(
                                0x0401,
                                "m",
                                "()V",
                                c.attribute("MethodParameters", Bytes.of().u1(1))));
    }

    private void code(@Nullable FormatRule rule, String name, int major, Function<ClassAssembler, byte[]> code) {
        add(name, rule, c -> c.version(major, 0).method(0x0009, "m", "(J)V", code.apply(c)));
    }

    private void addCode() {
        code(FormatRule.CODE, "no code at all", 52, c -> c.code(0, 2, Bytes.of()));
        code(FormatRule.CODE, "too few locals for the arguments", 52, c -> c.code(0, 1, RETURN));
        code(
                FormatRule.EXCEPTION_TABLE,
                "an empty range",
                52,
                c -> c.code(0, 2, RETURN, Bytes.of().u2(0, 0, 0, 0)));
        code(
                FormatRule.EXCEPTION_TABLE,
                "a handler outside",
                52,
                c -> c.code(0, 2, RETURN, Bytes.of().u2(0, 1, 1, 0)));
        code(
                FormatRule.LINE_NUMBERS,
                "a line outside",
                52,
                c -> c.code(
                        0, 2, RETURN, c.attribute("LineNumberTable", Bytes.of().u2(1, 1, 7))));
        code(
                FormatRule.LOCAL_VARIABLES,
                "a variable twice",
                52,
                c -> c.code(0, 2, RETURN, variables(c, "LocalVariableTable", 2)));
        code(
                null,
                "a variable twice in Java 1.4",
                48,
                c -> c.code(0, 2, RETURN, variables(c, "LocalVariableTable", 2)));
        code(
                FormatRule.LOCAL_VARIABLES,
                "a signature without variable",
                52,
                c -> c.code(
                        0,
                        2,
                        RETURN,
                        variables(c, "LocalVariableTable", 1),
                        c.attribute("LocalVariableTypeTable", Bytes.of().u2(1, 0, 1, c.utf8("w"), c.utf8("TT;"), 0))));
        code(
                null,
                "signatures without any variable",
                52,
                c -> c.code(0, 2, RETURN, variables(c, "LocalVariableTypeTable", 2)));
        code(
                FormatRule.DUPLICATE_ATTRIBUTE,
                "two tables of frames",
                52,
                c -> c.code(
                        0,
                        2,
                        RETURN,
                        c.attribute("StackMapTable", Bytes.of().u2(0)),
                        c.attribute("StackMapTable", Bytes.of().u2(0))));
        code(
                null,
                "two tables of frames in Java 5",
                49,
                c -> c.code(
                        0,
                        2,
                        RETURN,
                        c.attribute("StackMapTable", Bytes.of().u2(0)),
                        c.attribute("StackMapTable", Bytes.of().u2(0))));
    }

    private static byte[] variables(ClassAssembler c, String table, int count) {
        Bytes content = Bytes.of().u2(count);
        for (int i = 0; i < count; i++) {
            content.u2(0, 1, c.utf8("v"), c.utf8("I"), 0);
        }
        return c.attribute(table, content);
    }

    private void addClassAttributes() {
        refused(
                FormatRule.SOURCE_FILE,
                "a source file that is a class",
                c -> c.with(c.attribute("SourceFile", Bytes.of().u2(c.classConstant("A")))));
        refused(FormatRule.INNER_CLASSES, "a class inside itself", c -> c.with(inner(c, "A", "A")));
        refused(FormatRule.INNER_CLASSES, "an inner class twice", c -> c.with(inner(c, "A", "B", "A", "B")));
        accepted("an inner class twice in Java 1.4", c -> c.version(48, 0).with(inner(c, "A", "B", "A", "B")));
        accepted("an inner class with two outer classes", c -> c.with(inner(c, "A", "B", "A", "C")));
        refused(
                FormatRule.MODULE_AS_INNER_CLASS,
                "a module as inner class",
                c -> c.version(53, 0)
                        .with(c.attribute("InnerClasses", Bytes.of().u2(1, c.classConstant("A"), 0, 0, 0x8000))));
        refused(
                FormatRule.ENCLOSING_METHOD,
                "an enclosing method without class",
                c -> c.with(c.attribute("EnclosingMethod", Bytes.of().u2(0, 0))));
        refused(
                FormatRule.BOOTSTRAP_METHODS,
                "a dynamic constant without bootstrap methods",
                c -> c.version(55, 0).dynamic(17, 0, "a", "I"));
        refused(
                FormatRule.BOOTSTRAP_METHODS,
                "a bootstrap method that is none",
                c -> c.with(c.attribute("BootstrapMethods", Bytes.of().u2(1, 1, 0))));
        refused(
                FormatRule.NEST,
                "host and members",
                c -> c.version(55, 0)
                        .with(c.attribute("NestHost", Bytes.of().u2(c.classConstant("A"))))
                        .with(c.attribute("NestMembers", Bytes.of().u2(0))));
        accepted(
                "host and members in Java 10",
                c -> c.version(54, 0)
                        .with(c.attribute("NestHost", Bytes.of().u2(c.classConstant("A"))))
                        .with(c.attribute("NestMembers", Bytes.of().u2(0))));
        refused(
                FormatRule.RECORD,
                "a component without type",
                c -> c.version(60, 0).with(c.attribute("Record", Bytes.of().u2(1, c.utf8("a"), c.utf8("V"), 0))));
        refused(
                FormatRule.PERMITTED_SUBCLASSES,
                "permitted subclasses of a final class",
                c -> c.version(61, 0)
                        .flags(0x0031)
                        .with(c.attribute("PermittedSubclasses", Bytes.of().u2(1, c.classConstant("A")))));
        accepted(
                "annotations that make no sense",
                c -> c.with(c.attribute(
                        "RuntimeVisibleAnnotations", Bytes.of().u2(7).u1(1, 2, 3))));
        refused(
                FormatRule.DUPLICATE_ATTRIBUTE,
                "annotations twice",
                c -> c.with(c.attribute("RuntimeVisibleAnnotations", Bytes.of().u2(0)))
                        .with(c.attribute(
                                "RuntimeVisibleAnnotations", Bytes.of().u2(0))));
    }

    /** InnerClasses of pairs of an inner and its outer class. */
    private static byte[] inner(ClassAssembler c, String... pairs) {
        Bytes content = Bytes.of().u2(pairs.length / 2);
        for (int i = 0; i < pairs.length; i += 2) {
            content.u2(c.classConstant(pairs[i]), c.classConstant(pairs[i + 1]), 0, 1);
        }
        return c.attribute("InnerClasses", content);
    }
}
