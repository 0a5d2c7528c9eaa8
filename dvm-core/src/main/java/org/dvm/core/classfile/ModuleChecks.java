package org.dvm.core.classfile;

import java.util.List;
import org.dvm.core.classfile.RawClass.Attribute;
import org.dvm.core.finding.Finding;
import org.jspecify.annotations.Nullable;

/**
 * Checks a module descriptor.
 *
 * @jvms 4.1
 * @jvms 4.7.25
 */
final class ModuleChecks {
    private static final long ONCE = AttributeName.bit(AttributeName.MODULE)
            | AttributeName.bit(AttributeName.MODULE_PACKAGES)
            | AttributeName.bit(AttributeName.MODULE_MAIN_CLASS)
            | AttributeName.bit(AttributeName.SOURCE_FILE)
            | AttributeName.bit(AttributeName.SOURCE_DEBUG_EXTENSION)
            | AttributeName.bit(AttributeName.INNER_CLASSES);

    /** Attributes besides those of modules that may stand in a descriptor: annotations, and what tools read. */
    private static final long ALLOWED = AttributeName.bit(AttributeName.SOURCE_DEBUG_EXTENSION)
            | AttributeName.bit(AttributeName.INNER_CLASSES)
            | AttributeName.bit(AttributeName.RUNTIME_VISIBLE_ANNOTATIONS)
            | AttributeName.bit(AttributeName.RUNTIME_INVISIBLE_ANNOTATIONS);

    private final RawClass raw;
    private final FormatReport report = FormatReport.ofAll();
    private final ConstantFacts constants;
    private final ConstantChecks constantChecks;
    private final AttributeChecks attributeChecks;

    ModuleChecks(RawClass raw) {
        this.raw = raw;
        this.constants = new ConstantFacts(raw, JvmRelease.NEWEST);
        this.constantChecks = new ConstantChecks(raw, constants, JvmRelease.NEWEST, report);
        this.attributeChecks = new AttributeChecks(raw, constants, report);
    }

    List<Finding> check() {
        report.enterClass(raw);
        JvmRelease release = JvmRelease.NEWEST;
        if (!release.accepts(raw.majorVersion(), raw.minorVersion())) {
            report.add(FormatRule.VERSION, 4, release.whyRefused(raw.majorVersion(), raw.minorVersion()));
            return report.findings();
        }
        constantChecks.reportReferences();
        if (report.isEmpty()) {
            constantChecks.reportNames();
            checkModuleNames();
        }
        if (report.isEmpty()) {
            checkHeader();
            checkAttributes();
        }
        return report.findings();
    }

    private void checkModuleNames() {
        for (int i = 1; i < raw.constantCount(); i++) {
            int tag = raw.constantTag(i);
            boolean legal = tag == RawClass.MODULE && isModuleName(raw.name(i))
                    || tag == RawClass.PACKAGE && isPackageName(raw.name(i));
            if ((tag == RawClass.MODULE || tag == RawClass.PACKAGE) && !legal) {
                report.add(
                        FormatRule.MODULE_NAME,
                        raw.constantOffset(i),
                        "constant " + i + " names no module or package: " + FormatReport.quoted(raw.name(i)));
            }
        }
    }

    private static boolean isModuleName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean escaped = c == '\\' && i + 1 < name.length() && "\\:@".indexOf(name.charAt(i + 1)) >= 0;
            if (c < ' ' || "\\:@".indexOf(c) >= 0 && !escaped) {
                return false;
            }
            i += escaped ? 1 : 0;
        }
        return !name.isEmpty();
    }

    private static boolean isPackageName(String name) {
        return !name.isEmpty()
                && name.chars().noneMatch(c -> c == '.' || c == ';' || c == '[')
                && !name.startsWith("/")
                && !name.endsWith("/")
                && !name.contains("//");
    }

    private void checkHeader() {
        int offset = raw.constantPoolEnd();
        if (raw.accessFlags() != ClassChecks.MODULE || !FormatChecker.isModule(raw)) {
            report.add(
                    FormatRule.MODULE,
                    offset,
                    "a module descriptor has version 53 or later and just the flag ACC_MODULE, not 0x"
                            + Integer.toHexString(raw.accessFlags()) + " in version " + raw.majorVersion());
        }
        if (!raw.className().equals("module-info")) {
            report.add(FormatRule.MODULE, offset + 2, "a module descriptor is called module-info");
        }
        if (raw.u2(offset + 4) != 0 || raw.interfaceCount() + raw.fieldCount() + raw.methodCount() != 0) {
            report.add(
                    FormatRule.MODULE,
                    offset + 4,
                    "a module descriptor has no superclass, interfaces, fields and methods");
        }
    }

    private void checkAttributes() {
        ModuleTables tables = new ModuleTables(raw, constants);
        long seen = 0;
        for (Attribute attribute : raw.attributes()) {
            int name = constants.attributeName(attribute.nameIndex());
            if ((ONCE & seen & AttributeName.bit(name)) != 0) {
                attributeChecks.reportSecond(attribute, name);
            }
            seen |= AttributeName.bit(name);
            switch (name) {
                case AttributeName.MODULE:
                    report(attribute, name, tables.faultOfModule(attribute));
                    break;
                case AttributeName.MODULE_PACKAGES:
                    report(attribute, name, tables.faultOfPackages(attribute));
                    break;
                case AttributeName.MODULE_MAIN_CLASS:
                    report(attribute, name, tables.faultOfMainClass(attribute));
                    break;
                case AttributeName.SOURCE_FILE:
                    attributeChecks.checkUtf8Reference(attribute, AttributeName.SOURCE_FILE);
                    break;
                default:
                    report(attribute, name, isAllowed(name) ? null : "it has no place in a module descriptor");
            }
        }
        if ((seen & AttributeName.bit(AttributeName.MODULE)) == 0) {
            report.add(FormatRule.MODULE, raw.constantPoolEnd(), "a module descriptor has a Module attribute");
        }
        String missing = tables.missingPackage();
        if ((seen & AttributeName.bit(AttributeName.MODULE_PACKAGES)) != 0 && missing != null) {
            report.add(
                    FormatRule.MODULE,
                    raw.constantPoolEnd(),
                    "ModulePackages lacks the package " + FormatReport.quoted(missing));
        }
    }

    private static boolean isAllowed(int name) {
        return name == AttributeName.UNKNOWN || (ALLOWED & AttributeName.bit(name)) != 0;
    }

    private void report(Attribute attribute, int name, @Nullable String fault) {
        if (fault != null) {
            report.add(FormatRule.MODULE, attribute.offset(), AttributeName.text(name) + ": " + fault);
        }
    }
}
