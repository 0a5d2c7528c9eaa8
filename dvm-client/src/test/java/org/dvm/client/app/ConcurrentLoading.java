package org.dvm.client.app;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Loads the same classes in many loaders by many threads, and delegates between loaders in both directions. */
public final class ConcurrentLoading {
    private static final int THREADS = 8;
    private static final int ROUNDS = 40;

    /** How often a worker is called. */
    public static final int CALLS = THREADS * ROUNDS;

    /** What it prints. */
    public static final String OUTPUT = "sum " + CALLS;

    /** What is loaded. */
    public static final class Worker implements Callable<Integer> {
        @Override
        public Integer call() {
            return new Helper().one();
        }
    }

    /** What a worker needs, from the other loader. */
    public static final class Helper {
        public int one() {
            return 1;
        }
    }

    private static final class Loader extends ClassLoader {
        static {
            registerAsParallelCapable();
        }

        private final String own;
        private Loader other = this;

        Loader(String own) {
            super(ConcurrentLoading.class.getClassLoader());
            this.own = own;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            boolean isOwn = name.endsWith(own);
            if (!isOwn && (name.endsWith("$Worker") || name.endsWith("$Helper"))) {
                return other.loadClass(name);
            }
            if (!isOwn) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? define(name) : loaded;
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    private ConcurrentLoading() {}

    public static void main(String[] args) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        int sum = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Loader workers = new Loader("$Worker");
            Loader helpers = new Loader("$Helper");
            workers.other = helpers;
            helpers.other = workers;
            CyclicBarrier start = new CyclicBarrier(THREADS);
            List<Future<Integer>> results = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                Loader first = t % 2 == 0 ? workers : helpers;
                results.add(pool.submit(() -> {
                    start.await();
                    Object worker = first.loadClass(ConcurrentLoading.class.getName() + "$Worker")
                            .getConstructor()
                            .newInstance();
                    return (Integer) ((Callable<?>) worker).call();
                }));
            }
            for (Future<Integer> result : results) {
                sum += result.get();
            }
        }
        pool.shutdown();
        System.out.println("sum " + sum);
    }
}
