package org.dvm.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Runs the benchmarks. */
@Command(
        name = "bench",
        description = {
            "Runs a benchmark of the module dvm-jmh; without a name it lists them.",
            "Arguments behind the name are the benchmark's.",
        },
        customSynopsis = "dvm bench [NAME [ARGS...]]",
        footer = {"  dvm bench", "  dvm bench engine"})
final class BenchCommand extends Subcommand {
    /** In dvm-jmh's jar: a line {@code name=main class} for each benchmark. */
    private static final String INDEX = "org/dvm/jmh/benchmarks.properties";

    @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "Which benchmark.")
    private @Nullable String name;

    @Parameters(index = "1..*", arity = "0..*", hidden = true)
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path lib = Home.directory().resolve("bench");
        Path jar = lib.resolve("dvm-jmh.jar");
        if (!Files.isRegularFile(jar)) {
            throw new BadInputException(jar + ": missing; the launcher ./dvm in the source tree builds it");
        }
        Properties benchmarks = index(jar);
        if (name == null) {
            new TreeSet<>(benchmarks.stringPropertyNames()).forEach(console()::print);
            return ExitCode.FINE;
        }
        String main = benchmarks.getProperty(name);
        if (main == null) {
            throw new BadInputException(
                    "no such benchmark: " + name + "; there are " + new TreeSet<>(benchmarks.stringPropertyNames()));
        }
        List<String> command = new ArrayList<>(List.of(
                Home.java().toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                lib + File.separator + "*" + File.pathSeparator
                        + Home.directory().resolve("lib") + File.separator + "*",
                main));
        command.addAll(arguments);
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    private static Properties index(Path jar) throws IOException {
        Properties benchmarks = new Properties();
        try (JarFile file = new JarFile(jar.toFile())) {
            ZipEntry entry = file.getEntry(INDEX);
            if (entry != null) {
                benchmarks.load(file.getInputStream(entry));
            }
        }
        return benchmarks;
    }
}
