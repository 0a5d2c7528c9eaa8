package org.dvm.testkit.roundtrip;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.dvm.testkit.ForkedJvm;
import org.dvm.testkit.ForkedJvm.Outcome;
import org.dvm.testkit.Jdks;
import org.dvm.testkit.assembly.Bytes;
import org.dvm.testkit.assembly.ClassAssembler;

/** Has a fresh JVM of the running JDK load and link many classes at once, all of them fully verified. */
final class BulkLinker implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofMinutes(8);

    private final Path directory;
    private final Path file;
    private final DataOutputStream out;
    private int count;

    BulkLinker(Path directory) throws IOException {
        this.directory = directory;
        file = directory.resolve("classes.bin");
        out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16));
    }

    /** Adds a class; {@code module} is the one of the JDK whose class it replaces, else empty. */
    void add(String module, String name, byte[] classFile) throws IOException {
        out.writeUTF(module);
        out.writeUTF(name.replace('/', '.'));
        out.writeInt(classFile.length);
        out.write(classFile);
        count++;
    }

    int count() {
        return count;
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    /** Puts the classes into the places of the JDK's own, in their modules and loaders. */
    List<String> linkInModules() throws IOException {
        Path patch = directory.resolve("patch");
        Path probe = patch.resolve(ProbedClasses.PROBE + ".class");
        Files.createDirectories(probe.getParent());
        Files.write(probe, probeClass());
        return run(
                List.of("--patch-module", "java.base=" + patch, "--add-modules", "ALL-SYSTEM", "-javaagent:" + agent()),
                List.of("modules", file.toString()));
    }

    /** Defines the classes in a loader of their own; those that they need and that aren't there come from the jars. */
    List<String> linkTogether(List<Path> libraries) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("together", file.toString()));
        libraries.forEach(library -> arguments.add(library.toString()));
        return run(List.of(), arguments);
    }

    private List<String> run(List<String> options, List<String> arguments) throws IOException {
        close();
        Outcome outcome = ForkedJvm.of(
                        Jdks.current(), List.of(ForkedJvm.classesOf(LinkProgram.class)), LinkProgram.class.getName())
                .withOptions("-Xmx1500m", "-Xss4m", "-Xverify:all", "-Xshare:off", "-XX:+UseSerialGC")
                .withOptions(options.toArray(String[]::new))
                .withArguments(arguments.toArray(String[]::new))
                .run(directory, TIMEOUT);
        if (outcome.exitCode() != 0) {
            throw new IOException("the linker failed:\n" + outcome.out() + outcome.err());
        }
        return outcome.out().lines().toList();
    }

    private Path agent() throws IOException {
        Path jar = directory.resolve("agent.jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", LinkProgram.class.getName());
        manifest.getMainAttributes().putValue("Can-Redefine-Classes", "true");
        try (OutputStream bytes = Files.newOutputStream(jar)) {
            new JarOutputStream(bytes, manifest).close();
        }
        return jar;
    }

    /** Probes that do nothing: what is linked also runs, where it is the JVM's own. */
    private static byte[] probeClass() {
        ClassAssembler assembler = new ClassAssembler(ProbedClasses.PROBE).flags(0x0031);
        for (String name : new String[] {"enter", "exit", "call"}) {
            assembler.method(
                    0x0009, name, "(I)V", assembler.code(0, 1, Bytes.of().u1(0xb1)));
        }
        return assembler.toBytes();
    }
}
