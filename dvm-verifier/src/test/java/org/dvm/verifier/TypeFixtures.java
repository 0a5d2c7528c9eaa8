package org.dvm.verifier;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.dvm.testkit.assembly.Bytes;
import org.dvm.testkit.assembly.ClassAssembler;

/** Small classes for the rules of phases 2 to 4: each breaks one, in a small world of other classes. */
final class TypeFixtures {
    private static final int PUBLIC = 0x0001;
    private static final int PROTECTED = 0x0004;
    private static final int STATIC = 0x0008;
    private static final int FINAL = 0x0010;
    private static final int SUPER = 0x0020;
    private static final int INTERFACE = 0x0200;
    private static final int ABSTRACT = 0x0400;

    private static final int FRAMES = 51;
    private static final int NO_FRAMES = 49;
    private static final String NAME = "demo/Fixture";
    private static final int[] RETURN = {0xb1};

    /** How a rule's breach shows. */
    enum Kind {
        /** The class is rejected. */
        REJECTED,
        /** The class is accepted, and a reference in its initializer is known to fail. */
        FAILING,
        /** As {@link #REJECTED}, but only if the format check, which says the same before, is left out. */
        REJECTED_UNCHECKED,
        /** The class is rejected, where HotSpot goes on: it is one of our limits, or of another JVM. */
        REJECTED_BY_US
    }

    /**
     * A class that breaks a rule.
     *
     * @param name what is special about it
     * @param kind how that shows
     * @param rule the rule
     * @param release the JVM by whose rules it is judged, if not all are of one mind; else 0
     */
    record Fixture(String name, byte[] classFile, Kind kind, TypeRule rule, int release) {
        @Override
        public String toString() {
            return name + " (version " + classFile[7] + ")";
        }
    }

    private final List<Fixture> fixtures = new ArrayList<>();

    private TypeFixtures() {}

    static List<Fixture> all() {
        TypeFixtures fixtures = new TypeFixtures();
        fixtures.addInstructions();
        fixtures.addTypes();
        fixtures.addFrames();
        fixtures.addTables();
        fixtures.addInference();
        fixtures.addInitializers();
        fixtures.addMembers();
        fixtures.addSupertypes();
        fixtures.addReferences();
        fixtures.addLimits();
        return fixtures.fixtures;
    }

    /** Returns the class file of the fixture of that name. */
    static byte[] classFileOf(String name) {
        return all().stream()
                .filter(fixture -> fixture.name().equals(name))
                .findFirst()
                .orElseThrow()
                .classFile();
    }

    /** Returns the other classes, by name. */
    static Map<String, byte[]> world() {
        Map<String, byte[]> world = new LinkedHashMap<>();
        add(
                world,
                "lib/Base",
                PUBLIC | SUPER,
                c -> c.field(PROTECTED, "count", "I")
                        .field(0x0002, "hidden", "I")
                        .field(PUBLIC | STATIC, "shared", "I")
                        .method(PUBLIC, "<init>", "()V", init(c, "java/lang/Object"))
                        .method(PROTECTED, "guarded", "()V", c.code(0, 1, bytes(RETURN)))
                        .method(PUBLIC | FINAL, "fixed", "()V", c.code(0, 1, bytes(RETURN))));
        add(world, "lib/Final", PUBLIC | FINAL | SUPER, c -> {});
        add(world, "lib/Hidden", SUPER, c -> {});
        add(world, "lib/Face", PUBLIC | INTERFACE | ABSTRACT, c -> {});
        add(world, "lib/FarFace", PUBLIC | INTERFACE | ABSTRACT, c -> c.implement(c.classConstant("lib/Face")));
        add(
                world,
                "lib/Abstract",
                PUBLIC | ABSTRACT | SUPER,
                c -> c.method(PUBLIC, "<init>", "()V", init(c, "java/lang/Object"))
                        .method(PUBLIC | ABSTRACT, "empty", "()V"));
        add(
                world,
                "lib/Sealed",
                PUBLIC | ABSTRACT | SUPER,
                c -> c.version(61, 0)
                        .with(c.attribute("PermittedSubclasses", Bytes.of().u2(1, c.classConstant("lib/Only")))));
        add(
                world,
                "lib/SealedForFixture",
                PUBLIC | ABSTRACT | SUPER,
                c -> c.version(61, 0)
                        .with(c.attribute("PermittedSubclasses", Bytes.of().u2(1, c.classConstant(NAME)))));
        add(
                world,
                "lib/ReliesOnFixture",
                PUBLIC | SUPER,
                c -> c.method(PUBLIC, "asBase", "(Ldemo/Fixture;)Llib/Base;", c.code(1, 2, bytes(0x2b, 0xb0))));
        add(world, "lib/BelowFixture", PUBLIC | SUPER, c -> c.superClass(c.classConstant(NAME)));
        add(world, "lib/BelowGone", PUBLIC | SUPER, c -> c.superClass(c.classConstant("lib/Gone")));
        add(world, "lib/Unsound", PUBLIC | SUPER, c -> c.method(PUBLIC, "m", "()V", c.code(0, 1, bytes(0x57, 0xb1))));
        return world;
    }

