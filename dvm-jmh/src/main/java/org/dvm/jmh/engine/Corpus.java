package org.dvm.jmh.engine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.ClassFormatException;
import org.dvm.testkit.Corpora;

/**
 * The classes to work on.
 *
 * @param classFiles the class files
 * @param world where a JVM finds the classes that they refer to
 * @param bytes their bytes in all
 */
public record Corpus(List<byte[]> classFiles, List<String> world, long bytes) {
    private static final int SHARE_OF_THE_JDK = 4;

    /** Takes every n-th class of the jars, so that about as many come out as asked for, a quarter of them from the running JDK. */
    public static Corpus of(List<Path> jars, int count) {
        List<byte[]> all = new ArrayList<>();
        for (Path jar : jars) {
            Corpora.forEachClass(jar, file -> all.add(file.bytes()));
        }
        List<byte[]> ofTheJdk = new ArrayList<>();
        Corpora.forEachJdkClass("jdk.compiler", file -> ofTheJdk.add(file.bytes()));
        Corpora.forEachJdkClass("java.xml", file -> ofTheJdk.add(file.bytes()));
        List<byte[]> chosen = new ArrayList<>(spread(ofTheJdk, count / SHARE_OF_THE_JDK));
        chosen.addAll(spread(all, count - chosen.size()));
        List<String> world = new ArrayList<>(List.of("jrt:/jdk.compiler", "jrt:/java.xml"));
        jars.forEach(jar -> world.add(jar.toString()));
        return new Corpus(
                chosen, world, chosen.stream().mapToLong(file -> file.length).sum());
    }

    private static List<byte[]> spread(List<byte[]> all, int count) {
        if (all.size() <= count) {
            return all;
        }
        List<byte[]> chosen = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            chosen.add(all.get((int) ((long) i * all.size() / count)));
        }
        return chosen;
    }

    /** Returns every n-th class from one on. */
    List<byte[]> every(int step, int start) {
        List<byte[]> some = new ArrayList<>();
        for (int i = Math.floorMod(start, step); i < classFiles.size(); i += step) {
            some.add(classFiles.get(i));
        }
        return some;
    }

    Map<String, byte[]> byName() {
        Map<String, byte[]> byName = new HashMap<>();
        classFiles.forEach(file -> byName.put(nameOf(file), file));
        return byName;
    }

    /** Returns the binary name of a class. */
    static String nameOf(byte[] classFile) {
        try {
            return RawClass.parse(classFile).className().replace('/', '.');
        } catch (ClassFormatException e) {
            throw new IllegalArgumentException("no class file", e);
        }
    }
}
