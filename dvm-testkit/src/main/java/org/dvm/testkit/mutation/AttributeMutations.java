package org.dvm.testkit.mutation;

import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.Attribute;
import org.dvm.testkit.assembly.Bytes;
import org.dvm.testkit.mutation.Places.Table;

/** Damage to attributes wherever they stand. */
final class AttributeMutations {
    private AttributeMutations() {}

    static boolean name(Surgery surgery) {
        Table table = Places.anyTable(surgery);
        if (table.attributes().isEmpty()) {
            return false;
        }
        int index = surgery.oneOf(4) ? surgery.anyConstant() : surgery.addUtf8(anyName(surgery));
        surgery.u2(any(surgery, table).offset() - 6, index);
        return true;
    }

    static boolean length(Surgery surgery) {
        Table table = Places.anyTable(surgery);
        if (table.attributes().isEmpty()) {
            return false;
        }
        Attribute attribute = any(surgery, table);
        surgery.u4(
                attribute.offset() - 4,
                surgery.oneOf(8) ? surgery.random.nextInt() : surgery.otherThan(attribute.length()));
        return true;
    }

    static boolean contentShort(Surgery surgery) {
        int offset = someShort(surgery);
        if (offset == 0) {
            return false;
        }
        surgery.u2(offset, surgery.otherThan(surgery.raw.u2(offset)));
        return true;
    }

    static boolean contentConstant(Surgery surgery) {
        int offset = someShort(surgery);
        if (offset == 0) {
            return false;
        }
        surgery.u2(offset, surgery.anyConstant());
        return true;
    }

    private static int someShort(Surgery surgery) {
        Table table = Places.anyTable(surgery);
        if (table.attributes().isEmpty()) {
            return 0;
        }
        Attribute attribute = any(surgery, table);
        if (attribute.length() < 2) {
            return 0;
        }
        int shorts = Math.min(attribute.length() / 2, surgery.oneOf(2) ? 8 : Integer.MAX_VALUE);
        return attribute.offset() + 2 * surgery.below(shorts);
    }

    /** Takes bytes out of the content or puts some in, and keeps the lengths around it right. */
    static boolean resize(Surgery surgery) {
        Table table = Places.anyTable(surgery);
        if (table.attributes().isEmpty()) {
            return false;
        }
        Attribute attribute = any(surgery, table);
        int offset = attribute.offset() + surgery.below(attribute.length() + 1);
        int delta = 1 + surgery.below(4);
        if (surgery.oneOf(2) && offset + delta <= attribute.offset() + attribute.length()) {
            surgery.replace(offset, delta, new byte[0]);
            delta = -delta;
        } else {
            surgery.insert(offset, new byte[delta]);
        }
        surgery.addToU4(attribute.offset() - 4, delta);
        grow(surgery, table, delta);
        return true;
    }

    static boolean remove(Surgery surgery) {
        Table table = Places.anyTable(surgery);
        if (table.attributes().isEmpty()) {
            return false;
        }
        remove(surgery, table, any(surgery, table));
        return true;
    }

    static void remove(Surgery surgery, Table table, Attribute attribute) {
        surgery.addToU2(table.countOffset(), -1);
        surgery.replace(attribute.offset() - 6, attribute.length() + 6, new byte[0]);
        grow(surgery, table, -attribute.length() - 6);
    }

    static boolean duplicate(Surgery surgery) {
        Table table = Places.anyTable(surgery);
        if (table.attributes().isEmpty()) {
            return false;
        }
        append(surgery, table, copy(surgery, any(surgery, table)));
        return true;
    }

    static boolean move(Surgery surgery) {
        Table from = Places.anyTable(surgery);
        if (from.attributes().isEmpty()) {
            return false;
        }
        append(surgery, Places.anyTable(surgery), copy(surgery, any(surgery, from)));
        return true;
    }

    static boolean add(Surgery surgery) {
        Table table = Places.anyTable(surgery);
        Bytes content = Bytes.of();
        int shorts = surgery.below(6);
        for (int i = 0; i < shorts; i++) {
            content.u2(surgery.oneOf(2) ? surgery.below(3) : surgery.anyConstant());
        }
        int name = surgery.addUtf8(anyName(surgery));
        append(
                surgery,
                table,
                Bytes.of().u2(name).u4(content.length()).raw(content.toArray()).toArray());
        return true;
    }

    /** Adds an attribute of some kind that is sound in itself, wherever it may belong. */
    static boolean addSound(Surgery surgery) {
        Table table = Places.anyTable(surgery);
        append(surgery, table, new SoundAttributes(surgery).any());
        return true;
    }

    /** Puts a sound attribute of the same name in the place of one. */
    static boolean replaceBySound(Surgery surgery) {
        Table table = Places.anyTable(surgery);
        if (table.attributes().isEmpty()) {
            return false;
        }
        Attribute attribute = any(surgery, table);
        for (String name : SoundAttributes.NAMES) {
            if (!name.equals("Code") && named(surgery.raw, attribute, name)) {
                byte[] replacement = new SoundAttributes(surgery).of(name);
                surgery.replace(attribute.offset() - 6, attribute.length() + 6, replacement);
                grow(surgery, table, replacement.length - attribute.length() - 6);
                return true;
            }
        }
        return false;
    }

    private static String anyName(Surgery surgery) {
        int index = surgery.below(SoundAttributes.NAMES.length + 1);
        return index == SoundAttributes.NAMES.length ? "Unknown" : SoundAttributes.NAMES[index];
    }

    static void append(Surgery surgery, Table table, byte[] attribute) {
        surgery.addToU2(table.countOffset(), 1);
        surgery.insert(table.end(), attribute);
        grow(surgery, table, attribute.length);
    }

    static void grow(Surgery surgery, Table table, int delta) {
        if (table.enclosing() != 0) {
            surgery.addToU4(table.enclosing() - 4, delta);
        }
    }

    private static byte[] copy(Surgery surgery, Attribute attribute) {
        return surgery.copy(attribute.offset() - 6, attribute.offset() + attribute.length());
    }

    private static Attribute any(Surgery surgery, Table table) {
        return table.attributes().get(surgery.below(table.attributes().size()));
    }

    static boolean named(RawClass raw, Attribute attribute, String name) {
        return attribute.nameIndex() < raw.constantCount()
                && raw.constantTag(attribute.nameIndex()) == RawClass.UTF8
                && raw.utf8(attribute.nameIndex()).equals(name);
    }
}
