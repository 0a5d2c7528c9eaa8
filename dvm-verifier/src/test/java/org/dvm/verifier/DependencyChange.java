package org.dvm.verifier;

import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The ways in which a class can be another one than that which its users were compiled against. */
enum DependencyChange {
    PACKAGE_PRIVATE((shape, random) -> flags(shape, 0, 0x0001)),
    FINAL((shape, random) -> (shape.flags & 0x0400) == 0 && flags(shape, 0x0010, 0)),
    ABSTRACT((shape, random) -> (shape.flags & 0x0010) == 0 && flags(shape, 0x0400, 0)),
    TO_INTERFACE(DependencyChange::toInterface),
    TO_CLASS((shape, random) -> (shape.flags & 0x2200) == 0x0200 && flags(shape, 0x0020, 0x0200)),
    SUPERCLASS(DependencyChange::superclass),
    ADD_INTERFACE(DependencyChange::addInterface),
    REMOVE_INTERFACES(DependencyChange::removeInterfaces),
    SEALED(DependencyChange::sealed),
    REMOVE_ATTRIBUTE(DependencyChange::removeAttribute),
    REMOVE_FIELD((shape, random) -> rename(shape, random, shape.fields)),
    REMOVE_METHOD((shape, random) -> rename(shape, random, shape.methods)),
    RETYPE_FIELD((shape, random) -> retype(shape, random, shape.fields, "J", "Ljava/lang/Object;", "[I", "Ldep/Leaf;")),
    RETYPE_METHOD((shape, random) -> retype(shape, random, shape.methods, "(J)V", "()J", "(Ldep/Leaf;)Ldep/Leaf;")),
    FIELD_ACCESS((shape, random) -> access(random, shape.fields)),
    METHOD_ACCESS((shape, random) -> access(random, shape.methods)),
    FIELD_STATIC((shape, random) -> toggle(shape, random, shape.fields, 0x0008)),
    METHOD_STATIC((shape, random) -> toggle(shape, random, shape.methods, 0x0008)),
    FIELD_FINAL((shape, random) -> toggle(shape, random, shape.fields, 0x0010)),
    METHOD_FINAL((shape, random) -> toggle(shape, random, shape.methods, 0x0010)),
    METHOD_ABSTRACT(DependencyChange::withoutCode);

    private static final String[] SUPERCLASSES = {
        "java/lang/Object",
        "java/util/ArrayList",
        "java/lang/Throwable",
        "java/lang/Error",
        "dep/Base",
        "dep/Sub",
        "dep/Leaf",
        "dep/AbstractShape",
        "dep/Shape",
        "no/Such",
        "dep/Other"
    };
    private static final String[] INTERFACES = {
        "java/lang/Runnable", "dep/Shape", "dep/Solid", "dep/Base", "no/Such", "java/io/Serializable"
    };

    private final BiFunction<ClassShape, Random, Boolean> change;

    DependencyChange(BiFunction<ClassShape, Random, Boolean> change) {
        this.change = change;
    }

    /** Changes a class; false where the class has nothing to change in that way. */
    boolean apply(ClassShape shape, Random random) {
        return change.apply(shape, random);
    }

    private static boolean flags(ClassShape shape, int set, int cleared) {
        int changed = (shape.flags | set) & ~cleared;
        boolean different = changed != shape.flags;
        shape.flags = changed;
        return different;
    }

    private static boolean toInterface(ClassShape shape, Random random) {
        if ((shape.flags & 0x0200) != 0) {
            return false;
        }
        shape.flags = shape.flags & ~0x0030 | 0x0600;
        shape.superclass = shape.classNamed("java/lang/Object");
        shape.fields.removeIf(field -> (field.flags & 0x0008) == 0);
        shape.fields.forEach(field -> field.flags = 0x0019);
        shape.methods.removeIf(method -> method.isInitializer(shape));
        boolean withCode = shape.raw.majorVersion() >= 52 && random.nextBoolean();
        shape.methods.removeIf(method -> (method.flags & 0x0008) != 0 && !withCode);
        shape.methods.forEach(method -> {
            method.flags = method.flags & 0x0408 | 0x0001;
            if (!withCode) {
                strip(method);
            }
        });
        return true;
    }