    private static void add(
            Map<String, byte[]> world, String name, int flags, java.util.function.Consumer<ClassAssembler> content) {
        ClassAssembler assembler = new ClassAssembler(name).flags(flags);
        content.accept(assembler);
        world.put(name, assembler.toBytes());
    }

    private static Bytes bytes(int... values) {
        return Bytes.of().u1(values);
    }

    private static byte[] init(ClassAssembler c, String superclass) {
        return c.code(
                1,
                1,
                bytes(0x2a, 0xb7).u2(c.methodRef(superclass, "<init>", "()V")).u1(0xb1));
    }

    // ---- kinds of fixtures ----

    private void add(
            TypeRule rule,
            String name,
            Kind kind,
            int version,
            int release,
            Function<ClassAssembler, ClassAssembler> content) {
        ClassAssembler assembler = content.apply(new ClassAssembler(NAME).version(version, 0));
        fixtures.add(new Fixture(name, assembler.toBytes(), kind, rule, release));
    }

    private void add(TypeRule rule, String name, int version, Function<ClassAssembler, ClassAssembler> content) {
        add(rule, name, Kind.REJECTED, version, 0, content);
    }

    /** A static method {@code void m(int, Object)} with two free locals and a stack of three. */
    private void code(TypeRule rule, String name, int version, int... instructions) {
        add(rule, name, version, c -> method(c, c.code(3, 4, bytes(instructions))));
    }

    private static ClassAssembler method(ClassAssembler c, byte[] code) {
        return c.method(PUBLIC | STATIC, "m", "(ILjava/lang/Object;)V", code);
    }

    /** Fixtures of both verifiers: straight-line code needs no frames. */
    private void both(TypeRule rule, String name, int... instructions) {
        code(rule, name, FRAMES, instructions);
        code(rule, name, NO_FRAMES, instructions);
    }

    private void bothOf(TypeRule rule, String name, Function<ClassAssembler, ClassAssembler> content) {
        add(rule, name, FRAMES, content);
        add(rule, name, NO_FRAMES, content);
    }

    // ---- fixtures ----

    private void addInstructions() {
        both(TypeRule.INSTRUCTION, "an unknown instruction", 0xcb, 0xb1);
        both(TypeRule.INSTRUCTION, "an instruction cut off", 0xb1, 0x11);
        both(TypeRule.INSTRUCTION, "wide before a plain instruction", 0xc4, 0x60, 0xb1);
        both(TypeRule.CONSTANT_OPERAND, "a constant that isn't there", 0x12, 0xff, 0xb1);
        both(TypeRule.CONSTANT_OPERAND, "a Utf8 constant loaded", 0x12, 0x01, 0xb1);
        both(TypeRule.OPERAND, "an element type that doesn't exist", 0x04, 0xbc, 3, 0xb1);
        both(TypeRule.LOCAL_INDEX, "a local variable beyond the last", 0x1a, 0x36, 4, 0xb1);
        both(TypeRule.LOCAL_INDEX, "a long's second half beyond the last", 0x09, 0x42, 0xb1);
        both(TypeRule.FALLS_OFF_END, "no return at the end", 0x00);
        code(TypeRule.INSTRUCTION, "a subroutine", FRAMES, 0xa8, 0, 3, 0x57, 0xb1);
        code(TypeRule.BRANCH_TARGET, "a branch into an instruction", NO_FRAMES, 0xa7, 0, 2, 0xb1);
    }

