package org.dvm.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dvm.core.classfile.RawClass;
import org.dvm.testkit.Jdks;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Classes that run every day are accepted. */
class RealClassesTest {
    private static final String[] ALL_OF_INTEREST = {
        "java.base",
        "java.desktop",
        "java.xml",
        "java.sql",
        "java.logging",
        "java.rmi",
        "java.naming",
        "jdk.compiler",
        "jdk.jfr",
        "jdk.jshell",
        "jdk.javadoc",
        "jdk.localedata",
        "jdk.hotspot.agent",
        "java.management",
        "jdk.jdi"
    };

    @Test
    void acceptsModulesOfTheRunningJdk() {
        assertThat(rejected(Corpus.ofModules(Path.of(System.getProperty("java.home")), "java.base", "java.xml")))
                .isEmpty();
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void acceptsAJdk(int release) {
        assumeTrue(Jdks.home(release).isPresent(), () -> "no JDK " + release + " found");
        assertThat(rejected(Corpus.ofModules(Jdks.home(release).orElseThrow(), ALL_OF_INTEREST)))
                .isEmpty();
    }

    @Test
    void acceptsALibraryInTheOpenWorld() {
        Corpus corpus = Corpus.ofJarWith(org.assertj.core.api.Assertions.class);
        Verifier verifier = Verifier.openWorld();

        assertThat(corpus.classes()).allMatch(raw -> verifier.verify(raw).isAccepted());
    }

    private static List<String> rejected(Corpus corpus) {
        Verifier verifier = Verifier.closedWorld(corpus);
        List<String> rejected = new ArrayList<>();
        for (RawClass raw : corpus.classes()) {
            if (verifier.verify(raw) instanceof Verdict.Rejected verdict) {
                rejected.add(verdict.faults().get(0).render());
            }
        }
        return rejected;
    }
}
