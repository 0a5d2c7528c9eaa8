package org.dvm.core.finding;

import static org.assertj.core.api.Assertions.assertThat;

import org.dvm.core.jar.ArchiveRule;
import org.junit.jupiter.api.Test;

class FindingTest {
    @Test
    void isOneLineOnWhichNoNameCanDraw() {
        Location hostile = new Location("a.jar", "x\u001b[2J\ndvm: all is well\u202e", null, -1, -1);

        assertThat(new Finding(ArchiveRule.MALFORMED, hostile, "t\u00f6o sh\u4e2drt\r"))
                .hasToString("MALFORMED at a.jar: x\\u001b[2J\\u000advm: all is well\\u202e: t\u00f6o sh\u4e2drt\\u000d"
                        + " [APPNOTE 4.3]");
    }

    @Test
    void ofAnArchiveNamesNoClass() {
        assertThat(new Finding(ArchiveRule.MALFORMED, new Location("a.jar", null, null, -1, -1), "no archive"))
                .hasToString("MALFORMED at a.jar: no archive [APPNOTE 4.3]");
    }
}
