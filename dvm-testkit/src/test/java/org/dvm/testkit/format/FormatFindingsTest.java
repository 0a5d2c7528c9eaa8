package org.dvm.testkit.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.dvm.core.classfile.FormatChecker;
import org.dvm.core.classfile.JvmRelease;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.ClassFormatException;
import org.dvm.core.finding.Finding;
import org.dvm.testkit.format.FormatFixtures.Fixture;
import org.dvm.testkit.mutation.Mutator;
import org.junit.jupiter.api.Test;

/**
 * Holds the format check to what it has always said: all findings about thousands of mutants, in order, word for word.
 *
 * <p>The file {@code format-findings.txt} has a line for each rule with the number of mutants that break it first, of
 * findings about them, and a digest of these. Where the check is meant to say something else, run the differential tests
 * against HotSpot first; {@code -Ddvm.golden.write=true} then writes the file anew and fails.
 */
class FormatFindingsTest {
    private static final int MUTANTS = 30_000;
    private static final long SEED = 8;
    private static final List<JvmRelease> RELEASES =
            List.of(JvmRelease.NEWEST, JvmRelease.of(25), JvmRelease.of(17), JvmRelease.of(8));

    @Test
    void saysWhatItHasAlwaysSaid() throws Exception {
        List<RawClass> originals = originals();
        Mutator mutator = Mutator.ofAllKinds();
        SplittableRandom random = new SplittableRandom(SEED);
        Map<String, Tally> tallies = new TreeMap<>();
        for (int i = 0; i < MUTANTS; i++) {
            RawClass original = originals.get(random.nextInt(originals.size()));
            byte[] mutant = broken(mutator.mutate(original, random.nextLong()).bytes(), random);
            JvmRelease release = RELEASES.get(random.nextInt(RELEASES.size()));
            List<Finding> findings = FormatChecker.examine(mutant, release);
            String rule =
                    findings.isEmpty() ? "accepted" : findings.get(0).rule().name();
            tallies.computeIfAbsent(rule, name -> new Tally()).add(findings);
        }
        StringBuilder lines = new StringBuilder();
        tallies.forEach(
                (rule, tally) -> lines.append(rule).append(' ').append(tally).append('\n'));

        Path file = Path.of(System.getProperty("dvm.root"), "dvm-testkit/src/test/resources/format-findings.txt");
        if (Boolean.getBoolean("dvm.golden.write")) {
            Files.writeString(file, lines);
            throw new AssertionError("written anew, to be read before it is committed: " + file);
        }
        assertThat(lines.toString()).isEqualTo(Files.readString(file));
    }

    private static List<RawClass> originals() {
        return FormatFixtures.all().stream()
                .filter(fixture -> fixture.rule() == null)
                .map(FormatFindingsTest::parse)
                .toList();
    }

    private static RawClass parse(Fixture fixture) {
        try {
            return RawClass.parse(fixture.bytes());
        } catch (ClassFormatException e) {
            throw new AssertionError(fixture.name(), e);
        }
    }

    /** Changes some bytes of every fourth mutant, and cuts off the end of a few. */
    private static byte[] broken(byte[] bytes, SplittableRandom random) {
        if (random.nextInt(4) > 0) {
            return bytes;
        }
        byte[] broken = random.nextInt(10) > 0 ? bytes.clone() : Arrays.copyOf(bytes, random.nextInt(bytes.length));
        for (int changes = random.nextInt(1, 5); changes > 0 && broken.length > 0; changes--) {
            broken[random.nextInt(broken.length)] = (byte) random.nextInt();
        }
        return broken;
    }

    /** The mutants whose first finding breaks one rule. */
    private static final class Tally {
        private final MessageDigest digest;
        private int mutants;
        private int findings;

        Tally() {
            try {
                digest = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new AssertionError("every JDK has SHA-256", e);
            }
        }

        void add(List<Finding> found) {
            mutants++;
            findings += found.size();
            digest.update(found.toString().getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String toString() {
            String hash = HexFormat.of().formatHex(digest.digest()).substring(0, 16);
            return "mutants=" + mutants + " findings=" + findings + " digest=" + hash;
        }
    }
}