    private void addTypes() {
        both(TypeRule.LOCAL_TYPE, "a reference loaded as an int", 0x1b, 0x57, 0xb1);
        both(TypeRule.LOCAL_TYPE, "an int loaded as a reference", 0x2a, 0x57, 0xb1);
        both(TypeRule.LOCAL_TYPE, "half of a long loaded", 0x09, 0x41, 0x1c, 0x57, 0xb1);
        both(TypeRule.LOCAL_TYPE, "a variable never stored", 0x1d, 0x57, 0xb1);
        both(TypeRule.STACK_UNDERFLOW, "an empty stack popped", 0x57, 0xb1);
        both(TypeRule.STACK_OVERFLOW, "a stack too high", 0x04, 0x04, 0x04, 0x04, 0xb1);
        both(TypeRule.OPERAND_TYPE, "a float added to an int", 0x1a, 0x0b, 0x60, 0x57, 0xb1);
        both(TypeRule.OPERAND_TYPE, "half of a long popped", 0x09, 0x57, 0x57, 0xb1);
        both(TypeRule.OPERAND_TYPE, "a long swapped", 0x04, 0x09, 0x5f, 0xb1);
        both(TypeRule.OPERAND_TYPE, "an int thrown", 0x04, 0xbf);
        both(TypeRule.OPERAND_TYPE, "the length of an int", 0x1a, 0xbe, 0x57, 0xb1);
        both(TypeRule.RETURN_TYPE, "an int returned from a void method", 0x04, 0xac);
    }

    private void frames(TypeRule rule, String name, Bytes table, int... instructions) {
        add(rule, name, FRAMES, c -> method(c, c.code(3, 4, bytes(instructions), c.attribute("StackMapTable", table))));
    }

    private void addFrames() {
        code(TypeRule.STACK_MAP_MISSING, "a branch without a frame", FRAMES, 0x1a, 0x99, 0, 3, 0xb1);
        code(TypeRule.STACK_MAP_MISSING, "code after a return", FRAMES, 0xb1, 0xb1);
        int[] branch = {0x1a, 0x99, 0, 3, 0xb1}; // iload_0, ifeq 4, return
        frames(
                TypeRule.STACK_MAP_FORMAT,
                "a reserved kind of frame",
                Bytes.of().u2(1).u1(200).u2(4),
                branch);
        frames(
                TypeRule.STACK_MAP_FORMAT,
                "a frame cut off",
                Bytes.of().u2(1).u1(255).u2(4),
                branch);
        frames(
                TypeRule.STACK_MAP_SIZE,
                "a frame of more locals than the method has",
                Bytes.of().u2(1).u1(254).u2(4).u1(1, 1, 1),
                branch);
        frames(
                TypeRule.STACK_MAP_UNINITIALIZED,
                "a frame of an object that nothing creates",
                Bytes.of().u2(1).u1(252).u2(4).u1(8).u2(1),
                branch);
        frames(
                TypeRule.STACK_MAP_OFFSET,
                "a frame within an instruction",
                Bytes.of().u2(1).u1(2),
                branch);
        frames(
                TypeRule.STACK_MAP_MISMATCH,
                "a frame of a variable that isn't set",
                Bytes.of().u2(1).u1(252).u2(4).u1(1),
                branch);
        add(
                TypeRule.HANDLER_MISMATCH,
                "a handler's frame of a variable that isn't set",
                FRAMES,
                c -> method(
                        c,
                        c.code(
                                3,
                                4,
                                bytes(0x00, 0xb1, 0x57, 0xb1), // nop, return, pop, return
                                Bytes.of().u2(0, 1, 2, 0),
                                c.attribute(
                                        "StackMapTable",
                                        Bytes.of()
                                                .u2(1)
                                                .u1(255)
                                                .u2(2, 1)
                                                .u1(2) // locals: float
                                                .u2(1)
                                                .u1(7)
                                                .u2(c.classConstant("java/lang/Throwable"))))));
    }

