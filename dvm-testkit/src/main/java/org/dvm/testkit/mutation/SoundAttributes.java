package org.dvm.testkit.mutation;

import org.dvm.core.classfile.RawClass;
import org.dvm.testkit.assembly.Bytes;

/**
 * Attributes of all kinds that mostly have the form that the specification asks for, with constants of the right kind.
 *
 * @jvms 4.7
 */
final class SoundAttributes {
    /** The attributes' names, in the order of {@link #content}. */
    static final String[] NAMES = {
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
        "PermittedSubclasses"
    };

    private static final int[] LOADABLE = {3, 4, 5, 6, 7, 8, 15, 16, 17};
    private static final int MAX_NESTING = 3;

    private final Surgery surgery;

    SoundAttributes(Surgery surgery) {
        this.surgery = surgery;
    }

    /** Returns a whole attribute of some name. */
    byte[] any() {
        return of(NAMES[surgery.below(NAMES.length)]);
    }

    /** Returns a whole attribute of that name. */
    byte[] of(String name) {
        Bytes content = content(name);
        return Bytes.of()
                .u2(surgery.addUtf8(name))
                .u4(content.length())
                .raw(content.toArray())
                .toArray();
    }

    private Bytes content(String name) {
        switch (name) {
            case "ConstantValue":
                return Bytes.of().u2(surgery.anyConstant(3 + surgery.below(4)));
            case "Code":
                return Bytes.of().u2(1, 1 + surgery.below(4)).u4(1).u1(0xb1).u2(0, 0);
            case "StackMapTable":
                return frames();
            case "Exceptions":
            case "NestMembers":
            case "PermittedSubclasses":
                return list(RawClass.CLASS, surgery.below(4));
            case "InnerClasses":
                return innerClasses();
            case "EnclosingMethod":
                return Bytes.of().u2(type(), surgery.oneOf(2) ? 0 : surgery.anyConstant(RawClass.NAME_AND_TYPE));
            case "Signature":
                return Bytes.of().u2(surgery.addUtf8("Ljava/lang/Object;"));
            case "SourceFile":
                return Bytes.of().u2(text());
            case "SourceDebugExtension":
                return Bytes.of().raw(new byte[surgery.below(4)]);
            case "LineNumberTable":
                return Bytes.of().u2(1, surgery.below(3), surgery.below(100));
            case "LocalVariableTable":
            case "LocalVariableTypeTable":
                return Bytes.of()
                        .u2(1, 0, surgery.below(3), surgery.addUtf8("v"), surgery.addUtf8("I"), surgery.below(3));
            case "RuntimeVisibleAnnotations":
            case "RuntimeInvisibleAnnotations":
                return annotations();
            case "RuntimeVisibleParameterAnnotations":
            case "RuntimeInvisibleParameterAnnotations":
                return Bytes.of().u1(1).raw(annotations().toArray());
            case "RuntimeVisibleTypeAnnotations":
            case "RuntimeInvisibleTypeAnnotations":
                return typeAnnotations();
            case "AnnotationDefault":
                return element(Bytes.of(), 0);
            case "BootstrapMethods":
                return bootstrapMethods(1 + surgery.below(2));
            case "MethodParameters":
                return methodParameters();
            case "Module":
                return module();
            case "ModulePackages":
                return Bytes.of().u2(1, named(RawClass.PACKAGE, "a/b"));
            case "ModuleMainClass":
            case "NestHost":
                return Bytes.of().u2(type());
            case "Record":
                return record();
            default:
                return Bytes.of(); // Synthetic and Deprecated
        }
    }

    private int type() {
        return surgery.anyConstant(RawClass.CLASS);
    }

    private int text() {
        return surgery.anyConstant(RawClass.UTF8);
    }

    private int named(int tag, String name) {
        return surgery.addConstant(Bytes.of().u1(tag).u2(surgery.addUtf8(name)));
    }

    private Bytes list(int tag, int count) {
        Bytes list = Bytes.of().u2(count);
        for (int i = 0; i < count; i++) {
            list.u2(surgery.anyConstant(tag));
        }
        return list;
    }

    private Bytes innerClasses() {
        int count = 1 + surgery.below(3);
        Bytes content = Bytes.of().u2(count);
        for (int i = 0; i < count; i++) {
            int outer = surgery.oneOf(2) ? 0 : type();
            int name = surgery.oneOf(3) ? 0 : text();
            int[] flags = {0, 0x0001, 0x0010, 0x0600, 0x0410, 0x4000, 0x2600, 0x8000};
            content.u2(type(), outer, name, flags[surgery.below(flags.length)]);
        }
        return content;
    }

    private Bytes annotations() {
        return Bytes.of().u2(1).raw(annotation(0).toArray());
    }

    private Bytes annotation(int nesting) {
        int count = surgery.below(3);
        Bytes annotation = Bytes.of().u2(surgery.addUtf8("Ljava/lang/Deprecated;"), count);
        for (int i = 0; i < count; i++) {
            annotation.u2(surgery.addUtf8("value"));
            element(annotation, nesting);
        }
        return annotation;
    }

