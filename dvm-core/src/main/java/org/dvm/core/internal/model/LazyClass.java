package org.dvm.core.internal.model;

import org.dvm.core.classfile.RawClass;
import proguard.classfile.ProgramClass;
import proguard.classfile.attribute.Attribute;
import proguard.classfile.attribute.visitor.AttributeVisitor;

/** A class whose attributes are read when a visitor asks for them. */
@SuppressWarnings("serial") // serializable by inheritance only: nobody writes a model with Java's serialization
final class LazyClass extends ProgramClass {
    private final RawClass raw;

    LazyClass(RawClass raw) {
        this.raw = raw;
        u2attributesCount = raw.attributes().length;
        attributes = new Attribute[u2attributesCount];
    }

    private void fill() {
        if (attributes.length > 0 && attributes[0] == null) {
            RawClass.Attribute[] found = raw.attributes();
            for (int i = found.length - 1; i >= 0; i--) {
                attributes[i] = AttributeReader.ofClass(raw, this, found[i]);
            }
        }
    }

    @Override
    public void attributesAccept(AttributeVisitor visitor) {
        fill();
        super.attributesAccept(visitor);
    }

    @Override
    public void attributeAccept(String name, AttributeVisitor visitor) {
        fill();
        super.attributeAccept(name, visitor);
    }
}