    private void addTables() {
        bothOf(
                TypeRule.EXCEPTION_TABLE,
                "a handler's range that starts within an instruction",
                c -> method(
                        c, c.code(3, 4, bytes(0x10, 7, 0x57, 0xb1), Bytes.of().u2(1, 3, 2, 0))));
        add(
                TypeRule.LOCAL_VARIABLE_TABLE,
                "a variable's range that starts within an instruction",
                FRAMES,
                c -> method(
                        c,
                        c.code(
                                3,
                                4,
                                bytes(0x10, 7, 0x57, 0xb1),
                                c.attribute(
                                        "LocalVariableTable", Bytes.of().u2(1, 1, 2, c.utf8("v"), c.utf8("I"), 2)))));
        bothOf(
                TypeRule.CATCH_TYPE,
                "a string caught",
                c -> method(
                        c,
                        c.code(
                                3,
                                4,
                                bytes(0x00, 0xb1, 0x57, 0xb1),
                                Bytes.of().u2(0, 1, 2, c.classConstant("java/lang/String")),
                                handlerFrame(c, "java/lang/String"))));
        add(
                TypeRule.PARAMETERS,
                "parameters that don't fit",
                Kind.REJECTED_UNCHECKED,
                FRAMES,
                0,
                c -> method(c, c.code(3, 1, bytes(RETURN))));
        add(
                TypeRule.DESCRIPTOR,
                "a descriptor without an end",
                Kind.REJECTED_UNCHECKED,
                FRAMES,
                0,
                c -> c.method(PUBLIC | STATIC, "m", "(Ljava/lang/Object", c.code(3, 4, bytes(RETURN))));
    }

    private static byte[] handlerFrame(ClassAssembler c, String caught) {
        return c.attribute("StackMapTable", Bytes.of().u2(1).u1(64 + 2).u1(7).u2(c.classConstant(caught)));
    }

    private void addInference() {
        code(TypeRule.JOIN, "stacks of different heights", NO_FRAMES, 0x1a, 0x99, 0, 4, 0x04, 0xb1);
        code(
                TypeRule.JOIN,
                "an int on one path, a float on the other",
                NO_FRAMES,
                0x1a,
                0x99,
                0,
                7,
                0x04,
                0xa7,
                0,
                4,
                0x0b,
                0x57,
                0xb1);
        code(TypeRule.SUBROUTINE, "an int as a return address", NO_FRAMES, 0xa9, 0);
        code(TypeRule.SUBROUTINE, "a recursive subroutine", NO_FRAMES, 0xa8, 0, 3, 0x4d, 0xa8, 0xff, 0xff, 0xb1);
        code(
                TypeRule.STACK_UNDERFLOW,
                "more popped in a subroutine than pushed",
                NO_FRAMES,
                0xa8,
                0,
                3,
                0x4d,
                0x57,
                0xb1);
    }

    private void addInitializers() {
        bothOf(
                TypeRule.INITIALIZER_CALL,
                "an initializer called as a static method",
                c -> method(
                        c,
                        c.code(
                                3,
                                4,
                                bytes(0xb8)
                                        .u2(c.methodRef("lib/Base", "<init>", "()V"))
                                        .u1(0xb1))));
        bothOf(
                TypeRule.CONSTRUCTOR_CALL,
                "a constructor that calls none",
                c -> c.method(PUBLIC, "<init>", "()V", c.code(1, 1, bytes(RETURN))));
        bothOf(
                TypeRule.INITIALIZER_TARGET,
                "an object initialized as one of another class",
                c -> method(
                        c,
                        c.code(
                                3,
                                4,
                                bytes(0xbb)
                                        .u2(c.classConstant("java/lang/Object"))
                                        .u1(0xb7)
                                        .u2(c.methodRef("java/lang/String", "<init>", "()V"))
                                        .u1(0xb1))));
    }

