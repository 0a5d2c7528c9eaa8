package org.dvm.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.repository.ClassRepositories;
import org.dvm.core.repository.ClassRepository;
import org.junit.jupiter.api.Test;

class JdkHooksTest {
    /** Classes that the JDK has from a release on. */
    private static final Map<String, Integer> SINCE = Map.of(
            "sun/net/httpserver/simpleserver/FileServerHandler", 18,
            "java/util/concurrent/ThreadPerTaskExecutor", 19);

    @Test
    void everyHookFindsItsMethodInTheRunningJdk() {
        ClassRepository jdk = ClassRepositories.runningJdk();
        JdkHooks.methods().forEach((className, methods) -> {
            RawClass raw = jdk.find(className);
            if (raw == null) {
                assertThat(SINCE).containsKey(className);
                assertThat(SINCE.get(className)).isGreaterThan(Runtime.version().feature());
                return;
            }
            Set<String> withCode = new HashSet<>();
            for (int i = 0; i < raw.methodCount(); i++) {
                if (raw.method(i).codeOffset() >= 0) {
                    withCode.add(raw.memberName(raw.method(i)));
                }
            }
            assertThat(withCode).as(className).containsAll(methods);
        });
    }
}
