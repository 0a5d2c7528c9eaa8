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
            | AttributeName.bit(AttributeName.INNER_CLASSES);

    private final RawClass raw;
    private final FormatReport report = FormatReport.ofAll();
    private final ConstantFacts constants;
    private final ConstantChecks constantChecks;
    private final AttributeChecks attributeChecks;

    ModuleChecks(RawClass raw) {
        this.raw = raw;
        this.constants = new ConstantFacts(raw);
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
        long seen = 0;
        for (Attribute attribute : raw.attributes()) {
            int name = constants.attributeName(attribute.nameIndex());
            if ((ONCE & seen & AttributeName.bit(name)) != 0) {
                attributeChecks.reportSecond(attribute, name);
            }
            seen |= AttributeName.bit(name);
            switch (name) {
                case AttributeName.MODULE:
                    String fault = faultOfModule(attribute);
                    if (fault != null) {
                        report.add(FormatRule.MODULE, attribute.offset(), fault);
                    }
                    break;
                case AttributeName.MODULE_PACKAGES:
                    checkIndices(attribute, name, RawClass.PACKAGE);
                    break;
                case AttributeName.MODULE_MAIN_CLASS:
                    if (attribute.length() != 2) {
                        attributeChecks.reportLength(attribute, "ModuleMainClass", "2");
                    } else if (!constants.hasTag(raw.u2(attribute.offset()), RawClass.CLASS)) {
                        report.add(FormatRule.MODULE, attribute.offset(), "the main class is no class");
                    }
                    break;
                case AttributeName.SOURCE_FILE:
                    attributeChecks.checkUtf8Reference(attribute, AttributeName.SOURCE_FILE);
                    break;
                default:
                    break; // annotations and what only tools read
            }
        }
        if ((seen & AttributeName.bit(AttributeName.MODULE)) == 0) {
            report.add(FormatRule.MODULE, raw.constantPoolEnd(), "a module descriptor has a Module attribute");
        }
    }

    private void checkIndices(Attribute attribute, int name, int tag) {
        Cursor cursor = new Cursor(attribute);
        cursor.list(tag);
        if (cursor.fault() != null) {
            report.add(FormatRule.MODULE, attribute.offset(), AttributeName.text(name) + ": " + cursor.fault());
        }
    }

    private @Nullable String faultOfModule(Attribute attribute) {
        Cursor cursor = new Cursor(attribute);
        cursor.constant(RawClass.MODULE);
        cursor.number();
        cursor.constantOrZero(RawClass.UTF8);
        for (int requires = cursor.number(); requires > 0 && cursor.isFine(); requires--) {
            cursor.constant(RawClass.MODULE);
            cursor.number();
            cursor.constantOrZero(RawClass.UTF8);
        }
        for (int table = 0; table < 2; table++) { // exports, opens
            for (int count = cursor.number(); count > 0 && cursor.isFine(); count--) {
                cursor.constant(RawClass.PACKAGE);
                cursor.number();
                cursor.listPart(RawClass.MODULE);
            }
        }
        cursor.listPart(RawClass.CLASS); // uses
        for (int provides = cursor.number(); provides > 0 && cursor.isFine(); provides--) {
            cursor.constant(RawClass.CLASS);
            cursor.listPart(RawClass.CLASS);
        }
        cursor.end();
        return cursor.fault();
    }

    /** Reads the content of one attribute, and remembers the first thing that is wrong with it. */
    private final class Cursor {
        private final int end;
        private int at;
        private @Nullable String fault;

        Cursor(Attribute attribute) {
            at = attribute.offset();
            end = at + attribute.length();
        }

        int number() {
            if (fault != null || end - at < 2) {
                fault = fault == null ? "it is too short" : fault;
                return 0;
            }
            at += 2;
            return raw.u2(at - 2);
        }

        void constant(int tag) {
            int index = number();
            if (fault == null && !constants.hasTag(index, tag)) {
                fault = "at " + (at - 2) + " it refers to " + constants.described(index) + " instead of tag " + tag;
            }
        }

        void constantOrZero(int tag) {
            if (end - at >= 2 && raw.u2(at) == 0) {
                at += 2;
            } else {
                constant(tag);
            }
        }

        void listPart(int tag) {
            for (int count = number(); count > 0 && fault == null; count--) {
                constant(tag);
            }
        }

        void list(int tag) {
            listPart(tag);
            end();
        }

        void end() {
            if (fault == null && at != end) {
                fault = "it is longer than its content";
            }
        }

        boolean isFine() {
            return fault == null;
        }

        @Nullable
        String fault() {
            return fault;
        }
    }
}
