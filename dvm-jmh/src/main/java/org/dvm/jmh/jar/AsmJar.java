package org.dvm.jmh.jar;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.dvm.jmh.engine.AsmContender;
import org.dvm.jmh.engine.Task;

/** ASM between the two halves of java.util.zip, which can only unpack and pack again. */
record AsmJar() implements JarContender {
    private static final int BUFFER_BYTES = 1 << 16;

    @Override
    public String name() {
        return "ASM and java.util.zip";
    }

    @Override
    public void rewrite(Path in, Path out) throws IOException {
        AsmContender asm = new AsmContender();
        try (ZipFile jar = new ZipFile(in.toFile());
                ZipOutputStream written =
                        new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(out), BUFFER_BYTES))) {
            for (ZipEntry entry : Collections.list(jar.entries())) {
                byte[] content;
                try (InputStream stream = jar.getInputStream(entry)) {
                    content = stream.readAllBytes();
                }
                ZipEntry copy = new ZipEntry(entry.getName());
                copy.setTime(entry.getTime());
                written.putNextEntry(copy);
                written.write(isProbed(entry.getName()) ? asm.transform(content, Task.ENTRY_AND_EXIT) : content);
                written.closeEntry();
            }
        }
    }

    private static boolean isProbed(String name) {
        return name.endsWith(".class") && !name.endsWith("module-info.class");
    }
}
