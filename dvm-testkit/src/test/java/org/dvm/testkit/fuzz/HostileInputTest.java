package org.dvm.testkit.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import org.dvm.core.classfile.RawClass;
import org.dvm.testkit.Corpora;
import org.dvm.testkit.assembly.Bytes;
import org.dvm.testkit.assembly.ClassAssembler;
import org.dvm.testkit.mutation.Mutant;
import org.dvm.testkit.mutation.Mutator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HostileInputTest {
    private static final long SEED = 4711;

    static List<Arguments> bombs() {
        return List.of(
                Arguments.argumentSet("nothing", new byte[0]),
                Arguments.argumentSet(
                        "only the magic number", Bytes.of().u4(0xCAFEBABE).toArray()),
                Arguments.argumentSet(
                        "a constant pool that isn't there",
                        Bytes.of().u4(0xCAFEBABE).u2(0, 52, 65535).toArray()),
                Arguments.argumentSet(
                        "an unknown tag",
                        Bytes.of().u4(0xCAFEBABE).u2(0, 52, 2).u1(99).u4(0, 0).toArray()),
                Arguments.argumentSet("code_length of 2 GB", codeOfLength(0x7fffffff)),
                Arguments.argumentSet("code_length of 4 GB", codeOfLength(-1)),
                Arguments.argumentSet("a descriptor without end", withType("(" + "[".repeat(60_000))),
                Arguments.argumentSet("a descriptor without semicolon", withType("(L" + "a/".repeat(30_000))),
                Arguments.argumentSet("many arguments", withType("(" + "J".repeat(60_000) + ")V")),
                Arguments.argumentSet("annotations in annotations", deepAnnotations()),
                Arguments.argumentSet("65535 equal methods", equalMethods()),
                Arguments.argumentSet("methods that hash alike", methodsThatHashAlike()),
                Arguments.argumentSet("a ring of inner classes", innerClassRing()),
                Arguments.argumentSet("65535 local variables", localVariables()),
                Arguments.argumentSet("65534 constants", constants()));
    }

    private static byte[] codeOfLength(int length) {
        ClassAssembler assembler = new ClassAssembler("demo/Code");
        Bytes code = Bytes.of().u2(1, 1).u4(length).u1(0xb1).u2(0, 0);
        return assembler
                .method(0x0009, "m", "()V", assembler.attribute("Code", code))
                .toBytes();
    }

    private static byte[] withType(String descriptor) {
        return new ClassAssembler("demo/Type").method(0x0401, "m", descriptor).toBytes();
    }

    private static byte[] deepAnnotations() {
        ClassAssembler assembler = new ClassAssembler("demo/Deep");
        Bytes content = Bytes.of().u2(1, assembler.utf8("LA;"), 1, assembler.utf8("v"));
        for (int i = 0; i < 100_000; i++) {
            content.u1('[').u2(1);
        }
        content.u1('I').u2(assembler.integer(1));
        return assembler
                .with(assembler.attribute("RuntimeVisibleAnnotations", content))
                .toBytes();
    }

    private static byte[] equalMethods() {
        ClassAssembler assembler = new ClassAssembler("demo/Equal").flags(0x0421);
        for (int i = 0; i < 65535; i++) {
            assembler.method(0x0401, "m", "()V");
        }
        return assembler.toBytes();
    }

    /** Names of one length that differ only in the middle. */
    private static byte[] methodsThatHashAlike() {
        ClassAssembler assembler = new ClassAssembler("demo/Alike").flags(0x0421);
        for (int i = 0; i < 20_000; i++) {
            assembler.method(0x0401, "aaaaaaaaaaaa" + (100_000 + i) + "aaaaaaaaaaaa", "()V");
        }
        return assembler.toBytes();
    }

    private static byte[] innerClassRing() {
        ClassAssembler assembler = new ClassAssembler("demo/Ring");
        int count = 20_000;
        Bytes content = Bytes.of().u2(count + 1);
        for (int i = 0; i < count; i++) {
            content.u2(assembler.classConstant("C" + i), assembler.classConstant("C" + (i + 1)), 0, 1);
        }
        content.u2(assembler.classConstant("C0"), assembler.classConstant("C5"), 0, 1);
        return assembler.with(assembler.attribute("InnerClasses", content)).toBytes();
    }

    private static byte[] localVariables() {
        ClassAssembler assembler = new ClassAssembler("demo/Variables");
        Bytes table = Bytes.of().u2(65535);
        for (int i = 0; i < 65535; i++) {
            table.u2(0, 1, assembler.utf8("v"), assembler.utf8("I"), i);
        }
        byte[] attribute = assembler.attribute("LocalVariableTable", table);
        return assembler
                .method(0x0009, "m", "()V", assembler.code(0, 65535, Bytes.of().u1(0xb1), attribute))
                .toBytes();
    }

    private static byte[] constants() {
        ClassAssembler assembler = new ClassAssembler("demo/Constants");
        for (int i = 0; i < 65_530; i++) {
            assembler.integer(i);
        }
        return assembler.toBytes();
    }

    @ParameterizedTest
    @MethodSource("bombs")
    void bearsBombs(byte[] bomb) {
        HostileInput input = new HostileInput(HostileInput.Memory.WATCHED);

        assertThatCode(() -> input.bear(bomb)).doesNotThrowAnyException();
    }

    @Test
    void bearsMutants() {
        bearMutants(40_000, SEED);
    }

    @Tag("slow")
    @Tag("once")
    @Test
    void bearsAMillionNewMutants() {
        long seed = new SplittableRandom().nextLong();
        System.out.println("hostile input, seed " + seed);
        bearMutants(1_000_000, seed);
    }

    private static void bearMutants(int count, long seed) {
        List<RawClass> originals = new ArrayList<>();
        Corpora.forEachJdkClass("java.base", file -> originals.add(parse(file.bytes())));
        Corpora.jars().forEach(jar -> Corpora.forEachClass(jar, file -> originals.add(parse(file.bytes()))));
        Mutator mutator = Mutator.ofAllKinds();
        SplittableRandom random = new SplittableRandom(seed);
        HostileInput input = new HostileInput(HostileInput.Memory.WATCHED);
        for (int i = 0; i < count; i++) {
            RawClass original = originals.get(random.nextInt(originals.size()));
            Mutant mutant = mutator.mutate(original, random.nextLong());
            try {
                input.bear(mutant.bytes());
            } catch (Throwable e) {
                throw new AssertionError(
                        mutant.kinds() + " " + Base64.getEncoder().encodeToString(mutant.bytes()), e);
            }
        }
        System.out.println(count + " mutants: " + input);
        assertThat(input.accepted()).isBetween(count / 10, count * 9 / 10);
    }

    private static RawClass parse(byte[] bytes) {
        try {
            return RawClass.parse(bytes);
        } catch (RawClass.ClassFormatException e) {
            throw new AssertionError(e);
        }
    }
}
