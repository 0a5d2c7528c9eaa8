package org.dvm.core.internal.model;

import java.util.Arrays;
import org.dvm.core.classfile.RawClass;
import org.jspecify.annotations.Nullable;
import proguard.classfile.Clazz;
import proguard.classfile.Method;
import proguard.classfile.attribute.Attribute;
import proguard.classfile.attribute.CodeAttribute;
import proguard.classfile.attribute.ExceptionInfo;
import proguard.classfile.attribute.visitor.AttributeVisitor;

/** A method's code; its tables are read when a visitor asks for them. */
@SuppressWarnings("serial") // serializable by inheritance only: nobody writes a model with Java's serialization
final class LazyCode extends CodeAttribute {
    private final RawClass raw;
    private final int[] offsets;

    private LazyCode(RawClass raw, int nameIndex, int content, int codeLength, int[] offsets) {
        super(nameIndex);
        this.raw = raw;
        this.offsets = offsets;
        u2maxStack = raw.u2(content);
        u2maxLocals = raw.u2(content + 2);
        u4codeLength = codeLength;
        int start = content + 8;
        code = Arrays.copyOfRange(raw.bytes(), start, start + codeLength);
        u2exceptionTableLength = raw.u2(start + codeLength);
        exceptionTable = new ExceptionInfo[u2exceptionTableLength];
        for (int i = 0, at = start + codeLength + 2; i < exceptionTable.length; i++, at += 8) {
            exceptionTable[i] = new ExceptionInfo(raw.u2(at), raw.u2(at + 2), raw.u2(at + 4), raw.u2(at + 6));
        }
        u2attributesCount = offsets.length;
        attributes = new Attribute[offsets.length];
    }

    /** Returns the code, or null if its parts don't fill the attribute exactly. */
    static @Nullable LazyCode of(RawClass raw, RawClass.Attribute attribute) {
        int end = attribute.offset() + attribute.length();
        if (attribute.length() < 12) {
            return null;
        }
        int codeLength = raw.s4(attribute.offset() + 4);
        if (codeLength < 0 || codeLength > attribute.length() - 12) {
            return null;
        }
        int table = attribute.offset() + 8 + codeLength;
        int at = table + 2 + 8 * raw.u2(table);
        if (at + 2 > end) {
            return null;
        }
        int count = raw.u2(at);
        at += 2;
        if (6 * count > end - at) {
            return null;
        }
        int[] offsets = new int[count];
        for (int i = 0; i < count; i++) {
            if (end - at < 6) {
                return null;
            }
            int length = raw.s4(at + 2);
            int name = raw.u2(at);
            if (length < 0
                    || length > end - at - 6
                    || name >= raw.constantCount()
                    || raw.constantTag(name) != RawClass.UTF8) {
                return null;
            }
            offsets[i] = at;
            at += 6 + length;
        }
        return at == end ? new LazyCode(raw, attribute.nameIndex(), attribute.offset(), codeLength, offsets) : null;
    }

    @Override
    public void attributesAccept(Clazz clazz, Method method, AttributeVisitor visitor) {
        fill(clazz, method);
        super.attributesAccept(clazz, method, visitor);
    }

    @Override
    public @Nullable Attribute getAttribute(Clazz clazz, String name) {
        for (int i = 0; i < offsets.length; i++) {
            if (raw.utf8(raw.u2(offsets[i])).equals(name)) {
                return attributes[i];
            }
        }
        return null;
    }

    private void fill(Clazz clazz, Method method) {
        if (attributes.length > 0 && attributes[0] == null) {
            for (int i = offsets.length - 1; i >= 0; i--) {
                int at = offsets[i];
                RawClass.Attribute found = new RawClass.Attribute(raw.u2(at), at + 6, raw.s4(at + 2));
                attributes[i] = AttributeReader.ofCode(raw, clazz, method, this, found);
            }
        }
    }
}
