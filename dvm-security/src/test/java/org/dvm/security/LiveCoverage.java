package org.dvm.security;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.dvm.core.classfile.RawClass;
import org.dvm.security.policy.Policy.Operation;
import org.dvm.security.policy.StandardPolicies;
import org.jspecify.annotations.Nullable;

/** Reads back, from a JVM that the agent guards, the classes that it runs, and looks for the check in each operation. */
public final class LiveCoverage {
    private static final int BATCH = 64;

    private LiveCoverage() {}

    /** Prints a line for each operation without a check, and how many have one. */
    public static void print(Instrumentation instrumentation) throws Exception {
        Map<String, List<Operation>> operations = new TreeMap<>();
        for (Operation operation : StandardPolicies.load("operations").operations()) {
            operations
                    .computeIfAbsent(operation.className(), name -> new ArrayList<>())
                    .add(operation);
        }
        Map<String, byte[]> running = read(instrumentation, load(operations.keySet()));
        Set<String> guarded = new TreeSet<>();
        for (Map.Entry<String, byte[]> entry : running.entrySet()) {
            RawClass raw = RawClass.parse(entry.getValue());
            for (Operation operation : operations.getOrDefault(entry.getKey(), List.of())) {
                inspect(raw, operation, guarded);
            }
        }
        System.out.println("RESULT coverage.guarded " + guarded.size());
    }

    private static List<Class<?>> load(Set<String> names) {
        List<Class<?>> loaded = new ArrayList<>();
        for (String name : names) {
            try {
                loaded.add(Class.forName(name, false, ClassLoader.getSystemClassLoader()));
            } catch (ClassNotFoundException e) {
                continue; // this JDK has no such class
            }
        }
        return loaded;
    }

    /** Classes are retransformed through all transformers in turn: the last one sees what will run. */
    private static Map<String, byte[]> read(Instrumentation instrumentation, List<Class<?>> classes) throws Exception {
        Map<String, byte[]> read = new HashMap<>();
        ClassFileTransformer reader = new ClassFileTransformer() {
            @Override
            public byte @Nullable [] transform(
                    @Nullable Module module,
                    @Nullable ClassLoader loader,
                    @Nullable String name,
                    @Nullable Class<?> redefined,
                    @Nullable ProtectionDomain domain,
                    byte[] bytes) {
                if (redefined != null) {
                    read.put(redefined.getName(), bytes.clone());
                }
                return null;
            }
        };
        instrumentation.addTransformer(reader, true);
        for (int i = 0; i < classes.size(); i += BATCH) {
            instrumentation.retransformClasses(
                    classes.subList(i, Math.min(i + BATCH, classes.size())).toArray(new Class<?>[0]));
        }
        instrumentation.removeTransformer(reader);
        return read;
    }

    private static void inspect(RawClass raw, Operation operation, Set<String> guarded) {
        for (int i = 0; i < raw.methodCount(); i++) {
            RawClass.Member method = raw.method(i);
            boolean isOperation = raw.memberName(method).equals(operation.method())
                    && (operation.descriptor().isEmpty()
                            || raw.memberDescriptor(method).equals(operation.descriptor()));
            if (!isOperation || method.codeOffset() < 0) {
                continue;
            }
            String name = operation.className() + "." + operation.method() + raw.memberDescriptor(method);
            boolean[] checked = new boolean[1];
            Jdk.forEachCall(raw, method, (owner, called) -> checked[0] |= owner.endsWith("runtime/security/Guard"));
            if (checked[0]) {
                guarded.add(name);
            } else {
                System.out.println("RESULT " + name + " unguarded");
            }
        }
    }
}
