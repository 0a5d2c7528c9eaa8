package org.dvm.core.jar;

import org.dvm.core.finding.LinkError;
import org.dvm.core.finding.Rule;
import org.dvm.core.finding.Severity;

/** The rules for archives. */
public enum ArchiveRule implements Rule {
    /** The file is a zip archive whose directory and entries lie within it and don't overlap. */
    MALFORMED(Severity.ERROR, "APPNOTE 4.3"),
    /** An entry's data unpack to the size and checksum that were declared. */
    CORRUPT_ENTRY(Severity.ERROR, "APPNOTE 4.4"),
    /** No two entries have the same name. */
    DUPLICATE_ENTRY(Severity.ERROR, "JAR File Specification"),
    /** Names are relative paths in UTF-8 that don't lead outside, and directories are empty. */
    ENTRY_NAME(Severity.ERROR, "APPNOTE 4.4.17"),
    /** Entries are stored or deflated, and not encrypted. */
    UNSUPPORTED_ENTRY(Severity.ERROR, "JAR File Specification"),
    /** The archive keeps within the limits. */
    LIMIT_EXCEEDED(Severity.ERROR, "DVM limits"),
    /** A class that a filter adds doesn't take another's place. */
    EXTRA_CLASS_COLLISION(Severity.ERROR, "DVM pipeline"),
    /** A module descriptor can take a further {@code requires}. */
    MODULE_DESCRIPTOR(Severity.ERROR, "JVMS 4.7.25"),
    /** A class or nested archive that failed was left out, as asked for. */
    LEFT_OUT(Severity.WARNING, "DVM pipeline"),
    /** Signatures of a changed archive are void and were dropped, with the manifest's digests. */
    SIGNATURES_DROPPED(Severity.WARNING, "JAR File Specification"),
    /** Bytes in front of the first entry that are no start script were dropped, such as a starter for Windows. */
    PREAMBLE_DROPPED(Severity.WARNING, "APPNOTE 4.3"),
    /** What stands in a directory is a file or a directory; something else was not copied. */
    NO_FILE(Severity.WARNING, "DVM pipeline"),
    /** The index was dropped, since it doesn't know the classes that filters added. */
    INDEX_DROPPED(Severity.INFO, "JAR File Specification"),
    /** What readers of archives could see differently was dropped: gaps, hidden entries, bytes in front. */
    NORMALIZED(Severity.INFO, "APPNOTE 4.3"),
    /** A nested file is named like an archive but is none; it was copied as it is. */
    NOT_AN_ARCHIVE(Severity.INFO, "APPNOTE 4.3");

    private final Severity severity;
    private final String section;

    ArchiveRule(Severity severity, String section) {
        this.severity = severity;
        this.section = section;
    }

    @Override
    public String section() {
        return section;
    }

    @Override
    public Severity severity() {
        return severity;
    }

    @Override
    public LinkError error() {
        return severity == Severity.ERROR ? LinkError.CLASS_FORMAT : LinkError.NONE;
    }
}
