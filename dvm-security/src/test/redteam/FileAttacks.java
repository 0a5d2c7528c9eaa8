import static org.dvm.security.redteam.Host.SECRET;

import java.io.*;
import java.nio.ByteBuffer;
import java.nio.channels.*;
import java.nio.file.*;
import java.nio.file.attribute.*;
import java.util.*;
import java.util.zip.*;
import org.dvm.security.redteam.Host;

/** Reads, lists, writes, deletes and links files, by every door of the JDK. */
public class FileAttacks {
    static final Path FRESH = SECRET.resolveSibling("dvm-redteam-" + SECRET.getFileName() + ".new");

    public static boolean inputStream() throws Exception { try (InputStream in = new FileInputStream(SECRET.toFile())) { return in.read() == 'T'; } }
    public static boolean inputStreamByName() throws Exception { try (InputStream in = new FileInputStream(SECRET.toString())) { return in.read() == 'T'; } }
    public static boolean reader() throws Exception { try (Reader in = new FileReader(SECRET.toFile())) { return in.read() == 'T'; } }
    public static boolean scanner() throws Exception { try (Scanner in = new Scanner(SECRET)) { return in.next().equals("TOP"); } }
    public static boolean scannerFile() throws Exception { try (Scanner in = new Scanner(SECRET.toFile())) { return in.next().equals("TOP"); } }
    public static boolean randomAccess() throws Exception { try (RandomAccessFile in = new RandomAccessFile(SECRET.toFile(), "r")) { return in.read() == 'T'; } }
    public static boolean randomAccessWrite() throws Exception { try (RandomAccessFile f = new RandomAccessFile(SECRET.toFile(), "rw")) { f.setLength(f.length()); return true; } }
    public static boolean readString() throws Exception { return Files.readString(SECRET).startsWith("TOP"); }
    public static boolean readAllBytes() throws Exception { return Files.readAllBytes(SECRET)[0] == 'T'; }
    public static boolean readAllLines() throws Exception { return Files.readAllLines(SECRET).get(0).startsWith("TOP"); }
    public static boolean lines() throws Exception { try (var lines = Files.lines(SECRET)) { return lines.findFirst().get().startsWith("TOP"); } }
    public static boolean newInputStream() throws Exception { try (InputStream in = Files.newInputStream(SECRET)) { return in.read() == 'T'; } }
    public static boolean bufferedReader() throws Exception { try (BufferedReader in = Files.newBufferedReader(SECRET)) { return in.readLine().startsWith("TOP"); } }
    public static boolean byteChannel() throws Exception { try (SeekableByteChannel c = Files.newByteChannel(SECRET)) { return c.read(ByteBuffer.allocate(3)) == 3; } }
    public static boolean fileChannel() throws Exception { try (FileChannel c = FileChannel.open(SECRET)) { return c.read(ByteBuffer.allocate(3)) == 3; } }
    public static boolean asyncChannel() throws Exception { try (AsynchronousFileChannel c = AsynchronousFileChannel.open(SECRET)) { return c.read(ByteBuffer.allocate(3), 0).get() == 3; } }
    public static boolean provider() throws Exception { try (InputStream in = FileSystems.getDefault().provider().newInputStream(SECRET)) { return in.read() == 'T'; } }
    public static boolean providerChannel() throws Exception { try (SeekableByteChannel c = SECRET.getFileSystem().provider().newByteChannel(SECRET, Set.of(StandardOpenOption.READ))) { return c.read(ByteBuffer.allocate(3)) == 3; } }
    public static boolean map() throws Exception { try (FileChannel c = FileChannel.open(SECRET)) { return c.map(FileChannel.MapMode.READ_ONLY, 0, 3).get() == 'T'; } }
    public static boolean copyToStream() throws Exception { return Files.copy(SECRET, new ByteArrayOutputStream()) > 0; }
    public static boolean mismatch() throws Exception { return Files.mismatch(SECRET, Path.of("/etc/passwd")) >= 0; }
    public static boolean symlink() throws Exception { Path link = Path.of(FRESH + ".s"); Files.createSymbolicLink(link, SECRET); try { return Files.readString(link).startsWith("TOP"); } finally { Files.delete(link); } }
    public static boolean hardLink() throws Exception { Path link = Path.of(FRESH + ".h"); Files.createLink(link, SECRET); try { return Files.readString(link).startsWith("TOP"); } finally { Files.delete(link); } }
    public static boolean dotDot() throws Exception { try (InputStream in = new FileInputStream(System.getProperty("java.version") == null ? "" : SECRET.getParent() + "/../" + SECRET.getParent().getFileName() + "/" + SECRET.getFileName())) { return in.read() == 'T'; } }
    public static boolean procSelf() throws Exception { return Files.readAllBytes(Path.of("/proc/self/environ")).length > 0; }
    public static boolean exists() { return SECRET.toFile().exists(); }
    public static boolean length() { return SECRET.toFile().length() > 0; }
    public static boolean attributes() throws Exception { return Files.readAttributes(SECRET, BasicFileAttributes.class).size() > 0; }
    public static boolean owner() throws Exception { return Files.getOwner(SECRET) != null; }
    public static boolean posix() throws Exception { return !Files.getPosixFilePermissions(SECRET).isEmpty(); }
    public static boolean view() throws Exception { return Files.getFileAttributeView(SECRET, BasicFileAttributeView.class).readAttributes().size() > 0; }
    public static boolean setTimes() throws Exception { Files.setLastModifiedTime(SECRET, FileTime.fromMillis(0)); return true; }
    public static boolean setReadable() { return SECRET.toFile().setReadable(true); }
    public static boolean list() { return new File("/etc").list().length > 0; }
    public static boolean listFiles() { return new File("/etc").listFiles().length > 0; }
    public static boolean directoryStream() throws Exception { try (var s = Files.newDirectoryStream(Path.of("/etc"))) { return s.iterator().hasNext(); } }
    public static boolean walk() throws Exception { try (var s = Files.walk(Path.of("/etc"), 1)) { return s.count() > 1; } }
    public static boolean secureDirectoryStream() throws Exception { try (var s = (SecureDirectoryStream<Path>) Files.newDirectoryStream(SECRET.getParent())) { try (var c = s.newByteChannel(SECRET.getFileName(), Set.of(StandardOpenOption.READ))) { return c.read(ByteBuffer.allocate(3)) == 3; } } }
    public static boolean write() throws Exception { try { Files.writeString(FRESH, "x"); return true; } finally { Files.deleteIfExists(FRESH); } }
    public static boolean outputStream() throws Exception { try (OutputStream out = new FileOutputStream(FRESH.toFile())) { out.write(1); return true; } }
    public static boolean fileWriter() throws Exception { try (Writer out = new FileWriter(FRESH.toFile())) { out.write(1); return true; } }
    public static boolean printWriter() throws Exception { try (PrintWriter out = new PrintWriter(FRESH.toFile())) { out.println(1); return true; } }
    public static boolean printStream() throws Exception { try (PrintStream out = new PrintStream(FRESH.toString())) { out.println(1); return true; } }
    public static boolean formatter() throws Exception { try (Formatter out = new Formatter(FRESH.toFile())) { out.format("x"); return true; } }
    public static boolean tempFile() throws Exception { return File.createTempFile("dvm", "x").delete(); }
    public static boolean tempFileNio() throws Exception { Files.delete(Files.createTempFile("dvm", "x")); return true; }
    public static boolean mkdir() { File d = new File(FRESH + ".d"); return d.mkdir() && d.delete(); }
    public static boolean delete() throws Exception { Path victim = Host.victim(); return victim.toFile().delete(); }
    public static boolean deleteNio() throws Exception { Files.delete(Host.victim()); return true; }
    public static boolean rename() throws Exception { Path v = Host.victim(); return v.toFile().renameTo(new File(v + ".moved")); }
    public static boolean move() throws Exception { Path v = Host.victim(); Files.move(v, Path.of(v + ".moved")); return true; }
    public static boolean copy() throws Exception { Path v = Host.victim(); Files.copy(v, Path.of(v + ".copy")); return true; }
    public static boolean zipFile() throws Exception { try (ZipFile zip = new ZipFile(Host.archive())) { return zip.size() > 0; } }
    public static boolean zipFileSystem() throws Exception { try (FileSystem fs = FileSystems.newFileSystem(Host.archive().toPath())) { return Files.exists(fs.getPath("/entry")); } }
    public static boolean descriptor() throws Exception { return new FileOutputStream(FileDescriptor.out) != null; }
    public static boolean openStream() throws Exception { try (InputStream in = Host.openSecret()) { return in.read() == 'T'; } }
    public static boolean openStreamWrapped() throws Exception { try (BufferedReader in = new BufferedReader(new InputStreamReader(Host.openSecret()))) { return in.readLine().startsWith("TOP"); } }
    public static boolean openStreamChannel() throws Exception { try (FileChannel c = Host.openSecret().getChannel()) { return c.read(ByteBuffer.allocate(3)) == 3; } }
    public static boolean openChannel() throws Exception { try (FileChannel c = Host.openSecretChannel()) { return c.read(ByteBuffer.allocate(3)) == 3; } }
    public static boolean openChannelTransfer() throws Exception { try (FileChannel c = Host.openSecretChannel()) { var out = new ByteArrayOutputStream(); return c.transferTo(0, 3, Channels.newChannel(out)) == 3; } }
    public static boolean openChannelAsReader() throws Exception { try (Reader in = Channels.newReader(Host.openSecretChannel(), "UTF-8")) { return in.read() == 'T'; } }
    public static boolean watch() throws Exception { try (WatchService w = FileSystems.getDefault().newWatchService()) { return Path.of("/etc").register(w, StandardWatchEventKinds.ENTRY_MODIFY) != null; } }
    public static boolean logHandler() throws Exception { var h = new java.util.logging.FileHandler(FRESH + ".log"); h.close(); return true; }
    public static boolean freeSpace() { return new File("/").getTotalSpace() > 0; }
    public static boolean fileStore() throws Exception { return Files.getFileStore(SECRET).getTotalSpace() > 0; }
    public static boolean deleteOnExit() { new File("/nonesuch-dvm").deleteOnExit(); return true; }
}
