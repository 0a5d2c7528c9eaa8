package org.dvm.runtime.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Modifier;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class LoadedClassTest {
    static final class Member {
        static int twice(int n) {
            return n * 2;
        }
    }

    /** Defines a class of its own, and fails when it is asked for resources. */
    private static final class WithoutResources extends ClassLoader {
        WithoutResources() {
            super(null);
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            try (InputStream in = LoadedClassTest.class.getResourceAsStream("LoadedClassTest$Member.class")) {
                byte[] bytes = Objects.requireNonNull(in).readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }

        @Override
        public InputStream getResourceAsStream(String name) {
            throw new IllegalStateException("no resources here");
        }
    }

    @Test
    void isKnownByReflectionWhereItsLoaderFailsToGiveTheFile() throws Exception {
        Class<?> type = new WithoutResources().loadClass(Member.class.getName());

        int flags = LoadedClass.of(type).methodFlags("twice", "(I)I");

        assertThat(Modifier.isStatic(flags)).isTrue();
    }
}
