package org.dvm.core.classfile;

import org.dvm.core.finding.LinkError;
import org.dvm.core.finding.Rule;
import org.dvm.core.finding.Severity;

/**
 * The rules of the class file format.
 *
 * @jvms 4.8
 */
public enum FormatRule implements Rule {
    /** The file starts with 0xCAFEBABE. */
    MAGIC("4.1"),
    /** Every item lies within the file. */
    TRUNCATED("4.8"),
    /** Nothing follows the last attribute. */
    EXTRA_BYTES("4.8"),
    /** Every constant has a known tag. */
    CONSTANT_TAG("4.4"),
    /** A member's or attribute's name is a Utf8 constant. */
    NAME_CONSTANT("4.1");

    private final String section;

    FormatRule(String section) {
        this.section = section;
    }

    @Override
    public String section() {
        return "JVMS " + section;
    }

    @Override
    public Severity severity() {
        return Severity.ERROR;
    }

    @Override
    public LinkError error() {
        return LinkError.CLASS_FORMAT;
    }
}
