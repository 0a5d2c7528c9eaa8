package org.dvm.testkit.oracle;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The oracle's half in the forked JVM: reads cases from standard input, writes verdicts to standard output. */
final class OracleServer {
    static final String WHITE_BOX = "jdk.test.whitebox.WhiteBox";
    static final int MAX_MESSAGE_LENGTH = 8000;

    private static final int VERDICTS_PER_FLUSH = 32;

    private final Map<String, byte[]> world = new HashMap<>();
    private final MethodHandle link;

    private OracleServer() throws ReflectiveOperationException {
        Class<?> whiteBox = Class.forName(WHITE_BOX, true, null);
        Object instance = whiteBox.getDeclaredConstructor().newInstance();
        link = MethodHandles.publicLookup()
                .findVirtual(whiteBox, "linkClass", MethodType.methodType(void.class, Class.class))
                .bindTo(instance);
    }

    public static void main(String[] arguments) throws Exception {
        OracleServer server = new OracleServer();
        for (String place : arguments) {
            server.read(place);
        }
        server.serve();
    }

    private void read(String place) throws IOException {
        if (place.startsWith("jrt:/")) {
            readDirectory(FileSystems.getFileSystem(URI.create("jrt:/")).getPath("modules", place.substring(5)));
        } else if (Files.isDirectory(Path.of(place))) {
            readDirectory(Path.of(place));
        } else {
            readJar(place);
        }
    }

    private void readDirectory(Path root) throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.walk(root)) {
            files = found.filter(Files::isRegularFile).collect(Collectors.toList());
        }
        for (Path file : files) {
            String name = root.relativize(file).toString().replace('\\', '/');
            if (name.endsWith(".class")) {
                add(name, Files.readAllBytes(file));
            }
        }
    }

    private void readJar(String file) throws IOException {
        try (ZipFile jar = new ZipFile(file)) {
            Enumeration<? extends ZipEntry> entries = jar.entries();
            while (entries.hasMoreElements()) {
                ZipEntry entry = entries.nextElement();
                String name = entry.getName();
                if (name.endsWith(".class") && !name.startsWith("META-INF/")) {
                    try (InputStream content = jar.getInputStream(entry)) {
                        add(name, content.readAllBytes());
                    }
                }
            }
        }
    }

    private void add(String file, byte[] bytes) {
        world.putIfAbsent(file.substring(0, file.length() - ".class".length()).replace('/', '.'), bytes);
    }

    private void serve() throws IOException {
        DataInputStream in =
                new DataInputStream(new BufferedInputStream(new FileInputStream(FileDescriptor.in), 1 << 16));
        DataOutputStream out =
                new DataOutputStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16));
        System.setOut(System.err); // what judged classes print must not end up among the verdicts
        for (int judged = 0; ; judged++) {
            if (in.available() == 0 || judged % VERDICTS_PER_FLUSH == 0) {
                out.flush(); // the other side takes long silence for a hang
            }
            int depth;
            try {
                depth = in.readByte();
            } catch (EOFException e) {
                out.flush();
                return;
            }
            String name = in.readUTF();
            byte[] classFile = in.readNBytes(in.readInt());
            Map<String, byte[]> others = new HashMap<>();
            for (int count = in.readInt(); count > 0; count--) {
                String other = in.readUTF().replace('/', '.');
                others.put(other, in.readNBytes(in.readInt()));
            }
            judge(name, classFile, others, depth, out);
        }
    }

    private void judge(String name, byte[] classFile, Map<String, byte[]> others, int depth, DataOutputStream out)
            throws IOException {
        OracleVerdict.Stage stage = OracleVerdict.Stage.DEFINE;
        try {
            WorldLoader loader = new WorldLoader(others);
            Class<?> defined = loader.define(name, classFile);
            if (depth >= OracleCase.Depth.LINK.ordinal()) {
                stage = OracleVerdict.Stage.LINK;
                link.invokeExact((Class<?>) defined);
            }
            if (depth >= OracleCase.Depth.INITIALIZE.ordinal()) {
                stage = OracleVerdict.Stage.INITIALIZE;
                Class.forName(defined.getName(), true, loader);
            }
            answer(out, OracleVerdict.Stage.ACCEPTED, "", "");
        } catch (Throwable e) {
            String message = String.valueOf(e.getMessage());
            answer(out, stage, e.getClass().getName().replace('.', '/'), message);
        }
    }

    private static void answer(DataOutputStream out, OracleVerdict.Stage stage, String error, String message)
            throws IOException {
        out.writeByte(stage.ordinal());
        out.writeUTF(error);
        out.writeUTF(message.substring(0, Math.min(message.length(), MAX_MESSAGE_LENGTH)));
    }

    /** Defines the case and all it needs of the world itself, so that they share run-time packages. */
    private final class WorldLoader extends ClassLoader {
        private final Map<String, byte[]> others;

        WorldLoader(Map<String, byte[]> others) {
            super(ClassLoader.getPlatformClassLoader());
            this.others = others;
        }

        Class<?> define(String name, byte[] classFile) {
            return defineClass(name.isEmpty() ? null : name.replace('/', '.'), classFile, 0, classFile.length);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null) {
                return loaded;
            }
            byte[] classFile = others.get(name);
            if (classFile == null) {
                classFile = world.get(name);
            }
            return classFile == null
                    ? super.loadClass(name, resolve)
                    : defineClass(name, classFile, 0, classFile.length);
        }
    }
}
