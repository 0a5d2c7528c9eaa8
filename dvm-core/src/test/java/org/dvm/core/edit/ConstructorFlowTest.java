package org.dvm.core.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.dvm.core.edit.Recorder.says;
import static org.dvm.core.edit.Recorder.saysThrown;

import java.util.ArrayList;
import java.util.LinkedList;
import java.util.List;
import java.util.function.Consumer;
import org.dvm.core.classfile.RawClass;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** The call that initializes {@code this} is found by where {@code this} goes, however odd the constructor. */
class ConstructorFlowTest {
    /** What a test constructor looks like: {@code Subject(int)}, of a class that extends java.util.ArrayList. */
    interface Body extends Consumer<MethodVisitor> {}

    private static final String SUPER = "java/util/ArrayList";

    private static void call(MethodVisitor code, String owner, String descriptor) {
        code.visitMethodInsn(Opcodes.INVOKESPECIAL, owner, "<init>", descriptor, false);
    }

    private static void event(MethodVisitor code, String name) {
        code.visitLdcInsn(name);
        code.visitMethodInsn(Opcodes.INVOKESTATIC, Recorder.NAME, "event", "(Ljava/lang/String;)V", false);
    }

    /** A class with that constructor and a method {@code f(int)} that calls it. */
    private static Subject subject(Body body) {
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_FRAMES) {
            @Override
            protected String getCommonSuperClass(String left, String right) {
                return "java/lang/Object";
            }
        };
        writer.visit(Opcodes.V11, Opcodes.ACC_PUBLIC, "Subject", null, SUPER, null);
        MethodVisitor constructor = writer.visitMethod(Opcodes.ACC_PUBLIC, "<init>", "(I)V", null, null);
        constructor.visitCode();
        body.accept(constructor);
        constructor.visitMaxs(0, 0);
        constructor.visitEnd();
        MethodVisitor code = writer.visitMethod(Opcodes.ACC_STATIC, "f", "(I)V", null, null);
        code.visitCode();
        code.visitTypeInsn(Opcodes.NEW, "Subject");
        code.visitVarInsn(Opcodes.ILOAD, 0);
        call(code, "Subject", "(I)V");
        code.visitInsn(Opcodes.RETURN);
        code.visitMaxs(0, 0);
        code.visitEnd();
        writer.visitEnd();
        return Subject.ofClass("Subject", writer.toByteArray());
    }

    static List<Arguments> constructors() {
        List<Arguments> all = new ArrayList<>();
        all.add(Arguments.argumentSet("new of the superclass as an argument", (Body) code -> {
            code.visitVarInsn(Opcodes.ALOAD, 0);
            code.visitTypeInsn(Opcodes.NEW, SUPER);
            code.visitInsn(Opcodes.DUP);
            code.visitVarInsn(Opcodes.ILOAD, 1);
            call(code, SUPER, "(I)V");
            call(code, SUPER, "(Ljava/util/Collection;)V");
            event(code, "body");
            code.visitInsn(Opcodes.RETURN);
        }));
        all.add(Arguments.argumentSet("nested new of the superclass", (Body) code -> {
            code.visitVarInsn(Opcodes.ALOAD, 0);
            code.visitTypeInsn(Opcodes.NEW, SUPER);
            code.visitInsn(Opcodes.DUP);
            code.visitTypeInsn(Opcodes.NEW, SUPER);
            code.visitInsn(Opcodes.DUP);
            code.visitVarInsn(Opcodes.ILOAD, 1);
            call(code, SUPER, "(I)V");
            call(code, SUPER, "(Ljava/util/Collection;)V");
            call(code, SUPER, "(Ljava/util/Collection;)V");
            event(code, "body");
            code.visitInsn(Opcodes.RETURN);
        }));
        all.add(Arguments.argumentSet("a new of the superclass that waits while this is initialized", (Body) code -> {
            code.visitTypeInsn(Opcodes.NEW, SUPER);
            code.visitVarInsn(Opcodes.ALOAD, 0);
            code.visitVarInsn(Opcodes.ILOAD, 1);
            call(code, SUPER, "(I)V");
            call(code, SUPER, "()V");
            event(code, "body");
            code.visitInsn(Opcodes.RETURN);
        }));
        all.add(Arguments.argumentSet("this on a detour through a variable and the stack", (Body) code -> {
            code.visitVarInsn(Opcodes.ALOAD, 0);
            code.visitVarInsn(Opcodes.ASTORE, 7);
            code.visitTypeInsn(Opcodes.NEW, SUPER);
            code.visitVarInsn(Opcodes.ALOAD, 7);
            code.visitInsn(Opcodes.DUP_X1);
            code.visitInsn(Opcodes.POP);
            code.visitInsn(Opcodes.SWAP);
            call(code, SUPER, "()V");
            event(code, "body");
            code.visitInsn(Opcodes.POP);
            code.visitInsn(Opcodes.RETURN);
        }));
        all.add(Arguments.argumentSet("a ternary as argument", (Body) code -> {
            Label other = new Label();
            Label join = new Label();
            code.visitVarInsn(Opcodes.ALOAD, 0);
            code.visitVarInsn(Opcodes.ILOAD, 1);
            code.visitJumpInsn(Opcodes.IFEQ, other);
            code.visitTypeInsn(Opcodes.NEW, SUPER);
            code.visitInsn(Opcodes.DUP);
            call(code, SUPER, "()V");
            code.visitJumpInsn(Opcodes.GOTO, join);
            code.visitLabel(other);
            code.visitTypeInsn(Opcodes.NEW, SUPER);
            code.visitInsn(Opcodes.DUP);
            code.visitIntInsn(Opcodes.BIPUSH, 9);
            call(code, SUPER, "(I)V");
            code.visitLabel(join);
            call(code, SUPER, "(Ljava/util/Collection;)V");
            event(code, "body");
            code.visitInsn(Opcodes.RETURN);
        }));
        all.add(Arguments.argumentSet("a call in each of two branches", (Body) code -> {
            Label other = new Label();
            Label join = new Label();
            code.visitVarInsn(Opcodes.ILOAD, 1);
            code.visitJumpInsn(Opcodes.IFEQ, other);
            code.visitVarInsn(Opcodes.ALOAD, 0);
            call(code, SUPER, "()V");
            code.visitJumpInsn(Opcodes.GOTO, join);
            code.visitLabel(other);
            code.visitVarInsn(Opcodes.ALOAD, 0);
            code.visitVarInsn(Opcodes.ILOAD, 1);
            call(code, SUPER, "(I)V");
            code.visitLabel(join);
            event(code, "body");
            code.visitInsn(Opcodes.RETURN);
        }));
        all.add(Arguments.argumentSet("a loop before and one after", (Body) code -> {
            Label before = new Label();
            Label after = new Label();
            code.visitLabel(before);
            code.visitIincInsn(1, -1);
            code.visitVarInsn(Opcodes.ILOAD, 1);
            code.visitJumpInsn(Opcodes.IFGT, before);
            code.visitVarInsn(Opcodes.ALOAD, 0);
            call(code, SUPER, "()V");
            event(code, "body");
            code.visitLabel(after);
            code.visitIincInsn(1, 1);
            code.visitVarInsn(Opcodes.ILOAD, 1);
            code.visitJumpInsn(Opcodes.IFLT, after);
            code.visitInsn(Opcodes.RETURN);
        }));
        all.add(Arguments.argumentSet("a switch whose cases call or throw", (Body) code -> {
            Label one = new Label();
            Label other = new Label();
            code.visitVarInsn(Opcodes.ILOAD, 1);
            code.visitTableSwitchInsn(2, 3, other, one, other);
            code.visitLabel(one);
            code.visitVarInsn(Opcodes.ALOAD, 0);
            call(code, SUPER, "()V");
            event(code, "body");
            code.visitInsn(Opcodes.RETURN);
            code.visitLabel(other);
            code.visitTypeInsn(Opcodes.NEW, "java/lang/RuntimeException");
            code.visitInsn(Opcodes.DUP);
            call(code, "java/lang/RuntimeException", "()V");
            code.visitInsn(Opcodes.ATHROW);
        }));
        return all;
    }

    private static Subject probed(Body body) {
        return subject(body).edit("<init>", (raw, m) -> {
            m.atEntry(says("entry"));
            m.atInitializedEntry(says("initialized", Value.of("")));
            m.atInitializedEntry(Snippet.call(
                    Recorder.NAME, "anything", "(Ljava/lang/Object;)Ljava/lang/Object;", Value.thisObject()));
            m.atThrowOut(saysThrown("out"));
            m.atThrowBeforeSuper(saysThrown("before"));
            m.atReturn(says("exit"));
        });
    }

    @ParameterizedTest
    @MethodSource("constructors")
    void initializedEntryRunsRightAfterTheCallOnThis(Body body) throws Exception {
        assertThat(probed(body).run("f", 2)).containsExactly("entry", "initialized=", "body", "exit");
    }

    @Test
    void aConstructorMayThrowOnAllWays() throws Exception {
        Subject subject = probed(code -> {
            code.visitInsn(Opcodes.ACONST_NULL);
            code.visitInsn(Opcodes.ATHROW);
        });
        assertThat(subject.run("f", 2))
                .containsExactly("entry", "before=NullPointerException", "threw=NullPointerException");
    }

    private static void parse(MethodVisitor code, String text) {
        code.visitLdcInsn(text);
        code.visitMethodInsn(Opcodes.INVOKESTATIC, "java/lang/Integer", "parseInt", "(Ljava/lang/String;)I", false);
    }

    @Test
    void anExceptionOfAnArgumentLeavesBeforeTheCallOnThis() throws Exception {
        Subject subject = probed(code -> {
            code.visitVarInsn(Opcodes.ALOAD, 0);
            parse(code, "none");
            call(code, SUPER, "(I)V");
            event(code, "body");
            code.visitInsn(Opcodes.RETURN);
        });
        assertThat(subject.run("f", 2))
                .containsExactly("entry", "before=NumberFormatException", "threw=NumberFormatException");
    }

    @Test
    void anExceptionOfTheCallOnThisGoesUnseen() throws Exception {
        Subject subject = probed(code -> {
            code.visitVarInsn(Opcodes.ALOAD, 0);
            parse(code, "-1");
            call(code, SUPER, "(I)V");
            event(code, "body");
            code.visitInsn(Opcodes.RETURN);
        });
        assertThat(subject.run("f", 2)).containsExactly("entry", "threw=IllegalArgumentException");
    }

    @Test
    void anExceptionAfterTheCallOnThisDoesNotLeaveBeforeIt() throws Exception {
        Subject subject = probed(code -> {
            code.visitVarInsn(Opcodes.ALOAD, 0);
            call(code, SUPER, "()V");
            parse(code, "none");
            code.visitInsn(Opcodes.POP);
            code.visitInsn(Opcodes.RETURN);
        });
        assertThat(subject.run("f", 2))
                .containsExactly("entry", "initialized=", "out=NumberFormatException", "threw=NumberFormatException");
    }

    @Test
    void itsOwnHandlersBeforeTheCallOnThisCatchFirst() throws Exception {
        Subject subject = probed(code -> {
            Label from = new Label();
            Label to = new Label();
            Label handler = new Label();
            Label join = new Label();
            code.visitTryCatchBlock(from, to, handler, "java/lang/NumberFormatException");
            code.visitLabel(from);
            parse(code, "none");
            code.visitVarInsn(Opcodes.ISTORE, 1);
            code.visitLabel(to);
            code.visitJumpInsn(Opcodes.GOTO, join);
            code.visitLabel(handler);
            code.visitInsn(Opcodes.POP);
            event(code, "caught");
            code.visitLabel(join);
            code.visitVarInsn(Opcodes.ALOAD, 0);
            call(code, SUPER, "()V");
            event(code, "body");
            code.visitInsn(Opcodes.RETURN);
        });
        assertThat(subject.run("f", 2)).containsExactly("entry", "caught", "initialized=", "body", "exit");
    }

    @Test
    void whereThisHasBeenMovedNothingStandsBeforeTheCallOnIt() throws Exception {
        Subject subject = subject(code -> {
            code.visitVarInsn(Opcodes.ALOAD, 0);
            code.visitInsn(Opcodes.ACONST_NULL);
            code.visitVarInsn(Opcodes.ASTORE, 0);
            parse(code, "none");
            call(code, SUPER, "(I)V");
            code.visitInsn(Opcodes.RETURN);
        });
        subject.edit("<init>", (raw, m) -> m.atThrowBeforeSuper(saysThrown("before")));
        assertThat(subject.run("f", 2)).containsExactly("threw=NumberFormatException");
    }

    @Test
    void elsewhereThereIsNoCallOnThisToWaitFor() throws Exception {
        Subject subject = Subject.of("static void f(int n) { throw new IllegalStateException(); }");
        subject.edit("f", (raw, m) -> m.atThrowBeforeSuper(saysThrown("before")));
        assertThat(subject.run("f", 2)).containsExactly("threw=IllegalStateException");
    }

    @Test
    void parametersCannotBeAskedWhenAnExceptionLeavesBeforeTheCallOnThis() {
        Subject subject = subject((Body) constructors().get(0).get()[0]);
        assertThatThrownBy(() -> subject.edit(
                        "<init>",
                        (raw, m) ->
                                m.atThrowBeforeSuper(Snippet.call(Recorder.NAME, "count", "(I)V", Value.parameter(0)))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("parameters aren't available");
    }

    /** Code that nothing leads to, and whose frame has {@code this} uninitialized: HotSpot verifies that, too. */
    @Test
    void unreachableCodeIsTakenAsItsFrameDeclaresIt() throws Exception {
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        writer.visit(Opcodes.V11, Opcodes.ACC_PUBLIC, "Subject", null, SUPER, null);
        MethodVisitor code = writer.visitMethod(Opcodes.ACC_PUBLIC, "<init>", "(I)V", null, null);
        code.visitCode();
        code.visitVarInsn(Opcodes.ALOAD, 0);
        call(code, SUPER, "()V");
        code.visitInsn(Opcodes.RETURN);
        code.visitFrame(Opcodes.F_NEW, 2, new Object[] {Opcodes.UNINITIALIZED_THIS, Opcodes.INTEGER}, 0, new Object[0]);
        code.visitInsn(Opcodes.NOP);
        code.visitVarInsn(Opcodes.ALOAD, 0);
        call(code, SUPER, "()V");
        code.visitInsn(Opcodes.RETURN);
        code.visitMaxs(0, 0);
        code.visitEnd();
        writer.visitEnd();
        Subject subject = Subject.ofClass("Subject", writer.toByteArray());
        subject.editClass("Subject", (raw, edits) -> {
            edits.setSuperclass("java/util/LinkedList");
            edits.method(0).atInitializedEntry(says("initialized"));
            edits.method(0).atThrowOut(says("out", Value.thisObject()));
        });
        Recorder.take();
        assertThat(subject.load("Subject").getConstructor(int.class).newInstance(3))
                .isInstanceOf(LinkedList.class);
        assertThat(Recorder.take()).containsExactly("initialized");
    }

    @Test
    void whatThisIsCannotBeAskedBeforeTheCallOnIt() {
        Body waits = (Body) constructors().get(2).get()[0];
        Subject subject = subject(waits);
        Snippet self = says("this", Value.thisObject());
        int first = Subject.bci(subject.raw("Subject"), "<init>", Bytecode.INVOKESPECIAL, 0);
        assertThatThrownBy(() -> subject.edit("<init>", (raw, m) -> m.before(first, self)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not initialized");
        subject.edit("<init>", (raw, m) -> m.after(first, self));
    }

    /** In real constructors the frames tell the same. */
    @Test
    void agreesWithTheFramesOfTheJdk() {
        int uninitialized = 0;
        int initialized = 0;
        for (RawClass raw : JavaBase.every(2)) {
            for (int i = 0; i < raw.methodCount(); i++) {
                if (!raw.memberName(raw.method(i)).equals("<init>") || raw.superName() == null) {
                    continue;
                }
                OriginalCode code = new OriginalCode();
                code.start(raw, raw.method(i));
                ConstructorFlow flow = ConstructorFlow.of(code);
                FrameReader frames = new FrameReader();
                frames.setTable(code);
                frames.start(code.method());
                while (frames.next()) {
                    boolean declared = UninitializedThis.declaredBy(frames) == null;
                    assertThat(flow.isInitialized(frames.bci()))
                            .as("%s bci %d", raw.className(), frames.bci())
                            .isEqualTo(declared);
                    initialized += declared ? 1 : 0;
                    uninitialized += declared ? 0 : 1;
                }
            }
        }
        assertThat(uninitialized).isPositive();
        assertThat(initialized).isGreaterThan(1000);
    }

    /** Handlers over everything and many branches: the walk's time must not grow with their product. */
    @Test
    void hostileExceptionTablesAreWalkedInBoundedTime() throws Exception {
        ClassWriter writer = new ClassWriter(0);
        writer.visit(Opcodes.V1_6, Opcodes.ACC_PUBLIC, "Subject", null, SUPER, null);
        MethodVisitor code = writer.visitMethod(Opcodes.ACC_PUBLIC, "<init>", "(I)V", null, null);
        Label start = new Label();
        Label end = new Label();
        code.visitCode();
        code.visitLabel(start);
        Label target = start;
        for (int i = 0; i < 8000; i++) {
            code.visitInsn(Opcodes.ICONST_0);
            code.visitJumpInsn(Opcodes.IFEQ, target);
            target = new Label();
            code.visitLabel(target);
        }
        code.visitVarInsn(Opcodes.ALOAD, 0);
        call(code, SUPER, "()V");
        code.visitInsn(Opcodes.RETURN);
        code.visitLabel(end);
        for (int i = 0; i < 60_000; i++) {
            code.visitTryCatchBlock(start, end, target, null);
        }
        code.visitMaxs(2, 2);
        code.visitEnd();
        writer.visitEnd();
        RawClass raw = RawClass.parse(writer.toByteArray());
        OriginalCode original = new OriginalCode();
        original.start(raw, raw.method(0));
        ConstructorFlow flow = ConstructorFlow.of(original);
        assertThat(flow.superCallCount()).isEqualTo(1);
        assertThat(flow.isInitialized(original.length - 1)).isTrue();
    }
}