    /** Appends an element_value. */
    private Bytes element(Bytes to, int nesting) {
        String tags = nesting < MAX_NESTING ? "BCDFIJSZsec@[" : "BCDFIJSZsec";
        char tag = tags.charAt(surgery.below(tags.length()));
        to.u1(surgery.oneOf(20) ? surgery.below(256) : tag);
        switch (tag) {
            case 's':
            case 'c':
                return to.u2(text());
            case 'e':
                return to.u2(text(), text());
            case '@':
                return to.raw(annotation(nesting + 1).toArray());
            case '[':
                return element(to.u2(1), nesting + 1);
            case 'D':
                return to.u2(surgery.anyConstant(RawClass.DOUBLE));
            case 'F':
                return to.u2(surgery.anyConstant(RawClass.FLOAT));
            case 'J':
                return to.u2(surgery.anyConstant(RawClass.LONG));
            default:
                return to.u2(surgery.anyConstant(RawClass.INTEGER));
        }
    }

    private Bytes typeAnnotations() {
        int[] targets = {0, 1, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x40, 0x42, 0x43, 0x47, 0x4b};
        int target = targets[surgery.below(targets.length)];
        Bytes content = Bytes.of().u2(1).u1(target);
        if (target < 2 || target == 0x16) {
            content.u1(0);
        } else if (target == 0x11 || target == 0x12) {
            content.u1(0, 0);
        } else if (target == 0x40) {
            content.u2(1, 0, 1, 0);
        } else if (target == 0x47 || target == 0x4b) {
            content.u2(0).u1(0);
        } else if (target < 0x13 || target > 0x15) {
            content.u2(0);
        }
        content.u1(surgery.below(2));
        if (surgery.oneOf(2)) {
            content.u1(surgery.below(5), 0);
        }
        return content.raw(annotation(0).toArray());
    }

    /** Returns the content of BootstrapMethods. */
    Bytes bootstrapMethods(int count) {
        Bytes content = Bytes.of().u2(count);
        for (int i = 0; i < count; i++) {
            int arguments = surgery.below(3);
            content.u2(surgery.oneOf(2) ? surgery.anyConstant(RawClass.METHOD_HANDLE) : handle(), arguments);
            for (int j = 0; j < arguments; j++) {
                content.u2(surgery.anyConstant(LOADABLE[surgery.below(LOADABLE.length)]));
            }
        }
        return content;
    }

    /** Returns a handle that calls a static method. */
    private int handle() {
        int method = surgery.anyConstant(RawClass.METHOD_REF);
        return surgery.addConstant(Bytes.of().u1(RawClass.METHOD_HANDLE).u1(6).u2(method));
    }

    private Bytes methodParameters() {
        int count = surgery.below(4);
        Bytes content = Bytes.of().u1(count);
        int[] flags = {0, 0x0010, 0x1000, 0x8000, 0x0001};
        for (int i = 0; i < count; i++) {
            content.u2(surgery.oneOf(2) ? 0 : text(), flags[surgery.below(flags.length)]);
        }
        return content;
    }

    private Bytes module() {
        return Bytes.of()
                .u2(named(RawClass.MODULE, "m"), 0, 0)
                .u2(1, named(RawClass.MODULE, "java.base"), 0x8000, 0)
                .u2(surgery.below(2), named(RawClass.PACKAGE, "a/b"), 0, 0)
                .u2(0, 0, 0);
    }

    private Bytes record() {
        int count = surgery.below(3);
        Bytes content = Bytes.of().u2(count);
        String[] types = {"I", "J", "Ljava/lang/String;", "[I", "V"};
        for (int i = 0; i < count; i++) {
            content.u2(surgery.addUtf8("c" + i), surgery.addUtf8(types[surgery.below(types.length)]));
            if (surgery.oneOf(2)) {
                content.u2(0);
            } else {
                content.u2(1).raw(of(surgery.oneOf(2) ? "Signature" : NAMES[14 + surgery.below(6)]));
            }
        }
        return content;
    }

    private Bytes frames() {
        int count = 1 + surgery.below(3);
        Bytes content = Bytes.of().u2(count);
        for (int i = 0; i < count; i++) {
            frame(content, surgery.below(6));
        }
        return content;
    }

    /** Appends a frame a few bytes further on, of one of the forms that there are. */
    void frame(Bytes to, int delta) {
        int form = surgery.below(7);
        switch (form) {
            case 0:
                to.u1(delta);
                return;
            case 1:
                item(to.u1(64 + delta));
                return;
            case 2:
                item(to.u1(247).u2(delta));
                return;
            case 3:
                to.u1(248 + surgery.below(4)).u2(delta);
                return;
            case 4:
                int more = 1 + surgery.below(3);
                to.u1(251 + more).u2(delta);
                for (int i = 0; i < more; i++) {
                    item(to);
                }
                return;
            default:
                to.u1(255).u2(delta);
                for (int part = 0; part < 2; part++) {
                    int count = surgery.below(4);
                    to.u2(count);
                    for (int i = 0; i < count; i++) {
                        item(to);
                    }
                }
        }
    }

    private void item(Bytes to) {
        int tag = surgery.below(9);
        to.u1(tag);
        if (tag == 7) {
            to.u2(type());
        } else if (tag == 8) {
            to.u2(surgery.below(12));
        }
    }
}
