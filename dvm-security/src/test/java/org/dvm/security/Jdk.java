package org.dvm.security;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dvm.core.classfile.RawClass;
import org.dvm.security.policy.Policy.Operation;
import org.dvm.security.policy.StandardPolicies;

/** The classes of the running JDK, and the data files that say what was found in them. */
final class Jdk {
    private Jdk() {}

    /** Hands over each class of a module, {@code *} for all modules. */
    static void forEachClass(String module, Consumer<RawClass> action) throws Exception {
        Path root = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules");
        try (Stream<Path> files = Files.walk(module.equals("*") ? root : root.resolve(module))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                if (!file.endsWith("module-info.class")) {
                    action.accept(RawClass.parse(Files.readAllBytes(file)));
                }
            }
        }
    }

    /** Hands over owner and name of each method that a method calls. */
    static void forEachCall(RawClass raw, RawClass.Member method, BiConsumer<String, String> action) {
        if (method.codeOffset() < 0) {
            return;
        }
        Instructions.forEachCall(raw, method, bci -> {
            int at = raw.codeStart(method) + bci;
            if (raw.u1(at) != Instructions.INVOKEDYNAMIC) {
                int reference = raw.constantOffset(raw.u2(at + 1));
                int nameAndType = raw.constantOffset(raw.u2(reference + 3));
                action.accept(raw.name(raw.u2(reference + 1)), raw.utf8(raw.u2(nameAndType + 1)));
            }
        });
    }

    /** Reads a table of this package: fields separated by tabs, comments after {@code #}. */
    static List<String[]> table(String name) {
        InputStream in = Jdk.class.getResourceAsStream(name);
        Objects.requireNonNull(in, name);
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return reader.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t", -1))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the names of the methods that are operations, such as {@code java.lang.System.exit}. */
    static TreeSet<String> operations() {
        return StandardPolicies.load("operations").operations().stream()
                .map(Jdk::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String name(Operation operation) {
        return operation.className() + "." + operation.method();
    }

    /** Returns whether a text fits a pattern in which {@code *} stands for any text. */
    static boolean fits(String pattern, String text) {
        String regex = Stream.of(pattern.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
        return text.matches(regex);
    }
}
