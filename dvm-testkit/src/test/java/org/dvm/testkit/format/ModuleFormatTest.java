package org.dvm.testkit.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.module.InvalidModuleDescriptorException;
import java.lang.module.ModuleDescriptor;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import org.dvm.core.classfile.FormatChecker;
import org.dvm.core.classfile.FormatRule;
import org.dvm.core.classfile.JvmRelease;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.Attribute;
import org.dvm.core.classfile.RawClass.ClassFormatException;
import org.dvm.core.finding.Finding;
import org.dvm.testkit.Corpora;
import org.dvm.testkit.assembly.Bytes;
import org.dvm.testkit.format.FormatFixtures.Fixture;
import org.dvm.testkit.mutation.Mutator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Module descriptors are judged as the JDK's reader judges them. */
class ModuleFormatTest {
    private static final int COUNT_OF_SLOW = Integer.getInteger("dvm.mutants", 250_000);

    /** What the JDK asks of names beyond the specification, or asked before release 25. */
    private static final Pattern BEYOND = Pattern.compile("is not a Java identifier|named package|ACC_TRANSITIVE");

    /** What the specification forbids and the JDK's reader overlooks, or overlooked before release 25. */
    private static final Pattern KNOWN_TO_BE_STRICTER = Pattern.compile(
            "no place in a module descriptor|it provides .* twice|exceeds the file|java.base as static or synthetic");

    /** Rules that the JDK's reader doesn't know: it looks only at the constants that it needs, and at no other attribute. */
    private static final Set<FormatRule> NOT_OF_THE_READER = EnumSet.complementOf(
            EnumSet.of(FormatRule.MODULE, FormatRule.TRUNCATED, FormatRule.MAGIC, FormatRule.VERSION));

    private static final Set<String> OF_THE_JDK = Set.of("ModuleTarget", "ModuleHashes", "ModuleResolution");

    static List<Fixture> fixtures() {
        return ModuleFixtures.all();
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void namesTheRule(Fixture fixture) {
        List<Finding> findings = findings(fixture.bytes());

        if (fixture.rule() == null) {
            assertThat(findings).isEmpty();
        } else {
            assertThat(findings.get(0).rule()).isEqualTo(fixture.rule());
        }
        assertThat(jdkSays(fixture.bytes()).isEmpty()).isEqualTo(fixture.rule() == null);
    }

    @Test
    void agreesWithTheJdkOnMutants() {
        compare(10_000, 20_261_201);
    }

    @Tag("slow")
    @Test
    void agreesWithTheJdkOnManyNewMutants() {
        compare(COUNT_OF_SLOW, System.nanoTime());
    }

    private static void compare(int count, long seed) {
        List<RawClass> originals = originals();
        Mutator mutator = Mutator.ofAllKinds();
        Random random = new Random(seed);
        List<String> disagreements = new ArrayList<>();
        int refused = 0;
        for (int i = 0; i < count; i++) {
            RawClass original = originals.get(random.nextInt(originals.size()));
            byte[] mutant = mutator.mutate(original, random.nextLong()).bytes();
            if (isOfAnotherRelease(mutant)) {
                continue;
            }
            String jdk = jdkSays(mutant);
            List<Finding> findings = findings(mutant);
            refused += findings.isEmpty() ? 0 : 1;
            boolean laxer =
                    findings.isEmpty() && !jdk.isEmpty() && !BEYOND.matcher(jdk).find();
            boolean stricter = jdk.isEmpty()
                    && !findings.isEmpty()
                    && !NOT_OF_THE_READER.contains((FormatRule) findings.get(0).rule())
                    && !KNOWN_TO_BE_STRICTER.matcher(findings.get(0).message()).find();
            if (laxer || stricter) {
                disagreements.add("JDK: " + jdk + " we: " + findings);
            }
        }
        assertThat(disagreements).as("seed=%s", seed).isEmpty();
        assertThat(refused).isBetween(count / 4, count * 9 / 10);
    }

    private static boolean isOfAnotherRelease(byte[] mutant) {
        boolean preview = mutant.length > 6 && (mutant[4] | mutant[5]) != 0;
        int highest = JvmRelease.of(Runtime.version().feature()).maxMajorVersion();
        return preview || mutant.length > 7 && ((mutant[6] & 0xff) << 8 | mutant[7] & 0xff) > highest;
    }

    /** Returns why the JDK refuses a descriptor; empty where it doesn't. */
    private static String jdkSays(byte[] descriptor) {
        try {
            ModuleDescriptor.read(new ByteArrayInputStream(descriptor));
            return "";
        } catch (InvalidModuleDescriptorException | IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static List<Finding> findings(byte[] descriptor) {
        try {
            FormatChecker.readModule(descriptor);
            return List.of();
        } catch (ClassFormatException e) {
            return e.findings();
        }
    }

    private static List<RawClass> originals() {
        List<RawClass> originals = new ArrayList<>();
        for (String module : Corpora.jdkModules()) {
            try {
                originals.add(plain(RawClass.parse(Files.readAllBytes(FileSystems.getFileSystem(URI.create("jrt:/"))
                        .getPath("modules", module, "module-info.class")))));
            } catch (IOException | ClassFormatException e) {
                throw new IllegalStateException("no descriptor of " + module, e);
            }
        }
        return originals;
    }

    /** Returns a descriptor without the attributes that only the JDK knows, and without their names. */
    private static RawClass plain(RawClass original) throws ClassFormatException {
        byte[] bytes = original.bytes().clone();
        for (int i = 1; i < original.constantCount(); i++) {
            if (original.constantTag(i) == RawClass.UTF8 && OF_THE_JDK.contains(original.utf8(i))) {
                bytes[original.constantOffset(i) + 3] = 'm';
            }
        }
        return withoutUnknown(RawClass.parse(bytes));
    }

    private static RawClass withoutUnknown(RawClass raw) throws ClassFormatException {
        int table = raw.constantPoolEnd() + 12;
        Bytes kept = Bytes.of().raw(Arrays.copyOf(raw.bytes(), table));
        int count = 0;
        Bytes attributes = Bytes.of();
        for (Attribute attribute : raw.attributes()) {
            if (!raw.utf8(attribute.nameIndex()).startsWith("module")) {
                int start = attribute.offset() - 6;
                attributes.raw(Arrays.copyOfRange(raw.bytes(), start, attribute.offset() + attribute.length()));
                count++;
            }
        }
        return RawClass.parse(kept.u2(count).raw(attributes.toArray()).toArray());
    }
}
