package org.dvm.runtime.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
                "T.java/io/IOException.L.java/util/Map."
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

    @Test
    void readsMembersFromTheClassFileAndFromGeneratedClassesByReflection() {
        MemberTable list = MemberTable.of(ArrayList.class);
        MemberTable proxy = MemberTable.of(java.lang.reflect.Proxy.newProxyInstance(
                        LinkChecksTest.class.getClassLoader(), new Class<?>[] {Runnable.class}, (p, m, a) -> null)
                .getClass());

        assertThat(list.flags(false, "size", "()I")).isEqualTo(1);
        assertThat(list.flags(true, "size", "I")).isEqualTo(2);
        assertThat(list.flags(false, "modCount", "()I")).isNegative();
        assertThat(proxy.flags(false, "run", "()V")).isPositive();
    }
}
