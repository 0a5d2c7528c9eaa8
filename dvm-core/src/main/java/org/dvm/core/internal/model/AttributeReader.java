package org.dvm.core.internal.model;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Supplier;
import org.dvm.core.classfile.RawClass;
import org.jspecify.annotations.Nullable;
import proguard.classfile.Clazz;
import proguard.classfile.Field;
import proguard.classfile.Method;
import proguard.classfile.attribute.Attribute;
import proguard.classfile.attribute.BootstrapMethodsAttribute;
import proguard.classfile.attribute.CodeAttribute;
import proguard.classfile.attribute.ConstantValueAttribute;
import proguard.classfile.attribute.DeprecatedAttribute;
import proguard.classfile.attribute.EnclosingMethodAttribute;
import proguard.classfile.attribute.ExceptionsAttribute;
import proguard.classfile.attribute.InnerClassesAttribute;
import proguard.classfile.attribute.LineNumberTableAttribute;
import proguard.classfile.attribute.LocalVariableTableAttribute;
import proguard.classfile.attribute.LocalVariableTypeTableAttribute;
import proguard.classfile.attribute.MethodParametersAttribute;
import proguard.classfile.attribute.NestHostAttribute;
import proguard.classfile.attribute.NestMembersAttribute;
import proguard.classfile.attribute.PermittedSubclassesAttribute;
import proguard.classfile.attribute.RecordAttribute;
import proguard.classfile.attribute.SignatureAttribute;
import proguard.classfile.attribute.SourceFileAttribute;
import proguard.classfile.attribute.SyntheticAttribute;
import proguard.classfile.attribute.UnknownAttribute;
import proguard.classfile.attribute.annotation.AnnotationDefaultAttribute;
import proguard.classfile.attribute.annotation.RuntimeInvisibleAnnotationsAttribute;
import proguard.classfile.attribute.annotation.RuntimeInvisibleParameterAnnotationsAttribute;
import proguard.classfile.attribute.annotation.RuntimeInvisibleTypeAnnotationsAttribute;
import proguard.classfile.attribute.annotation.RuntimeVisibleAnnotationsAttribute;
import proguard.classfile.attribute.annotation.RuntimeVisibleParameterAnnotationsAttribute;
import proguard.classfile.attribute.annotation.RuntimeVisibleTypeAnnotationsAttribute;
import proguard.classfile.attribute.module.ModuleAttribute;
import proguard.classfile.attribute.module.ModuleMainClassAttribute;
import proguard.classfile.attribute.module.ModulePackagesAttribute;
import proguard.classfile.attribute.preverification.StackMapTableAttribute;
import proguard.classfile.io.ProgramClassReader;

/**
 * Makes one attribute of ProGuardCORE's model.
 *
 * <p>ProGuardCORE's reader sees only the attribute's own bytes, and only after {@link AttributeShape} has found that
 * its counts and depths are believable. What it leaves over, or fails on, becomes an {@code UnknownAttribute}.
 */
final class AttributeReader {
    private static final Map<String, Supplier<Attribute>> OF_CLASS = Map.ofEntries(
            Map.entry(Attribute.BOOTSTRAP_METHODS, BootstrapMethodsAttribute::new),
            Map.entry(Attribute.SOURCE_FILE, SourceFileAttribute::new),
            Map.entry(Attribute.RECORD, RecordAttribute::new),
            Map.entry(Attribute.INNER_CLASSES, InnerClassesAttribute::new),
            Map.entry(Attribute.ENCLOSING_METHOD, EnclosingMethodAttribute::new),
            Map.entry(Attribute.NEST_HOST, NestHostAttribute::new),
            Map.entry(Attribute.NEST_MEMBERS, NestMembersAttribute::new),
            Map.entry(Attribute.PERMITTED_SUBCLASSES, PermittedSubclassesAttribute::new),
            Map.entry(Attribute.MODULE, ModuleAttribute::new),
            Map.entry(Attribute.MODULE_MAIN_CLASS, ModuleMainClassAttribute::new),
            Map.entry(Attribute.MODULE_PACKAGES, ModulePackagesAttribute::new));

    private static final Map<String, Supplier<Attribute>> OF_ALL = Map.of(
            Attribute.DEPRECATED, DeprecatedAttribute::new,
            Attribute.SYNTHETIC, SyntheticAttribute::new,
            Attribute.SIGNATURE, SignatureAttribute::new,
            Attribute.RUNTIME_VISIBLE_ANNOTATIONS, RuntimeVisibleAnnotationsAttribute::new,
            Attribute.RUNTIME_INVISIBLE_ANNOTATIONS, RuntimeInvisibleAnnotationsAttribute::new,
            Attribute.RUNTIME_VISIBLE_TYPE_ANNOTATIONS, RuntimeVisibleTypeAnnotationsAttribute::new,
            Attribute.RUNTIME_INVISIBLE_TYPE_ANNOTATIONS, RuntimeInvisibleTypeAnnotationsAttribute::new);

