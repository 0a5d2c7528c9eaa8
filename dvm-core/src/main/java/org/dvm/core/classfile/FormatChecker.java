package org.dvm.core.classfile;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Set;
import org.dvm.core.classfile.RawClass.ClassFormatException;
import org.dvm.core.finding.Finding;
import org.dvm.core.finding.Location;
import org.dvm.core.finding.Rule;
import org.jspecify.annotations.Nullable;

/**
 * The format check: phase 1 of verification, on the raw bytes, before anything else sees them.
 *
 * <p>It accepts and refuses what HotSpot's class file parser accepts and refuses, so that nothing passes here that a JVM
 * would understand differently: what a JVM ignores - unknown attributes, attributes in the wrong place or of a later
 * version, the content of annotations - is ignored. Supertypes aren't looked at. The first finding carries the error that
 * HotSpot would raise, and findings come in the order in which HotSpot reads; after 50 it stops collecting.
 *
 * <p>Time and memory are linear in the size of the class file, whatever it holds.
 *
 * <p><b>Threads:</b> stateless.
 *
 * @jvms 4.8
 */
public final class FormatChecker {
    private static final int MAGIC = 0xCAFEBABE;

    /** Rules of the header that a JVM checks when it has loaded the superinterfaces. */
    private static final Set<Rule> BEHIND_SUPERTYPES = Set.of(FormatRule.DUPLICATE_INTERFACE, FormatRule.ROOT);

    private FormatChecker() {}

    /**
     * Maps and checks a class file by the rules of the newest JVM.
     *
     * @throws ClassFormatException with all findings if a JVM would refuse it
     */
    public static RawClass read(byte[] bytes) throws ClassFormatException {
        return read(bytes, JvmRelease.NEWEST);
    }

    /**
     * Maps and checks a class file.
     *
     * @param bytes the whole class file; kept, not copied
     * @param release the JVM by whose rules to judge
     * @throws ClassFormatException with all findings if that JVM would refuse it
     */
    public static RawClass read(byte[] bytes, JvmRelease release) throws ClassFormatException {
        RawClass raw = map(bytes, release);
        List<Finding> findings = check(raw, release);
        if (!findings.isEmpty()) {
            throw new ClassFormatException(findings, headerBefore(findings.get(0), raw));
        }
        return raw;
    }

    /** Returns the class with the superinterfaces that a JVM has loaded when it comes to a finding; null if none. */
    private static @Nullable RawClass headerBefore(Finding finding, RawClass raw) {
        int intoInterfaces = finding.location().offset() - raw.constantPoolEnd() - 8;
        if (BEHIND_SUPERTYPES.contains(finding.rule()) || intoInterfaces >= 2 * raw.interfaceCount()) {
            return raw;
        }
        return intoInterfaces >= 2 ? raw.withInterfaces(intoInterfaces / 2) : null;
    }

    /** Returns all that is wrong with bytes that should be a class file; an empty list where a JVM would accept them. */
    public static List<Finding> examine(byte[] bytes, JvmRelease release) {
        try {
            return check(map(bytes, release), release);
        } catch (ClassFormatException e) {
            return e.findings();
        }
    }

    /** Returns all that is wrong with a class file's format; an empty list where the newest JVM would accept it. */
    public static List<Finding> check(RawClass raw) {
        return check(raw, JvmRelease.NEWEST);
    }

    /** Returns all that is wrong with a class file's format; an empty list where that JVM would accept it. */
    public static List<Finding> check(RawClass raw, JvmRelease release) {
        requireNonNull(release, "release");
        return ClassChecks.check(raw, release);
    }

    /**
     * Maps and checks a module descriptor ({@code module-info.class}), which no JVM loads as a class. What the JDK's own
     * reader demands beyond the specification - that services have names of Java - isn't asked.
     *
     * @param bytes the whole class file; kept, not copied
     * @throws ClassFormatException with all findings if it isn't one
     * @jvms 4.7.25
     */
    public static RawClass readModule(byte[] bytes) throws ClassFormatException {
        RawClass raw = RawClass.parse(bytes);
        List<Finding> findings = new ModuleChecks(raw).check();
        if (!findings.isEmpty()) {
            throw new ClassFormatException(findings);
        }
        return raw;
    }

    /** Returns whether a class file says that it is a module descriptor. */
    public static boolean isModule(RawClass raw) {
        return ClassChecks.isModule(raw.majorVersion(), raw.accessFlags());
    }

    /** Maps the class file; if that fails, finds what a JVM would complain of before it came to that place. */
    private static RawClass map(byte[] bytes, JvmRelease release) throws ClassFormatException {
        requireNonNull(release, "release");
        StructureParser parser = new StructureParser(bytes);
        try {
            return parser.parse();
        } catch (ClassFormatException e) {
            Finding version = refusedVersion(bytes, release);
            if (version != null) {
                throw new ClassFormatException(List.of(version));
            }
            RawClass prefix = parser.prefix();
            if (prefix == null) {
                throw e;
            }
            FormatReport report = ClassChecks.checkPrefix(prefix, parser.hasHeader(), release);
            e.findings().forEach(report::add);
            List<Finding> findings = report.findings();
            throw new ClassFormatException(findings, parser.hasHeader() ? headerBefore(findings.get(0), prefix) : null);
        }
    }

    /** Returns the finding if the bytes start like a class file of a version that the JVM refuses. */
    private static @Nullable Finding refusedVersion(byte[] bytes, JvmRelease release) {
        if (bytes.length < 8 || (u2(bytes, 0) << 16 | u2(bytes, 2)) != MAGIC) {
            return null;
        }
        int minor = u2(bytes, 4);
        int major = u2(bytes, 6);
        return release.accepts(major, minor)
                ? null
                : new Finding(FormatRule.VERSION, Location.ofOffset(null, 4), release.whyRefused(major, minor));
    }

    private static int u2(byte[] bytes, int offset) {
        return (bytes[offset] & 0xff) << 8 | bytes[offset + 1] & 0xff;
    }
}
