package org.dvm.core.classfile;

import static org.dvm.core.classfile.FormatReport.quoted;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.dvm.core.finding.Finding;
import org.jspecify.annotations.Nullable;

/**
 * Checks one class file in the order in which HotSpot reads it.
 *
 * @jvms 4.1
 */
final class ClassChecks {
    static final int PUBLIC = 0x0001;
    static final int PRIVATE = 0x0002;
    static final int PROTECTED = 0x0004;
    static final int STATIC = 0x0008;
    static final int FINAL = 0x0010;
    static final int SUPER = 0x0020;
    static final int INTERFACE = 0x0200;
    static final int ABSTRACT = 0x0400;
    static final int SYNTHETIC = 0x1000;
    static final int ANNOTATION = 0x2000;
    static final int ENUM = 0x4000;
    static final int MODULE = 0x8000;

    private static final int RECOGNIZED = PUBLIC | FINAL | SUPER | INTERFACE | ABSTRACT | SYNTHETIC | ANNOTATION | ENUM;
    private static final int MAJOR_OF_JAVA_5 = 49;
    private static final int MAJOR_OF_JAVA_6 = 50;
    private static final int MAJOR_OF_JAVA_9 = 53;
    private static final byte[] OBJECT = {'j', 'a', 'v', 'a', '/', 'l', 'a', 'n', 'g', '/', 'O', 'b', 'j', 'e', 'c', 't'
    };

    /** With assertions on, as in tests, every class is also checked in order. */
    private static final boolean CHECKED_TWICE = ClassChecks.class.desiredAssertionStatus();

    private final RawClass raw;
    private final JvmRelease release;
    private final int majorVersion;
    private final FormatReport report;
    private final ConstantFacts constants;
    private final ConstantChecks constantChecks;

    private ClassChecks(RawClass raw, JvmRelease release, FormatReport report) {
        this.raw = raw;
        this.release = release;
        this.report = report;
        this.majorVersion = raw.majorVersion();
        this.constants = new ConstantFacts(raw, release);
        this.constantChecks = new ConstantChecks(raw, constants, release, report);
    }

    /**
     * Returns what is wrong with a class file.
     *
     * <p>Most likely nothing is, so the first check only asks whether there is anything. It takes the constant pool in
     * the order that is quickest, and texts last: most of them have been looked at by then, as names. If it has doubts,
     * the second one goes through the file in HotSpot's order.
     */
    static List<Finding> check(RawClass raw, JvmRelease release) {
        ClassChecks quick = new ClassChecks(raw, release, FormatReport.ofFirst());
        if (quick.check() && quick.report.isEmpty() && quick.constants.areTextsLegal()) {
            if (CHECKED_TWICE && !inOrder(raw, release).isEmpty()) {
                throw new InternalError("the quick check has overlooked " + inOrder(raw, release));
            }
            return List.of();
        }
        return inOrder(raw, release);
    }

    private static List<Finding> inOrder(RawClass raw, JvmRelease release) {
        ClassChecks checks = new ClassChecks(raw, release, FormatReport.ofAll());
        checks.check();
        return checks.report.findings();
    }

    /**
     * Returns what is wrong before the members, in a class file whose rest couldn't be mapped.
     *
     * @param hasHeader whether superinterfaces could be, at least the first; else only what is before {@code this_class}
     */
    static FormatReport checkPrefix(RawClass raw, boolean hasHeader, JvmRelease release) {
        ClassChecks checks = new ClassChecks(raw, release, FormatReport.ofAll());
        if (checks.checkVersion() && checks.checkConstantsAndFlags() && hasHeader) {
            checks.checkSupertypes(raw.constantPoolEnd());
        }
        return checks.report;
    }

    /** Returns whether the check came to the end. */
    private boolean check() {
        int flags = raw.constantPoolEnd();
        report.enterClass(raw);
        if (!checkVersion() || !checkConstantsAndFlags()) {
            return false;
        }
        checkSupertypes(flags);
        int classFlags = effectiveFlags(raw.accessFlags());
        new MemberChecks(raw, constants, report, classFlags).check();
        new ClassAttributeChecks(raw, constants, report, classFlags).check(constantChecks.highestBootstrapMethod());
        checkObjectAbove(flags + 4);
        return true;
    }

    private boolean checkVersion() {
        int minorVersion = raw.minorVersion();
        if (release.accepts(majorVersion, minorVersion)) {
            return true;
        }
        report.add(FormatRule.VERSION, 4, release.whyRefused(majorVersion, minorVersion));
        return false;
    }

    /** Returns whether all is well enough for further checks, which rely on the constants. */
    private boolean checkConstantsAndFlags() {
        if (!report.isOfAll()) {
            checkFlags();
            return constantChecks.isSound() && !isModule(majorVersion, raw.accessFlags());
        }
        constantChecks.reportReferences();
        int moduleConstant = constantChecks.moduleConstant();
        if (moduleConstant != 0) {
            report.keepOnly(FormatRule.UTF8, FormatRule.CONSTANT_VERSION); // HotSpot follows no references here
        } else if (report.isEmpty()) {
            constantChecks.reportNames();
        }
        if (!report.isEmpty()) {
            return false;
        }
        checkFlags();
        if (moduleConstant != 0) {
            report.add(
                    FormatRule.CONSTANT_TAG,
                    raw.constantOffset(moduleConstant),
                    "constant " + moduleConstant + " has the tag " + raw.constantTag(moduleConstant)
                            + ", which only module descriptors have");
        }
        return moduleConstant == 0 && !isModule(majorVersion, raw.accessFlags());
    }

