package org.dvm.core.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.dvm.core.edit.Recorder.says;
import static org.dvm.core.edit.Recorder.saysInt;
import static org.dvm.core.edit.Recorder.saysLong;
import static org.dvm.core.edit.Recorder.saysThrown;

import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Insertions run when and in the order that the places promise, on real code. */
class InsertionTest {
    private static final String EVENT = "static void event(String s) { org.dvm.core.edit.Recorder.event(s); }";

    @Nested
    class EntryAndExit {
        @Test
        void entryRunsOnceThoughALoopStartsAtTheFirstInstruction() throws Exception {
            Subject subject = Subject.of(EVENT + "static void f(int n) { while (n-- > 0) { event(\"turn\"); } }");
            subject.edit("f", (raw, m) -> m.atEntry(says("enter")));
            assertThat(subject.run("f", 2)).containsExactly("enter", "turn", "turn");
        }

        @Test
        void everyReturnRunsTheExit() throws Exception {
            Subject subject = Subject.of("static int f(int n) { if (n > 0) return 1; switch (n) {"
                    + " case 0: return 2; case -1: return 3; default: return 4; } }");
            subject.edit("f", (raw, m) -> m.atReturn(saysInt("exit", Value.returnValue())));
            for (int n : new int[] {5, 0, -1, -7}) {
                assertThat(subject.run("f", n).get(0)).startsWith("exit=");
                assertThat(subject.run("f", n)).hasSize(2);
            }
        }

        @Test
        void laterFiltersNestAroundEarlierOnes() throws Exception {
            Subject subject = Subject.of(EVENT + "static void f() { event(\"body\"); }");
            subject.editByFilters(
                    "f",
                    List.of(
                            (raw, m) -> {
                                m.atEntry(says("A.entry"));
                                m.atReturn(says("A.exit"));
                            },
                            (raw, m) -> {
                                m.atEntry(says("B.entry"));
                                m.atEntry(says("B.entry2"));
                                m.atReturn(says("B.exit"));
                            }));
            assertThat(subject.run("f")).containsExactly("B.entry", "B.entry2", "A.entry", "body", "A.exit", "B.exit");
        }

        @Test
        void exceptionsThatLeaveRunTheThrowOutOnce() throws Exception {
            Subject subject = Subject.of(EVENT + "static int f(int n) { try { return 10 / n; }"
                    + " catch (ArithmeticException e) { event(\"caught\"); if (n == 0) throw new IllegalStateException(e);"
                    + " return 0; } finally { event(\"finally\"); } }");
            subject.edit("f", (raw, m) -> {
                m.atReturn(says("return"));
                m.atThrowOut(saysThrown("out"));
            });
            assertThat(subject.run("f", 0))
                    .containsExactly("caught", "finally", "out=IllegalStateException", "threw=IllegalStateException");
            assertThat(subject.run("f", 5)).containsExactly("finally", "return", "result=2");
        }

        @Test
        void snippetsThatThrowDoNotRunTheExits() throws Exception {
            Subject subject = Subject.of("static void f() { }");
            Snippet fails = Snippet.call(Recorder.NAME, "fail", "(Ljava/lang/String;)V", Value.of("no"));
            subject.edit("f", (raw, m) -> {
                m.atReturn(says("return"));
                m.atReturn(fails);
                m.atThrowOut(says("out"));
            });
            assertThat(subject.run("f")).containsExactly("return", "threw=IllegalStateException");
        }

        @Test
        void valuesOfAllTypesReachExits() throws Exception {
            Subject subject =
                    Subject.of("static long f(long a, double b, Object c, float d) { a += (long) b; return a; }");
            subject.edit("f", (raw, m) -> {
                m.atEntry(says("all", Value.parameterArray()));
                m.atReturn(saysLong("a", Value.parameter(0)));
                m.atReturn(says("c", Value.parameter(2)));
                m.atReturn(says("boxed", Value.boxedReturnValue()));
                m.atReturn(saysLong("plain", Value.returnValue()));
                m.atThrowOut(says("all", Value.parameterArray()));
            });
            assertThat(subject.run("f", 3L, 4.0, "x", 1f))
                    .containsExactly("all=[3, 4.0, x, 1.0]", "a=3", "c=x", "boxed=7", "plain=7", "result=7");
        }

