package org.dvm.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.dvm.core.classfile.RawClass;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * Compares where the running JDK does sensitive things with what was recorded when its operations were last gone
 * through: what an update adds must be looked at, mapped if need be, and recorded.
 *
 * <p>Sensitive are calls of the Security Manager's checks, of native methods that an operation mediates, and of Unsafe by
 * classes that didn't use it. The system property {@code dvm.recordScan} makes the test write what it finds, and fail.
 */
class JdkScanTest {
    private static final String RECORDS = "dvm-security/src/test/resources/org/dvm/security";
    private static final int ACC_NATIVE = 0x0100;

    @Test
    void nothingSensitiveIsNewInTheRunningJdk() throws Exception {
        int release = Runtime.version().feature();
        Assumptions.assumeTrue(release == 17 || release == 25, "there are records of JDK 17 and 25 only");
        String name = "scan-" + release + ".tsv";

        Set<String> found = scan();

        if (Boolean.getBoolean("dvm.recordScan")) {
            record(name, found);
        }
        Set<String> recorded =
                Jdk.table(name).stream().map(line -> String.join("\t", line)).collect(Collectors.toSet());
        Set<String> added = new TreeSet<>(found);
        added.removeAll(recorded);
        assertThat(added)
                .as("Look at what is new. If it needs an operation, add it to operations.xml; then record the scan: "
                        + "mvn -Pquick -pl dvm-security -am test -Dtest=JdkScanTest "
                        + "-Dsurefire.failIfNoSpecifiedTests=false -Ddvm.recordScan=true -fae")
                .isEmpty();
        assertThat(found).hasSizeGreaterThan(400);
    }

    private static void record(String name, Set<String> found) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("# Methods of JDK " + Runtime.version().feature() + " that do what is sensitive, and what that is.");
        lines.addAll(found);
        Files.write(Path.of(System.getProperty("dvm.root"), RECORDS, name), lines, StandardCharsets.UTF_8);
        assertThat(found)
                .as("recorded; read the changes and run the test again")
                .isEmpty();
    }

    private static Set<String> scan() throws Exception {
        Set<String> natives = mediatedNatives();
        Set<String> found = new TreeSet<>();
        Jdk.forEachClass("java.base", raw -> scan(raw, natives, found));
        Jdk.forEachClass("*", raw -> scan(raw, Set.of(), found));
        return found;
    }

    private static void scan(RawClass raw, Set<String> natives, Set<String> found) {
        for (int i = 0; i < raw.methodCount(); i++) {
            RawClass.Member method = raw.method(i);
            String caller = raw.className() + "." + raw.memberName(method);
            Jdk.forEachCall(raw, method, (owner, name) -> {
                String called = owner + "." + name;
                if (natives.contains(called)) {
                    found.add(caller + "\t" + called);
                } else if (owner.equals("java/lang/SecurityManager") && name.startsWith("check")) {
                    found.add(caller + "\tSecurityManager." + name);
                } else if (owner.endsWith("/misc/Unsafe") && !raw.className().equals(owner)) {
                    found.add(raw.className() + "\tUnsafe");
                }
            });
        }
    }

    /** Returns those native methods behind which an operation stands, as {@code owner.name}. */
    private static Set<String> mediatedNatives() throws Exception {
        List<String[]> classified = Jdk.table("natives.tsv");
        Set<String> natives = new HashSet<>();
        Jdk.forEachClass("java.base", raw -> {
            String className = raw.className().replace('/', '.');
            for (int i = 0; i < raw.methodCount(); i++) {
                RawClass.Member method = raw.method(i);
                String name = raw.memberName(method);
                boolean mediated = (raw.memberFlags(method) & ACC_NATIVE) != 0
                        && !className.endsWith(".Unsafe")
                        && classified.stream()
                                .filter(line -> Jdk.fits(line[0], className) && Jdk.fits(line[1], name))
                                .findFirst()
                                .filter(line -> line[2].equals("mediated"))
                                .isPresent();
                if (mediated) {
                    natives.add(raw.className() + "." + name);
                }
            }
        });
        return natives;
    }
}
