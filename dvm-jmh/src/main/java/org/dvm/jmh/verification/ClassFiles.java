package org.dvm.jmh.verification;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.dvm.core.classfile.FormatChecker;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.ClassFormatException;
import org.dvm.core.repository.ClassRepository;

/**
 * The classes that all verifiers get, by binary name.
 *
 * @param byName class files, in the order in which they are verified
 */
record ClassFiles(Map<String, byte[]> byName) {
    private static final int MAJOR_VERSION = 7;
    private static final int STACK_MAP_FRAMES = 50;

    /** The version that classes get which are to be verified by inference. */
    static final int INFERENCE_VERSION = 49;

    ClassFiles {
        byName = Collections.unmodifiableMap(byName);
    }

    /** Reads all classes of jars; of two with one name the first counts. */
    static ClassFiles of(List<Path> jars) throws IOException {
        Map<String, byte[]> classes = new TreeMap<>();
        for (Path jar : jars) {
            if (!Files.isRegularFile(jar)) {
                throw new IOException(jar + ": no such jar");
            }
            try (ZipFile zip = new ZipFile(jar.toFile())) {
                for (ZipEntry entry : zip.stream().toList()) {
                    if (isClass(entry.getName())) {
                        classes.putIfAbsent(
                                nameOf(entry.getName()),
                                zip.getInputStream(entry).readAllBytes());
                    }
                }
            }
        }
        return new ClassFiles(classes);
    }

    private static boolean isClass(String entry) {
        return entry.endsWith(".class") && !entry.startsWith("META-INF/") && !entry.endsWith("module-info.class");
    }

    private static String nameOf(String entry) {
        return entry.substring(0, entry.length() - ".class".length()).replace('/', '.');
    }

    /** Returns those with stack map frames. */
    ClassFiles framed() {
        Map<String, byte[]> framed = new LinkedHashMap<>(byName);
        framed.values().removeIf(each -> each[MAJOR_VERSION] < STACK_MAP_FRAMES);
        return new ClassFiles(framed);
    }

    /** Returns those that are well formed in a version without stack map frames, as of that version. */
    ClassFiles older() {
        Map<String, byte[]> older = new LinkedHashMap<>();
        byName.forEach((name, bytes) -> {
            byte[] copy = bytes.clone();
            copy[MAJOR_VERSION] = INFERENCE_VERSION;
            if (isWellFormed(copy)) {
                older.put(name, copy);
            }
        });
        return new ClassFiles(older);
    }

    /** Others use what that version doesn't have, such as invokedynamic. */
    private static boolean isWellFormed(byte[] classFile) {
        try {
            FormatChecker.read(classFile);
            return true;
        } catch (ClassFormatException e) {
            return false;
        }
    }

    /** Returns only those of these names. */
    ClassFiles only(Collection<String> names) {
        Map<String, byte[]> some = new LinkedHashMap<>(byName);
        some.keySet().retainAll(names);
        return new ClassFiles(some);
    }

    /** Returns the class files in their order. */
    List<byte[]> list() {
        return List.copyOf(byName.values());
    }

    int size() {
        return byName.size();
    }

    long bytes() {
        return byName.values().stream().mapToLong(each -> each.length).sum();
    }

    /** Returns a repository of the classes. */
    ClassRepository repository() throws ClassFormatException {
        Map<String, RawClass> parsed = new TreeMap<>();
        for (byte[] each : byName.values()) {
            RawClass raw = RawClass.parse(each);
            parsed.put(raw.className(), raw);
        }
        return parsed::get;
    }

    /** Writes all to a file for another JVM. */
    void writeTo(Path file) throws IOException {
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            out.writeInt(byName.size());
            for (Map.Entry<String, byte[]> each : byName.entrySet()) {
                out.writeUTF(each.getKey());
                out.writeInt(each.getValue().length);
                out.write(each.getValue());
            }
        }
    }

    /** Reads what {@link #writeTo} has written. */
    static ClassFiles readFrom(Path file) throws IOException {
        Map<String, byte[]> classes = new LinkedHashMap<>();
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            for (int left = in.readInt(); left > 0; left--) {
                String name = in.readUTF();
                classes.put(name, in.readNBytes(in.readInt()));
            }
        }
        return new ClassFiles(classes);
    }

    /** Returns the names in their order. */
    List<String> names() {
        return new ArrayList<>(byName.keySet());
    }
}
