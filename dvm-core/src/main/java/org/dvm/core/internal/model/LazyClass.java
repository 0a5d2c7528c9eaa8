package org.dvm.core.internal.model;

import org.dvm.core.classfile.RawClass;
import org.jspecify.annotations.Nullable;
import proguard.classfile.Clazz;
import proguard.classfile.ProgramClass;
import proguard.classfile.attribute.Attribute;
import proguard.classfile.attribute.visitor.AttributeVisitor;
import proguard.classfile.constant.Constant;
import proguard.classfile.constant.visitor.ConstantVisitor;

/**
 * A class whose constants and attributes are made when somebody asks for them.
 *
 * <p>Every method of {@code ProgramClass} that reads the constant pool is overridden to make the constant first; where
 * one constant leads to another, ProGuardCORE goes through these methods again.
 */
@SuppressWarnings("serial") // serializable by inheritance only: nobody writes a model with Java's serialization
final class LazyClass extends ProgramClass {
    private final RawClass raw;

    LazyClass(RawClass raw) {
        this.raw = raw;
        u2constantPoolCount = raw.constantCount();
        constantPool = new Constant[u2constantPoolCount];
        u2attributesCount = raw.attributes().length;
        attributes = new Attribute[u2attributesCount];
    }

    private void make(int constant) {
        if (constantPool[constant] == null) {
            int offset = raw.constantOffset(constant);
            if (offset != 0) {
                constantPool[constant] = ConstantReader.read(raw, constant, offset);
            }
        }
    }

    @Override
    public int getTag(int constant) {
        make(constant);
        return super.getTag(constant);
    }

    @Override
    public Constant getConstant(int constant) {
        make(constant);
        return super.getConstant(constant);
    }

    @Override
    public String getString(int constant) {
        make(constant);
        return super.getString(constant);
    }

    @Override
    public String getStringString(int constant) {
        make(constant);
        return super.getStringString(constant);
    }

    @Override
    public String getClassName(int constant) {
        make(constant);
        return super.getClassName(constant);
    }

    @Override
    public String getName(int constant) {
        make(constant);
        return super.getName(constant);
    }

    @Override
    public String getType(int constant) {
        make(constant);
        return super.getType(constant);
    }

    @Override
    public String getRefClassName(int constant) {
        make(constant);
        return super.getRefClassName(constant);
    }

    @Override
    public String getRefName(int constant) {
        make(constant);
        return super.getRefName(constant);
    }

    @Override
    public String getRefType(int constant) {
        make(constant);
        return super.getRefType(constant);
    }

    @Override
    public String getModuleName(int constant) {
        make(constant);
        return super.getModuleName(constant);
    }

    @Override
    public String getPackageName(int constant) {
        make(constant);
        return super.getPackageName(constant);
    }

    @Override
    public @Nullable Clazz getReferencedClass(int constant) {
        make(constant);
        return super.getReferencedClass(constant);
    }

    @Override
    public @Nullable Clazz getSuperClass() {
        make(u2superClass);
        return super.getSuperClass();
    }

    @Override
    public @Nullable Clazz getInterface(int index) {
        make(u2interfaces[index]);
        return super.getInterface(index);
    }

    @Override
    public void constantPoolEntriesAccept(ConstantVisitor visitor) {
        for (int constant = 1; constant < u2constantPoolCount; constant++) {
            make(constant);
        }
        super.constantPoolEntriesAccept(visitor);
    }

    @Override
    public void constantPoolEntryAccept(int constant, ConstantVisitor visitor) {
        make(constant);
        super.constantPoolEntryAccept(constant, visitor);
    }

    @Override
    public void thisClassConstantAccept(ConstantVisitor visitor) {
        make(u2thisClass);
        super.thisClassConstantAccept(visitor);
    }

    @Override
    public void superClassConstantAccept(ConstantVisitor visitor) {
        make(u2superClass);
        super.superClassConstantAccept(visitor);
    }

    @Override
    public void interfaceConstantsAccept(ConstantVisitor visitor) {
        for (int i = 0; i < u2interfacesCount; i++) {
            make(u2interfaces[i]);
        }
        super.interfaceConstantsAccept(visitor);
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

    private void fill() {
        if (attributes.length > 0 && attributes[0] == null) {
            RawClass.Attribute[] found = raw.attributes();
            for (int i = found.length - 1; i >= 0; i--) {
                attributes[i] = AttributeReader.ofClass(raw, this, found[i]);
            }
        }
    }
}
