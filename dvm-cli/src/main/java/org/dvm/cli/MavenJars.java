package org.dvm.cli;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Fetches jars through the user's Maven: its settings, mirrors and local repository hold. */
final class MavenJars {
    private static final long TIMEOUT_MINUTES = 5;

    private MavenJars() {}

    /** Makes sure that {@code lib} in the directory has the jars which the resource {@code pom.xml} asks for. */
    static void fetch(Path directory, String pomResource, List<String> jars, Console console)
            throws IOException, InterruptedException {
        if (missing(directory, jars) == null) {
            return;
        }
        Resources.copy(pomResource, directory.resolve("pom.xml"));
        console.progress("Maven fetches the programs...");
        // Without the network first: a warm repository is enough, and waiting for time-outs is not.
        // Maven may succeed offline without everything, where the local repository has a jar but not its POM.
        runMaven(directory, "-o");
        String online = missing(directory, jars) == null ? null : runMaven(directory, "-ntp");
        String missing = missing(directory, jars);
        if (missing != null) {
            throw new BadInputException("Maven could not fetch " + missing + ".\n"
                    + (online == null ? "" : firstLines(online))
                    + "Check the network and the mirrors in your settings.xml, or copy the jars " + jars + " into "
                    + directory.resolve("lib") + ".");
        }
    }

    private static @Nullable String missing(Path directory, List<String> jars) {
        return jars.stream()
                .filter(jar -> !Files.isRegularFile(directory.resolve("lib").resolve(jar)))
                .findFirst()
                .orElse(null);
    }

    /** Returns null where Maven succeeded, else what it printed. */
    private static @Nullable String runMaven(Path directory, String option) throws IOException, InterruptedException {
        String maven = File.separatorChar == '\\' ? "mvn.cmd" : "mvn";
        ProcessBuilder builder = new ProcessBuilder(
                        maven, "-q", "-B", option, "-f", "pom.xml", "dependency:copy-dependencies")
                .directory(directory.toFile())
                .redirectErrorStream(true);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new BadInputException("Maven is needed to fetch the programs, and 'mvn' doesn't start: "
                    + e.getMessage() + "; install Maven 3.8 or newer and put it on the PATH");
        }
        process.getOutputStream().close();
        String output;
        try (InputStream in = process.getInputStream()) {
            output = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        if (!process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            return "Maven did not end within " + TIMEOUT_MINUTES + " minutes";
        }
        return process.exitValue() == 0 ? null : output;
    }

    private static String firstLines(String output) {
        return String.join(
                        "\n",
                        output.lines()
                                .filter(line -> line.startsWith("[ERROR]"))
                                .limit(3)
                                .toList())
                + "\n";
    }
}
