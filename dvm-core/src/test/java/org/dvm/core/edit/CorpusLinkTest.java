package org.dvm.core.edit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.edit.FilterEdits.Overflow;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is inserted into the JDK's own classes, HotSpot's verifier accepts the result. */
class CorpusLinkTest {
    @TempDir
    Path directory;

    private void assertLinks(List<RawClass> classes, Plans.Plan... filters) throws Exception {
        try (Linking linking = new Linking(directory)) {
            for (RawClass raw : classes) {
                linking.add(raw, written(raw, filters));
            }
            String output = linking.link("boot");
            assertThat(output).contains("refused 0").doesNotContain("REFUSED").doesNotContain("linked 0");
        }
    }

    private static byte[] written(RawClass raw, Plans.Plan... filters) throws EditException {
        List<FilterEdits> edits = new ArrayList<>();
        for (Plans.Plan filter : filters) {
            edits.add(new FilterEdits("f" + edits.size(), Plans.edits(raw, filter), Overflow.LEAVE_OUT));
        }
        Written written = ClassWriter.write(raw, edits);
        // jlink generates these with methods near 64 KB, where not all that a test can think of fits.
        if (!raw.className().startsWith("jdk/internal/module/SystemModules$")) {
            assertThat(written.findings()).isEmpty();
        }
        return written.classFile();
    }

    @Test
    void everyPlaceAndValueVerifies() throws Exception {
        assertLinks(JavaBase.every(6), Plans::everything);
    }

    @Test
    void fourStackedFiltersVerify() throws Exception {
        assertLinks(
                JavaBase.every(12), Plans::wrapped, Plans::everything, Plans::callsAndBackEdges, Plans::entryAndExit);
    }

    @Test
    void randomInsertionsVerify() throws Exception {
        long seed = new Random().nextLong();
        try {
            assertLinks(JavaBase.every(5), Plans.random(new Random(seed)), Plans.random(new Random(seed + 1)));
        } catch (AssertionError | Exception e) {
            throw new AssertionError("seed=" + seed, e);
        }
    }

    @Test
    void classesEditedTwiceVerify() throws Exception {
        List<RawClass> once = new ArrayList<>();
        for (RawClass raw : JavaBase.every(12)) {
            once.add(RawClass.parse(written(raw, Plans::everything)));
        }
        assertLinks(once, Plans::everything);
    }

    @Test
    void emptyPlansReturnTheSameArray() throws Exception {
        for (RawClass raw : JavaBase.every(100)) {
            assertThat(ClassWriter.write(Plans.edits(raw, (c, index, edits) -> {})))
                    .isSameAs(raw.bytes());
        }
    }

    @Test
    @Tag("slow")
    void everyPlaceAndValueVerifiesInAllClasses() throws Exception {
        assertLinks(JavaBase.every(1), Plans::everything);
    }

    @Test
    @Tag("slow")
    void wrappedMethodsVerifyInAllClasses() throws Exception {
        assertLinks(JavaBase.every(1), Plans::wrapped);
    }

    @Test
    @Tag("slow")
    void probesAtAllCallsVerifyInAllClasses() throws Exception {
        assertLinks(JavaBase.every(1), Plans::callsAndBackEdges);
    }
}
