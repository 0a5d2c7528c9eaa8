package org.dvm.runtime.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.util.AbstractList;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinkChecksTest {
    /** A client with a protected member of another package above it. */
    static final class Client extends ArrayList<String> {
        private static final long serialVersionUID = 1;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "A.java/util/ArrayList.java/util/AbstractList.",
                "A.java/lang/Object.java/util/List.",
                "T.java/io/IOException.",
                "L.java/util/Map.",
                "S.java/util/AbstractList.",
                "P.F.java/util/AbstractList.modCount.I.org/dvm/runtime/verify/LinkChecksTest$Client.",
                "P.M.java/util/ArrayList.size.()I.java/util/ArrayList.",
                "P.M.java/util/HashMap.clone.()Ljava/lang/Object;.java/util/HashMap.",
                "T.java/io/IOException.L.java/util/Map.",
                "C.NEW.java/util/ArrayList.",
                "C.REFER.java/util/List.",
                "F.GETFIELD.org/dvm/runtime/verify/LinkChecksTest$Client.modCount.I.",
                "F.GETSTATIC.java/lang/System.out.Ljava/io/PrintStream;.",
                "M.INVOKEVIRTUAL.CLASS.java/util/ArrayList.size.()I.",
                "M.INVOKEINTERFACE.INTERFACE.java/util/List.size.()I.",
                "M.INVOKEINTERFACE.INTERFACE.java/util/List.hashCode.()I.",
                "M.INVOKEVIRTUAL.CLASS.java/lang/invoke/MethodHandle.invokeExact.(I)V.",
                "M.INVOKESPECIAL.CLASS.java/util/ArrayList.<init>.()V.",
                "M.INVOKESPECIAL.CLASS.java/util/ArrayList.removeRange.(II)V."
            })
    void acceptsWhatHolds(String table) {
        assertThatCode(() -> LinkChecks.check(Client.class, table)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "A.java/util/ArrayList.java/util/HashMap.",
                "A.java/lang/Object.java/lang/String.",
                "T.java/lang/String.",
                "S.java/util/HashMap.",
                "S.java/util/List.",
                "P.F.java/util/AbstractList.modCount.I.java/util/ArrayList.",
                "P.F.java/util/ArrayList.modCount.I.java/util/AbstractList.",
                "P.M.java/util/ArrayList.removeRange.(II)V.java/util/ArrayList.",
                "P.M.java/lang/Object.finalize.()V.[I."
            })
    void refusesWhatDoesNotHold(String table) {
        assertThatThrownBy(() -> LinkChecks.check(Client.class, table))
                .isInstanceOf(VerifyError.class)
                .hasMessageContaining("org/dvm/runtime/verify/LinkChecksTest$Client");
    }

    @Test
    void namesAMissingClassAsTheJvmDoes() {
        assertThatThrownBy(() -> LinkChecks.check(Client.class, "A.no/Such.java/lang/String."))
                .isInstanceOf(NoClassDefFoundError.class)
                .hasMessage("no/Such");
    }

    @ParameterizedTest
    @ValueSource(strings = {"X.java/lang/String.", "A.java/lang/String", "A.java/lang/String."})
    void refusesATableThatItDoesNotUnderstand(String table) {
        assertThatThrownBy(() -> LinkChecks.check(Client.class, table)).isInstanceOf(VerifyError.class);
    }

    @Test
    void takesTheCallerForTheClient() {
        assertThatThrownBy(() -> LinkChecks.checkCaller("S.java/util/HashMap."))
                .isInstanceOf(VerifyError.class)
                .hasMessageContaining("LinkChecksTest");
    }

    @Test
    void checksAnInterfaceUntilItHolds() {
        assertThatThrownBy(() -> LinkChecks.checkOnce(Runnable.class, "T.java/lang/String."))
                .isInstanceOf(VerifyError.class);
        assertThatThrownBy(() -> LinkChecks.checkOnce(Runnable.class, "T.java/lang/String."))
                .isInstanceOf(VerifyError.class);
        LinkChecks.checkOnce(Runnable.class, "T.java/io/IOException.");
        LinkChecks.checkOnce(Runnable.class, "T.java/io/IOException.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "C.NEW.java/util/List.|java.lang.InstantiationError",
                "C.NEW.java/util/AbstractList.|java.lang.InstantiationError",
                "C.REFER.java/util/ArrayList$Itr.|java.lang.IllegalAccessError",
                "C.REFER.no/Such.|java.lang.NoClassDefFoundError",
                "F.GETFIELD.java/util/ArrayList.none.I.|java.lang.NoSuchFieldError",
                "F.GETFIELD.java/util/ArrayList.size.I.|java.lang.IllegalAccessError",
                "F.GETFIELD.java/util/AbstractList.modCount.J.|java.lang.NoSuchFieldError",
                "F.GETFIELD.java/lang/System.out.Ljava/io/PrintStream;.|java.lang.IncompatibleClassChangeError",
                "F.PUTSTATIC.java/lang/System.out.Ljava/io/PrintStream;.|java.lang.IllegalAccessError",
                "M.INVOKEVIRTUAL.CLASS.java/util/ArrayList.none.()V.|java.lang.NoSuchMethodError",
                "M.INVOKESTATIC.CLASS.java/util/ArrayList.size.()I.|java.lang.IncompatibleClassChangeError",
                "M.INVOKEVIRTUAL.CLASS.java/util/List.size.()I.|java.lang.IncompatibleClassChangeError",
                "M.INVOKEINTERFACE.INTERFACE.java/util/ArrayList.size.()I.|java.lang.IncompatibleClassChangeError",
                "M.INVOKEVIRTUAL.CLASS.java/util/ArrayList.grow.()[Ljava/lang/Object;.|java.lang.IllegalAccessError",
                "M.INVOKEVIRTUAL.CLASS.java/util/HashMap.afterNodeInsertion.(Z)V.|java.lang.IllegalAccessError",
                "M.INVOKESPECIAL.CLASS.java/util/AbstractList.get.(I)Ljava/lang/Object;.|java.lang.AbstractMethodError"
            })
    void refusesReferencesWithTheErrorOfTheirResolution(String table, String error) {
        Class<?> client = table.contains("AbstractList.get") ? Abstract.class : Client.class;

        assertThatThrownBy(() -> LinkChecks.check(client, table))
                .satisfies(thrown -> assertThat(thrown.getClass().getName()).isEqualTo(error));
    }

    /** A client whose superclass doesn't have the code of a method that it could call. */
    abstract static class Abstract extends AbstractList<String> {}

    @Test
    void readsFactsFromTheClassFileAndOfGeneratedClassesByReflection() {
        LoadedClass list = LoadedClass.of(ArrayList.class);
        LoadedClass proxy = LoadedClass.of(Proxy.newProxyInstance(
                        LinkChecksTest.class.getClassLoader(), new Class<?>[] {Runnable.class}, (p, m, a) -> null)
                .getClass());

        assertThat(list.methodFlags("size", "()I")).isEqualTo(1);
        assertThat(list.fieldFlags("size", "I")).isEqualTo(2);
        assertThat(list.methodFlags("modCount", "()I")).isEqualTo(Facts.ABSENT);
        assertThat(proxy.methodFlags("run", "()V")).isPositive();
    }
}
