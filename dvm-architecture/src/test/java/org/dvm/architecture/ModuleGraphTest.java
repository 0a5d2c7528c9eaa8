package org.dvm.architecture;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The arrows between modules are law. Read from the compiled module descriptors, so that nothing is overlooked.
 *
 * <p>Tests and benchmarks ({@code org.dvm.testkit}, {@code org.dvm.jmh}) aren't shipped and may need everything.
 */
@Tag("once")
class ModuleGraphTest {
    private static final Path ROOT = Path.of(System.getProperty("dvm.root"));

    /** Who may need whom, and which third parties; transitively allowed modules are named, too. */
    private static final Map<String, Set<String>> ALLOWED = Map.ofEntries(
            entry("org.dvm.runtime", Set.of()),
            entry(
                    "org.dvm.core",
                    Set.of("org.dvm.runtime", "proguard.core", "org.apache.commons.compress", "org.slf4j")),
            entry("org.dvm.verifier", Set.of("org.dvm.core", "org.dvm.runtime")),
            entry("org.dvm.security", Set.of("org.dvm.core", "org.dvm.runtime")),
            entry("org.dvm.monitor", Set.of("org.dvm.core", "org.dvm.runtime")),
            entry("org.dvm.client", Set.of("org.dvm.core", "org.dvm.runtime")),
            entry("org.dvm.nodeos", Set.of("com.sun.jna")),
            entry(
                    "org.dvm.cli",
                    Set.of(
                            "org.dvm.runtime",
                            "org.dvm.core",
                            "org.dvm.verifier",
                            "org.dvm.security",
                            "org.dvm.monitor",
                            "org.dvm.client",
                            "org.dvm.nodeos",
                            "info.picocli")));

    /** Third parties that are welcome wherever a module wants them, besides those of the table. */
    private static final Set<String> EVERYWHERE_BUT_RUNTIME = Set.of("org.slf4j", "com.fasterxml.jackson.core");

    @Test
    void everyModuleNeedsOnlyWhatTheHouseAllows() throws IOException {
        Map<String, Set<String>> forbidden = new TreeMap<>();
        for (ModuleDescriptor module : descriptors()) {
            Set<String> extra = new TreeSet<>();
            for (ModuleDescriptor.Requires requires : module.requires()) {
                String needed = requires.name();
                boolean platform = needed.startsWith("java.") || needed.startsWith("jdk.");
                boolean compileTime = needed.equals("org.jspecify");
                boolean common = !module.name().equals("org.dvm.runtime") && EVERYWHERE_BUT_RUNTIME.contains(needed);
                Set<String> allowed = ALLOWED.get(module.name());
                if (!platform && !compileTime && !common && allowed != null && !allowed.contains(needed)) {
                    extra.add(needed);
                }
            }
            if (!extra.isEmpty()) {
                forbidden.put(module.name(), extra);
            }
        }
        assertThat(forbidden).isEmpty();
    }

    @Test
    void everyShippedModuleHasADescriptorAndARuleHere() throws IOException {
        Set<String> found = descriptors().stream().map(ModuleDescriptor::name).collect(Collectors.toSet());
        assertThat(found).containsAll(ALLOWED.keySet());
        found.removeAll(Set.of("org.dvm.testkit", "org.dvm.jmh"));
        assertThat(found).allMatch(name -> ALLOWED.containsKey(name) || name.startsWith("org.dvm.examples"));
    }

    @Test
    void internalsAreNeverExported() throws IOException {
        for (ModuleDescriptor module : descriptors()) {
            assertThat(module.exports())
                    .as(module.name())
                    .noneMatch(exported -> exported.source().contains(".internal") && !exported.isQualified());
        }
    }

    @Test
    void theRuntimeNeedsNothingButTheJdk() throws IOException {
        ModuleDescriptor runtime = descriptors().stream()
                .filter(module -> module.name().equals("org.dvm.runtime"))
                .findFirst()
                .orElseThrow();
        assertThat(runtime.requires())
                .filteredOn(requires -> !requires.name().equals("org.jspecify"))
                .allMatch(requires ->
                        requires.name().startsWith("java.") || requires.name().startsWith("jdk."));
    }

    private static Set<ModuleDescriptor> descriptors() throws IOException {
        Set<ModuleDescriptor> descriptors = new java.util.HashSet<>();
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path module : (Iterable<Path>) modules.filter(Files::isDirectory)::iterator) {
                Path file = module.resolve("target/classes/module-info.class");
                if (Files.exists(file)) {
                    try (InputStream in = Files.newInputStream(file)) {
                        descriptors.add(ModuleDescriptor.read(in));
                    }
                }
            }
        }
        return descriptors;
    }
}
