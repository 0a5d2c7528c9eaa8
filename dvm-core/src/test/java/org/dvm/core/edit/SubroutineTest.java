package org.dvm.core.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dvm.core.edit.Recorder.says;
import static org.dvm.core.edit.Recorder.saysInt;
import static org.dvm.core.edit.Recorder.saysThrown;

import java.util.List;
import org.dvm.core.classfile.RawClass;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Subroutines ({@code jsr} and {@code ret}), as compilers before 1.4.2 made of finally blocks, keep working. */
class SubroutineTest {
    private static void event(MethodVisitor code, String name) {
        code.visitLdcInsn(name);
        code.visitMethodInsn(Opcodes.INVOKESTATIC, Recorder.NAME, "event", "(Ljava/lang/String;)V", false);
    }

    /**
     * In Java: {@code static int f(int n) { int r = 0; for (int i = n; i >= 0; i--) { try { r += 12 / i; } finally { try {
     * "inner".concat("x"); } finally { event("finally"); } } } return r; }}, with so many bytes before the return.
     */
    private static Subject subject(int version, int padding) {
        ClassWriter writer = new ClassWriter(0);
        writer.visit(version, Opcodes.ACC_PUBLIC, "Subject", null, "java/lang/Object", null);
        MethodVisitor code = writer.visitMethod(Opcodes.ACC_STATIC, "f", "(I)I", null, null);
        Label loop = new Label();
        Label end = new Label();
        Label done = new Label();
        Label handler = new Label();
        Label outer = new Label();
        Label innerStart = new Label();
        Label innerEnd = new Label();
        Label inner = new Label();
        Label innerHandler = new Label();
        code.visitTryCatchBlock(loop, end, handler, null);
        code.visitTryCatchBlock(innerStart, innerEnd, innerHandler, null);
        code.visitInsn(Opcodes.ICONST_0);
        code.visitVarInsn(Opcodes.ISTORE, 1);
        code.visitLabel(loop);
        code.visitIntInsn(Opcodes.BIPUSH, 12);
        code.visitVarInsn(Opcodes.ILOAD, 0);
        code.visitInsn(Opcodes.IDIV);
        code.visitVarInsn(Opcodes.ILOAD, 1);
        code.visitInsn(Opcodes.IADD);
        code.visitVarInsn(Opcodes.ISTORE, 1);
        code.visitLabel(end);
        code.visitJumpInsn(Opcodes.JSR, outer);
        code.visitIincInsn(0, -1);
        code.visitVarInsn(Opcodes.ILOAD, 0);
        code.visitJumpInsn(Opcodes.IFGE, loop);
        code.visitJumpInsn(Opcodes.GOTO, done);
        code.visitLabel(handler);
        code.visitVarInsn(Opcodes.ASTORE, 2);
        code.visitJumpInsn(Opcodes.JSR, outer);
        code.visitVarInsn(Opcodes.ALOAD, 2);
        code.visitInsn(Opcodes.ATHROW);
        code.visitLabel(outer);
        code.visitVarInsn(Opcodes.ASTORE, 3);
        code.visitLabel(innerStart);
        code.visitLdcInsn("inner");
        code.visitLdcInsn("x");
        code.visitMethodInsn(
                Opcodes.INVOKEVIRTUAL, "java/lang/String", "concat", "(Ljava/lang/String;)Ljava/lang/String;", false);
        code.visitInsn(Opcodes.POP);
        code.visitLabel(innerEnd);
        code.visitJumpInsn(Opcodes.JSR, inner);
        code.visitVarInsn(Opcodes.RET, 3);
        code.visitLabel(innerHandler);
        code.visitVarInsn(Opcodes.ASTORE, 4);
        code.visitJumpInsn(Opcodes.JSR, inner);
        code.visitVarInsn(Opcodes.ALOAD, 4);
        code.visitInsn(Opcodes.ATHROW);
        code.visitLabel(inner);
        code.visitVarInsn(Opcodes.ASTORE, 300); // a wide store and a wide ret
        event(code, "finally");
        code.visitVarInsn(Opcodes.RET, 300);
        for (int i = 0; i < padding; i++) {
            code.visitInsn(Opcodes.NOP);
        }
        code.visitLabel(done);
        code.visitVarInsn(Opcodes.ILOAD, 1);
        code.visitInsn(Opcodes.IRETURN);
        code.visitMaxs(2, 301);
        code.visitEnd();
        writer.visitEnd();
        return Subject.ofClass("Subject", writer.toByteArray());
    }

    private enum Kind {
        ENTRY,
        RETURN,
        THROW_OUT,
        BEFORE_ALL,
        AFTER_ALL,
        CALLS,
        REPLACED_CALL,
        BACK_EDGES,
        HANDLERS,
        LOCALS,
        GUARDED
    }

