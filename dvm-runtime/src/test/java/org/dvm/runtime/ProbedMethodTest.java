package org.dvm.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProbedMethodTest {
    @Test
    void keyAndMethodSayTheSame() {
        String key = ProbedMethod.key("com/acme/Store$Entry", "put", "(ILjava/lang/String;)V");

        assertThat(ProbedMethod.parse(key))
                .isEqualTo(new ProbedMethod("com.acme.Store$Entry", "put", "(ILjava/lang/String;)V"))
                .hasToString("com.acme.Store$Entry.put(ILjava/lang/String;)V");
    }

    @Test
    void parenthesesInNamesAreNotMistakenForTheDescriptor() {
        ProbedMethod method = new ProbedMethod("a(b", "c(d)e", "(La(b;)V");

        assertThat(ProbedMethod.parse(ProbedMethod.key("a(b", "c(d)e", "(La(b;)V")))
                .isEqualTo(method);
    }

    @Test
    void textThatIsNoKeyStaysReadable() {
        assertThat(ProbedMethod.parse("anything")).hasToString("anything");
    }
}
