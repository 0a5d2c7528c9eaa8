package org.dvm.core.cache;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/** The main class of a process that uses a cache hard: what it reads must be what some process put. */
final class CacheHammer {
    private static final int KEYS = 200;

    private CacheHammer() {}

    public static void main(String[] arguments) throws Exception {
        DiskCache cache = DiskCache.open(Path.of(arguments[0]), Long.parseLong(arguments[1]));
        int rounds = Integer.parseInt(arguments[2]);
        Random random = new Random(rounds);
        System.out.println("started");
        int hits = 0;
        for (int i = 0; i < rounds; i++) {
            int number = random.nextInt(KEYS);
            byte[] read = cache.get(key(number));
            if (read != null) {
                hits++;
                if (!Arrays.equals(read, value(number))) {
                    throw new AssertionError("read another value: number=" + number);
                }
            } else {
                cache.put(key(number), value(number));
            }
        }
        System.out.println("hits " + (hits > 0));
    }

    static CacheKey key(int number) {
        return CacheKey.of("hammer", ("" + number).getBytes(StandardCharsets.UTF_8));
    }

    static byte[] value(int number) {
        byte[] value = new byte[500 + 50 * number];
        Arrays.fill(value, (byte) number);
        return value;
    }
}