    private void addMembers() {
        bothOf(
                TypeRule.PROTECTED_ACCESS,
                "a protected method of another object",
                c -> c.superClass(c.classConstant("lib/Base"))
                        .method(
                                PUBLIC | STATIC,
                                "m",
                                "(Llib/Base;)V",
                                c.code(
                                        3,
                                        4,
                                        bytes(0x2a, 0xb6)
                                                .u2(c.methodRef("lib/Base", "guarded", "()V"))
                                                .u1(0xb1))));
        bothOf(
                TypeRule.SPECIAL_TARGET,
                "a method of a class that is no superclass",
                c -> c.method(
                        PUBLIC,
                        "m",
                        "()V",
                        c.code(
                                3,
                                4,
                                bytes(0x2a, 0xb7)
                                        .u2(c.methodRef("lib/Base", "guarded", "()V"))
                                        .u1(0xb1))));
        add(
                TypeRule.SPECIAL_TARGET,
                "a method of a superinterface's superinterface",
                Kind.REJECTED,
                52,
                25,
                c -> c.implement(c.classConstant("lib/FarFace"))
                        .method(
                                PUBLIC,
                                "m",
                                "()V",
                                c.code(
                                        3,
                                        4,
                                        bytes(0x2a, 0xb7)
                                                .u2(c.methodRef("lib/Face", "m", "()V"))
                                                .u1(0xb1))));
        bothOf(
                TypeRule.CLASS_MISSING,
                "an object of a class that isn't there",
                c -> c.method(PUBLIC | STATIC, "m", "(Llib/Gone;)Llib/Base;", c.code(1, 1, bytes(0x2a, 0xb0))));
    }

    private void addSupertypes() {
        bothOf(
                TypeRule.CLASS_MISSING,
                "a superclass's superclass that isn't there",
                c -> c.superClass(c.classConstant("lib/BelowGone")));
        bothOf(
                TypeRule.CLASS_MISSING,
                "a superinterface that isn't there, before one that is no class at all",
                c -> c.implement(c.classConstant("lib/Gone")).implement(c.utf8(NAME)));
        bothOf(
                TypeRule.CIRCULARITY,
                "java/lang/Object as its own superclass",
                c -> c.thisClass(c.classConstant("java/lang/Object")));
        bothOf(
                TypeRule.CIRCULARITY,
                "a superclass below the class",
                c -> c.superClass(c.classConstant("lib/BelowFixture")));
        bothOf(TypeRule.CIRCULARITY, "a class that implements itself", c -> c.implement(c.classConstant(NAME)));
        bothOf(TypeRule.SUPERTYPE, "a final superclass", c -> c.superClass(c.classConstant("lib/Final")));
        bothOf(TypeRule.SUPERTYPE, "an interface as superclass", c -> c.superClass(c.classConstant("lib/Face")));
        bothOf(TypeRule.SUPERTYPE, "a class as interface", c -> c.implement(c.classConstant("lib/Base")));
        bothOf(TypeRule.SUPERTYPE, "a sealed superclass", c -> c.superClass(c.classConstant("lib/Sealed")));
        bothOf(
                TypeRule.SUPERTYPE,
                "a sealed superclass of another package, which permits the class, but it isn't public",
                c -> c.flags(SUPER).superClass(c.classConstant("lib/SealedForFixture")));
        bothOf(
                TypeRule.RETURN_TYPE,
                "a superclass that would be sound if the class were another one",
                c -> c.superClass(c.classConstant("lib/ReliesOnFixture")));
        bothOf(
                TypeRule.SUPERTYPE_ACCESS,
                "a superclass private to its package",
                c -> c.superClass(c.classConstant("lib/Hidden")));
        bothOf(
                TypeRule.FINAL_OVERRIDE,
                "a final method overridden",
                c -> c.superClass(c.classConstant("lib/Base"))
                        .method(PUBLIC, "fixed", "()V", c.code(0, 1, bytes(RETURN))));
        bothOf(TypeRule.STACK_UNDERFLOW, "an unsound superclass", c -> c.superClass(c.classConstant("lib/Unsound")));
        add(
                TypeRule.FINALITY_BEFORE_16,
                "a final superclass in Java 15",
                Kind.REJECTED_BY_US,
                NO_FRAMES,
                15,
                c -> c.superClass(c.classConstant("lib/Final")));
    }

