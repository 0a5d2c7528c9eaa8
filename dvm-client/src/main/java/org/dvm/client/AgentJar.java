package org.dvm.client;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Puts the agent together from its libraries: one jar that needs no other file. A site with services of its own makes an
 * agent that has them.
 *
 * <pre>
 * dvm-agent.jar
 *   META-INF/MANIFEST.MF        Premain-Class, Agent-Class, Dvm-Libraries
 *   org/dvm/client/boot/...     the entry: visible to the application
 *   org/dvm/runtime/...         what rewritten code calls: for the boot class path
 *   dvm/LIBRARY/...             everything else: seen only by the agent's own class loader
 * </pre>
 */
public final class AgentJar {
    private static final String BOOT = "org/dvm/client/boot/";
    private static final String RUNTIME = "org/dvm/runtime/";

    /** Of every entry, so that the same input makes the same jar. */
    private static final LocalDateTime TIMESTAMP = LocalDateTime.of(1980, 2, 1, 0, 0);

    private AgentJar() {}

    /**
     * Writes the agent's jar beside its place and moves it there.
     *
     * @param output the jar to write
     * @param classPath directories and jars: dvm-client, dvm-runtime, dvm-core, the services and what they need; of two
     *     resources with one name the first is used
     * @throws IOException if something can't be read or written; there is no new jar then
     * @throws IllegalArgumentException if the class path lacks the client or the runtime
     */
    public static void assemble(Path output, List<Path> classPath) throws IOException {
        Map<String, Map<String, byte[]>> libraries = new LinkedHashMap<>();
        TreeMap<String, byte[]> top = new TreeMap<>();
        for (Path element : classPath) {
            TreeMap<String, byte[]> content = Files.isDirectory(element) ? directory(element) : jar(element);
            content.entrySet().removeIf(entry -> {
                boolean visible =
                        entry.getKey().startsWith(BOOT) || entry.getKey().startsWith(RUNTIME);
                if (visible) {
                    top.put(entry.getKey(), entry.getValue());
                }
                return visible;
            });
            if (!content.isEmpty()) {
                libraries.put("lib" + libraries.size(), content);
            }
        }
        for (String needed : List.of(BOOT + "Agent.class", RUNTIME + "ProbedMethod.class")) {
            if (!top.containsKey(needed)) {
                throw new IllegalArgumentException("the class path lacks " + needed + ": classPath=" + classPath);
            }
        }
        write(output, top, libraries);
    }

    private static TreeMap<String, byte[]> directory(Path directory) throws IOException {
        TreeMap<String, byte[]> content = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                String name = directory.relativize(file).toString().replace(File.separatorChar, '/');
                if (isWanted(name)) {
                    content.put(name, Files.readAllBytes(file));
                }
            }
        }
        return content;
    }

    private static TreeMap<String, byte[]> jar(Path file) throws IOException {
        TreeMap<String, byte[]> content = new TreeMap<>();
        try (JarFile jar = new JarFile(file.toFile(), false, ZipFile.OPEN_READ)) {
            for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
                if (!entry.isDirectory() && isWanted(entry.getName())) {
                    try (InputStream in = jar.getInputStream(entry)) {
                        content.put(entry.getName(), in.readAllBytes());
                    }
                }
            }
        }
        return content;
    }

    /** Module descriptors, signatures, newer versions and build files mean nothing to the agent's class loader. */
    private static boolean isWanted(String name) {
        if (name.endsWith("module-info.class") || name.startsWith("META-INF/versions/")) {
            return false;
        }
        if (!name.startsWith("META-INF/")) {
            return true;
        }
        String upper = name.toUpperCase(Locale.ROOT);
        return name.startsWith("META-INF/services/") || upper.contains("LICENSE") || upper.contains("NOTICE");
    }

    private static void write(Path output, Map<String, byte[]> top, Map<String, Map<String, byte[]>> libraries)
            throws IOException {
        Path target = output.toAbsolutePath();
        Path directory = target.getParent();
        if (directory == null) {
            throw new IOException("not a file: " + output);
        }
        Files.createDirectories(directory);
        Path aside = directory.resolve(
                "." + target.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
        try {
            try (OutputStream file = Files.newOutputStream(aside);
                    JarOutputStream jar = new JarOutputStream(file)) {
                Set<String> directories = new HashSet<>();
                put(jar, JarFile.MANIFEST_NAME, manifest(target, libraries.keySet()), directories);
                for (Map.Entry<String, byte[]> entry : top.entrySet()) {
                    put(jar, entry.getKey(), entry.getValue(), directories);
                }
                for (Map.Entry<String, Map<String, byte[]>> library : libraries.entrySet()) {
                    for (Map.Entry<String, byte[]> entry : library.getValue().entrySet()) {
                        put(jar, "dvm/" + library.getKey() + "/" + entry.getKey(), entry.getValue(), directories);
                    }
                }
            }
            Files.move(aside, target, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(aside);
        }
    }

    private static byte[] manifest(Path target, Set<String> libraries) throws IOException {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue("Premain-Class", "org.dvm.client.boot.Agent");
        attributes.putValue("Agent-Class", "org.dvm.client.boot.Agent");
        // Under this name the JVM finds the runtime while it starts; under another the agent adds it a little later.
        String path = target.toUri().getRawPath();
        attributes.putValue("Boot-Class-Path", path.substring(path.lastIndexOf('/') + 1));
        attributes.putValue("Can-Retransform-Classes", "true");
        attributes.putValue("Can-Redefine-Classes", "true");
        attributes.putValue("Dvm-Libraries", String.join(" ", libraries));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        manifest.write(bytes);
        return bytes.toByteArray();
    }

    private static void put(JarOutputStream jar, String name, byte[] content, Set<String> directories)
            throws IOException {
        for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
            String directory = name.substring(0, slash + 1);
            if (directories.add(directory)) {
                putEntry(jar, directory, new byte[0]);
            }
        }
        putEntry(jar, name, content);
    }

    private static void putEntry(JarOutputStream jar, String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(TIMESTAMP);
        jar.putNextEntry(entry);
        jar.write(content);
        jar.closeEntry();
    }

    /**
     * Assembles the agent in a build.
     *
     * @param arguments the jar to write, and its class path
     * @throws IOException if something can't be read or written
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            throw new IllegalArgumentException("usage: AgentJar OUTPUT.jar CLASSPATH");
        }
        List<Path> classPath = new ArrayList<>();
        for (String element : arguments[1].split(File.pathSeparator)) {
            Path path = Path.of(element);
            if (Files.exists(path)) {
                classPath.add(path);
            }
        }
        assemble(Path.of(arguments[0]), classPath);
    }
}
