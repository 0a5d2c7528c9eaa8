package org.dvm.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ObjectStreamClass;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.assertj.core.api.Assertions;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.ClassFormatException;
import org.dvm.verifier.VerifyFilter.FactTables;
import org.dvm.verifier.VerifyFilter.ReferenceChecks;
import org.dvm.verifier.VerifyFilter.World;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Reflection sees of a self-verifying class what it saw of the original, and besides only what is marked synthetic. */
@Tag("once")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReflectedShapeTest {
    private final Map<String, byte[]> originals = new HashMap<>();
    private final Map<String, byte[]> rewritten = new HashMap<>();
    private final Map<String, Set<String>> originalMembers = new HashMap<>();
    private final Set<String> added = new TreeSet<>();

    ReflectedShapeTest() {
        VerifyFilter filter = new VerifyFilter(World.OPEN, ReferenceChecks.INSERTED, FactTables.ATTACHED);
        for (RawClass raw : Corpus.ofJarWith(Assertions.class).classes()) {
            if (raw.className().contains("/bytebuddy/")) {
                continue; // a library inside, which the others hardly need
            }
            originals.put(raw.className().replace('/', '.'), raw.bytes());
            FilterRun.of(filter, raw.bytes()).forEach((name, bytes) -> rewritten.put(name.replace('/', '.'), bytes));
        }
    }

    /** Defines classes from memory, and what else they need as its parent does. */
    private static final class Loader extends ClassLoader {
        private final Map<String, byte[]> classes;

        Loader(Map<String, byte[]> classes) {
            super(ReflectedShapeTest.class.getClassLoader());
            this.classes = classes;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            byte[] bytes = classes.get(name);
            if (bytes == null) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? defineClass(name, bytes, 0, bytes.length) : loaded;
        }
    }

    @Test
    void isTheOriginals() {
        Loader before = new Loader(originals);
        Loader after = new Loader(rewritten);
        List<String> differences = new ArrayList<>();
        int compared = 0;
        for (String name : originals.keySet()) {
            List<String> expected = shape(before, name);
            List<String> actual = shape(after, name);
            compared += expected.size() > 1 ? 1 : 0;
            for (int i = 0; i < Math.max(expected.size(), actual.size()); i++) {
                String left = i < expected.size() ? expected.get(i) : "";
                String right = i < actual.size() ? actual.get(i) : "";
                if (!left.equals(right)) {
                    differences.add(name + ": " + left + " became " + right);
                }
            }
        }

        assertThat(differences).isEmpty();
        assertThat(compared).isGreaterThan(500);
        assertThat(added)
                .isNotEmpty()
                .allMatch(each -> each.matches("\\$dvm\\$linked\\d*|dvm\\$\\d+|serialVersionUID"));
    }

    @Test
    void addsSyntheticClassesOnlyToInterfaces() {
        Map<String, byte[]> holders = new HashMap<>(rewritten);
        holders.keySet().removeAll(originals.keySet());

        assertThat(holders).isNotEmpty().allSatisfy((name, bytes) -> {
            String client = name.substring(0, name.indexOf("$dvm$"));
            assertThat(Modifier.isInterface(parsed(originals.get(client)).accessFlags()))
                    .isTrue();
            assertThat(parsed(bytes).accessFlags() & 0x1000).isNotZero();
        });
    }

    private List<String> shape(Loader loader, String name) {
        try {
            Class<?> type = Class.forName(name, false, loader);
            List<String> shape = new ArrayList<>(List.of(type.toGenericString() + type.getModifiers()));
            shape.add(type.getGenericSuperclass() + Arrays.toString(type.getGenericInterfaces()));
            shape.add(Arrays.toString(type.getAnnotations()));
            shape.add(String.valueOf(type.getEnclosingMethod()) + type.getEnclosingClass() + type.getNestHost());
            shape.add(names(type.getDeclaredClasses()) + names(type.getNestMembers()));
            shape.add(type.isSealed() + names(type.getPermittedSubclasses()));
            shape.add(Arrays.toString(type.getRecordComponents()));
            shape.add(String.valueOf(ObjectStreamClass.lookupAny(type).getSerialVersionUID()));
            shape.add(members(type.getDeclaredFields()));
            shape.add(members(type.getDeclaredMethods()));
            shape.add(members(type.getDeclaredConstructors()));
            return shape;
        } catch (ClassNotFoundException | LinkageError e) {
            return List.of(e.toString()); // what it needs isn't here, before as after
        }
    }

    private static String names(Class<?>[] types) {
        List<String> names = new ArrayList<>();
        if (types != null) {
            for (Class<?> each : types) {
                names.add(each.getName());
            }
        }
        return new TreeSet<>(names).toString();
    }

    private String members(Member[] members) {
        TreeSet<String> shown = new TreeSet<>();
        for (Member each : members) {
            String name = each instanceof Constructor ? "<init>" : each.getName();
            if (each.isSynthetic() && !isInOriginal(each.getDeclaringClass().getName(), name)) {
                added.add(name);
            } else {
                shown.add(
                        text(each) + each.getModifiers() + Arrays.toString(((AccessibleObject) each).getAnnotations()));
            }
        }
        return shown.toString();
    }

    private boolean isInOriginal(String className, String member) {
        return originalMembers
                .computeIfAbsent(className, name -> memberNames(Objects.requireNonNull(originals.get(name))))
                .contains(member);
    }

    private static Set<String> memberNames(byte[] classFile) {
        RawClass raw = parsed(classFile);
        Set<String> names = new HashSet<>();
        for (int i = 0; i < raw.fieldCount(); i++) {
            names.add(raw.memberName(raw.field(i)));
        }
        for (int i = 0; i < raw.methodCount(); i++) {
            names.add(raw.memberName(raw.method(i)));
        }
        return names;
    }

    private static RawClass parsed(byte @Nullable [] classFile) {
        try {
            return RawClass.parse(Objects.requireNonNull(classFile));
        } catch (ClassFormatException e) {
            throw new IllegalStateException("it is well formed", e);
        }
    }

    private static String text(Member member) {
        if (member instanceof Field field) {
            return field.toGenericString();
        }
        return member instanceof Method method
                ? method.toGenericString() + Arrays.toString(((Executable) method).getParameters())
                : ((Constructor<?>) member).toGenericString();
    }
}
