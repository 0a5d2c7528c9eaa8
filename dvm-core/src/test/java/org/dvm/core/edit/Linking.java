package org.dvm.core.edit;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.dvm.core.classfile.RawClass;

/** Has a fresh JVM define and verify classes, with {@link BulkLinker}. */
final class Linking implements AutoCloseable {
    private final Path file;
    private final DataOutputStream out;
    private int count;

    Linking(Path directory) throws IOException {
        file = directory.resolve("classes.bin");
        out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)));
    }

    void add(RawClass original, byte[] written) throws IOException {
        out.writeUTF(original.className());
        List<String> supers = new ArrayList<>();
        if (original.superName() != null) {
            supers.add(original.superName());
        }
        for (int i = 0; i < original.interfaceCount(); i++) {
            supers.add(original.interfaceName(i));
        }
        out.writeShort(supers.size());
        for (String name : supers) {
            out.writeUTF(name);
        }
        out.writeInt(written.length);
        out.write(written);
        count++;
    }

    int count() {
        return count;
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    /** Links all in the JVM that runs the test; returns what {@link BulkLinker} printed. */
    String link(String loader) throws IOException, InterruptedException {
        close();
        String testClasses = Path.of(BulkLinker.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath())
                .toString();
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "-Xss4m",
                        "-Xverify:all",
                        "-Xshare:off",
                        "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
                        "--patch-module=java.base=" + testClasses,
                        BulkLinker.class.getName(),
                        loader,
                        file.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
            throw new IOException("the linker failed:\n" + output);
        }
        return output;
    }
}
