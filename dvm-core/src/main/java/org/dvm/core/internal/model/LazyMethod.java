package org.dvm.core.internal.model;

import org.dvm.core.classfile.RawClass;
import proguard.classfile.ProgramClass;
import proguard.classfile.ProgramMethod;
import proguard.classfile.attribute.Attribute;
import proguard.classfile.attribute.visitor.AttributeVisitor;

/** A method whose attributes are read when a visitor asks for them. */
@SuppressWarnings("serial") // serializable by inheritance only: nobody writes a model with Java's serialization
final class LazyMethod extends ProgramMethod {
    private final RawClass raw;
    private final RawClass.Member member;

    LazyMethod(RawClass raw, RawClass.Member member) {
        this.raw = raw;
        this.member = member;
        u2accessFlags = raw.u2(member.offset());
        u2nameIndex = raw.u2(member.offset() + 2);
        u2descriptorIndex = raw.u2(member.offset() + 4);
        u2attributesCount = member.attributes().length;
        attributes = new Attribute[u2attributesCount];
    }

    @Override
    public void attributesAccept(ProgramClass programClass, AttributeVisitor visitor) {
        if (attributes.length > 0 && attributes[0] == null) {
            RawClass.Attribute[] found = member.attributes();
            for (int i = found.length - 1; i >= 0; i--) {
                attributes[i] = AttributeReader.ofMethod(raw, programClass, this, found[i]);
            }
        }
        super.attributesAccept(programClass, visitor);
    }
}