        @Test
        void resultsReplaceParametersAndReturnValues() throws Exception {
            Subject subject = Subject.of("static String f(String s, int n) { return s + n; }");
            subject.edit("f", (raw, m) -> {
                m.atEntry(Snippet.call(
                                Recorder.NAME, "upper", "(Ljava/lang/String;)Ljava/lang/String;", Value.parameter(0))
                        .storeIntoParameter(0));
                m.atEntry(Snippet.call(Recorder.NAME, "twice", "(I)I", Value.parameter(1))
                        .storeIntoParameter(1));
                m.atReturn(Snippet.call(
                                Recorder.NAME,
                                "anything",
                                "(Ljava/lang/Object;)Ljava/lang/Object;",
                                Value.returnValue())
                        .replaceReturnValue());
            });
            assertThat(subject.run("f", "ab", 21)).containsExactly("result=AB42");
        }

        @Test
        void addedVariablesLiveFromEntryToExit() throws Exception {
            Subject subject = Subject.of(
                    "static int f(int n) { int s = 0; for (int i = 0; i < n; i++) { if (i % 2 == 0) s += i; } return s; }");
            subject.edit("f", (raw, m) -> {
                LocalVariable start = m.newLocal("J");
                LocalVariable unset = m.newLocal("Ljava/lang/String;");
                m.atEntry(Snippet.call(Recorder.NAME, "clock", "()J").storeInto(start));
                m.atReturn(saysLong("since", Value.local(start)));
                m.atReturn(says("unset", Value.local(unset)));
            });
            assertThat(subject.run("f", 5)).containsExactly("since=42", "unset=null", "result=6");
        }

        @Test
        void parametersAreThoseThatWerePassedThoughTheirVariablesAreReused() throws Exception {
            Subject subject = Subject.of("static void f(Object o, int n) { for (; n > 0; n--) { o = n; } }");
            subject.edit("f", (raw, m) -> {
                m.atReturn(says("o", Value.parameter(0)));
                m.atReturn(saysInt("n", Value.parameter(1)));
            });
            assertThat(subject.run("f", "first", 3)).containsExactly("o=first", "n=3");
        }

        @Test
        void guardedSnippetsRunOnceEverywhere() throws Exception {
            OnceGuard guard = new OnceGuard(Recorder.NAME, "once");
            Recorder.once = false;
            Subject subject = Subject.of("static void f(int n) { while (n-- > 0) { } }");
            subject.edit("f", (raw, m) -> {
                m.atEntry(says("first").once(guard));
                m.atEntry(says("second").once(guard));
                m.atEntry(says("always"));
                m.atReturn(says("never", Value.nullReference()).once(guard));
            });
            assertThat(subject.run("f", 1)).containsExactly("first", "second", "always");
            assertThat(subject.run("f", 1)).containsExactly("always");
            Recorder.once = false;
        }
    }