    private static void edit(Kind kind, RawClass raw, MethodEdits m) {
        List<Integer> bcis = Plans.instructions(raw, Subject.index(raw, "f"));
        Snippet count = Snippet.call(Recorder.NAME, "count", "(I)V", Value.of(1));
        switch (kind) {
            case ENTRY -> m.atEntry(saysInt("enter", Value.parameter(0)));
            case RETURN -> m.atReturn(saysInt("exit", Value.returnValue()));
            case THROW_OUT -> m.atThrowOut(saysThrown("out"));
            case BEFORE_ALL -> bcis.forEach(bci -> m.before(bci, count));
            case AFTER_ALL -> bcis.forEach(bci -> m.after(bci, count));
            case CALLS -> {
                int concat = Subject.bci(raw, "f", Bytecode.INVOKEVIRTUAL, 0);
                m.beforeCall(concat, says("receiver", Value.receiver()));
                m.beforeCall(concat, says("argument", Value.callArgument(0)));
                m.afterCall(concat, says("text", Value.returnValue()));
            }
            case REPLACED_CALL ->
                m.replaceCall(
                        Subject.bci(raw, "f", Bytecode.INVOKEVIRTUAL, 0),
                        Recorder.NAME,
                        "joined",
                        "(Ljava/lang/String;Ljava/lang/String;)Ljava/lang/String;");
            case BACK_EDGES -> m.atBackEdges(says("back"));
            case HANDLERS -> m.atHandlers(saysThrown("handler"));
            case LOCALS -> {
                LocalVariable clock = m.newLocal("J");
                m.atEntry(Snippet.call(Recorder.NAME, "clock", "()J").storeInto(clock));
                m.atReturn(Recorder.saysLong("clock", Value.local(clock)));
                m.atThrowOut(saysInt("n", Value.parameter(0)));
            }
            case GUARDED -> {
                OnceGuard guard = new OnceGuard(Recorder.NAME, "once");
                m.atEntry(says("once").once(guard));
                m.atReturn(says("never").once(guard));
            }
        }
    }

    private static List<String> expected(Kind kind, boolean thrown) {
        List<String> end = List.of(thrown ? "threw=ArithmeticException" : "result=12");
        return switch (kind) {
            case ENTRY -> List.of("enter=1", "finally", "finally", end.get(0));
            case RETURN, BEFORE_ALL, AFTER_ALL -> List.of("finally", "finally", end.get(0));
            case THROW_OUT -> List.of("finally", "finally", "out=ArithmeticException", end.get(0));
            case CALLS ->
                List.of(
                        "receiver=inner",
                        "argument=x",
                        "text=innerx",
                        "finally",
                        "receiver=inner",
                        "argument=x",
                        "text=innerx",
                        "finally",
                        end.get(0));
            case REPLACED_CALL -> List.of("joined inner x", "finally", "joined inner x", "finally", end.get(0));
            case BACK_EDGES -> List.of("finally", "back", "finally", end.get(0));
            case HANDLERS -> List.of("finally", "handler=ArithmeticException", "finally", end.get(0));
            case LOCALS -> List.of("finally", "finally", "n=1", end.get(0));
            case GUARDED -> List.of("once", "finally", "finally", end.get(0));
        };
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void everyKindOfInsertionLeavesSubroutinesIntact(Kind kind) throws Exception {
        for (int version : new int[] {Opcodes.V1_1, Opcodes.V1_4}) {
            Recorder.once = false;
            Subject subject = subject(version, 0).edit("f", (raw, m) -> edit(kind, raw, m));
            assertThat(subject.run("f", 1)).isEqualTo(expected(kind, true));
            Recorder.once = false;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 31_000})
    void allKindsTogetherLeaveSubroutinesIntact(int padding) throws Exception {
        Subject subject = subject(Opcodes.V1_1, padding);
        subject.edit("f", (raw, m) -> {
            for (Kind kind : Kind.values()) {
                // Probes at each of the padding's instructions would not fit into 64 KB.
                if (padding == 0 || kind != Kind.BEFORE_ALL && kind != Kind.AFTER_ALL) {
                    edit(kind, raw, m);
                }
            }
            for (int i = 0; i < 600; i++) {
                m.before(Subject.bci(raw, "f", Bytecode.ILOAD_0, 0), says("many"));
            }
        });
        subject.edit("f", (raw, m) -> {
            edit(Kind.THROW_OUT, raw, m);
            edit(Kind.BACK_EDGES, raw, m);
        });
        List<String> events = subject.run("f", 1);
        assertThat(events.stream().filter("finally"::equals)).hasSize(2);
        assertThat(events.stream().filter("many"::equals)).hasSize(1200);
        assertThat(events.stream().filter("out=ArithmeticException"::equals)).hasSize(2);
        assertThat(events.stream().filter("back"::equals)).hasSize(2);
        assertThat(events).last().isEqualTo("threw=ArithmeticException");
        RawClass raw = subject.raw("Subject");
        assertThat(raw.codeLength(raw.method(Subject.index(raw, "f")))).isGreaterThan(padding == 0 ? 0 : 32_768);
    }

    @Test
    void subroutinesThatComeToLieFarAwayAreCalledByWideJumps() throws Exception {
        Subject subject = subject(Opcodes.V1_1, 0);
        subject.edit("f", (raw, m) -> {
            int far = Subject.bci(raw, "f", Bytecode.ATHROW, 0);
            for (int i = 0; i < 6000; i++) {
                m.before(far, Snippet.call(Recorder.NAME, "count", "(I)V", Value.of(1000)));
            }
        });
        RawClass raw = subject.raw("Subject");
        assertThat(Subject.bci(raw, "f", Bytecode.JSR_W, 0)).isPositive();
        assertThat(Subject.bci(raw, "f", Bytecode.GOTO_W, 0)).isPositive();
        Recorder.count = 0;
        assertThat(subject.run("f", 1)).containsExactly("finally", "finally", "threw=ArithmeticException");
        assertThat(Recorder.count).isEqualTo(6000);

        // And once more: now the original has jsr_w and goto_w.
        subject.edit("f", (again, m) -> {
            m.atReturn(says("exit"));
            m.atThrowOut(says("out"));
            m.atBackEdges(says("back"));
            m.before(Subject.bci(again, "f", Bytecode.JSR_W, 0), says("jsr_w"));
        });
        assertThat(subject.run("f", 1))
                .containsExactly("jsr_w", "finally", "back", "finally", "out", "threw=ArithmeticException");
    }
}
