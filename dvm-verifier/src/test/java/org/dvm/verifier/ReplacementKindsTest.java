package org.dvm.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.ClassFormatException;
import org.dvm.core.classfile.RawClass.Member;
import org.dvm.core.pipeline.TransformPipeline;
import org.dvm.core.pipeline.TransformResult;
import org.dvm.core.pipeline.TransformResult.Status;
import org.dvm.verifier.VerifyFilter.World;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands for an unsound class of any kind looks like it, lets its users link, and raises VerifyError when it starts. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReplacementKindsTest {
    private static final String UNSOUND = """
            package kinds;
            import java.lang.annotation.*;
            class Plain implements java.io.Serializable {
              static final int CONSTANT = 5; static final String TEXT = "text"; final long one = 1; protected int[] many;
              static int started = Integer.parseInt("1"); int bad() { return 1; } native void far(); synchronized void held() {} }
            abstract class Partly { abstract int none(); int bad() { return 1; } protected Partly(int x) {} }
            interface Shape { int CONSTANT = 7; int OTHER = Integer.parseInt("3"); int area(); static int two() { return 2; } default int bad() { return 1; } }
            enum Level { LOW, HIGH { int value() { return 2; } }; int value() { return 1; } int bad() { return 1; } }
            record Pair(int a, String b) { Pair { } int bad() { return 1; } }
            @Retention(RetentionPolicy.RUNTIME) @interface Note { String value() default "v"; int number() default 3; int BAD = Integer.parseInt("1"); }
            sealed abstract class Tree permits Leaf { int bad() { return 1; } } final class Leaf extends Tree { }
            class Outer { class Inner { int bad() { return 1; } } static class Nested { int bad() { return 1; } } enum Kind { A } }
            """;
    private static final String USERS = """
            package kinds;
            @Note(number = 4) public class User {
              static class Sub extends Partly { Sub() { super(1); } int none() { return bad(); } }
              static class Round implements Shape { public int area() { return CONSTANT; } }
              public static String linked() { return Plain.CONSTANT + Plain.TEXT + Shape.CONSTANT + Sub.class.getSuperclass().getSimpleName()
                  + Round.class.getInterfaces()[0].getSimpleName() + Pair.class.isRecord() + Level.class.isEnum() + Leaf.class.getSuperclass().getSimpleName()
                  + Outer.Inner.class.getDeclaringClass().getSimpleName() + ((Object) "" instanceof Plain) + new Plain[2].length; }
              public static Object plain() { return new Plain(); }
              public static Object partly() { return new Sub(); }
              public static Object shape() { return new Round(); }
              public static Object stat() { return Shape.two(); }
              public static Object level() { switch (Level.HIGH) { case LOW: return 1; default: return 2; } }
              public static Object pair() { return new Pair(1, "").a(); }
              public static Object note() { return Note.BAD; }
              public static Object leaf() { return new Leaf(); }
              public static Object inner() { return new Outer().new Inner(); } }
            """;

    private final Map<String, byte[]> originals = new HashMap<>();
    private final Map<String, byte[]> replaced = new HashMap<>();

    @BeforeAll
    void compile(@TempDir Path directory) throws IOException, ClassFormatException {
        Path sources = Files.writeString(directory.resolve("Plain.java"), UNSOUND);
        Path users = Files.writeString(directory.resolve("User.java"), USERS);
        String[] arguments = {"--release", "17", "-d", directory.toString(), sources.toString(), users.toString()};
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments))
                .isZero();
        TransformPipeline pipeline = TransformPipeline.of(new VerifyFilter(World.OPEN));
        try (Stream<Path> files = Files.list(directory.resolve("kinds"))) {
            for (Path file : files.toList()) {
                byte[] original = Files.readAllBytes(file);
                String name = RawClass.parse(original).className().replace('/', '.');
                originals.put(name, original);
                TransformResult result = pipeline.process(unsound(original));
                assertThat(result.status() == Status.REPLACED).as(name).isEqualTo(isUnsound(name));
                replaced.put(name, isUnsound(name) ? result.output() : original);
            }
        }
    }

    private static boolean isUnsound(String name) {
        return List.of("Plain", "Partly", "Shape", "Level", "Pair", "Note", "Tree", "Outer$Inner", "Outer$Nested")
                .contains(name.replace("kinds.", ""));
    }

    /** Takes the constant away that {@code bad} returns, or what the initializer of an annotation parses. */
    private static byte[] unsound(byte[] original) throws ClassFormatException {
        byte[] copy = original.clone();
        RawClass raw = RawClass.parse(copy);
        for (int i = 0; i < raw.methodCount(); i++) {
            Member method = raw.method(i);
            if (raw.memberName(method).equals("bad")) {
                copy[raw.codeStart(method)] = 0;
            } else if (raw.memberName(method).equals("<clinit>")
                    && raw.className().equals("kinds/Note")) {
                Arrays.fill(copy, raw.codeStart(method), raw.codeStart(method) + 2, (byte) 0);
            }
        }
        return copy;
    }

    /** Defines classes from memory. */
    private static final class Loader extends ClassLoader {
        private final Map<String, byte[]> classes;

        Loader(Map<String, byte[]> classes) {
            super(ClassLoader.getPlatformClassLoader());
            this.classes = classes;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] bytes = classes.get(name);
            if (bytes == null) {
                throw new ClassNotFoundException(name);
            }
            return defineClass(name, bytes, 0, bytes.length);
        }
    }

    @Test
    void usersLinkAndSeeConstantsAndTypes() throws Exception {
        Object before = user(originals).getMethod("linked").invoke(null);
        Object after = user(replaced).getMethod("linked").invoke(null);

        assertThat(after).isEqualTo(before);
    }

    private static Class<?> user(Map<String, byte[]> classes) throws ClassNotFoundException {
        return Class.forName("kinds.User", true, new Loader(classes));
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "partly", "shape", "stat", "level", "pair", "note", "leaf", "inner"})
    void usersHearOfTheFaultWhenTheyStartTheClass(String use) throws Exception {
        Method method = user(replaced).getMethod(use);

        assertThatThrownBy(() -> method.invoke(null))
                .isInstanceOf(InvocationTargetException.class)
                .cause()
                .isInstanceOf(VerifyError.class)
                .hasMessageContaining("STACK_UNDERFLOW")
                .hasMessageContaining("[JVMS");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Plain", "Partly", "Shape", "Level", "Pair", "Note", "Tree", "Outer$Inner", "Outer$Nested"})
    void looksLikeTheOriginal(String name) throws Exception {
        Class<?> before = new Loader(originals).loadClass("kinds." + name);
        Class<?> after = new Loader(replaced).loadClass("kinds." + name);

        assertThat(shape(after)).isEqualTo(shape(before));
        assertThatThrownBy(() -> MethodHandles.privateLookupIn(after, MethodHandles.lookup())
                        .ensureInitialized(after))
                .isInstanceOf(VerifyError.class);
    }

    private static List<String> shape(Class<?> type) {
        TreeSet<String> members = new TreeSet<>();
        for (Field each : type.getDeclaredFields()) {
            members.add(each.toGenericString());
        }
        for (Method each : type.getDeclaredMethods()) {
            members.add(each.toGenericString() + each.getDefaultValue());
        }
        for (Constructor<?> each : type.getDeclaredConstructors()) {
            members.add(each.toGenericString());
        }
        return List.of(
                type.toGenericString(),
                String.valueOf(type.getGenericSuperclass()) + Arrays.toString(type.getGenericInterfaces()),
                Arrays.toString(type.getAnnotations()) + Arrays.toString(type.getRecordComponents()),
                Arrays.toString(type.getPermittedSubclasses()) + type.getDeclaringClass() + type.getNestHost(),
                Arrays.toString(type.getDeclaredClasses()),
                members.toString());
    }

    @ParameterizedTest
    @ValueSource(ints = {45, 46, 48, 49, 50, 51})
    void standsForClassesOfOldVersions(int version) throws Exception {
        byte[] bytes =
                Objects.requireNonNull(originals.get("kinds.Outer$Nested")).clone();
        bytes[7] = (byte) version;
        TransformResult result =
                TransformPipeline.of(new VerifyFilter(World.OPEN)).process(unsound(bytes));
        Class<?> replacement =
                new Loader(Map.of("kinds.Outer$Nested", result.output())).loadClass("kinds.Outer$Nested");

        assertThat(RawClass.parse(result.output()).majorVersion()).isEqualTo(version);
        assertThatThrownBy(() -> Class.forName(replacement.getName(), true, replacement.getClassLoader()))
                .isInstanceOf(VerifyError.class)
                .hasMessageContaining("kinds/Outer$Nested.bad()I");
    }
}
