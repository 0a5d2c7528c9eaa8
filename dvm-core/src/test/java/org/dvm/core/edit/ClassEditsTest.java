package org.dvm.core.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.dvm.core.edit.Recorder.says;

import java.io.ObjectStreamClass;
import java.io.Serializable;
import java.lang.reflect.Modifier;
import org.junit.jupiter.api.Test;

/** Edits of a class besides the code of its methods. */
class ClassEditsTest {
    @Test
    void addedMembersAndInterfacesAreThere() throws Exception {
        Subject subject = Subject.of("static void f() { }");
        subject.editClass("Subject", (raw, edits) -> {
            edits.addField(Modifier.PRIVATE | Modifier.STATIC | 0x1000, "flag", "Z");
            edits.addMethod(
                    Modifier.PUBLIC | Modifier.STATIC,
                    "twice",
                    "(I)I",
                    says("twice"),
                    Snippet.call(Recorder.NAME, "twice", "(I)I", Value.parameter(0)));
            edits.addInterface("java/lang/Cloneable");
            edits.addInterface("java/lang/Cloneable");
            edits.addAttribute("org.dvm.Test", new byte[] {1, 2, 3});
        });
        assertThat(subject.run("twice", 21)).containsExactly("twice", "result=42");
        Class<?> loaded = subject.load("Subject");
        assertThat(loaded.getInterfaces()).containsExactly(Cloneable.class);
        assertThat(loaded.getDeclaredField("flag").isSynthetic()).isTrue();
        assertThat(subject.raw("Subject").attribute(subject.raw("Subject").attributes(), "org.dvm.Test"))
                .isNotNull();
    }

    @Test
    void anAddedMethodCanCallWhatItOverrides() throws Exception {
        Subject subject = Subject.of("static class Base { long f(int n, String s) { return n + s.length(); } }"
                + " static class Sub extends Base { } static long f() { return new Sub().f(3, \"four\"); }");
        subject.editClass(
                "Subject$Sub",
                (raw, edits) -> edits.addMethod(
                        Modifier.PUBLIC,
                        "f",
                        "(ILjava/lang/String;)J",
                        says("checked", Value.parameter(1)),
                        Snippet.call(
                                        "Subject$Base",
                                        "f",
                                        "(LSubject$Sub;ILjava/lang/String;)J",
                                        Value.thisObject(),
                                        Value.parameter(0),
                                        Value.parameter(1))
                                .onSuper()));
        assertThat(subject.run("f")).containsExactly("checked=four", "result=7");
    }

    @Test
    void anAddedMethodKeepsAResultInAVariable() throws Exception {
        Subject subject = Subject.of("static void f() { }");
        subject.editClass("Subject", (raw, edits) -> {
            LocalVariable twice = edits.newLocal("I");
            edits.addMethod(
                    Modifier.PUBLIC | Modifier.STATIC,
                    "fourTimes",
                    "(JI)I",
                    Snippet.call(Recorder.NAME, "twice", "(I)I", Value.parameter(1))
                            .storeInto(twice),
                    says("kept"),
                    Snippet.call(Recorder.NAME, "twice", "(I)I", Value.local(twice)));
        });
        assertThat(subject.run("fourTimes", 1L, 21)).containsExactly("kept", "result=84");
    }

    @Test
    void anAddedMethodReadsNoVariableThatNothingWasStoredIn() {
        ClassEdits edits = new ClassEdits(Subject.of("static void f() { }").raw("Subject"));
        Snippet reads = Snippet.call(Recorder.NAME, "twice", "(I)I", Value.local(edits.newLocal("I")));
        assertThatThrownBy(() -> edits.addMethod(Modifier.STATIC, "twice", "()I", reads))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nothing is stored in the variable");
    }

