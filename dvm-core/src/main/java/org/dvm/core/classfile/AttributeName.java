package org.dvm.core.classfile;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The attributes that the specification defines.
 *
 * @jvms 4.7
 */
enum AttributeName {
    CONSTANT_VALUE("ConstantValue"),
    CODE("Code"),
    STACK_MAP_TABLE("StackMapTable"),
    EXCEPTIONS("Exceptions"),
    INNER_CLASSES("InnerClasses"),
    ENCLOSING_METHOD("EnclosingMethod"),
    SYNTHETIC("Synthetic"),
    SIGNATURE("Signature"),
    SOURCE_FILE("SourceFile"),
    SOURCE_DEBUG_EXTENSION("SourceDebugExtension"),
    LINE_NUMBER_TABLE("LineNumberTable"),
    LOCAL_VARIABLE_TABLE("LocalVariableTable"),
    LOCAL_VARIABLE_TYPE_TABLE("LocalVariableTypeTable"),
    DEPRECATED("Deprecated"),
    RUNTIME_VISIBLE_ANNOTATIONS("RuntimeVisibleAnnotations"),
    RUNTIME_INVISIBLE_ANNOTATIONS("RuntimeInvisibleAnnotations"),
    RUNTIME_VISIBLE_PARAMETER_ANNOTATIONS("RuntimeVisibleParameterAnnotations"),
    RUNTIME_INVISIBLE_PARAMETER_ANNOTATIONS("RuntimeInvisibleParameterAnnotations"),
    RUNTIME_VISIBLE_TYPE_ANNOTATIONS("RuntimeVisibleTypeAnnotations"),
    RUNTIME_INVISIBLE_TYPE_ANNOTATIONS("RuntimeInvisibleTypeAnnotations"),
    ANNOTATION_DEFAULT("AnnotationDefault"),
    BOOTSTRAP_METHODS("BootstrapMethods"),
    METHOD_PARAMETERS("MethodParameters"),
    MODULE("Module"),
    MODULE_PACKAGES("ModulePackages"),
    MODULE_MAIN_CLASS("ModuleMainClass"),
    NEST_HOST("NestHost"),
    NEST_MEMBERS("NestMembers"),
    RECORD("Record"),
    PERMITTED_SUBCLASSES("PermittedSubclasses"),
    /** Any other name. */
    UNKNOWN("");

    private static final AttributeName[] VALUES = values();
    private static final AttributeName[][] BY_LENGTH = byLength();

    private final String text;
    private final byte[] bytes;

    AttributeName(String text) {
        this.text = text;
        this.bytes = text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Without streams, whose first use costs more than the check of a class. */
    private static AttributeName[][] byLength() {
        int longest = 0;
        for (AttributeName name : VALUES) {
            longest = Math.max(longest, name.bytes.length);
        }
        AttributeName[][] table = new AttributeName[longest + 1][0];
        for (AttributeName name : VALUES) {
            if (name != UNKNOWN) {
                AttributeName[] shorter = table[name.bytes.length];
                table[name.bytes.length] = Arrays.copyOf(shorter, shorter.length + 1);
                table[name.bytes.length][shorter.length] = name;
            }
        }
        return table;
    }

    /** Returns the attribute of that name. */
    static AttributeName of(byte[] in, int offset, int length) {
        if (length < BY_LENGTH.length) {
            for (AttributeName name : BY_LENGTH[length]) {
                if (Arrays.equals(in, offset, offset + length, name.bytes, 0, length)) {
                    return name;
                }
            }
        }
        return UNKNOWN;
    }

    /** Returns the attribute of that ordinal. */
    static AttributeName of(int ordinal) {
        return VALUES[ordinal];
    }

    /** Returns this attribute's bit in a set of attributes. */
    long bit() {
        return 1L << ordinal();
    }

    @Override
    public String toString() {
        return text;
    }
}
