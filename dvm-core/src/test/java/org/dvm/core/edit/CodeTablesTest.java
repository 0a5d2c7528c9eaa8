package org.dvm.core.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dvm.core.edit.Recorder.says;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.dvm.core.classfile.RawClass;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Line numbers, local variables and type annotations go with their code, byte for byte. Where the instructions have come to
 * stand is found here by comparing the old code with the new one, not by asking the writer.
 */
class CodeTablesTest {
    /** All twelve kinds of targets that type annotations on code have, most of them twice. */
    private static final String SOURCE = """
            @java.lang.annotation.Target(java.lang.annotation.ElementType.TYPE_USE)
            @java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)
            @interface A {
                int value() default 0;
                String[] names() default {};
                B nested() default @B;
                Class<?> type() default int.class;
                Thread.State state() default Thread.State.NEW;
            }
            @java.lang.annotation.Target(java.lang.annotation.ElementType.TYPE_USE)
            @interface B { }
            static class G {
                G() { }
                <T> G(T t) { }
                <T> String m(T t) { return "m" + t; }
            }
            interface Maker<T> { G make(T t); }
            interface Plain { G make(); }
            interface Caller { String call(G g, String s); }
            static String f(Object o, int n) throws Exception {
                @A(1) @B String local = "";
                @A(2) int count = 0;
                try (java.io. @A(3) @B StringReader in = new java.io.StringReader("x")) {
                    count += in.read() == 'x' ? 1 : 0;
                } catch (@A(4) @B RuntimeException e) {
                    local = "caught";
                }
                for (int i = 0; i < n; i++) {
                    @B Object each = i;
                    if (each instanceof @A(5) @B Integer) {
                        count++;
                    }
                }
                java.util.List<@A(6) @B String> made =
                        new java.util. @A(names = {"a", "b"}, nested = @B) @B ArrayList<@B String>();
                Plain plain = @A(7) @B G::new;
                Maker<String> maker = G::<@A(8) @B String>new;
                Caller caller = @A(type = String.class) @B G::<@A(9) @B String>m;
                String cast = (@A(10) @B String) o;
                Object both = (java.util. @A List<@B String> & @A Runnable) null;
                G g = new <@A(11) @B String> G("t");
                local += g.<@A(state = Thread.State.BLOCKED) @B String>m("u");
                switch (n) {
                    case 1: count += 10; break;
                    case 2: count += 20; break;
                    default: count += 30;
                }
                return local + cast + count + caller.call(plain.make(), "v") + (maker.make("w") != null) + made + both;
            }
            """;

    private static final String RESULT = "result=muo23mvtrue[]null";

    /** Where each original instruction stands in the new code, and where branches to it go. */
    private record Positions(int[] instructions, int[] labels) {}

    private static Subject annotated() {
        return Subject.of(SOURCE, "-g");
    }

    /** Inserts {@code before} and {@code after} at every n-th instruction. */
    private static void probe(RawClass raw, MethodEdits edits, int step) {
        List<Integer> bcis = Plans.instructions(raw, Subject.index(raw, "f"));
        for (int i = 0; i < bcis.size(); i += step) {
            edits.before(bcis.get(i), says("before"));
            edits.after(bcis.get(i), says("after"));
        }
        edits.atEntry(says("entry"));
    }

    private static OriginalCode code(RawClass raw) {
        OriginalCode code = new OriginalCode();
        code.start(raw, raw.method(Subject.index(raw, "f")));
        return code;
    }

    private static Positions align(RawClass before, RawClass after) {
        OriginalCode old = code(before);
        OriginalCode edited = code(after);
        int[] instructions = new int[old.length + 1];
        int[] labels = new int[old.length + 1];
        Arrays.fill(instructions, -1);
        int at = 0;
        int bci = 0;
        while (bci < old.length) {
            for (String event = event(after, edited, at); event.equals("entry") || event.equals("after"); ) {
                at += snippetLength(edited, at);
                event = event(after, edited, at);
            }
            labels[bci] = at;
            while (event(after, edited, at).equals("before")) {
                at += snippetLength(edited, at);
            }
            instructions[bci] = at;
            assertThat(edited.bytes[edited.at(at)]).isEqualTo(old.bytes[old.at(bci)]);
            at += Bytecode.length(edited.bytes, edited.start, at, edited.length);
            bci += Bytecode.length(old.bytes, old.start, bci, old.length);
        }
        assertThat(at).isEqualTo(edited.length);
        labels[old.length] = at;
        return new Positions(instructions, labels);
    }

