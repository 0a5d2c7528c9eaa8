package org.dvm.runtime.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FactTableTest {
    /** What the tables here are about. */
    abstract static class Sample extends Thread implements Serializable {
        private static final long serialVersionUID = 1;
        protected transient int[] colours = {};

        abstract String name(long number, String... texts);
    }

    private static final String NAME = "org/dvm/runtime/verify/FactTableTest$Sample";

    private final byte[] classFile = classFile();

    private static byte[] classFile() {
        try (InputStream in = FactTableTest.class.getResourceAsStream("FactTableTest$Sample.class")) {
            return Objects.requireNonNull(in).readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private FactTable parsed() {
        return Objects.requireNonNull(FactTable.parse(classFile));
    }

    /** As the table stands at the end of a class file; what is before doesn't matter. */
    private static byte[] endingIn(byte[] table) {
        byte[] file = Arrays.copyOf(new byte[] {1, 2, 3}, table.length + 3);
        System.arraycopy(table, 0, file, 3, table.length);
        return file;
    }

    @Test
    void saysWhatTheClassFileSays() {
        FactTable read = Objects.requireNonNull(FactTable.read(endingIn(parsed().toAttribute()), NAME));

        assertThat(read.name()).isEqualTo(NAME);
        assertThat(read.flags()).isEqualTo(0x0420);
        assertThat(read.superclass()).isEqualTo("java/lang/Thread");
        assertThat(read.interfaces()).containsExactly("java/io/Serializable");
        assertThat(read.fieldFlags("colours", "[I")).isEqualTo(0x0084);
        assertThat(read.methodFlags("name", "(J[Ljava/lang/String;)Ljava/lang/String;"))
                .isEqualTo(0x0480);
        assertThat(read.methodFlags("name", "()V")).isEqualTo(Facts.ABSENT);
        assertThat(read.toAttribute()).isEqualTo(parsed().toAttribute());
    }

    @Test
    void keepsNamesOfAnyLetters() {
        FactTable table = new FactTable(
                1,
                "größe/Maß",
                "java/lang/Object",
                List.of("größe/\0"),
                Map.of(FactTable.key("größe", "Lgröße/Maß;"), 4),
                Map.of());

        FactTable read = Objects.requireNonNull(FactTable.read(endingIn(table.toAttribute()), "größe/Maß"));

        assertThat(read.interfaces()).containsExactly("größe/\0");
        assertThat(read.fieldFlags("größe", "Lgröße/Maß;")).isEqualTo(4);
    }

    @Test
    void isPassedOverWhereItIsAboutAnotherClass() {
        assertThat(FactTable.read(endingIn(parsed().toAttribute()), "another/Name"))
                .isNull();
        assertThat(FactTable.read(classFile, NAME)).isNotNull();
        assertThat(FactTable.read(classFile, "another/Name")).isNull();
    }

    @Test
    void standsAnyDamage() {
        byte[] file = endingIn(parsed().toAttribute());
        Random random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = (i % 2 == 0 ? file : classFile).clone();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            byte[] cut = random.nextBoolean() ? damaged : Arrays.copyOf(damaged, random.nextInt(damaged.length));
            FactTable read = FactTable.read(cut, NAME);
            assertThat(read == null || read.name().equals(NAME)).isTrue();
        }
    }
}
