package org.dvm.core.classfile;

import org.dvm.core.finding.LinkError;
import org.dvm.core.finding.Rule;
import org.dvm.core.finding.Severity;

/**
 * The rules of the class file format.
 *
 * @jvms 4.8
 */
public enum FormatRule implements Rule {
    /** The file starts with 0xCAFEBABE. */
    MAGIC("4.1"),
    /** The JVM knows the version. */
    VERSION("4.1", LinkError.UNSUPPORTED_CLASS_VERSION),
    /** Every item lies within the file. */
    TRUNCATED("4.8"),
    /** Nothing follows the last attribute. */
    EXTRA_BYTES("4.8"),

    /** {@code constant_pool_count} is at least 1. */
    CONSTANT_COUNT("4.1"),
    /** Every constant has a known tag, and a long or double has its second index within the pool. */
    CONSTANT_TAG("4.4"),
    /** The version of the class file has constants of that tag. */
    CONSTANT_VERSION("4.4"),
    /** Constants refer to constants of the right kind. */
    CONSTANT_REFERENCE("4.4"),
    /** A Utf8 constant is modified UTF-8. */
    UTF8("4.4.7"),
    /** A class name consists of identifiers between slashes. */
    CLASS_NAME("4.2.1"),
    /** A field name is an identifier. */
    FIELD_NAME("4.2.2"),
    /** A method name is an identifier or one of the two special names. */
    METHOD_NAME("4.2.2"),
    /** A module or package name is legal. */
    MODULE_NAME("4.2.3"),
    /** A field descriptor is one type. */
    FIELD_DESCRIPTOR("4.3.2"),
    /** A method descriptor is a list of types and a type or void. */
    METHOD_DESCRIPTOR("4.3.3"),
    /** A method handle's kind and what it refers to go together. */
    METHOD_HANDLE("4.4.8"),

    /** What is loaded as a class isn't a module descriptor. */
    MODULE_AS_CLASS("4.1", LinkError.NO_CLASS_DEF_FOUND),
    /** A module descriptor has the form of one. */
    MODULE("4.1"),
    /** Flags of the class go together. */
    CLASS_FLAGS("4.1"),
    /** {@code this_class} names a class that is no array. */
    THIS_CLASS("4.1"),
    /** {@code super_class} names a class that fits. */
    SUPER_CLASS("4.1"),
    /** Direct superinterfaces are classes. */
    INTERFACES("4.1"),
    /** No direct superinterface stands twice in the list. */
    DUPLICATE_INTERFACE("4.1"),
    /** Interfaces have {@code java/lang/Object} as superclass, which implements none itself. */
    ROOT("4.1"),

    /** A member's or attribute's name is a Utf8 constant. */
    NAME_CONSTANT("4.1"),
    /** Flags of a field go together. */
    FIELD_FLAGS("4.5"),
    /** No two fields have the same name and descriptor. */
    DUPLICATE_FIELD("4.5"),
    /** Flags of a method go together. */
    METHOD_FLAGS("4.6"),
    /** No two methods have the same name and descriptor. */
    DUPLICATE_METHOD("4.6"),
    /** Initializers have the form that their name demands. */
    INITIALIZER("2.9"),
    /** Arguments take at most 255 slots. */
    ARGUMENT_SLOTS("4.3.3"),

    /** An attribute has the length that its content asks for. */
    ATTRIBUTE_LENGTH("4.7"),
    /** An attribute that may stand once stands once. */
    DUPLICATE_ATTRIBUTE("4.7"),
    /** A static field's constant value fits its type. */
    CONSTANT_VALUE("4.7.2"),
    /** Just the methods that are neither native nor abstract have code, of 1 to 65535 bytes. */
    CODE("4.7.3"),
    /** Exception handlers guard code and stand in it. */
    EXCEPTION_TABLE("4.7.3"),
    /** Declared exceptions are classes. */
    EXCEPTIONS("4.7.5"),
    /** Entries of InnerClasses make sense. */
    INNER_CLASSES("4.7.6"),
    /** An entry of InnerClasses isn't a module. */
    MODULE_AS_INNER_CLASS("4.7.6", LinkError.NO_CLASS_DEF_FOUND),
    /** The enclosing method is one. */
    ENCLOSING_METHOD("4.7.7"),
    /** A signature is a Utf8 constant. */
    SIGNATURE("4.7.9"),
    /** The source file's name is a Utf8 constant. */
    SOURCE_FILE("4.7.10"),
    /** Line numbers belong to code. */
    LINE_NUMBERS("4.7.12"),
    /** Local variables have names, types, and a range and place in the code; none is described twice. */
    LOCAL_VARIABLES("4.7.13"),
    /** Bootstrap methods are method handles with loadable arguments, and those asked for are there. */
    BOOTSTRAP_METHODS("4.7.23"),
    /** A class is a nest's host or a member, and names classes. */
    NEST("4.7.28"),
    /** Record components have names and types. */
    RECORD("4.7.30"),
    /** A class with permitted subclasses names classes and isn't final. */
    PERMITTED_SUBCLASSES("4.7.31");

    private final String section;
    private final LinkError error;

    FormatRule(String section) {
        this(section, LinkError.CLASS_FORMAT);
    }

    FormatRule(String section, LinkError error) {
        this.section = section;
        this.error = error;
    }

    @Override
    public String section() {
        return "JVMS " + section;
    }

    @Override
    public Severity severity() {
        return Severity.ERROR;
    }

    @Override
    public LinkError error() {
        return error;
    }
}
