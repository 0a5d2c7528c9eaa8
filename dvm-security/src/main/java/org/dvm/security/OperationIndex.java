package org.dvm.security;

import java.lang.module.ModuleFinder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.repository.ClassRepository;
import org.dvm.security.policy.Policy;
import org.dvm.security.policy.Policy.Operation;
import org.jspecify.annotations.Nullable;

/** Finds the operations that a method is: its own, and those that it overrides or implements. */
final class OperationIndex {
    private static final int ACC_PRIVATE = 0x0002;
    private static final int ACC_STATIC = 0x0008;

    /** The packages of the running JDK, in internal form. */
    private static final Set<String> JDK_PACKAGES = ModuleFinder.ofSystem().findAll().stream()
            .flatMap(module -> module.descriptor().packages().stream())
            .map(name -> name.replace('.', '/'))
            .collect(Collectors.toUnmodifiableSet());

    /** By internal class name, then by method name with or without descriptor. */
    private final Map<String, Map<String, List<Operation>>> operations = new HashMap<>();

    /** All keys that occur, so that most methods are known not to be operations by one look. */
    private final Set<String> methods = new LinkedHashSet<>();

    private OperationIndex(Policy policy, Predicate<Operation> admits) {
        for (Operation operation : policy.operations()) {
            if (!admits.test(operation)) {
                continue;
            }
            String owner = operation.className().replace('.', '/');
            String key = operation.method() + operation.descriptor();
            operations
                    .computeIfAbsent(owner, o -> new HashMap<>())
                    .computeIfAbsent(key, k -> new ArrayList<>(1))
                    .add(operation);
            methods.add(key);
        }
    }

    /** Returns the operations of the JDK's classes. */
    static OperationIndex ofJdk(Policy policy) {
        return new OperationIndex(policy, OperationIndex::isOfJdk);
    }

    /** Returns the operations of all other classes; not those of classes that another version of the JDK has. */
    static OperationIndex ofApplications(Policy policy) {
        return new OperationIndex(
                policy,
                operation ->
                        !isOfJdk(operation) && !operation.position().source().startsWith("standard:"));
    }

    private static boolean isOfJdk(Operation operation) {
        return isJdkName(operation.className().replace('.', '/'));
    }

    /** Returns whether a class, given by internal name, is in a package of the JDK. */
    static boolean isJdkName(String className) {
        int slash = className.lastIndexOf('/');
        return slash > 0 && JDK_PACKAGES.contains(className.substring(0, slash));
    }

    /** Returns the internal names of the classes that have operations. */
    Set<String> owners() {
        return operations.keySet();
    }

    /** Returns whether a method of that name and descriptor is an operation of any class. */
    boolean isOperationOfSome(String name, String descriptor) {
        return methods.contains(name + descriptor) || methods.contains(name);
    }

    /** Returns all operations that are named on a class. */
    List<Operation> on(String owner) {
        List<Operation> all = new ArrayList<>();
        operations.getOrDefault(owner, Map.of()).values().forEach(all::addAll);
        return all;
    }

    /** Returns those superclasses and interfaces of a class on which operations are named. */
    List<RawClass> guardedSupertypes(RawClass raw, ClassRepository classes) {
        if (operations.isEmpty()) {
            return List.of();
        }
        Set<String> supertypes = new LinkedHashSet<>();
        collect(raw, classes, supertypes);
        List<RawClass> found = new ArrayList<>();
        for (String supertype : supertypes) {
            RawClass type = operations.containsKey(supertype) ? classes.find(supertype) : null;
            if (type != null) {
                found.add(type);
            }
        }
        return found;
    }

    /** Returns the operations of a class itself. */
    List<Operation> of(String owner, String name, String descriptor) {
        Map<String, List<Operation>> ofClass = operations.get(owner);
        if (ofClass == null) {
            return List.of();
        }
        List<Operation> exact = ofClass.getOrDefault(name + descriptor, List.of());
        List<Operation> named = ofClass.getOrDefault(name, List.of());
        if (named.isEmpty()) {
            return exact;
        }
        List<Operation> both = new ArrayList<>(exact);
        both.addAll(named);
        return both;
    }

    /**
     * Returns the operations that a method with code is, those of supertypes included.
     */
    List<Operation> of(RawClass raw, RawClass.Member method, ClassRepository classes) {
        String name = raw.memberName(method);
        String descriptor = raw.memberDescriptor(method);
        if (!isOperationOfSome(name, descriptor)) {
            return List.of();
        }
        List<Operation> found = new ArrayList<>(of(raw.className(), name, descriptor));
        boolean overrides = (raw.memberFlags(method) & (ACC_STATIC | ACC_PRIVATE)) == 0 && !name.startsWith("<");
        if (overrides && found.isEmpty()) {
            Set<String> supertypes = new LinkedHashSet<>();
            collect(raw, classes, supertypes);
            for (String supertype : supertypes) {
                found.addAll(of(supertype, name, descriptor));
            }
        }
        return distinct(found);
    }

    /** The same check needn't be made twice where several supertypes name it. */
    private static List<Operation> distinct(List<Operation> found) {
        if (found.size() < 2) {
            return found;
        }
        Map<String, Operation> byMeaning = new HashMap<>();
        List<Operation> distinct = new ArrayList<>();
        for (Operation operation : found) {
            if (byMeaning.putIfAbsent(operation.permission() + operation.on() + operation.kind(), operation) == null) {
                distinct.add(operation);
            }
        }
        return distinct;
    }

    private void collect(@Nullable RawClass raw, ClassRepository classes, Set<String> supertypes) {
        if (raw == null) {
            return;
        }
        String superName = raw.superName();
        if (superName != null && supertypes.add(superName)) {
            collect(classes.find(superName), classes, supertypes);
        }
        for (int i = 0; i < raw.interfaceCount(); i++) {
            if (supertypes.add(raw.interfaceName(i))) {
                collect(classes.find(raw.interfaceName(i)), classes, supertypes);
            }
        }
    }
}
