package org.dvm.runtime.verify;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The facts of a loaded class: supertypes from the JVM, flags and members from its {@link FactTable}.
 *
 * <p>Reflection on members is slow and fails where a single type in any of their signatures is missing. Only classes
 * without a class file to read, such as generated ones, are asked by reflection.
 *
 * <p><b>Threads:</b> safe to share; kept with its class.
 */
final class LoadedClass implements Facts {
    private static final ClassValue<LoadedClass> LOADED = new ClassValue<>() {
        @Override
        protected LoadedClass computeValue(Class<?> type) {
            return new LoadedClass(type);
        }
    };

    private final Class<?> type;
    private final String name;

    /** Read when first asked for, by an idempotent write: most checks only ask for supertypes. */
    private volatile @Nullable FactTable table;

    private LoadedClass(Class<?> type) {
        this.type = type;
        this.name = type.getName().replace('.', '/');
    }

    static LoadedClass of(Class<?> type) {
        return LOADED.get(type);
    }

    private FactTable table() {
        FactTable known = table;
        if (known == null) {
            FactTable read = read(type, name);
            known = read != null && isAbout(read, type) ? read : reflected(type, name);
            table = known;
        }
        return known;
    }

    private static @Nullable FactTable read(Class<?> type, String name) {
        try (InputStream file = type.getResourceAsStream(name.substring(name.lastIndexOf('/') + 1) + ".class")) {
            return file == null ? null : FactTable.read(file.readAllBytes(), name);
        } catch (IOException | RuntimeException | LinkageError e) { // loaders of applications throw what they like
            return null; // no class file: reflection knows, too
        }
    }

    /** Returns whether a table is this very class's and not that of another one of the same name. */
    private static boolean isAbout(FactTable table, Class<?> type) {
        Class<?> superclass = type.isInterface() ? Object.class : type.getSuperclass();
        Class<?>[] interfaces = type.getInterfaces();
        boolean same = interfaces.length == table.interfaces().size()
                && (superclass == null ? "" : superclass.getName())
                        .equals(
                                table.superclass() == null
                                        ? ""
                                        : table.superclass().replace('/', '.'));
        for (int i = 0; same && i < interfaces.length; i++) {
            same = interfaces[i].getName().equals(table.interfaces().get(i).replace('/', '.'));
        }
        return same;
    }

    private static FactTable reflected(Class<?> type, String name) {
        Map<String, Integer> fields = new LinkedHashMap<>();
        for (Field field : type.getDeclaredFields()) {
            fields.put(FactTable.key(field.getName(), field.getType().descriptorString()), field.getModifiers());
        }
        Map<String, Integer> methods = new LinkedHashMap<>();
        for (Method method : type.getDeclaredMethods()) {
            MethodType signature = MethodType.methodType(method.getReturnType(), method.getParameterTypes());
            methods.put(FactTable.key(method.getName(), signature.toMethodDescriptorString()), method.getModifiers());
        }
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            MethodType signature = MethodType.methodType(void.class, constructor.getParameterTypes());
            methods.put(FactTable.key("<init>", signature.toMethodDescriptorString()), constructor.getModifiers());
        }
        return new FactTable(type.getModifiers(), name, null, List.of(), fields, methods);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int flags() {
        return table().flags();
    }

    /** Interfaces have java/lang/Object above them, as in their class files. */
    @Override
    public @Nullable LoadedClass superclass() {
        Class<?> superclass = type.isInterface() ? Object.class : type.getSuperclass();
        return superclass == null ? null : of(superclass);
    }

    @Override
    public List<LoadedClass> interfaces() {
        List<LoadedClass> interfaces = new ArrayList<>();
        for (Class<?> each : type.getInterfaces()) {
            interfaces.add(of(each));
        }
        return interfaces;
    }

    @Override
    public int fieldFlags(String field, String descriptor) {
        return table().fieldFlags(field, descriptor);
    }

    @Override
    public int methodFlags(String method, String descriptor) {
        return table().methodFlags(method, descriptor);
    }

    @Override
    public boolean isInPackageOf(Facts other) {
        return other instanceof LoadedClass loaded
                && type.getClassLoader() == loaded.type.getClassLoader()
                && type.getPackageName().equals(loaded.type.getPackageName());
    }

    @Override
    public boolean isNestmateOf(Facts other) {
        return other instanceof LoadedClass loaded && type.isNestmateOf(loaded.type);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LoadedClass loaded && type == loaded.type;
    }

    @Override
    public int hashCode() {
        return type.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
