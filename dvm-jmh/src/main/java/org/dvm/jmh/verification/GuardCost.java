package org.dvm.jmh.verification;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntUnaryOperator;
import org.dvm.core.pipeline.TransformPipeline;
import org.dvm.core.pipeline.TransformResult;
import org.dvm.core.repository.ClassRepository;
import org.dvm.testkit.ForkedJvm;
import org.dvm.verifier.VerifyFilter;
import org.dvm.verifier.VerifyFilter.World;

/**
 * What a check that has passed costs from then on: calls of methods as they were and as the filter wrote them, in turns, in
 * a JVM that doesn't inline them.
 */
final class GuardCost {
    private static final int CALLS = 50_000_000;
    private static final int ROUNDS = 9;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private GuardCost() {}

    /** A superclass that isn't of the platform: it could call its subclass early. */
    static class Base {
        int calls;

        int counted() {
            return calls;
        }
    }

    /** A subclass of the above, for assumptions. */
    static class Other extends Base {}

    /** The whole class relies on Other being a Base. */
    public static class ByClass extends Base implements IntUnaryOperator {
        /** Made by reflection. */
        public ByClass() {}

        @Override
        public int applyAsInt(int calls) {
            int sum = 0;
            for (int i = 0; i < calls; i++) {
                sum = called(sum);
            }
            return sum;
        }

        static int called(int value) {
            return value * 31 + 7;
        }

        static Base assumed(Other other) {
            return other;
        }
    }

    /** One method relies on the access of a member that it uses on another object. */
    public static class ByMethod extends Base implements IntUnaryOperator {
        /** Made by reflection. */
        public ByMethod() {}

        @Override
        public int applyAsInt(int calls) {
            Base other = new Base();
            int sum = 0;
            for (int i = 0; i < calls; i++) {
                sum = called(sum, other);
            }
            return sum;
        }

        static int called(int value, Base other) {
            return value * 31 + other.counted();
        }
    }

    /** An interface's method, and the interface relies on Other being a Base. */
    public interface InInterface extends IntUnaryOperator {
        @Override
        default int applyAsInt(int calls) {
            int sum = 0;
            for (int i = 0; i < calls; i++) {
                sum = called(sum);
            }
            return sum;
        }

        /** Called again and again. */
        default int called(int value) {
            return value * 31 + 7;
        }

        /** Assumes that its parameter's class is a Base. */
        static Object assumed(Object other) {
            return other instanceof Other ? widened((Other) other) : other;
        }

        private static Base widened(Other other) {
            return other;
        }
    }

    /** A class with the interface's methods. */
    public static class ByInterface implements InInterface {
        /** Made by reflection. */
        public ByInterface() {}
    }

    /** Prints the cost of each kind of guard. */
    static void print(java.util.List<Path> classPath) {
        ForkedJvm jvm = ForkedJvm.of(Path.of(System.getProperty("java.home")), classPath, GuardCost.class.getName())
                .withOptions(
                        "-XX:CompileCommand=quiet",
                        "-XX:CompileCommand=dontinline,*::called",
                        "-Xmx256m",
                        "-Xlog:disable");
        ForkedJvm.Outcome outcome = jvm.run(null, Duration.ofMinutes(5));
        System.out.print(outcome.exitCode() == 0 ? outcome.out() : outcome.err());
    }

    public static void main(String[] arguments) throws Exception {
        System.out.println("a passed check, ns over an unguarded call (lowest of " + ROUNDS + " rounds in turns):");
        print("of a class", ByClass.class);
        print("of a method", ByMethod.class);
        print("of an interface", ByInterface.class);
    }

    private static void print(String kind, Class<?> type) throws Exception {
        IntUnaryOperator[] calls = {made(type, null), made(type, TransformPipeline.of(new VerifyFilter(World.OPEN)))};
        double[] best = {Double.MAX_VALUE, Double.MAX_VALUE};
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < calls.length; i++) {
                long started = THREADS.getCurrentThreadCpuTime();
                if (calls[i].applyAsInt(CALLS) == 42) {
                    System.out.println();
                }
                best[i] = Math.min(best[i], (double) (THREADS.getCurrentThreadCpuTime() - started) / CALLS);
            }
        }
        System.out.printf(Locale.ROOT, "  %-16s %.2f (%.2f after %.2f)%n", kind, best[1] - best[0], best[1], best[0]);
    }

    /** Returns an object of the class in a loader of its own, as it is or as a pipeline writes it. */
    private static IntUnaryOperator made(Class<?> type, @org.jspecify.annotations.Nullable TransformPipeline pipeline)
            throws Exception {
        Map<String, byte[]> added = new HashMap<>();
        ClassLoader loader = new ClassLoader(GuardCost.class.getClassLoader()) {
            @Override
            protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                String own = GuardCost.class.getName() + "$";
                if (!name.startsWith(own)) {
                    return super.loadClass(name, resolve);
                }
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? define(name) : loaded;
            }

            private Class<?> define(String name) {
                byte[] original = added.containsKey(name) ? added.get(name) : read(name);
                byte[] bytes = pipeline == null ? original : rewritten(pipeline, original, added);
                return defineClass(name, bytes, 0, bytes.length);
            }
        };
        return (IntUnaryOperator) Class.forName(type.getName(), true, loader)
                .getDeclaredConstructor()
                .newInstance();
    }

    private static byte[] rewritten(TransformPipeline pipeline, byte[] original, Map<String, byte[]> added) {
        TransformResult result = pipeline.process(original, "", ClassRepository.EMPTY);
        result.extraClasses().forEach(each -> added.put(each.name().replace('/', '.'), each.bytes()));
        return result.output();
    }

    private static byte[] read(String name) {
        try (InputStream in = GuardCost.class.getResourceAsStream("/" + name.replace('.', '/') + ".class")) {
            return Objects.requireNonNull(in).readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException("can't read " + name, e);
        }
    }
}
