import static org.dvm.security.redteam.Host.SECRET;

import java.io.*;
import java.lang.reflect.*;
import java.net.*;
import java.nio.ByteBuffer;
import java.nio.channels.*;
import java.nio.file.*;
import java.nio.file.attribute.*;
import java.util.*;
import java.util.concurrent.*;
import org.dvm.security.redteam.Host;
import org.dvm.security.redteam.HostObjects;

/** Uses what the host has opened, connected or started for itself. */
public class ObjectAttacks {
    static final ByteBuffer FEW = ByteBuffer.allocate(3);

    public static boolean asyncFile() throws Exception { return HostObjects.asyncFile().read(FEW, 0).get() == 3; }
    public static boolean asyncFileHandler() throws Exception { var r = new LinkedBlockingQueue<Integer>(); HostObjects.asyncFile().read(ByteBuffer.allocate(3), 0, null, new CompletionHandler<Integer, Void>() { @Override public void completed(Integer n, Void v) { r.add(n); } @Override public void failed(Throwable t, Void v) { r.add(-1); } }); return r.take() == 3; }
    public static boolean asyncFileLock() throws Exception { try (var c = HostObjects.asyncFile()) { return c.tryLock(0, 1, true) != null; } }
    public static boolean randomAccessRead() throws Exception { return HostObjects.randomAccess().readLine().startsWith("TOP"); }
    public static boolean randomAccessAsInput() throws Exception { DataInput in = HostObjects.randomAccess(); return in.readByte() == 'T'; }
    public static boolean randomAccessWrite() throws Exception { RandomAccessFile f = HostObjects.randomAccess(); f.seek(20); f.write(1); return true; }
    public static boolean nioStream() throws Exception { return HostObjects.nioStream().read() == 'T'; }
    public static boolean nioStreamAll() throws Exception { return HostObjects.nioStream().readAllBytes()[0] == 'T'; }
    public static boolean nioStreamTransfer() throws Exception { return HostObjects.nioStream().transferTo(new ByteArrayOutputStream()) > 3; }
    public static boolean sequence() throws Exception { return new SequenceInputStream(HostObjects.nioStream(), InputStream.nullInputStream()).read() == 'T'; }
    public static boolean pushback() throws Exception { return new PushbackInputStream(Host.openSecret()).read() == 'T'; }
    public static boolean scanner() throws Exception { return new Scanner(Host.openSecret()).next().equals("TOP"); }
    public static boolean properties() throws Exception { Properties p = new Properties(); p.load(Host.openSecret()); return p.containsKey("TOP"); }
    public static boolean output() throws Exception { HostObjects.output().write(1); return true; }
    public static boolean printStream() throws Exception { PrintStream p = new PrintStream(HostObjects.output()); p.print("x"); p.flush(); return !p.checkError(); }
    public static boolean copyInto() throws Exception { return new ByteArrayInputStream(new byte[3]).transferTo(HostObjects.output()) == 3; }
    public static boolean channelMap() throws Exception { return Host.openSecretChannel().map(FileChannel.MapMode.READ_ONLY, 0, 3).get() == 'T'; }
    public static boolean channelLock() throws Exception { try (FileChannel c = Host.openSecretChannel()) { return c.tryLock(0, 1, true) != null; } }
    public static boolean channelScatter() throws Exception { return Host.openSecretChannel().read(new ByteBuffer[] {ByteBuffer.allocate(3)}) == 3; }
    public static boolean channelAt() throws Exception { return Host.openSecretChannel().read(ByteBuffer.allocate(3), 0) == 3; }
    public static boolean channelAsInput() throws Exception { return Channels.newInputStream(Host.openSecretChannel()).read() == 'T'; }
    public static boolean transferFrom() throws Exception { return ((FileOutputStream) HostObjects.output()).getChannel().transferFrom(Channels.newChannel(new ByteArrayInputStream(new byte[3])), 0, 3) == 3; }
    public static boolean zip() throws Exception { var z = HostObjects.zip(); return z.getInputStream(z.getEntry("entry")).read() == 'T'; }
    public static boolean zipStream() throws Exception { return HostObjects.zip().stream().count() > 0; }
    public static boolean zipFileSystem() throws Exception { return Files.readAllBytes(HostObjects.zipFileSystem().getPath("/entry"))[0] == 'T'; }
    public static boolean zipFileSystemList() throws Exception { try (var s = Files.list(HostObjects.zipFileSystem().getPath("/"))) { return s.count() > 0; } }
    public static boolean zipFileSystemCopy() throws Exception { var fs = HostObjects.zipFileSystem(); Files.copy(fs.getPath("/entry"), fs.getPath("/other")); return true; }
    public static boolean directoryChannel() throws Exception { try (var d = HostObjects.directory(); var c = d.newByteChannel(SECRET.getFileName(), Set.of(StandardOpenOption.READ))) { return c.read(ByteBuffer.allocate(3)) == 3; } }
    public static boolean directoryIterate() throws Exception { try (var d = HostObjects.directory()) { return d.iterator().hasNext(); } }
    public static boolean directoryView() throws Exception { try (var d = HostObjects.directory()) { return d.getFileAttributeView(SECRET.getFileName(), BasicFileAttributeView.class).readAttributes().size() > 0; } }
    public static boolean directoryDelete() throws Exception { Path v = Host.victim(); try (var d = HostObjects.directory()) { d.deleteFile(v.getFileName()); return true; } }
    public static boolean listing() throws Exception { try (var d = HostObjects.listing()) { for (Path p : d) { return true; } return false; } }
    public static boolean socketChannelRead() throws Exception { return HostObjects.socketChannel().read(ByteBuffer.allocate(3)) > 0; }
    public static boolean socketChannelWrite() throws Exception { return HostObjects.socketChannel().write(ByteBuffer.allocate(3)) == 3; }
    public static boolean socketChannelSocket() throws Exception { return HostObjects.socketChannel().socket().getInputStream().read() == 'H'; }
    public static boolean socketChannelStream() throws Exception { return Channels.newInputStream(HostObjects.socketChannel()).read() == 'H'; }
    public static boolean socketInput() throws Exception { return HostObjects.socketInput().read() == 'H'; }
    public static boolean socketInputArray() throws Exception { return HostObjects.socketInput().readNBytes(2).length == 2; }
    public static boolean socketOutput() throws Exception { HostObjects.socketOutput().write(1); return true; }
    public static boolean accept() throws Exception { return HostObjects.serverSocket().accept() != null; }
    public static boolean acceptChannel() throws Exception { return HostObjects.serverChannel().accept() != null; }
    public static boolean acceptByChannelSocket() throws Exception { return HostObjects.serverChannel().socket().accept() != null; }
    public static boolean datagram() throws Exception { HostObjects.datagramSocket().send(new DatagramPacket(new byte[1], 1, InetAddress.getLoopbackAddress(), 9)); return true; }
    public static boolean processInput() throws Exception { Process p = HostObjects.process(); try { p.getOutputStream().write("x\n".getBytes()); p.getOutputStream().flush(); return p.getInputStream().read() == 'x'; } finally { HostObjects.run(p::destroyForcibly); } }
    public static boolean processDestroy() throws Exception { HostObjects.process().destroy(); return true; }
    public static boolean processDestroyForcibly() throws Exception { return HostObjects.process().destroyForcibly() != null; }
    public static boolean processHandle() throws Exception { return HostObjects.process().toHandle().destroy(); }
    public static boolean loaderResource() throws Exception { try (InputStream in = HostObjects.loader().getResourceAsStream(SECRET.getFileName().toString())) { return in.read() == 'T'; } }
    public static boolean loaderFind() throws Exception { try (InputStream in = HostObjects.loader().findResource(SECRET.getFileName().toString()).openStream()) { return in.read() == 'T'; } }
    public static boolean loaderClose() throws Exception { HostObjects.loader().close(); return true; }
    public static boolean loaderParent() { return HostObjects.LOADER.getParent() != null; }
    public static boolean loaderAsserts() { HostObjects.LOADER.setDefaultAssertionStatus(true); return true; }
    public static boolean poolShutdown() { HostObjects.OWN_POOL.shutdown(); return true; }
    public static boolean poolShutdownNow() { HostObjects.OWN_POOL.shutdownNow(); return true; }
    public static boolean poolSize() { ((ThreadPoolExecutor) HostObjects.OWN_POOL).setCorePoolSize(0); return true; }
    public static boolean poolFactory() { ((ThreadPoolExecutor) HostObjects.OWN_POOL).setThreadFactory(Executors.defaultThreadFactory()); return true; }
    public static boolean poolQueue() { return ((ThreadPoolExecutor) HostObjects.OWN_POOL).getQueue() != null; }
    public static boolean timerCancel() { HostObjects.TIMER.cancel(); return true; }
    public static boolean threadInterrupt() { HostObjects.THREAD.interrupt(); return true; }
    public static boolean threadName() { HostObjects.THREAD.setName("x"); return true; }
    public static boolean threadPriority() { HostObjects.THREAD.setPriority(1); return true; }
    public static boolean threadHandler() { HostObjects.THREAD.setUncaughtExceptionHandler((t, e) -> {}); return true; }
    public static boolean threadLoader() { HostObjects.THREAD.setContextClassLoader(null); return true; }
    public static boolean threadGroup() { return HostObjects.THREAD.getThreadGroup() != null; }
    public static boolean randomAccessChannel() throws Exception { return HostObjects.randomAccess().getChannel().read(ByteBuffer.allocate(3)) == 3; }
    public static boolean groupParent() { return HostObjects.GROUP.getParent() != null; }
    public static boolean groupEnumerate() { return HostObjects.GROUP.enumerate(new Thread[5]) > 0; }
    public static boolean poolThreadName() throws Exception { return HostObjects.run(() -> { Thread.currentThread().setName("mine"); return true; }); }
    public static boolean poolThreadPriority() throws Exception { return HostObjects.run(() -> { Thread.currentThread().setPriority(1); return true; }); }
    public static boolean poolThreadLoader() throws Exception { return HostObjects.run(() -> { Thread.currentThread().setContextClassLoader(ObjectAttacks.class.getClassLoader()); return true; }); }
    public static boolean poolThreadHandler() throws Exception { return HostObjects.run(() -> { Thread.currentThread().setUncaughtExceptionHandler((t, e) -> {}); return true; }); }
    public static boolean poolThreadGroup() throws Exception { return HostObjects.run(() -> Thread.currentThread().getThreadGroup().getParent()) != null; }
}
