package org.dvm.testkit.oracle;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.dvm.testkit.ForkedJvm;
import org.dvm.testkit.Jdks;
import org.dvm.testkit.assembly.Bytes;
import org.dvm.testkit.assembly.ClassAssembler;
import org.jspecify.annotations.Nullable;

/**
 * A forked HotSpot that judges class files in bulk: it defines and links each in a fresh class loader and tells what
 * the JVM said.
 *
 * <p>Every case sees the same world: the classes of the jars and directories given at the start, defined anew by the
 * case's own loader, and behind them the forked JDK's classes. Linking goes through HotSpot's white-box interface, so
 * that no initializer runs. A crash or hang of the JVM is a verdict ({@link OracleVerdict.Stage#CRASHED}); the oracle
 * starts another JVM and goes on.
 *
 * <p><b>Threads:</b> one at a time.
 */
public final class HotSpotOracle implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final ForkedJvm jvm;
    private @Nullable Process process;

    private HotSpotOracle(ForkedJvm jvm) {
        this.jvm = jvm;
    }

    /**
     * Starts the oracle.
     *
     * @param home the JDK's home
     * @param world jars, directories and modules of that JDK ({@code jrt:/java.xml}) whose classes a case may refer to
     * @param options further options of the JVM, such as {@code --enable-preview}
     */
    public static HotSpotOracle start(Path home, List<String> world, String... options) {
        try {
            Path whiteBox = Files.createTempDirectory("dvm-oracle");
            Path file = whiteBox.resolve(OracleServer.WHITE_BOX.replace('.', '/') + ".class");
            Files.createDirectories(file.getParent());
            Files.write(file, whiteBoxClass());
            file.toFile().deleteOnExit();
            ForkedJvm jvm = ForkedJvm.of(
                            home, List.of(ForkedJvm.classesOf(HotSpotOracle.class)), OracleServer.class.getName())
                    .withOptions(
                            "-XX:+UnlockDiagnosticVMOptions",
                            "-XX:+WhiteBoxAPI",
                            "-XX:+DisplayVMOutputToStderr",
                            "-Xbootclasspath/a:" + whiteBox,
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-XX:MaxMetaspaceSize=400m",
                            "-XX:-CreateCoredumpOnCrash",
                            "-Xlog:disable")
                    .withOptions(options)
                    .withArguments(world.toArray(String[]::new));
            return new HotSpotOracle(jvm);
        } catch (IOException e) {
            throw new UncheckedIOException("can't write the white-box class", e);
        }
    }

    /** Starts an oracle on a release of {@link Jdks}. */
    public static HotSpotOracle start(int release, List<String> world, String... options) {
        Path home = Jdks.home(release).orElseThrow(() -> new IllegalArgumentException("no JDK " + release));
        return start(home, world, options);
    }

    /** The white-box class, cut down to what is needed; HotSpot binds its native methods by name. */
    private static byte[] whiteBoxClass() {
        ClassAssembler assembler = new ClassAssembler(OracleServer.WHITE_BOX.replace('.', '/'));
        String name = OracleServer.WHITE_BOX.replace('.', '/');
        int init = assembler.methodRef("java/lang/Object", "<init>", "()V");
        int register = assembler.methodRef(name, "registerNatives", "()V");
        return assembler
                .method(0x0108, "registerNatives", "()V")
                .method(0x0101, "linkClass", "(Ljava/lang/Class;)V")
                .method(
                        0x0008,
                        "<clinit>",
                        "()V",
                        assembler.code(0, 0, Bytes.of().u1(0xb8).u2(register).u1(0xb1)))
                .method(
                        0x0001,
                        "<init>",
                        "()V",
                        assembler.code(1, 1, Bytes.of().u1(0x2a, 0xb7).u2(init).u1(0xb1)))
                .toBytes();
    }

    /** Links a class file. */
    public OracleVerdict judge(byte[] classFile) {
        return judge(List.of(OracleCase.link(classFile))).get(0);
    }

    /** Judges the cases and returns the verdicts in their order. */
    public List<OracleVerdict> judge(List<OracleCase> cases) {
        List<OracleVerdict> verdicts = new ArrayList<>(cases.size());
        while (verdicts.size() < cases.size()) {
            Process running = process == null ? launch() : process;
            process = running;
            judgeRest(running, cases, verdicts);
            if (verdicts.size() < cases.size()) {
                verdicts.add(new OracleVerdict(OracleVerdict.Stage.CRASHED, "", "the JVM crashed or hung"));
                stop();
            }
        }
        return verdicts;
    }

    private Process launch() {
        try {
            return new ProcessBuilder(jvm.command())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("can't start " + jvm.command(), e);
        }
    }

    /** Adds verdicts until all are there or the JVM ends. */
    private static void judgeRest(Process running, List<OracleCase> cases, List<OracleVerdict> verdicts) {
        List<OracleCase> rest = cases.subList(verdicts.size(), cases.size());
        DataInputStream in = new DataInputStream(new BufferedInputStream(running.getInputStream(), 1 << 16));
        Thread sender = new Thread(() -> send(running, rest), "oracle-sender");
        Watchdog watchdog = new Watchdog(running);
        sender.start();
        watchdog.start();
        try {
            for (int i = 0; i < rest.size(); i++) {
                OracleVerdict.Stage stage = OracleVerdict.Stage.values()[in.readByte()];
                verdicts.add(new OracleVerdict(stage, in.readUTF(), in.readUTF()));
                watchdog.progress();
            }
            sender.join();
        } catch (IOException e) {
            running.destroyForcibly(); // the JVM is gone: the caller sees too few verdicts
        } catch (InterruptedException e) {
            running.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for verdicts", e);
        } finally {
            watchdog.interrupt();
        }
    }

    private static void send(Process running, List<OracleCase> cases) {
        try {
            DataOutputStream out = new DataOutputStream(new BufferedOutputStream(running.getOutputStream(), 1 << 16));
            for (OracleCase item : cases) {
                out.writeByte(item.depth().ordinal());
                String name = item.name();
                out.writeUTF(name == null ? "" : name);
                writeBytes(out, item.classFile());
                out.writeInt(item.others().size());
                for (Map.Entry<String, byte[]> other : item.others().entrySet()) {
                    out.writeUTF(other.getKey());
                    writeBytes(out, other.getValue());
                }
            }
            out.flush();
        } catch (IOException e) {
            running.destroyForcibly(); // the JVM closed its end: the reader sees it too
        }
    }

    private static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private void stop() {
        Process running = process;
        process = null;
        if (running != null) {
            running.destroyForcibly();
        }
    }

    @Override
    public void close() {
        stop();
    }

    /** Kills the JVM when no verdict comes for too long. */
    private static final class Watchdog extends Thread {
        private final Process watched;
        private volatile long lastProgressNanos = System.nanoTime();

        Watchdog(Process watched) {
            super("oracle-watchdog");
            this.watched = watched;
            setDaemon(true);
        }

        void progress() {
            lastProgressNanos = System.nanoTime();
        }

        @Override
        public void run() {
            try {
                while (System.nanoTime() - lastProgressNanos < PATIENCE.toNanos()) {
                    TimeUnit.SECONDS.sleep(1);
                }
                watched.destroyForcibly();
            } catch (InterruptedException e) {
                return; // all verdicts are there
            }
        }
    }
}
