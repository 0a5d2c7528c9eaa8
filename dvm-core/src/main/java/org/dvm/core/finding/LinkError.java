package org.dvm.core.finding;

/**
 * The errors with which a JVM refuses a class or a reference.
 *
 * @jvms 5.3
 */
public enum LinkError {
    /** No error: the finding is about something that a JVM accepts. */
    NONE(""),
    CLASS_FORMAT("java/lang/ClassFormatError"),
    UNSUPPORTED_CLASS_VERSION("java/lang/UnsupportedClassVersionError"),
    CLASS_CIRCULARITY("java/lang/ClassCircularityError"),
    NO_CLASS_DEF_FOUND("java/lang/NoClassDefFoundError"),
    INCOMPATIBLE_CLASS_CHANGE("java/lang/IncompatibleClassChangeError"),
    ILLEGAL_ACCESS("java/lang/IllegalAccessError"),
    INSTANTIATION("java/lang/InstantiationError"),
    NO_SUCH_FIELD("java/lang/NoSuchFieldError"),
    NO_SUCH_METHOD("java/lang/NoSuchMethodError"),
    ABSTRACT_METHOD("java/lang/AbstractMethodError"),
    BOOTSTRAP_METHOD("java/lang/BootstrapMethodError"),
    LINKAGE("java/lang/LinkageError"),
    VERIFY("java/lang/VerifyError");

    private final String className;

    LinkError(String className) {
        this.className = className;
    }

    /** Returns the internal name of the error's class; empty for {@link #NONE}. */
    public String className() {
        return className;
    }
}
