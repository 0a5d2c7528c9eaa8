package org.dvm.core.classfile;

/**
 * The attributes that the specification defines, numbered from 1; 0 is any other. Numbers rather than an enum, since a
 * switch over them needs no further class: loading classes is most of what the first check costs.
 *
 * @jvms 4.7
 */
final class AttributeName {
    static final int UNKNOWN = 0;
    static final int CONSTANT_VALUE = 1;
    static final int CODE = 2;
    static final int STACK_MAP_TABLE = 3;
    static final int EXCEPTIONS = 4;
    static final int INNER_CLASSES = 5;
    static final int ENCLOSING_METHOD = 6;
    static final int SYNTHETIC = 7;
    static final int SIGNATURE = 8;
    static final int SOURCE_FILE = 9;
    static final int SOURCE_DEBUG_EXTENSION = 10;
    static final int LINE_NUMBER_TABLE = 11;
    static final int LOCAL_VARIABLE_TABLE = 12;
    static final int LOCAL_VARIABLE_TYPE_TABLE = 13;
    static final int DEPRECATED = 14;
    static final int RUNTIME_VISIBLE_ANNOTATIONS = 15;
    static final int RUNTIME_INVISIBLE_ANNOTATIONS = 16;
    static final int RUNTIME_VISIBLE_PARAMETER_ANNOTATIONS = 17;
    static final int RUNTIME_INVISIBLE_PARAMETER_ANNOTATIONS = 18;
    static final int RUNTIME_VISIBLE_TYPE_ANNOTATIONS = 19;
    static final int RUNTIME_INVISIBLE_TYPE_ANNOTATIONS = 20;
    static final int ANNOTATION_DEFAULT = 21;
    static final int BOOTSTRAP_METHODS = 22;
    static final int METHOD_PARAMETERS = 23;
    static final int MODULE = 24;
    static final int MODULE_PACKAGES = 25;
    static final int MODULE_MAIN_CLASS = 26;
    static final int NEST_HOST = 27;
    static final int NEST_MEMBERS = 28;
    static final int RECORD = 29;
    static final int PERMITTED_SUBCLASSES = 30;

    private static final String[] TEXTS = {
        "",
        "ConstantValue",
        "Code",
        "StackMapTable",
        "Exceptions",
        "InnerClasses",
        "EnclosingMethod",
        "Synthetic",
        "Signature",
        "SourceFile",
        "SourceDebugExtension",
        "LineNumberTable",
        "LocalVariableTable",
        "LocalVariableTypeTable",
        "Deprecated",
        "RuntimeVisibleAnnotations",
        "RuntimeInvisibleAnnotations",
        "RuntimeVisibleParameterAnnotations",
        "RuntimeInvisibleParameterAnnotations",
        "RuntimeVisibleTypeAnnotations",
        "RuntimeInvisibleTypeAnnotations",
        "AnnotationDefault",
        "BootstrapMethods",
        "MethodParameters",
        "Module",
        "ModulePackages",
        "ModuleMainClass",
        "NestHost",
        "NestMembers",
        "Record",
        "PermittedSubclasses",
    };

    /** The numbers by the length of the name; most lengths have one name or two. */
    private static final int[][] BY_LENGTH = byLength();

    private AttributeName() {}

    private static int[][] byLength() {
        int[][] table = new int[TEXTS[RUNTIME_INVISIBLE_PARAMETER_ANNOTATIONS].length() + 1][0]; // the longest
        for (int name = 1; name < TEXTS.length; name++) {
            int[] shorter = table[TEXTS[name].length()];
            int[] longer = new int[shorter.length + 1];
            System.arraycopy(shorter, 0, longer, 0, shorter.length);
            longer[shorter.length] = name;
            table[TEXTS[name].length()] = longer;
        }
        return table;
    }

    /** Returns the attribute of that name. */
    static int of(byte[] bytes, int offset, int end) {
        int length = end - offset;
        if (length < BY_LENGTH.length) {
            for (int name : BY_LENGTH[length]) {
                if (isText(TEXTS[name], bytes, offset)) {
                    return name;
                }
            }
        }
        return UNKNOWN;
    }

    private static boolean isText(String text, byte[] bytes, int offset) {
        for (int i = text.length() - 1; i >= 0; i--) { // names of one length differ less at their start
            if (bytes[offset + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Returns an attribute's bit in a set of attributes. */
    static long bit(int name) {
        return 1L << name;
    }

    static String text(int name) {
        return TEXTS[name];
    }
}