    private void failing(TypeRule rule, String name, Function<ClassAssembler, Bytes> initializer) {
        add(
                rule,
                name,
                Kind.FAILING,
                FRAMES,
                0,
                c -> c.superClass(c.classConstant("lib/Abstract"))
                        .method(PUBLIC | ABSTRACT, "empty", "()V")
                        .flags(PUBLIC | SUPER | ABSTRACT)
                        .method(STATIC, "<clinit>", "()V", c.code(2, 1, initializer.apply(c))));
    }

    private void addReferences() {
        failing(
                TypeRule.CLASS_ACCESS,
                "a class private to its package",
                c -> bytes(0xbb).u2(c.classConstant("lib/Hidden")).u1(0x57, 0xb1));
        failing(
                TypeRule.INSTANTIABLE,
                "an abstract class created",
                c -> bytes(0xbb).u2(c.classConstant("lib/Abstract")).u1(0x57, 0xb1));
        failing(
                TypeRule.FIELD_MISSING,
                "a field that isn't there",
                c -> bytes(0xb2).u2(c.fieldRef("lib/Base", "gone", "I")).u1(0x57, 0xb1));
        failing(
                TypeRule.METHOD_MISSING,
                "a method that isn't there",
                c -> bytes(0xb8).u2(c.methodRef("lib/Base", "gone", "()V")).u1(0xb1));
        failing(
                TypeRule.MEMBER_ACCESS,
                "a private field",
                c -> bytes(0xb2).u2(c.fieldRef("lib/Base", "hidden", "I")).u1(0x57, 0xb1));
        failing(
                TypeRule.MEMBER_KIND,
                "a static field as one of an object",
                c -> bytes(0xbb)
                        .u2(c.classConstant("lib/Base"))
                        .u1(0x59, 0xb7)
                        .u2(c.methodRef("lib/Base", "<init>", "()V"))
                        .u1(0xb4)
                        .u2(c.fieldRef("lib/Base", "shared", "I"))
                        .u1(0x57, 0xb1));
        add(
                TypeRule.ABSTRACT_CALL,
                "a superclass's abstract method",
                Kind.FAILING,
                FRAMES,
                0,
                c -> c.superClass(c.classConstant("lib/Abstract"))
                        .method(PUBLIC, "<init>", "()V", init(c, "lib/Abstract"))
                        .method(
                                PUBLIC,
                                "empty",
                                "()V",
                                c.code(
                                        1,
                                        1,
                                        bytes(0x2a, 0xb7)
                                                .u2(c.methodRef("lib/Abstract", "empty", "()V"))
                                                .u1(0xb1)))
                        .method(
                                STATIC,
                                "<clinit>",
                                "()V",
                                c.code(
                                        2,
                                        0,
                                        bytes(0xbb)
                                                .u2(c.classConstant(NAME))
                                                .u1(0x59, 0xb7)
                                                .u2(c.methodRef(NAME, "<init>", "()V"))
                                                .u1(0xb6)
                                                .u2(c.methodRef(NAME, "empty", "()V"))
                                                .u1(0xb1))));
    }

    /** A loop with a variable that can be of 1,100 classes. */
    private void addLimits() {
        add(TypeRule.UNDECIDED, "more classes in one place than we follow", Kind.REJECTED_BY_US, NO_FRAMES, 0, c -> {
            Bytes code = bytes(0x01, 0x4d, 0x00); // aconst_null, astore_2; nop is where the loop starts
            for (int i = 0; i < 1100; i++) {
                code.u1(0x01, 0xc0).u2(c.classConstant("many/C" + i)).u1(0x4d); // null as C, astore_2
                code.u1(0x1a, 0x9a).u2(3 - code.length()); // iload_0, ifne
            }
            return method(c, c.code(3, 4, code.u1(0xb1)));
        });
    }
}
