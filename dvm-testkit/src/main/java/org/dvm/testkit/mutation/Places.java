package org.dvm.testkit.mutation;

import java.util.ArrayList;
import java.util.List;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.Attribute;
import org.dvm.core.classfile.RawClass.Member;

/** Finds attribute tables and attributes wherever they stand. */
final class Places {
    /**
     * A table of attributes.
     *
     * @param countOffset the offset of {@code attributes_count}
     * @param enclosing the offset of the content of the attribute around it; 0 where there is none
     */
    record Table(int countOffset, int enclosing, List<Attribute> attributes) {
        int end() {
            if (attributes.isEmpty()) {
                return countOffset + 2;
            }
            Attribute last = attributes.get(attributes.size() - 1);
            return last.offset() + last.length();
        }
    }

    private Places() {}

    /** Returns some table of attributes: of the class, a field, a method or code. */
    static Table anyTable(Surgery surgery) {
        RawClass raw = surgery.raw;
        List<Table> tables = new ArrayList<>();
        tables.add(classTable(raw));
        for (int i = 0; i < raw.fieldCount(); i++) {
            tables.add(table(raw, raw.field(i).offset() + 6, 0));
        }
        for (int i = 0; i < raw.methodCount(); i++) {
            Member method = raw.method(i);
            tables.add(table(raw, method.offset() + 6, 0));
            if (method.codeOffset() >= 0) {
                tables.add(codeTable(raw, method));
            }
        }
        tables.removeIf(table -> table.countOffset() + 2 > surgery.length()); // a mutant's exception table lies
        return surgery.oneOf(4) ? tables.get(0) : tables.get(surgery.below(tables.size()));
    }

    static Table classTable(RawClass raw) {
        int methods = raw.constantPoolEnd() + 8 + 2 * raw.interfaceCount();
        methods = raw.fieldCount() == 0
                ? methods + 2
                : raw.field(raw.fieldCount() - 1).end();
        int attributes = raw.methodCount() == 0
                ? methods + 2
                : raw.method(raw.methodCount() - 1).end();
        return table(raw, attributes, 0);
    }

    static Table codeTable(RawClass raw, Member method) {
        int exceptions = raw.codeStart(method) + raw.codeLength(method);
        return table(raw, exceptions + 2 + 8 * raw.u2(exceptions), method.codeOffset());
    }

    private static Table table(RawClass raw, int countOffset, int enclosing) {
        List<Attribute> attributes = new ArrayList<>();
        int length = raw.bytes().length;
        if (countOffset + 2 > length) {
            return new Table(countOffset, enclosing, attributes);
        }
        int at = countOffset + 2;
        for (int count = raw.u2(countOffset); count > 0 && at + 6 <= length; count--) {
            int size = raw.s4(at + 2);
            if (size < 0 || size > length - at - 6) {
                break; // a mutant: what was counted isn't there
            }
            attributes.add(new Attribute(raw.u2(at), at + 6, size));
            at += 6 + size;
        }
        return new Table(countOffset, enclosing, attributes);
    }
}
