package org.dvm.core.classfile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Compares {@link Words} with {@link Names} and {@link ModifiedUtf8}, which look at one byte after the other. */
class WordsTest {
    private static final int TEXTS = 300_000;
    private static final int ROOM = 16;
    private static final int MAJOR = 61;

    /** What names and descriptors are made of, and what disturbs them. */
    private static final String[] PARTS = {
        "a",
        "b",
        "name",
        "Name",
        "_",
        "$1",
        "java/lang/String",
        "/",
        "//",
        ".",
        ";",
        "[",
        "[[",
        "<",
        ">",
        "<init>",
        "(",
        ")",
        "V",
        "I",
        "J",
        "D",
        "B",
        "Z",
        "L",
        "La/b;",
        "Ljava/util/List;",
        "()",
        "(I)V",
        "\0",
        "\u007f",
        "\u0080",
        "\u00ae",
        "\u00af",
        "\u00bb",
        "\u00db",
        "\u00ff",
        "=",
        "?",
        "{",
        "\u001b",
        "\u0001"
    };

    /** A text somewhere in a class file. */
    private record Text(byte[] bytes, int start, int end) {
        /** Returns whether there is none of the characters that nobody uses and that aren't told from others. */
        boolean isUsual() {
            return toString().chars().noneMatch(c -> c == '{' || c == '\u001b' || c == '\u0001');
        }

        boolean isAscii() {
            for (int i = start; i < end; i++) {
                if (bytes[i] <= 0) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public String toString() {
            return ModifiedUtf8.decode(bytes, start, end - start);
        }
    }

    private static void forEachText(Consumer<Text> action) {
        Random random = new Random(5);
        for (int i = 0; i < TEXTS; i++) {
            StringBuilder text = new StringBuilder();
            for (int parts = random.nextInt(random.nextInt(4) == 0 ? 20 : 5); parts > 0; parts--) {
                text.append(PARTS[random.nextInt(PARTS.length)]);
            }
            byte[] bytes = new byte[ROOM + text.length() + ROOM];
            random.nextBytes(bytes);
            for (int k = 0; k < text.length(); k++) {
                bytes[ROOM + k] = (byte) text.charAt(k);
            }
            action.accept(new Text(bytes, ROOM, ROOM + text.length()));
        }
    }

    @Test
    void knowsAscii() {
        forEachText(text -> assertThat(Words.isAscii(text.bytes, text.start, text.end))
                .as("%s", text)
                .isEqualTo(text.isAscii()));
    }

    @Test
    void takesNoTextForANameThatIsNone() {
        forEachText(text -> {
            if (Words.isName(text.bytes, text.start, text.end)) {
                assertThat(text.isAscii()
                                && Names.isFieldName(text.bytes, text.start, text.end, MAJOR)
                                && Names.isMethodName(text.bytes, text.start, text.end, MAJOR))
                        .as("%s", text)
                        .isTrue();
            }
        });
    }

    @Test
    void knowsNamesOfLettersAndDigits() {
        for (String name :
                new String[] {"a", "count", "getValue", "access$000", "lambda$static$17", "TO_BE_OR_NOT_TO_BE"}) {
            byte[] bytes = ("before(;" + name + ";V)after").getBytes(java.nio.charset.StandardCharsets.US_ASCII);

            assertThat(Words.isName(bytes, 8, 8 + name.length())).as(name).isTrue();
        }
    }

    @Test
    void knowsNamesOfClasses() {
        forEachText(text -> {
            boolean path = text.isAscii()
                    && (text.start == text.end || text.bytes[text.start] != '[')
                    && Names.isClassName(text.bytes, text.start, text.end, MAJOR);
            assertThat(Words.isPath(text.bytes, text.start, text.end))
                    .as("%s", text)
                    .matches(is -> is == path || !is && !text.isUsual());
        });
    }

    @Test
    void knowsDescriptors() {
        forEachText(text -> {
            boolean field = text.isAscii() && Names.isFieldDescriptor(text.bytes, text.start, text.end, MAJOR);
            assertThat(Words.isFieldDescriptor(text.bytes, text.start, text.end))
                    .as("%s", text)
                    .matches(is -> is == field || !is && !text.isUsual());
            int slots =
                    text.isAscii() ? Names.argumentSlots(text.bytes, text.start, text.end, MAJOR) : Names.NO_DESCRIPTOR;
            assertThat(Words.argumentSlots(text.bytes, text.start, text.end))
                    .as("%s", text)
                    .matches(counted -> counted == slots || counted == Words.DOUBT && !text.isUsual());
        });
    }
}
