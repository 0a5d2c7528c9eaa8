package org.dvm.client.internal;

import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.ClassFormatException;
import org.dvm.core.edit.ThrowingClass;
import org.dvm.core.finding.Finding;
import org.dvm.core.finding.LinkError;
import org.dvm.core.pipeline.TransformResult;

/**
 * What stands in for a class that must not run. A JVM ignores what a class-file transformer throws and loads the class
 * as it was, so that a refusal has to be a class file.
 */
public final class Refusal {
    /** What no JVM accepts as a class: for input of which not even the structure can be read. */
    private static final byte[] NO_CLASS = {(byte) 0xCA, (byte) 0xFE, (byte) 0xBA, (byte) 0xBE};

    private Refusal() {}

    /** Returns bytes that no JVM accepts as a class, so that defining it fails. */
    public static byte[] noClass() {
        return NO_CLASS.clone();
    }

    /** Returns why a class failed, in one line. */
    public static String message(TransformResult failed) {
        return "refused by dvm: " + failed.firstError();
    }

    /** Returns the error to throw in place of defining a class that failed. */
    public static LinkageError error(TransformResult failed) {
        LinkError error = failed.firstError().rule().error();
        String message = message(failed);
        return switch (error) {
            case CLASS_FORMAT -> new ClassFormatError(message);
            case UNSUPPORTED_CLASS_VERSION -> new UnsupportedClassVersionError(message);
            case CLASS_CIRCULARITY -> new ClassCircularityError(message);
            case NO_CLASS_DEF_FOUND -> new NoClassDefFoundError(message);
            case INCOMPATIBLE_CLASS_CHANGE -> new IncompatibleClassChangeError(message);
            case ILLEGAL_ACCESS -> new IllegalAccessError(message);
            case INSTANTIATION -> new InstantiationError(message);
            case NO_SUCH_FIELD -> new NoSuchFieldError(message);
            case NO_SUCH_METHOD -> new NoSuchMethodError(message);
            case ABSTRACT_METHOD -> new AbstractMethodError(message);
            case BOOTSTRAP_METHOD -> new BootstrapMethodError(message);
            case VERIFY -> new VerifyError(message);
            case NONE, LINKAGE -> new LinkageError(message);
        };
    }

    /**
     * Returns a class with the members of the one that failed, in which every method and the initializer throw the
     * finding's error. Where the class can't be read, what is returned is no class and its definition fails.
     */
    public static byte[] classFile(byte[] original, TransformResult failed) {
        try {
            Finding finding = failed.firstError();
            String error = finding.rule().error() == LinkError.NONE
                    ? LinkError.LINKAGE.className()
                    : finding.rule().error().className();
            return ThrowingClass.of(RawClass.parse(original), error, message(failed));
        } catch (ClassFormatException | RuntimeException e) {
            return noClass();
        }
    }
}
