package org.dvm.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Whatever the Security Manager guarded in JDK 17 is an operation, leads to one, or is harmless. Those that are
 * operations stand in the operation set; the others in {@code security-manager.tsv}.
 */
class SecurityManagerCoverageTest {
    private static final List<String[]> OTHERS = Jdk.table("security-manager.tsv");

    @Test
    void whatIsNoOperationLeadsToOneOrIsHarmless() {
        Set<String> operations = Jdk.operations();

        assertThat(OTHERS).hasSize(199);
        assertThat(OTHERS).allSatisfy(line -> {
            assertThat(line).hasSize(4);
            assertThat(line[2]).isIn("through", "harmless");
            if (line[2].equals("through")) {
                assertThat(operations).contains(line[3]);
            }
        });
    }

    @Test
    void whatIsNoOperationIsInNoOperationSet() {
        OperationIndex index = OperationIndex.ofJdk(org.dvm.security.policy.StandardPolicies.load("operations"));

        assertThat(OTHERS).noneSatisfy(line -> {
            int descriptor = line[1].indexOf('(');
            assertThat(index.of(
                            line[0].replace('.', '/'), line[1].substring(0, descriptor), line[1].substring(descriptor)))
                    .isNotEmpty();
        });
    }
}
