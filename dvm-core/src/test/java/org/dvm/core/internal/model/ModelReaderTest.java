package org.dvm.core.internal.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.ClassFormatException;
import org.dvm.core.edit.JavaBase;
import org.junit.jupiter.api.Test;
import proguard.classfile.Clazz;
import proguard.classfile.ProgramClass;
import proguard.classfile.attribute.Attribute;
import proguard.classfile.attribute.UnknownAttribute;
import proguard.classfile.attribute.visitor.AllAttributeVisitor;
import proguard.classfile.attribute.visitor.AttributeVisitor;
import proguard.classfile.io.ProgramClassWriter;

class ModelReaderTest {
    @Test
    void modelsWriteBackToTheSameBytes() {
        for (RawClass raw : JavaBase.every(10)) {
            assertThat(written(ModelReader.read(raw))).as(raw.className()).isEqualTo(raw.bytes());
        }
    }

    @Test
    void attributesOfRealClassesAreKnown() {
        List<String> unknown = new ArrayList<>();
        for (RawClass raw : JavaBase.every(25)) {
            ModelReader.read(raw).accept(new proguard.classfile.visitor.ClassVisitor() {
                @Override
                public void visitAnyClass(Clazz clazz) {}

                @Override
                public void visitProgramClass(ProgramClass clazz) {
                    new AllAttributeVisitor(true, new AttributeVisitor() {
                                @Override
                                public void visitAnyAttribute(Clazz owner, Attribute attribute) {
                                    if (attribute instanceof UnknownAttribute) {
                                        unknown.add(attribute.getAttributeName(owner));
                                    }
                                }
                            })
                            .visitProgramClass(clazz);
                }
            });
        }
        assertThat(unknown).isSubsetOf("SourceDebugExtension", "ModuleTarget", "ModuleResolution", "ModuleHashes");
    }

    @Test
    void mutatedClassesGiveAModelOrNothing() {
        Random random = new Random(1);
        for (RawClass raw : JavaBase.every(60)) {
            for (int i = 0; i < 20; i++) {
                byte[] bytes = raw.bytes().clone();
                for (int j = random.nextInt(4); j >= 0; j--) {
                    int at = raw.constantPoolEnd() + random.nextInt(bytes.length - raw.constantPoolEnd());
                    bytes[at] = (byte) random.nextInt(256);
                }
                readAll(bytes);
            }
        }
    }

    /** Reads all of it; nothing is thrown for what the structure parser accepts. */
    private static void readAll(byte[] bytes) {
        try {
            new AllAttributeVisitor(true, new AttributeVisitor() {
                        @Override
                        public void visitAnyAttribute(Clazz clazz, Attribute attribute) {}
                    })
                    .visitProgramClass(ModelReader.read(RawClass.parse(bytes)));
        } catch (ClassFormatException e) {
            assertThat(e.findings()).isNotEmpty();
        }
    }

    private static byte[] written(ProgramClass model) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        model.accept(new ProgramClassWriter(new DataOutputStream(bytes)));
        return bytes.toByteArray();
    }
}
