package org.dvm.jmh.verification;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Optional;

/** The verifier of the JDK's class-file library, from Java 24 on. */
final class ClassFilePeer {
    private final Object classFile;
    private final Method verify;

    private ClassFilePeer(Object classFile, Method verify) {
        this.classFile = classFile;
        this.verify = verify;
    }

    static Optional<ClassFilePeer> find() {
        try {
            Class<?> type = Class.forName("java.lang.classfile.ClassFile");
            return Optional.of(
                    new ClassFilePeer(type.getMethod("of").invoke(null), type.getMethod("verify", byte[].class)));
        } catch (ReflectiveOperationException e) {
            return Optional.empty(); // an older JDK
        }
    }

    void verify(byte[] bytes) throws IllegalAccessException, InvocationTargetException {
        verify.invoke(classFile, (Object) bytes);
    }
}
