package org.dvm.core.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.dvm.core.edit.Recorder.says;
import static org.dvm.core.edit.Recorder.saysInt;
import static org.dvm.core.edit.Recorder.saysThrown;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.edit.FilterEdits.Overflow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Methods near the limits: code of 64 KB, branches that reach far in the original already, and what fits no more. */
class LargeMethodTest {
    private static ClassWriter newClass() {
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_FRAMES);
        writer.visit(Opcodes.V11, Opcodes.ACC_PUBLIC, "Subject", null, "java/lang/Object", null);
        return writer;
    }

    private static Subject finished(ClassWriter writer, MethodVisitor code) {
        code.visitMaxs(0, 0);
        code.visitEnd();
        writer.visitEnd();
        return Subject.ofClass("Subject", writer.toByteArray());
    }

    private static void pad(MethodVisitor code, int bytes) {
        for (int i = 0; i < bytes; i++) {
            code.visitInsn(Opcodes.NOP);
        }
    }

    /** In Java: {@code static int f(int n) { return n; }}, with so many bytes of code. */
    private static Subject ofLength(int length) {
        ClassWriter writer = newClass();
        MethodVisitor code = writer.visitMethod(Opcodes.ACC_STATIC, "f", "(I)I", null, null);
        code.visitCode();
        pad(code, length - 2);
        code.visitVarInsn(Opcodes.ILOAD, 0);
        code.visitInsn(Opcodes.IRETURN);
        return finished(writer, code);
    }

    private static int codeLength(RawClass raw) {
        return raw.codeLength(raw.method(Subject.index(raw, "f")));
    }

    @Test
    void codeMayFillAllOf65535Bytes() throws Exception {
        // ldc_w or ldc, then invokestatic.
        int snippet = codeLength(ofLength(100)
                        .edit("f", (raw, m) -> m.atEntry(says("enter")))
                        .raw("Subject"))
                - 100;
        Subject subject = ofLength(65535 - snippet).edit("f", (raw, m) -> m.atEntry(says("enter")));
        assertThat(codeLength(subject.raw("Subject"))).isEqualTo(65535);
        assertThat(subject.run("f", 7)).containsExactly("enter", "result=7");
    }

    @Test
    void aByteTooMuchGoesToAHelperOrIsRefused() throws Exception {
        // The call of a helper without arguments takes three bytes.
        Subject outlined = ofLength(65532).edit("f", (raw, m) -> m.atEntry(says("enter")));
        assertThat(codeLength(outlined.raw("Subject"))).isEqualTo(65535);
        assertThat(outlined.run("f", 7)).containsExactly("enter", "result=7");
        assertThatThrownBy(() -> ofLength(65533).edit("f", (raw, m) -> m.atEntry(says("enter"))))
                .hasStackTraceContaining("METHOD_TOO_LARGE");
    }

    @Test
    void aMethodWhoseEditsAreLeftOutIsCopied() throws Exception {
        RawClass raw = ofLength(65535).raw("Subject");
        ClassEdits edits = new ClassEdits(raw);
        edits.method(Subject.index(raw, "f")).atEntry(says("enter"));
        edits.method(Subject.index(raw, "f")).atThrowOut(saysThrown("out"));
        Written written = org.dvm.core.edit.ClassWriter.write(
                raw, List.of(new FilterEdits("observer", edits, Overflow.LEAVE_OUT)));
        assertThat(written.findings())
                .extracting(finding -> (Object) finding.rule())
                .containsExactly(EditRule.LEFT_OUT);
        assertThat(written.classFile()).isEqualTo(raw.bytes());
    }

    /**
     * In Java: a loop over {@code switch (i % 3)} whose cases lie 20 KB apart from each other, in each a condition that leads
     * to the end and one that leads back to the head.
     */
    private static Subject farSwitch(int padding) {
        ClassWriter writer = newClass();
        MethodVisitor code = writer.visitMethod(Opcodes.ACC_STATIC, "f", "(I)I", null, null);
        Label head = new Label();
        Label end = new Label();
        Label[] cases = {new Label(), new Label(), new Label()};
        Label otherwise = new Label();
        code.visitCode();
        code.visitInsn(Opcodes.ICONST_0);
        code.visitVarInsn(Opcodes.ISTORE, 1);
        code.visitLabel(head);
        code.visitIincInsn(1, 1);
        code.visitVarInsn(Opcodes.ILOAD, 1);
        code.visitInsn(Opcodes.ICONST_3);
        code.visitInsn(Opcodes.IREM);
        code.visitTableSwitchInsn(0, 2, otherwise, cases);
        for (Label label : cases) {
            code.visitLabel(label);
            code.visitVarInsn(Opcodes.ILOAD, 1);
            code.visitVarInsn(Opcodes.ILOAD, 0);
            code.visitJumpInsn(Opcodes.IF_ICMPGE, end);
            pad(code, padding);
            code.visitVarInsn(Opcodes.ILOAD, 1);
            code.visitJumpInsn(Opcodes.IFGT, head);
        }
        code.visitLabel(otherwise);
        code.visitInsn(Opcodes.ICONST_M1);
        code.visitInsn(Opcodes.IRETURN);
        code.visitLabel(end);
        code.visitVarInsn(Opcodes.ILOAD, 1);
        code.visitInsn(Opcodes.IRETURN);
        return finished(writer, code);
    }

    @ParameterizedTest
    @CsvSource({"100, 4000", "10000, 10", "10850, 1", "10850, 40", "16000, 3", "20000, 3"})
    void branchesAndSwitchesReachWhateverIsBetween(int padding, int probes) throws Exception {
        Subject subject = farSwitch(padding);
        subject.edit("f", (raw, m) -> {
            List<Integer> bcis = Plans.instructions(raw, Subject.index(raw, "f"));
            for (int i = 0; i < probes; i++) {
                m.before(bcis.get(bcis.size() / 3), Snippet.call(Recorder.NAME, "count", "(I)V", Value.of(1000)));
            }
            m.atEntry(says("enter"));
            m.atBackEdges(says("back"));
            m.atReturn(saysInt("exit", Value.returnValue()));
            m.atThrowOut(saysThrown("out"));
        });
        assertThat(subject.run("f", 4)).containsExactly("enter", "back", "back", "back", "exit=4", "result=4");

        // A second time, over the wide jumps and islands of the first.
        subject.edit("f", (raw, m) -> {
            m.atBackEdges(says("again"));
            m.atReturn(says("leave"));
        });
        assertThat(subject.run("f", 3)).startsWith("enter").endsWith("exit=3", "leave", "result=3");
    }

    @Test
    void aFilterStackedOnItselfRunsTwiceEverywhere() throws Exception {
        Subject once = farSwitch(100);
        Subject twice = farSwitch(100);
        List<String> single = once.edit("f", LargeMethodTest::probe).run("f", 4);
        List<String> stacked = twice.editByFilters("f", List.of(LargeMethodTest::probe, LargeMethodTest::probe))
                .run("f", 4);
        List<String> expected = new ArrayList<>();
        single.forEach(event -> {
            expected.add(event);
            if (!event.startsWith("result")) {
                expected.add(event);
            }
        });
        assertThat(stacked).isEqualTo(expected);

        Subject after = farSwitch(100).edit("f", LargeMethodTest::probe).edit("f", LargeMethodTest::probe);
        assertThat(after.run("f", 4)).containsExactlyInAnyOrderElementsOf(expected);
    }

    private static void probe(RawClass raw, MethodEdits m) {
        m.atEntry(saysInt("enter", Value.parameter(0)));
        m.atBackEdges(says("back"));
        m.atReturn(saysInt("exit", Value.returnValue()));
        m.before(Subject.bci(raw, "f", Opcodes.IREM, 0), says("rem"));
    }

    /** Every parameter slot, a deep stack and many variables: what snippets add goes above all of it. */
    @Test
    void methodsWith255ParametersAndManyVariablesAreProbed() throws Exception {
        ClassWriter writer = newClass();
        String descriptor = "(" + "J".repeat(127) + "I)J";
        MethodVisitor code = writer.visitMethod(Opcodes.ACC_STATIC, "f", descriptor, null, null);
        code.visitCode();
        code.visitInsn(Opcodes.LCONST_1);
        code.visitVarInsn(Opcodes.LSTORE, 65000);
        for (int i = 0; i < 127; i++) {
            code.visitVarInsn(Opcodes.LLOAD, 2 * i);
        }
        for (int i = 0; i < 126; i++) {
            code.visitInsn(Opcodes.LADD);
        }
        code.visitVarInsn(Opcodes.LLOAD, 65000);
        code.visitInsn(Opcodes.LADD);
        code.visitInsn(Opcodes.LRETURN);
        Subject subject = finished(writer, code);
        subject.edit("f", (raw, m) -> {
            LocalVariable clock = m.newLocal("J");
            m.atEntry(Snippet.call(Recorder.NAME, "clock", "()J").storeInto(clock));
            m.atReturn(Recorder.saysLong("clock", Value.local(clock)));
            m.atReturn(Recorder.saysLong("last", Value.parameter(126)));
            m.atReturn(saysInt("int", Value.parameter(127)));
            m.atThrowOut(says("all", Value.parameterArray()));
        });
        Object[] arguments = new Object[128];
        Arrays.setAll(arguments, i -> i < 127 ? (Object) (long) i : (Object) 5);
        assertThat(subject.run("f", arguments)).containsExactly("clock=42", "last=126", "int=5", "result=8002");
    }
}
