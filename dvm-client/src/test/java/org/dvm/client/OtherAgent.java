package org.dvm.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Another agent: one that asks for retransformation and sees every class. */
public final class OtherAgent {
    private OtherAgent() {}

    public static void premain(String options, Instrumentation instrumentation) throws Exception {
        int[] seen = new int[1];
        instrumentation.addTransformer(
                new ClassFileTransformer() {
                    @Override
                    public byte[] transform(
                            ClassLoader loader,
                            String name,
                            Class<?> redefined,
                            ProtectionDomain domain,
                            byte[] bytes) {
                        seen[0]++;
                        return bytes.clone(); // as if it had changed something
                    }
                },
                true);
        instrumentation.retransformClasses(OtherAgent.class);
        System.out.println("other agent saw " + (seen[0] > 0));
    }

    static Path jar(Path file) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", OtherAgent.class.getName());
        manifest.getMainAttributes().putValue("Can-Retransform-Classes", "true");
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            for (String name : new String[] {"OtherAgent", "OtherAgent$1"}) {
                String resource = "org/dvm/client/" + name + ".class";
                jar.putNextEntry(new JarEntry(resource));
                try (InputStream in = OtherAgent.class.getClassLoader().getResourceAsStream(resource)) {
                    in.transferTo(jar);
                }
            }
        }
        return file;
    }
}
