package org.dvm.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dvm.runtime.json.JsonText;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows the main job on real programs. */
@Command(
        name = "quickstart",
        description = {
            "Verifies two real programs from Maven Central, JFlex and the H2 database; rewrites them so that they count",
            "their calls and write an audit trail; runs them before and after, and compares; then holds them to a",
            "policy, and has them try what it doesn't allow.",
        },
        footer = {"  dvm quickstart", "  dvm quickstart --directory /tmp/dvm --json"})
final class QuickstartCommand extends Subcommand {
    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description = "Where programs and results go (dvm/quickstart in the user's cache directory).")
    private @Nullable Path chosenDirectory;

    @Option(names = "--json", description = "Print the results as JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path chosen = chosenDirectory;
        Path directory =
                chosen == null ? cacheDirectory() : chosen.toAbsolutePath().normalize();
        Files.createDirectories(directory);
        MavenJars.fetch(directory, "quickstart/pom.xml", QuickstartProgram.jars(), console());
        JsonText results = new JsonText();
        results.beginObject().field("directory", directory.toString()).beginArray("programs");
        explain("This shows two programs from Maven Central put under control: verified, rewritten so that they count"
                + " their own calls and write an audit trail, and held to a policy. Nobody changed their source; their"
                + " results must stay the same.");
        boolean fine = true;
        for (QuickstartProgram program : QuickstartProgram.ALL) {
            fine &= new QuickstartShow(program, directory, console(), json).run(results);
        }
        results.endArray().field("fine", fine).endObject();
        if (json) {
            console().print(results);
        }
        explain("Everything is in " + directory
                + ". Next: dvm verify --help, dvm rewrite --help, dvm run --help, docs/cli.md.");
        return fine ? ExitCode.FINE : ExitCode.FINDINGS;
    }

    private static Path cacheDirectory() {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path base =
                cache == null || cache.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
        return base.resolve("dvm").resolve("quickstart");
    }

    private void explain(String text) {
        if (!json) {
            console().print(text);
        }
    }
}
