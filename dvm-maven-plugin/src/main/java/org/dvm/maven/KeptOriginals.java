package org.dvm.maven;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What stood where the output stands now.
 *
 * <p>Output in place of the input would be rewritten once more by the next build. So each original is kept, and the
 * hash of each output noted: a file that still has that hash is ours, and its original is what counts; any other was
 * made since, and is an original itself. Everything is decided by content, not by time.
 *
 * <p>In the work directory stand {@code originals}, {@code rewritten} - both a directory of classes, or one archive -
 * and {@code state}: the configuration, and a line with hash and path for each output, after a plus sign for what
 * filters added.
 */
final class KeptOriginals {
    private static final String STATE = "state";

    private final Path work;
    private final Path input;
    private final Path output;
    private final Map<String, String> outputHashes = new TreeMap<>();
    private final Set<String> added = new HashSet<>();
    private String configuration = "";

    private KeptOriginals(Path work, Path input, Path output) {
        this.work = work;
        this.input = input;
        this.output = output;
    }

    /**
     * Opens what the last build has left.
     *
     * @param work the directory to keep things in
     * @param input a directory of classes or an archive
     * @param output where the output goes; may be the input
     */
    static KeptOriginals open(Path work, Path input, Path output) throws IOException {
        KeptOriginals kept = new KeptOriginals(work, input, output);
        Files.createDirectories(work);
        Path state = work.resolve(STATE);
        if (Files.exists(state)) {
            List<String> lines = Files.readAllLines(state, StandardCharsets.UTF_8);
            kept.configuration = lines.isEmpty() ? "" : lines.get(0);
            lines.stream().skip(1).forEach(line -> {
                int start = line.startsWith("+") ? 1 : 0;
                int space = line.indexOf(' ');
                kept.outputHashes.put(line.substring(space + 1), line.substring(start, space));
                if (start == 1) {
                    kept.added.add(line.substring(space + 1));
                }
            });
        }
        return kept;
    }

    /** Returns what to rewrite. */
    Path originals() {
        return inWork("originals");
    }

    /** Returns where to rewrite it to. */
    Path rewritten() {
        return inWork("rewritten");
    }

    private Path inWork(String name) {
        return Files.isDirectory(input)
                ? work.resolve(name)
                : work.resolve(name).resolve(String.valueOf(input.getFileName()));
    }

    /** Returns whether the last build had this configuration and nothing was changed since. */
    boolean isUpToDate(String currentConfiguration) throws IOException {
        if (!configuration.equals(line(currentConfiguration)) || outputHashes.isEmpty()) {
            return false;
        }
        Map<String, String> current = hashes(output);
        if (!input.equals(output)) {
            // The output stands beside the input: the input must be the kept original.
            return current.equals(outputHashes) && hashes(input).equals(hashes(originals()));
        }
        return current.equals(outputHashes);
    }

    /** Brings the originals up to date with the input. */
    void collect() throws IOException {
        Map<String, String> current = hashes(input);
        for (Map.Entry<String, String> file : current.entrySet()) {
            Path original = resolve(originals(), file.getKey());
            boolean ours = input.equals(output) && file.getValue().equals(outputHashes.get(file.getKey()));
            if (!ours) {
                Files.createDirectories(original.toAbsolutePath().getParent());
                Files.copy(resolve(input, file.getKey()), original, StandardCopyOption.REPLACE_EXISTING);
            } else if (!added.contains(file.getKey()) && !Files.exists(original)) {
                throw new IOException(
                        "the original of " + resolve(input, file.getKey()) + " is gone: it was rewritten, and "
                                + original + " doesn't exist any more. Build again after mvn clean");
            }
        }
        for (String kept : hashes(originals()).keySet()) {
            if (!current.containsKey(kept)) {
                Files.delete(resolve(originals(), kept));
            }
        }
        delete(rewritten());
    }

    /** Puts the rewritten files into their places and notes their hashes. */
    void publish(String newConfiguration) throws IOException {
        Map<String, String> made = hashes(rewritten());
        Map<String, String> present = hashes(output);
        for (Map.Entry<String, String> file : made.entrySet()) {
            if (!file.getValue().equals(present.get(file.getKey()))) {
                put(resolve(rewritten(), file.getKey()), resolve(output, file.getKey()));
            }
        }
        if (input.equals(output)) {
            for (String file : present.keySet()) {
                if (!made.containsKey(file)) {
                    Files.delete(resolve(output, file)); // left out, or no longer added
                }
            }
        }
        List<String> lines = new ArrayList<>();
        lines.add(line(newConfiguration));
        made.forEach((path, hash) -> {
            boolean isAdded = !Files.exists(resolve(originals(), path));
            lines.add((isAdded ? "+" : "") + hash + " " + path);
        });
        Path state = work.resolve(STATE + ".new");
        Files.write(state, lines, StandardCharsets.UTF_8);
        Files.move(state, work.resolve(STATE), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        delete(rewritten());
    }

    private static void put(Path from, Path to) throws IOException {
        Files.createDirectories(to.toAbsolutePath().getParent());
        Path aside = to.resolveSibling("." + to.getFileName() + ".dvm-tmp");
        Files.copy(from, aside, StandardCopyOption.REPLACE_EXISTING);
        Files.move(aside, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String line(String text) {
        return text.replace('\n', ' ').replace('\r', ' ');
    }

    /** Returns the hashes of a directory's class files by path, or of one file under the empty path. */
    private static Map<String, String> hashes(Path root) throws IOException {
        Map<String, String> hashes = new TreeMap<>();
        if (Files.isRegularFile(root)) {
            hashes.put("", hash(root));
        } else if (Files.isDirectory(root)) {
            try (var files = Files.walk(root)) {
                for (Path file :
                        (Iterable<Path>) files.filter(each -> each.toString().endsWith(".class"))::iterator) {
                    String path = root.relativize(file).toString();
                    hashes.put(path.replace(root.getFileSystem().getSeparator(), "/"), hash(file));
                }
            }
        }
        return hashes;
    }

    private static Path resolve(Path root, String path) {
        return path.isEmpty() ? root : root.resolve(path);
    }

    private static String hash(Path file) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    private static void delete(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (var files = Files.walk(root)) {
            for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
                Files.delete(file);
            }
        }
    }
}
