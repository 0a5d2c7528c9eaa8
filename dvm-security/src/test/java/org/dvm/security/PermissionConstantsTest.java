package org.dvm.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.dvm.runtime.security.Permission;
import org.dvm.runtime.security.Permissions;
import org.dvm.security.policy.Policy.Operation;
import org.dvm.security.policy.StandardPolicies;
import org.junit.jupiter.api.Test;

class PermissionConstantsTest {
    @Test
    void everyPermissionOfTheStandardSetIsAConstantOfTheRuntime() throws Exception {
        List<String> expected = StandardPolicies.load("operations").operations().stream()
                .map(Operation::permission)
                .distinct()
                .sorted()
                .toList();

        List<String> constants = Arrays.stream(Permissions.class.getFields())
                .map(field -> Objects.requireNonNull(value(field), "value").toString())
                .sorted()
                .toList();

        assertThat(constants).isEqualTo(expected);
        for (String permission : expected) {
            String constant = Objects.requireNonNull(Permissions.constant(permission), permission);
            assertThat(Permissions.class.getField(constant).get(null)).isSameAs(Permission.of(permission));
        }
    }

    private static Object value(java.lang.reflect.Field field) {
        try {
            return field.get(null);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void otherPermissionsAreNone() {
        assertThat(Permissions.constant("account.transfer")).isNull();
        assertThat(Permissions.constant("FILE_OPEN_READ")).isNull();
    }
}
