package org.dvm.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MethodSelectorTest {
    private static boolean isChosen(String spec, String className, String name, String descriptor) {
        return !MethodSelector.parse(spec)
                .ofClass(className)
                .events(name, descriptor)
                .isEmpty();
    }

    @ParameterizedTest(name = "{0} chooses {1}.{2}{3}")
    @CsvSource(
            delimiter = ' ',
            value = {
                "** a/B m ()V",
                "** B <init> ()V",
                "com.acme.** com/acme/B m ()V",
                "com.acme.** com/acme/x/y/B$C m ()V",
                "com.acme.*.m com/acme/B m ()V",
                "com.acme.**.save*(..) com/acme/x/B saveAll (I)V",
                "**.B.m B m ()V",
                "**.B.m a/b/B m ()V",
                "a.**.B.m a/B m ()V",
                "a.B.<init> a/B <init> (I)V",
                "a.B*.m a/B$Inner m ()V",
                "a.B.m() a/B m ()V",
                "a.B.m(int,String) a/B m (ILjava/lang/String;)I",
                "a.B.m(..,int[][]) a/B m (JD[[I)V",
                "a.B.m(..,int[][]) a/B m ([[I)V",
                "a.B.m(*,java.util.*) a/B m (ILjava/util/Map;)V",
                "a.B.m(Entry) a/B m (Ljava/util/Map$Entry;)V",
                "a.B.m(**) a/B m (Ljava/util/Map;)V",
            })
    void chooses(String spec, String className, String name, String descriptor) {
        assertThat(isChosen(spec, className, name, descriptor)).isTrue();
    }

    @ParameterizedTest(name = "{0} doesn't choose {1}.{2}{3}")
    @CsvSource(
            delimiter = ' ',
            value = {
                "com.acme.** com/acmeX/B m ()V",
                "com.acme.** com/acme m ()V",
                "com.acme.*.m com/acme/x/B m ()V",
                "com.acme.**.save* com/acme/B unsaved ()V",
                "**.B.m a/AB m ()V",
                "a.B.m() a/B m (I)V",
                "a.B.m(int) a/B m (J)V",
                "a.B.m(int) a/B m (II)V",
                "a.B.m(int) a/B m ([I)V",
                "a.B.m(*) a/B m ()V",
                "a.B.m(*) a/B m (II)V",
                "a.B.m(String) a/B m (La/MyString;)V",
                "a.B.m(java.*) a/B m (Ljava/util/Map;)V",
                "a.B.m a/B mm ()V",
            })
    void doesNotChoose(String spec, String className, String name, String descriptor) {
        assertThat(isChosen(spec, className, name, descriptor)).isFalse();
    }

    @Test
    void lastWordCounts() {
        MethodSelector selector = MethodSelector.parse("""
                **                  # everything
                -**.get*()          # but getters
                +com.acme.Store.get*()
                -**.<clinit>; - com.acme.Store.put [exit, throw]
                """);

        assertThat(selector.ofClass("com/acme/Other").events("getX", "()I")).isEmpty();
        assertThat(selector.ofClass("com/acme/Store").events("getX", "()I")).isEqualTo(EnumSet.allOf(AuditEvent.class));
        assertThat(selector.ofClass("com/acme/Store").events("put", "(I)V")).containsExactly(AuditEvent.ENTER);
        assertThat(selector.ofClass("com/acme/Store").events("<clinit>", "()V")).isEmpty();
    }

    @Test
    void eventsAndArrayTypesShareBracketsWithoutConfusion() {
        assertThat(MethodSelector.parse("a.B.m(int[])[enter]").ofClass("a/B").events("m", "([I)V"))
                .containsExactly(AuditEvent.ENTER);
    }

    @Test
    void classThatNoRuleAddsIsEmpty() {
        assertThat(MethodSelector.parse("a.**; -**").ofClass("b/C").isEmpty()).isTrue();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "''|write ** to choose every method",
                "-**|begin with a rule that adds",
                "save|for all methods of a class write save.*, for a method of any class **.save",
                "a.b.|a pattern is CLASS.METHOD",
                "a/b/C.m|packages are separated by dots: a.b.C.m",
                "a.B.m(int|closing parenthesis",
                "a.B.m[enter|closing bracket",
                "a.B.m[leave]|no such event: leave; use enter, exit or throw",
                "a.B.m; a b.c|rule 2 'a b.c': a name can't contain ' '",
                "a.B.m(,)|a pattern needs",
            })
    void wrongRulesAreRefusedWithTheCure(String spec, String message) {
        assertThatThrownBy(() -> MethodSelector.parse(spec))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void selectorsOfTheSameRulesAreEqual() {
        assertThat(MethodSelector.parse("a.B.m ;\n -**.x # why"))
                .isEqualTo(MethodSelector.parse("a.B.m; -**.x"))
                .hasToString("a.B.m; -**.x");
    }
}