    private static int snippetLength(OriginalCode code, int at) {
        return Bytecode.length(code.bytes, code.start, at, code.length) + 3;
    }

    /** Returns the event that the snippet at that bci would note; empty if none stands there. */
    private static String event(RawClass raw, OriginalCode code, int at) {
        if (at >= code.length) {
            return "";
        }
        int offset = code.at(at);
        int constant;
        if (raw.u1(offset) == Bytecode.LDC) {
            constant = raw.u1(offset + 1);
        } else if (raw.u1(offset) == Bytecode.LDC_W) {
            constant = raw.u2(offset + 1);
        } else {
            return "";
        }
        String text = raw.constantTag(constant) == RawClass.STRING ? raw.name(constant) : "";
        return Set.of("entry", "before", "after").contains(text) ? text : "";
    }

    private static byte[] content(RawClass raw, int kind, String name) {
        OriginalCode code = code(raw);
        for (int i = 0; i < code.attributeCount(); i++) {
            if (code.attributeKind(i) == kind && raw.utf8(code.attributeName(i)).equals(name)) {
                int offset = code.attributeOffset(i);
                return Arrays.copyOfRange(code.bytes, offset, offset + code.attributeLength(i));
            }
        }
        throw new AssertionError("no " + name);
    }

    // ---- what is expected ----

    private static void shiftRange(byte[] table, int at, Positions positions) {
        int start = Bytecode.u2(table, at);
        int end = start + Bytecode.u2(table, at + 2);
        int newStart = start == 0 ? 0 : positions.labels()[start];
        Bytecode.setU2(table, at, newStart);
        Bytecode.setU2(table, at + 2, positions.labels()[end] - newStart);
    }

    private static byte[] shiftedVariables(byte[] table, Positions positions) {
        for (int i = 0; i < Bytecode.u2(table, 0); i++) {
            shiftRange(table, 2 + 10 * i, positions);
        }
        return table;
    }

    private static byte[] shiftedLines(byte[] table, Positions positions) {
        for (int i = 0; i < Bytecode.u2(table, 0); i++) {
            int bci = Bytecode.u2(table, 2 + 4 * i);
            Bytecode.setU2(table, 2 + 4 * i, bci == 0 ? 0 : positions.labels()[bci]);
        }
        return table;
    }

    private static byte[] shiftedAnnotations(byte[] table, Positions positions, Set<Integer> targets) {
        int at = 2;
        for (int i = 0; i < Bytecode.u2(table, 0); i++) {
            int target = table[at] & 0xff;
            targets.add(target);
            if (target == 0x40 || target == 0x41) {
                int count = Bytecode.u2(table, at + 1);
                for (int j = 0; j < count; j++) {
                    shiftRange(table, at + 3 + 6 * j, positions);
                }
                at += 3 + 6 * count;
            } else if (target == 0x42) {
                at += 3;
            } else {
                Bytecode.setU2(table, at + 1, positions.instructions()[Bytecode.u2(table, at + 1)]);
                at += target < 0x47 ? 3 : 4;
            }
            at += 1 + 2 * table[at];
            at = annotationEnd(table, at);
        }
        assertThat(at).isEqualTo(table.length);
        return table;
    }

    private static int annotationEnd(byte[] table, int start) {
        int at = start + 4;
        for (int i = Bytecode.u2(table, start + 2); i > 0; i--) {
            at = valueEnd(table, at + 2);
        }
        return at;
    }

    private static int valueEnd(byte[] table, int start) {
        switch (table[start]) {
            case 'e':
                return start + 5;
            case '@':
                return annotationEnd(table, start + 1);
            case '[':
                int at = start + 3;
                for (int i = Bytecode.u2(table, start + 1); i > 0; i--) {
                    at = valueEnd(table, at);
                }
                return at;
            default:
                return start + 3;
        }
    }