    @Nested
    class Constructors {
        @Test
        void initializedEntryAndThrowOutSeeThis() throws Exception {
            Subject subject =
                    Subject.of(EVENT + "final int n; Subject(int n, Object o) { super(); event(\"body\"); this.n = n;"
                            + " if (n < 0) throw new IllegalArgumentException(); }"
                            + "Subject(int n) { this(n > 5 ? 5 : n, new Object()); event(\"after\"); }"
                            + "static void f(int n) { new Subject(n); }");
            subject.editClass("Subject", (raw, edits) -> {
                for (int i = 0; i < raw.methodCount(); i++) {
                    if (raw.memberName(raw.method(i)).equals("<init>")) {
                        String name = raw.memberDescriptor(raw.method(i));
                        edits.method(i).atEntry(says("enter" + name));
                        edits.method(i).atInitializedEntry(says("init" + name));
                        edits.method(i)
                                .atInitializedEntry(Snippet.call(
                                        Recorder.NAME,
                                        "anything",
                                        "(Ljava/lang/Object;)Ljava/lang/Object;",
                                        Value.thisObject()));
                        edits.method(i).atThrowOut(saysThrown("out" + name));
                        edits.method(i)
                                .atThrowOut(Snippet.call(
                                        Recorder.NAME,
                                        "anything",
                                        "(Ljava/lang/Object;)Ljava/lang/Object;",
                                        Value.thisObject()));
                        edits.method(i).atReturn(says("exit" + name));
                    }
                }
            });
            assertThat(subject.run("f", 1))
                    .containsExactly(
                            "enter(I)V",
                            "enter(ILjava/lang/Object;)V",
                            "init(ILjava/lang/Object;)V",
                            "body",
                            "exit(ILjava/lang/Object;)V",
                            "init(I)V",
                            "after",
                            "exit(I)V");
            assertThat(subject.run("f", -1))
                    .containsExactly(
                            "enter(I)V",
                            "enter(ILjava/lang/Object;)V",
                            "init(ILjava/lang/Object;)V",
                            "body",
                            "out(ILjava/lang/Object;)V=IllegalArgumentException",
                            "threw=IllegalArgumentException");
        }