    private static final Map<String, Supplier<Attribute>> OF_METHOD = Map.of(
            Attribute.METHOD_PARAMETERS, MethodParametersAttribute::new,
            Attribute.EXCEPTIONS, ExceptionsAttribute::new,
            Attribute.RUNTIME_VISIBLE_PARAMETER_ANNOTATIONS, RuntimeVisibleParameterAnnotationsAttribute::new,
            Attribute.RUNTIME_INVISIBLE_PARAMETER_ANNOTATIONS, RuntimeInvisibleParameterAnnotationsAttribute::new,
            Attribute.ANNOTATION_DEFAULT, AnnotationDefaultAttribute::new);

    private static final Map<String, Supplier<Attribute>> OF_CODE = Map.of(
            Attribute.STACK_MAP_TABLE, StackMapTableAttribute::new,
            Attribute.LINE_NUMBER_TABLE, LineNumberTableAttribute::new,
            Attribute.LOCAL_VARIABLE_TABLE, LocalVariableTableAttribute::new,
            Attribute.LOCAL_VARIABLE_TYPE_TABLE, LocalVariableTypeTableAttribute::new,
            Attribute.RUNTIME_VISIBLE_TYPE_ANNOTATIONS, RuntimeVisibleTypeAnnotationsAttribute::new,
            Attribute.RUNTIME_INVISIBLE_TYPE_ANNOTATIONS, RuntimeInvisibleTypeAnnotationsAttribute::new);

    private AttributeReader() {}

    /** Lets ProGuardCORE's reader visit an attribute in its place. */
    private interface Visit {
        void accept(Attribute attribute, ProgramClassReader reader);
    }

    static Attribute ofClass(RawClass raw, Clazz clazz, RawClass.Attribute found) {
        return read(
                raw,
                found,
                first(raw, found, OF_CLASS, OF_ALL),
                (attribute, reader) -> attribute.accept(clazz, reader));
    }

    static Attribute ofField(RawClass raw, Clazz clazz, Field field, RawClass.Attribute found) {
        Supplier<Attribute> maker = raw.utf8(found.nameIndex()).equals(Attribute.CONSTANT_VALUE)
                ? ConstantValueAttribute::new
                : first(raw, found, OF_ALL, Map.of());
        return read(raw, found, maker, (attribute, reader) -> attribute.accept(clazz, field, reader));
    }

    static Attribute ofMethod(RawClass raw, Clazz clazz, Method method, RawClass.Attribute found) {
        if (raw.utf8(found.nameIndex()).equals(Attribute.CODE)) {
            LazyCode code = LazyCode.of(raw, found);
            return code == null ? unknown(raw, found) : code;
        }
        return read(
                raw,
                found,
                first(raw, found, OF_METHOD, OF_ALL),
                (attribute, reader) -> attribute.accept(clazz, method, reader));
    }

    static Attribute ofCode(RawClass raw, Clazz clazz, Method method, CodeAttribute code, RawClass.Attribute found) {
        return read(
                raw,
                found,
                first(raw, found, OF_CODE, Map.of()),
                (attribute, reader) -> attribute.accept(clazz, method, code, reader));
    }

    private static @Nullable Supplier<Attribute> first(
            RawClass raw,
            RawClass.Attribute found,
            Map<String, Supplier<Attribute>> special,
            Map<String, Supplier<Attribute>> general) {
        String name = raw.utf8(found.nameIndex());
        Supplier<Attribute> maker = special.get(name);
        return maker == null ? general.get(name) : maker;
    }

    private static Attribute read(
            RawClass raw, RawClass.Attribute found, @Nullable Supplier<Attribute> maker, Visit visit) {
        String name = raw.utf8(found.nameIndex());
        if (maker == null
                || !AttributeShape.isBelievable(
                        name, index -> text(raw, index), raw.bytes(), found.offset(), found.length())) {
            return unknown(raw, found);
        }
        Attribute attribute = maker.get();
        attribute.u2attributeNameIndex = found.nameIndex();
        ByteArrayInputStream content = new ByteArrayInputStream(raw.bytes(), found.offset(), found.length());
        try {
            visit.accept(attribute, new ProgramClassReader(new DataInputStream(content)));
        } catch (RuntimeException e) {
            return unknown(raw, found);
        }
        return content.available() == 0 ? attribute : unknown(raw, found);
    }

    private static String text(RawClass raw, int index) {
        return index < raw.constantCount() && raw.constantTag(index) == RawClass.UTF8 ? raw.utf8(index) : "";
    }

    private static Attribute unknown(RawClass raw, RawClass.Attribute found) {
        byte[] content = Arrays.copyOfRange(raw.bytes(), found.offset(), found.offset() + found.length());
        return new UnknownAttribute(found.nameIndex(), content.length, content);
    }
}
