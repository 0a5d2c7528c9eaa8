package org.dvm.core.edit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.dvm.core.edit.Recorder.says;
import static org.dvm.core.edit.Recorder.saysInt;
import static org.dvm.core.edit.Recorder.saysThrown;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.edit.FilterEdits.Overflow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** The limits of the format: far branches, 64 KB, full constant pools, old versions. */
class LimitsTest {
    private static final Snippet COUNT = Snippet.call(Recorder.NAME, "count", "(I)V", Value.of(1000));

    /** A loop around so many calls, with branches from one end to the other in both directions. */
    private static Subject longLoop(int calls) {
        return Subject.of("static int g(int i) { return i; } static int f(int n) { int c = 0; int i = 0; do {"
                + " if (i == 1) continue; try { " + "c += g(i);".repeat(calls)
                + " if (c < 0) break; } catch (RuntimeException e) { c = -1; } } while (++i < n); return c; }");
    }

    private static void countCalls(RawClass raw, MethodEdits edits) {
        int index = Subject.index(raw, "f");
        for (int bci : Plans.instructions(raw, index)) {
            if (raw.u1(raw.codeStart(raw.method(index)) + bci) == Bytecode.INVOKESTATIC) {
                edits.before(bci, COUNT);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {49, 50, 52, 61})
    void branchesReachTheirTargetsInMethodsThatGrowPast32KB(int version) throws Exception {
        Subject subject = longLoop(3000).asVersion(version);
        subject.edit("f", (raw, m) -> {
            countCalls(raw, m);
            m.atBackEdges(says("back"));
            m.atThrowOut(saysThrown("out"));
            m.atReturn(saysInt("exit", Value.returnValue()));
        });
        assertThat(subject.raw("Subject")
                        .codeLength(subject.raw("Subject").method(Subject.index(subject.raw("Subject"), "f"))))
                .isGreaterThan(38_000);
        Recorder.count = 0;
        assertThat(subject.run("f", 4)).containsExactly("back", "back", "back", "exit=15000", "result=15000");
        assertThat(Recorder.count).isEqualTo(9000);
    }

    @Test
    void insertionsThatExceed64KBAreOutlined() throws Exception {
        Subject subject = longLoop(4000);
        RawClass raw = subject.raw("Subject");
        List<BiConsumer<RawClass, MethodEdits>> filters = List.of(LimitsTest::countCalls, LimitsTest::countCalls);
        subject.editByFilters("f", filters);
        assertThat(subject.raw("Subject").methodCount()).isGreaterThan(raw.methodCount());
        Recorder.count = 0;
        assertThat(subject.run("f", 1)).containsExactly("result=0");
        assertThat(Recorder.count).isEqualTo(8000);
    }

    @Test
    void whatDoesNotFitIsLeftOutOnlyWhereTheFilterAllowsIt() throws Exception {
        Subject subject = longLoop(6000);
        RawClass raw = subject.raw("Subject");
        List<FilterEdits> filters = new ArrayList<>();
        for (Overflow overflow : List.of(Overflow.FAIL, Overflow.LEAVE_OUT, Overflow.LEAVE_OUT)) {
            ClassEdits edits = new ClassEdits(raw);
            MethodEdits method = edits.method(Subject.index(raw, "f"));
            method.atEntry(says("filter" + filters.size()));
            if (overflow == Overflow.LEAVE_OUT) {
                countCalls(raw, method);
                countCalls(raw, method);
            }
            filters.add(new FilterEdits("filter" + filters.size(), edits, overflow));
        }
        Written written = ClassWriter.write(raw, filters);
        assertThat(written.findings())
                .extracting(finding -> finding.rule() + " " + finding.location().member())
                .containsExactly("LEFT_OUT f(I)I", "LEFT_OUT f(I)I");
        assertThat(Subject.ofClass("Subject", written.classFile()).run("f", 1)).containsExactly("filter0", "result=0");

        FilterEdits insisting = new FilterEdits("strict", filters.get(1).edits(), Overflow.FAIL);
        assertThatThrownBy(() -> ClassWriter.write(raw, List.of(insisting)))
                .isInstanceOf(EditException.class)
                .hasMessageContaining("METHOD_TOO_LARGE")
                .hasMessageContaining("f(I)I");
    }

    private static byte[] withConstants(int count, byte[] classFile) {
        org.objectweb.asm.ClassReader reader = new org.objectweb.asm.ClassReader(classFile);
        org.objectweb.asm.ClassWriter writer = new org.objectweb.asm.ClassWriter(reader, 0);
        reader.accept(new ClassVisitor(Opcodes.ASM9, writer) {}, 0);
        for (int i = 0; writer.newUTF8("filler" + i) < count - 1; i++) {
            // one constant more
        }
        return writer.toByteArray();
    }

    @Test
    void aFullConstantPoolIsReusedOrRefused() throws Exception {
        Subject plain = Subject.of("static void f() { }");
        byte[] edited = plain.edit("f", (raw, m) -> m.atEntry(says("here"))).bytes("Subject");
        byte[] full = withConstants(65535, edited);
        Subject subject = Subject.ofClass("Subject", full);
        assertThat(subject.raw("Subject").constantCount()).isEqualTo(65535);
        subject.edit("f", (raw, m) -> m.atEntry(says("here")));
        assertThat(subject.raw("Subject").constantCount()).isEqualTo(65535);
        assertThat(subject.run("f")).containsExactly("here", "here");
        assertThatThrownBy(() -> subject.edit("f", (raw, m) -> m.atEntry(says("there"))))
                .hasStackTraceContaining("CLASS_TOO_LARGE");
    }

    @Test
    void namesMayHaveAllCharacters() throws Exception {
        Map<String, byte[]> classes = Subject.compile(
                "Gr\u00f6\u00dfe",
                "class Gr\u00f6\u00dfe { static String \u65b9\u6cd5(String \u00fc) { return \u00fc + \"\ud83d\ude00\"; } }");
        Subject subject = Subject.ofClass("Subject", requireNonNull(classes.get("Gr\u00f6\u00dfe")));
        subject.edit("\u65b9\u6cd5", (raw, m) -> m.atEntry(says("\u0000\ud83d\ude00\u65b9", Value.parameter(0))));
        Subject renamed = Subject.ofClass("Gr\u00f6\u00dfe", subject.bytes("Subject"));
        Recorder.take();
        var method = renamed.load("Gr\u00f6\u00dfe").getDeclaredMethods()[0];
        method.setAccessible(true);
        assertThat(method.invoke(null, "x")).isEqualTo("x\ud83d\ude00");
        assertThat(Recorder.take()).containsExactly("\u0000\ud83d\ude00\u65b9=x");
    }

    /** A try-finally as compilers wrote it before 1.4.2: the finally block is a subroutine. */
    private static byte[] subroutine() {
        org.objectweb.asm.ClassWriter writer = new org.objectweb.asm.ClassWriter(0);
        writer.visit(Opcodes.V1_1, Opcodes.ACC_PUBLIC, "Subject", null, "java/lang/Object", null);
        MethodVisitor code = writer.visitMethod(Opcodes.ACC_STATIC, "f", "(I)I", null, null);
        Label start = new Label();
        Label end = new Label();
        Label handler = new Label();
        Label subroutine = new Label();
        code.visitTryCatchBlock(start, end, handler, null);
        code.visitLabel(start);
        code.visitIntInsn(Opcodes.BIPUSH, 100);
        code.visitVarInsn(Opcodes.ILOAD, 0);
        code.visitInsn(Opcodes.IDIV);
        code.visitVarInsn(Opcodes.ISTORE, 1);
        code.visitJumpInsn(Opcodes.JSR, subroutine);
        code.visitVarInsn(Opcodes.ILOAD, 1);
        code.visitInsn(Opcodes.IRETURN);
        code.visitLabel(end);
        code.visitLabel(handler);
        code.visitVarInsn(Opcodes.ASTORE, 2);
        code.visitJumpInsn(Opcodes.JSR, subroutine);
        code.visitVarInsn(Opcodes.ALOAD, 2);
        code.visitInsn(Opcodes.ATHROW);
        code.visitLabel(subroutine);
        code.visitVarInsn(Opcodes.ASTORE, 3);
        code.visitLdcInsn("finally");
        code.visitMethodInsn(Opcodes.INVOKESTATIC, Recorder.NAME, "event", "(Ljava/lang/String;)V", false);
        code.visitVarInsn(Opcodes.RET, 3);
        code.visitMaxs(2, 4);
        code.visitEnd();
        writer.visitEnd();
        return writer.toByteArray();
    }

    @Test
    void subroutinesOfOldClassesStayIntact() throws Exception {
        Subject subject = Subject.ofClass("Subject", subroutine());
        subject.edit("f", (raw, m) -> {
            m.atEntry(saysInt("enter", Value.parameter(0)));
            m.atReturn(saysInt("exit", Value.returnValue()));
            m.atThrowOut(saysThrown("out"));
            m.atHandlers(saysThrown("handler"));
            m.after(Subject.bci(raw, "f", Bytecode.JSR, 0), says("after"));
            m.before(Subject.bci(raw, "f", Bytecode.RET, 0), says("ret"));
        });
        assertThat(subject.run("f", 5)).containsExactly("enter=5", "finally", "ret", "after", "exit=20", "result=20");
        assertThat(subject.run("f", 0))
                .containsExactly(
                        "enter=0",
                        "handler=ArithmeticException",
                        "finally",
                        "ret",
                        "out=ArithmeticException",
                        "threw=ArithmeticException");
    }

    @Test
    void classConstantsAreRefusedInClassesTooOldForThem() {
        Subject subject = Subject.ofClass("Subject", subroutine());
        assertThatThrownBy(() -> subject.edit("f", (raw, m) -> m.atEntry(says("c", Value.ofClass("Subject")))))
                .hasStackTraceContaining("VERSION_TOO_OLD");
    }
}