    // ---- tests ----

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void typeAnnotationsKeepEveryKindOfTarget(int step) throws Exception {
        Subject subject = annotated();
        RawClass before = subject.raw("Subject");
        subject.edit("f", (raw, m) -> probe(raw, m, step));
        RawClass after = subject.raw("Subject");
        Positions positions = align(before, after);
        for (String name : List.of("RuntimeVisibleTypeAnnotations", "RuntimeInvisibleTypeAnnotations")) {
            Set<Integer> targets = new TreeSet<>();
            byte[] expected =
                    shiftedAnnotations(content(before, TableShifter.TYPE_ANNOTATIONS, name), positions, targets);
            assertThat(content(after, TableShifter.TYPE_ANNOTATIONS, name)).isEqualTo(expected);
            assertThat(targets).containsExactly(0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4A, 0x4B);
        }
        assertThat(subject.run("f", "o", 2)).last().isEqualTo(RESULT);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void linesAndVariablesKeepTheirInstructions(int step) throws Exception {
        Subject subject = annotated();
        RawClass before = subject.raw("Subject");
        subject.edit("f", (raw, m) -> probe(raw, m, step));
        RawClass after = subject.raw("Subject");
        Positions positions = align(before, after);
        for (String name : List.of("LocalVariableTable", "LocalVariableTypeTable")) {
            assertThat(content(after, TableShifter.LOCAL_VARIABLES, name))
                    .isEqualTo(shiftedVariables(content(before, TableShifter.LOCAL_VARIABLES, name), positions));
        }
        assertThat(content(after, TableShifter.LINE_NUMBERS, "LineNumberTable"))
                .isEqualTo(shiftedLines(content(before, TableShifter.LINE_NUMBERS, "LineNumberTable"), positions));
    }

    @Test
    void annotationsSurviveASecondEdit() throws Exception {
        Subject subject = annotated();
        subject.edit("f", (raw, m) -> probe(raw, m, 3));
        subject.edit("f", (raw, m) -> {
            List<Integer> bcis = new ArrayList<>(Plans.instructions(raw, Subject.index(raw, "f")));
            bcis.forEach(bci -> m.before(bci, Snippet.call(Recorder.NAME, "count", "(I)V", Value.of(bci))));
        });
        RawClass raw = subject.raw("Subject");
        Set<Integer> targets = new TreeSet<>();
        OriginalCode code = code(raw);
        int[] same = new int[code.length + 1];
        Arrays.setAll(same, bci -> bci);
        byte[] annotations = content(raw, TableShifter.TYPE_ANNOTATIONS, "RuntimeVisibleTypeAnnotations");
        shiftedAnnotations(annotations.clone(), new Positions(same, same), targets);
        assertThat(targets).hasSize(12);
        for (int target : List.of(0x43, 0x44, 0x47)) {
            int opcode = target == 0x43 ? 193 : target == 0x44 ? Bytecode.NEW : Bytecode.CHECKCAST;
            assertThat(opcodesOf(annotations, target, code)).containsOnly(opcode);
        }
        assertThat(subject.run("f", "o", 2)).last().isEqualTo(RESULT);
    }

    /** Returns the opcodes at which the annotations of one kind of target stand; casts that javac leaves out aside. */
    private static List<Integer> opcodesOf(byte[] table, int wanted, OriginalCode code) {
        List<Integer> opcodes = new ArrayList<>();
        int at = 2;
        for (int i = 0; i < Bytecode.u2(table, 0); i++) {
            int target = table[at] & 0xff;
            int bci = Bytecode.u2(table, at + 1);
            if (target == wanted) {
                opcodes.add(code.bytes[code.at(bci)] & 0xff);
            }
            at += target <= 0x41 ? 3 + 6 * bci : target < 0x47 ? 3 : 4;
            at += 1 + 2 * table[at];
            at = annotationEnd(table, at);
        }
        return opcodes;
    }
}
