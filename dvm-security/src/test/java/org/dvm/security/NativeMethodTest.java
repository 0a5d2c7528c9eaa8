package org.dvm.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.dvm.core.classfile.RawClass;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every native method of java.base is mediated by an operation, harmless, or unreachable from outside the JDK. */
class NativeMethodTest {
    private static final int ACC_NATIVE = 0x0100;
    private static final int ACC_PUBLIC_OR_PROTECTED = 0x0005;

    private static final List<String[]> CLASSIFIED = Jdk.table("natives.tsv");

    @Test
    void everyNativeMethodOfJavaBaseIsClassified() throws Exception {
        Set<String> unclassified = new TreeSet<>();
        Set<String> reachable = new TreeSet<>();
        int[] count = new int[1];

        Jdk.forEachClass("java.base", raw -> {
            for (int i = 0; i < raw.methodCount(); i++) {
                RawClass.Member method = raw.method(i);
                if ((raw.memberFlags(method) & ACC_NATIVE) != 0) {
                    count[0]++;
                    String[] line = lineFor(raw, method);
                    if (line == null) {
                        unclassified.add(nameOf(raw, method));
                    } else if (line[2].equals("unreachable") && isReachable(raw, method)) {
                        reachable.add(nameOf(raw, method));
                    }
                }
            }
        });

        assertThat(count[0]).isGreaterThan(600);
        assertThat(unclassified)
                .as("native methods that natives.tsv says nothing of")
                .isEmpty();
        assertThat(reachable)
                .as("native methods that natives.tsv takes for unreachable")
                .isEmpty();
    }

    @Test
    void whatMediatesANativeMethodIsAnOperation() {
        Set<String> operations = Jdk.operations();

        assertThat(CLASSIFIED).allSatisfy(line -> {
            assertThat(line).hasSize(4);
            assertThat(line[2]).isIn("mediated", "harmless", "unreachable");
            if (line[2].equals("mediated")) {
                assertThat(operations).contains(line[3]);
            }
        });
    }

    private static String @Nullable [] lineFor(RawClass raw, RawClass.Member method) {
        String className = raw.className().replace('/', '.');
        for (String[] line : CLASSIFIED) {
            if (Jdk.fits(line[0], className) && Jdk.fits(line[1], raw.memberName(method))) {
                return line;
            }
        }
        return null;
    }

    private static boolean isReachable(RawClass raw, RawClass.Member method) {
        String className = raw.className().replace('/', '.');
        return (raw.accessFlags() & 1) != 0
                && (raw.memberFlags(method) & ACC_PUBLIC_OR_PROTECTED) != 0
                && Object.class.getModule().isExported(className.substring(0, className.lastIndexOf('.')));
    }

    private static String nameOf(RawClass raw, RawClass.Member method) {
        return raw.className() + "." + raw.memberName(method) + raw.memberDescriptor(method);
    }
}