    static boolean isModule(int majorVersion, int flags) {
        return majorVersion >= MAJOR_OF_JAVA_9 && (flags & MODULE) != 0;
    }

    private void checkFlags() {
        int offset = raw.constantPoolEnd();
        if (isModule(majorVersion, raw.accessFlags())) {
            report.add(
                    FormatRule.MODULE_AS_CLASS, offset, "ACC_MODULE is set: this is a module descriptor, not a class");
            return;
        }
        String fault = faultOf(effectiveFlags(raw.accessFlags()), majorVersion);
        if (fault != null) {
            report.add(
                    FormatRule.CLASS_FLAGS,
                    offset,
                    "class flags 0x" + Integer.toHexString(raw.accessFlags()) + ": " + fault);
        }
    }

    private int effectiveFlags(int flags) {
        return effectiveFlags(flags & RECOGNIZED, majorVersion);
    }

    /** Returns flags of a class or inner class with what old compilers left out. */
    static int effectiveFlags(int flags, int majorVersion) {
        return (flags & INTERFACE) != 0 && majorVersion < MAJOR_OF_JAVA_6 ? flags | ABSTRACT : flags;
    }

    /** Returns what is wrong with flags of a class or inner class, null if nothing. */
    static @Nullable String faultOf(int flags, int majorVersion) {
        boolean since5 = majorVersion >= MAJOR_OF_JAVA_5;
        if ((flags & ABSTRACT) != 0 && (flags & FINAL) != 0) {
            return "final and abstract";
        }
        if ((flags & INTERFACE) == 0) {
            return since5 && (flags & ANNOTATION) != 0 ? "an annotation that is no interface" : null;
        }
        if ((flags & ABSTRACT) == 0) {
            return "an interface that isn't abstract";
        }
        return since5 && (flags & (SUPER | ENUM)) != 0 ? "an interface with ACC_SUPER or ACC_ENUM" : null;
    }

    private void checkSupertypes(int flagsOffset) {
        checkThisClass(flagsOffset + 2);
        checkSuperClass(flagsOffset + 4);
        checkInterfaces(flagsOffset + 6);
    }

    private void checkThisClass(int offset) {
        int index = raw.u2(offset);
        if (isArray(index)) {
            report.add(FormatRule.THIS_CLASS, offset, "this_class names an array type: " + quoted(raw.name(index)));
        }
    }

    private void checkSuperClass(int offset) {
        int index = raw.u2(offset);
        if (index == 0) {
            if (!isObject(raw.u2(offset - 2))) {
                report.add(FormatRule.SUPER_CLASS, offset, "super_class is 0, which only java/lang/Object may have");
            }
        } else if (isArray(index)) {
            report.add(FormatRule.SUPER_CLASS, offset, "super_class is an array type: " + quoted(raw.name(index)));
        }
    }

    private void checkInterfaces(int countOffset) {
        int count = raw.interfaceCount();
        for (int i = 0; i < count; i++) {
            int index = raw.interfaceConstant(i);
            if (isArray(index)) {
                report.add(
                        FormatRule.INTERFACES,
                        countOffset + 2 + 2 * i,
                        "an interface is an array type: " + quoted(raw.name(index)));
            }
        }
        if (count > 1) {
            checkNoInterfaceTwice(countOffset, count);
        }
    }

    private void checkNoInterfaceTwice(int countOffset, int count) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < count; i++) {
            String name = raw.interfaceName(i);
            if (!seen.add(name)) {
                report.add(
                        FormatRule.DUPLICATE_INTERFACE,
                        countOffset + 2 + 2 * i,
                        "the interface " + quoted(name) + " stands twice in the list");
                return;
            }
        }
    }

    /** HotSpot checks this last, just before it looks for the superclass. */
    private void checkObjectAbove(int offset) {
        int index = raw.u2(offset);
        boolean isInterface = (raw.accessFlags() & INTERFACE) != 0;
        if (isInterface && index != 0 && !isObject(index)) {
            report.add(
                    FormatRule.ROOT,
                    offset,
                    "an interface must have java/lang/Object as its superclass, not " + quoted(raw.name(index)));
        }
        if (raw.interfaceCount() > 0 && isObject(raw.u2(offset - 2))) {
            report.add(FormatRule.ROOT, offset + 2, "java/lang/Object can't implement an interface");
        }
    }

    private boolean isArray(int classConstant) {
        return constants.startsWith(raw.u2(raw.constantOffset(classConstant) + 1), '[');
    }

    private boolean isObject(int classConstant) {
        return raw.utf8Equals(raw.u2(raw.constantOffset(classConstant) + 1), OBJECT);
    }
}