    @Test
    void onlyAddedMethodsCallWhatTheyOverride() {
        Snippet inherited = Snippet.call("Subject", "f", "(LSubject;)V", Value.thisObject());
        assertThatThrownBy(
                        () -> Snippet.call("Subject", "f", "(I)V", Value.of(1)).onSuper())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the first value must be this");
        Subject subject = Subject.of("void f() { }");
        assertThatThrownBy(() -> subject.edit("f", (raw, m) -> m.atEntry(inherited.onSuper())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("by added ones only");
    }

    @Test
    void aFieldOfTheClassGuardsWhatRunsOnce() throws Exception {
        Subject subject = Subject.of("static void f() { }");
        subject.editClass("Subject", (raw, edits) -> {
            edits.addField(Modifier.PRIVATE | Modifier.STATIC, "done", "Z");
            OnceGuard guard = new OnceGuard("Subject", "done");
            edits.method(Subject.index(raw, "f")).atEntry(says("once").once(guard));
            edits.method(Subject.index(raw, "f")).atReturn(says("never").once(guard));
        });
        assertThat(subject.run("f")).containsExactly("once");
    }

    @Test
    void renamedMembersAreRenamedWhereTheClassUsesThem() throws Exception {
        Subject subject =
                Subject.of("static int n = 1; static int g() { return ++n; } static int f() { return g() + n; }");
        subject.editClass("Subject", (raw, edits) -> {
            edits.renameMember("g", "()I", "h");
            edits.renameMember("n", "I", "m");
        });
        assertThat(subject.run("f")).containsExactly("result=4");
        assertThat(subject.load("Subject").getDeclaredMethod("h")).isNotNull();
        assertThat(subject.load("Subject").getDeclaredField("m")).isNotNull();
    }

    @Test
    void aNewSuperclassIsConstructed() throws Exception {
        Subject subject =
                Subject.of("Object o = new Object(); static boolean f() { return new Subject().hashCode() == 7; }");
        subject.editClass("Subject", (raw, edits) -> edits.setSuperclass("org/dvm/core/edit/ClassEditsTest$Seven"));
        assertThat(subject.run("f")).containsExactly("result=true");
    }

    /** A superclass to put in between. */
    public static class Seven {
        @Override
        public int hashCode() {
            return 7;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Seven;
        }
    }

    @Test
    void theSerialVersionStaysThatOfTheOriginal() throws Exception {
        String body =
                "public static class Data implements java.io.Serializable, Comparable<Data> { static { } int a; private String b;"
                        + " transient long c; Data(int a) { this.a = a; } private void x() { }"
                        + " public int compareTo(Data o) { Runnable r = () -> a++; r.run(); return 0; } }";
        Subject subject = Subject.of(body);
        long before = ObjectStreamClass.lookup(subject.load("Subject$Data")).getSerialVersionUID();
        subject.editClass("Subject$Data", (raw, edits) -> {
            edits.addField(Modifier.PUBLIC | Modifier.STATIC, "visible", "I");
            edits.addInterface("java/lang/Cloneable");
        });
        Class<?> after = subject.load("Subject$Data");
        assertThat(Serializable.class).isAssignableFrom(after);
        assertThat(ObjectStreamClass.lookup(after).getSerialVersionUID()).isEqualTo(before);
    }

    @Test
    void privateStaticMembersNeedNoDeclaredSerialVersion() throws Exception {
        Subject subject = Subject.of("static void f() { }");
        subject.editClass("Subject", (raw, edits) -> edits.addField(Modifier.PRIVATE | Modifier.STATIC, "flag", "Z"));
        assertThat(subject.load("Subject").getDeclaredFields()).hasSize(1);
    }

    @Test
    void conflictsAreRefused() {
        Subject subject = Subject.of("static int n; static int m;");
        assertThatThrownBy(() -> subject.editClass("Subject", (raw, edits) -> edits.addField(8, "n", "I")))
                .hasStackTraceContaining("CONFLICT");
        assertThatThrownBy(() -> subject.editClass("Subject", (raw, edits) -> edits.renameMember("n", "I", "m")))
                .hasStackTraceContaining("CONFLICT");
    }
}
