package org.dvm.jmh.jar;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.dvm.jmh.engine.BuildCorpus;
import org.dvm.testkit.Jdks;
import org.dvm.testkit.oracle.HotSpotOracle;
import org.dvm.testkit.oracle.OracleCase;
import org.dvm.testkit.oracle.OracleVerdict;

/** Whether a written jar is what it should be. */
final class JarCheck {
    private JarCheck() {}

    /** Throws if two files differ. */
    static void same(Path one, Path other) throws IOException {
        if (Files.mismatch(one, other) >= 0) {
            throw new IllegalStateException(one + " and " + other + " differ");
        }
    }

    /**
     * Throws unless a written jar has the entries of the original, all but classes with the same content, and a JVM links
     * of its classes, fully verified, every n-th that it links as it was.
     *
     * @return how many classes were linked
     */
    static int linked(Path original, Path written, int step) throws IOException {
        Map<String, byte[]> before = entries(original);
        Map<String, byte[]> after = entries(written);
        if (!before.keySet().equals(after.keySet())) {
            throw new IllegalStateException(written + " has other entries than " + original);
        }
        List<OracleCase> classes = new ArrayList<>();
        List<OracleCase> probed = new ArrayList<>();
        int seen = 0;
        for (Map.Entry<String, byte[]> entry : before.entrySet()) {
            byte[] content = after.getOrDefault(entry.getKey(), new byte[0]);
            if (!entry.getKey().endsWith(".class")) {
                if (!Arrays.equals(content, entry.getValue())) {
                    throw new IllegalStateException(written + " has another " + entry.getKey());
                }
            } else if (!entry.getKey().startsWith("META-INF/") && seen++ % step == 0) {
                classes.add(OracleCase.link(entry.getValue()));
                probed.add(OracleCase.link(content));
            }
        }
        return link(original, classes, probed);
    }

    private static int link(Path original, List<OracleCase> classes, List<OracleCase> probed) throws IOException {
        List<String> world = new ArrayList<>(List.of(original.toString()));
        BuildCorpus.allJars().forEach(jar -> world.add(jar.toString()));
        try (HotSpotOracle oracle = HotSpotOracle.start(Jdks.current(), world, "-Xmx1g")) {
            List<OracleVerdict> was = oracle.judge(classes);
            List<OracleCase> linkable = new ArrayList<>();
            for (int i = 0; i < was.size(); i++) {
                if (was.get(i).accepted()) {
                    linkable.add(probed.get(i));
                }
            }
            for (OracleVerdict verdict : oracle.judge(linkable)) {
                if (!verdict.accepted()) {
                    throw new IllegalStateException("a JVM refuses a class of the output: " + verdict);
                }
            }
            return linkable.size();
        }
    }

    private static Map<String, byte[]> entries(Path file) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipFile jar = new ZipFile(file.toFile())) {
            for (ZipEntry entry : Collections.list(jar.entries())) {
                try (InputStream content = jar.getInputStream(entry)) {
                    entries.put(entry.getName(), content.readAllBytes());
                }
            }
        }
        return entries;
    }
}