        @Test
        void thisIsRefusedBeforeItIsInitialized() {
            Subject subject = Subject.of("Subject(int n) { super(); }");
            assertThatThrownBy(() -> subject.edit("<init>", (raw, m) -> m.atEntry(says("this", Value.thisObject()))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("not initialized");
            assertThatThrownBy(() -> subject.edit("<init>", (raw, m) -> m.before(0, says("this", Value.thisObject()))))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Nested
    class Instructions {
        @Test
        void callsShowReceiverArgumentsAndResult() throws Exception {
            Subject subject =
                    Subject.of("static String f(String s, long n) { return s.concat(Long.toString(n, 16)); }");
            subject.edit("f", (raw, m) -> {
                int concat = Subject.bci(raw, "f", Bytecode.INVOKEVIRTUAL, 0);
                int toString = Subject.bci(raw, "f", Bytecode.INVOKESTATIC, 0);
                m.beforeCall(toString, saysLong("n", Value.callArgument(0)));
                m.beforeCall(toString, saysInt("radix", Value.callArgument(1)));
                m.afterCall(toString, says("text", Value.returnValue()));
                m.beforeCall(concat, says("receiver", Value.receiver()));
                m.beforeCall(concat, says("argument", Value.callArgument(0)));
                m.afterCall(
                        concat,
                        Snippet.call(
                                        Recorder.NAME,
                                        "upper",
                                        "(Ljava/lang/String;)Ljava/lang/String;",
                                        Value.returnValue())
                                .replaceReturnValue());
            });
            assertThat(subject.run("f", "x", 255L))
                    .containsExactly("n=255", "radix=16", "text=ff", "receiver=x", "argument=ff", "result=XFF");
        }

        @Test
        void callsAreRedirectedWithTheReceiverInFront() throws Exception {
            Subject subject = Subject.of("static String f(CharSequence s) { return s.toString(); }");
            subject.edit(
                    "f",
                    (raw, m) -> m.replaceCall(
                            Subject.bci(raw, "f", Bytecode.INVOKEINTERFACE, 0),
                            "java/lang/String",
                            "valueOf",
                            "(Ljava/lang/Object;)Ljava/lang/String;"));
            assertThat(subject.run("f", "text")).containsExactly("result=text");
        }

        @Test
        void backEdgesRunWhenTakenForAllKindsOfLoops() throws Exception {
            Subject subject = Subject.of(EVENT
                    + "static void f(int n) { int i = 0; do { i++; if (i == 2) continue; event(\"b\" + i); } while (i < n);"
                    + " for (int j = 0; j < n; j++) { event(\"c\"); } }");
            subject.edit("f", (raw, m) -> m.atBackEdges(says("back")));
            assertThat(subject.run("f", 3))
                    .containsExactly("b1", "back", "back", "b3", "c", "back", "c", "back", "c", "back");
        }

        @Test
        void handlersRunBeforeTheirCode() throws Exception {
            Subject subject = Subject.of(
                    EVENT + "static int f(String s) { int r = 1; try { try { r = Integer.parseInt(s); }"
                            + " catch (NumberFormatException e) { event(\"inner\"); throw e; } }"
                            + " catch (RuntimeException e) { event(\"outer\"); } synchronized (s) { r++; } return r; }");
            subject.edit("f", (raw, m) -> m.atHandlers(saysThrown("handler")));
            assertThat(subject.run("f", "x"))
                    .containsExactly(
                            "handler=NumberFormatException",
                            "inner",
                            "handler=NumberFormatException",
                            "outer",
                            "result=2");
        }

        @Test
        void branchesToAnInstructionRunWhatStandsBeforeIt() throws Exception {
            Subject subject =
                    Subject.of("static int f(boolean b) { int r; if (b) { r = 1; } else { r = 2; } return r; }");
            subject.edit("f", (raw, m) -> {
                int last = Subject.bci(raw, "f", Bytecode.IRETURN, 0) - 1;
                m.before(last, says("before"));
                m.after(last - 1, says("after"));
            });
            assertThat(subject.run("f", true)).containsExactly("before", "result=1");
            assertThat(subject.run("f", false)).containsExactly("after", "before", "result=2");
        }

        @ParameterizedTest
        @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
        void switchesAreAlignedWhateverStandsBefore(int count) throws Exception {
            Subject subject = Subject.of(
                    "static int f(int n) { switch (n) { case 1: return 10; case 2: return 20;"
                            + " case 1000: return 30; default: } switch (n) { case 3: n = 7; case 4: n++; case 5: return n; } return -1; }");
            subject.edit("f", (raw, m) -> {
                for (int i = 0; i < count; i++) {
                    m.atEntry(Snippet.call(Recorder.NAME, "twice", "(I)I", Value.of(i % 2 == 0 ? 1 : 100)));
                }
                m.before(Subject.bci(raw, "f", Bytecode.TABLESWITCH, 0), says("switch"));
            });
            assertThat(subject.run("f", 1)).containsExactly("result=10");
            assertThat(subject.run("f", 1000)).containsExactly("result=30");
            assertThat(subject.run("f", 3)).containsExactly("switch", "result=8");
            assertThat(subject.run("f", 4)).containsExactly("switch", "result=5");
            assertThat(subject.run("f", 9)).containsExactly("switch", "result=-1");
        }

        @Test
        void placesInTheMiddleOfAnInstructionAreRefused() {
            Subject subject = Subject.of("static int f() { return 1000; }");
            assertThatThrownBy(() -> subject.edit("f", (raw, m) -> m.before(1, says("no"))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("bci=1");
        }
    }

    @Nested
    class Refusals {
        @Test
        void valuesThatThePlaceDoesNotHaveAreRefusedWhenAsked() {
            Subject subject = Subject.of("static int f(int a) { return a; } void g() { }");
            subject.edit("f", (raw, m) -> {
                assertThatThrownBy(() -> m.atEntry(says("x", Value.thisObject())))
                        .isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> m.atEntry(says("x", Value.returnValue())))
                        .isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> m.atReturn(says("x", Value.thrown())))
                        .isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> m.atReturn(says("x", Value.returnValue())))
                        .isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> m.atEntry(saysInt("x", Value.parameter(1))))
                        .isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> m.beforeCall(0, says("x"))).isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> m.before(99, says("x"))).isInstanceOf(IllegalArgumentException.class);
            });
            assertThatThrownBy(() -> subject.edit("g", (raw, m) -> m.atReturn(saysInt("x", Value.returnValue()))))
                    .isInstanceOf(IllegalArgumentException.class);
        }

        @Test
        void wrongNumbersOfValuesAreRefused() {
            assertThatThrownBy(() -> Snippet.call("a/B", "c", "(II)V", Value.of(1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("parameters=2");
        }
    }
}