    private static void strip(ClassShape.Part method) {
        method.flags = method.flags & ~0x003a | 0x0400;
        method.attributes = new byte[2];
    }

    private static boolean superclass(ClassShape shape, Random random) {
        if ((shape.flags & 0x0200) != 0) {
            return false;
        }
        int old = shape.superclass;
        shape.superclass = shape.classNamed(any(random, SUPERCLASSES));
        if (random.nextInt(4) != 0) {
            shape.redirectConstructors(old, shape.superclass);
        }
        return true;
    }

    private static boolean addInterface(ClassShape shape, Random random) {
        shape.interfaces.add(shape.classNamed(any(random, INTERFACES)));
        return true;
    }

    private static boolean removeInterfaces(ClassShape shape, Random random) {
        boolean had = !shape.interfaces.isEmpty();
        shape.interfaces.clear();
        return had;
    }

    private static boolean sealed(ClassShape shape, Random random) {
        if (shape.raw.majorVersion() < 61 || (shape.flags & 0x0010) != 0) {
            return false;
        }
        removeAll(shape, "PermittedSubclasses");
        int name = shape.utf8("PermittedSubclasses");
        int permitted = shape.classNamed(random.nextBoolean() ? "dep/Sub" : "dep/One");
        shape.attributes.add(
                new byte[] {(byte) (name >> 8), (byte) name, 0, 0, 0, 4, 0, 1, (byte) (permitted >> 8), (byte) permitted
                });
        return true;
    }

    private static boolean removeAttribute(ClassShape shape, Random random) {
        return removeAll(
                shape, any(random, "NestMembers", "NestHost", "PermittedSubclasses", "InnerClasses", "Record"));
    }

    private static boolean removeAll(ClassShape shape, String name) {
        return shape.attributes.removeIf(attribute -> shape.nameOf(attribute).equals(name));
    }

    private static boolean rename(ClassShape shape, Random random, List<ClassShape.Part> parts) {
        ClassShape.@Nullable Part part = any(random, parts);
        if (part == null || shape.raw.utf8(part.name).equals("<clinit>")) {
            return false;
        }
        part.name = shape.utf8("gone");
        return true;
    }

    private static boolean retype(ClassShape shape, Random random, List<ClassShape.Part> parts, String... types) {
        ClassShape.@Nullable Part part = any(random, parts);
        if (part == null || part.isInitializer(shape)) {
            return false;
        }
        part.descriptor = shape.utf8(any(random, types));
        return true;
    }

    private static boolean access(Random random, List<ClassShape.Part> parts) {
        ClassShape.@Nullable Part part = any(random, parts);
        if (part == null) {
            return false;
        }
        int flags = part.flags & ~0x0007 | new int[] {0, 1, 2, 4}[random.nextInt(4)];
        boolean changed = flags != part.flags;
        part.flags = flags;
        return changed;
    }

    private static boolean toggle(ClassShape shape, Random random, List<ClassShape.Part> parts, int flag) {
        ClassShape.@Nullable Part part = any(random, parts);
        if (part == null || part.method && part.isInitializer(shape)) {
            return false;
        }
        part.flags ^= flag;
        return true;
    }

    private static boolean withoutCode(ClassShape shape, Random random) {
        ClassShape.@Nullable Part method = any(random, shape.methods);
        if (method == null || method.isInitializer(shape) || (method.flags & 0x000a) != 0) {
            return false;
        }
        strip(method);
        return true;
    }

    private static String any(Random random, String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private static ClassShape.@Nullable Part any(Random random, List<ClassShape.Part> parts) {
        return parts.isEmpty() ? null : parts.get(random.nextInt(parts.size()));
    }
}
