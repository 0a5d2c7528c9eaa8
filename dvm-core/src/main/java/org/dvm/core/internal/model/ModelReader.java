package org.dvm.core.internal.model;

import org.dvm.core.classfile.RawClass;
import proguard.classfile.ProgramClass;
import proguard.classfile.ProgramField;
import proguard.classfile.ProgramMethod;
import proguard.classfile.constant.ClassConstant;
import proguard.classfile.constant.Constant;
import proguard.classfile.constant.DoubleConstant;
import proguard.classfile.constant.DynamicConstant;
import proguard.classfile.constant.FieldrefConstant;
import proguard.classfile.constant.FloatConstant;
import proguard.classfile.constant.IntegerConstant;
import proguard.classfile.constant.InterfaceMethodrefConstant;
import proguard.classfile.constant.InvokeDynamicConstant;
import proguard.classfile.constant.LongConstant;
import proguard.classfile.constant.MethodHandleConstant;
import proguard.classfile.constant.MethodTypeConstant;
import proguard.classfile.constant.MethodrefConstant;
import proguard.classfile.constant.ModuleConstant;
import proguard.classfile.constant.NameAndTypeConstant;
import proguard.classfile.constant.PackageConstant;
import proguard.classfile.constant.StringConstant;

/**
 * Makes a real {@link ProgramClass} of a class's map, much faster than ProGuardCORE's reader and safe on hostile input.
 *
 * <p>Constants and members are made at once, texts and attributes when a visitor asks for them. Until then the entries
 * of an {@code attributes} array are null: reach attributes through {@code attributesAccept}. An attribute whose
 * content doesn't fill its stated length exactly shows as an {@code UnknownAttribute}, so that nobody is led to take
 * bytes for code that a JVM takes for something else.
 */
public final class ModelReader {
    private ModelReader() {}

    /** Returns the model of a class; the class's bytes must have passed the format check. */
    public static ProgramClass read(RawClass raw) {
        LazyClass model = new LazyClass(raw);
        model.u4version = raw.majorVersion() << 16 | raw.minorVersion();
        model.u2constantPoolCount = raw.constantCount();
        model.constantPool = constants(raw);
        int flags = raw.constantPoolEnd();
        model.u2accessFlags = raw.u2(flags);
        model.u2thisClass = raw.u2(flags + 2);
        model.u2superClass = raw.u2(flags + 4);
        int[] interfaces = new int[raw.interfaceCount()];
        for (int i = 0; i < interfaces.length; i++) {
            interfaces[i] = raw.interfaceConstant(i);
        }
        model.u2interfacesCount = interfaces.length;
        model.u2interfaces = interfaces;
        ProgramField[] fields = new ProgramField[raw.fieldCount()];
        for (int i = 0; i < fields.length; i++) {
            fields[i] = new LazyField(raw, raw.field(i));
        }
        model.u2fieldsCount = fields.length;
        model.fields = fields;
        ProgramMethod[] methods = new ProgramMethod[raw.methodCount()];
        for (int i = 0; i < methods.length; i++) {
            methods[i] = new LazyMethod(raw, raw.method(i));
        }
        model.u2methodsCount = methods.length;
        model.methods = methods;
        return model;
    }

    @SuppressWarnings("NullAway") // index 0 and the index after a long or double have no constant, as in ProGuardCORE
    private static Constant[] constants(RawClass raw) {
        Constant[] constants = new Constant[raw.constantCount()];
        for (int index = 1; index < constants.length; index++) {
            int offset = raw.constantOffset(index);
            if (offset != 0) {
                constants[index] = constant(raw, index, offset);
            }
        }
        return constants;
    }

    private static Constant constant(RawClass raw, int index, int offset) {
        int first = offset + 1;
        return switch (raw.u1(offset)) {
            case RawClass.UTF8 -> new LazyUtf8(raw, index);
            case RawClass.INTEGER -> new IntegerConstant(raw.s4(first));
            case RawClass.FLOAT -> new FloatConstant(Float.intBitsToFloat(raw.s4(first)));
            case RawClass.LONG -> new LongConstant(s8(raw, first));
            case RawClass.DOUBLE -> new DoubleConstant(Double.longBitsToDouble(s8(raw, first)));
            case RawClass.CLASS -> new ClassConstant(raw.u2(first), null);
            case RawClass.STRING -> new StringConstant(raw.u2(first), null, null);
            case RawClass.FIELD_REF -> new FieldrefConstant(raw.u2(first), raw.u2(first + 2), null, null);
            case RawClass.METHOD_REF -> new MethodrefConstant(raw.u2(first), raw.u2(first + 2), null, null);
            case RawClass.INTERFACE_METHOD_REF ->
                new InterfaceMethodrefConstant(raw.u2(first), raw.u2(first + 2), null, null);
            case RawClass.NAME_AND_TYPE -> new NameAndTypeConstant(raw.u2(first), raw.u2(first + 2));
            case RawClass.METHOD_HANDLE -> new MethodHandleConstant(raw.u1(first), raw.u2(first + 1));
            case RawClass.METHOD_TYPE -> new MethodTypeConstant(raw.u2(first), null);
            case RawClass.DYNAMIC -> new DynamicConstant(raw.u2(first), raw.u2(first + 2), null);
            case RawClass.INVOKE_DYNAMIC -> new InvokeDynamicConstant(raw.u2(first), raw.u2(first + 2), null);
            case RawClass.MODULE -> new ModuleConstant(raw.u2(first));
            case RawClass.PACKAGE -> new PackageConstant(raw.u2(first));
            default -> throw new IllegalArgumentException("unknown constant: tag=" + raw.u1(offset));
        };
    }

    private static long s8(RawClass raw, int offset) {
        return (long) raw.s4(offset) << 32 | raw.s4(offset + 4) & 0xffffffffL;
    }
}
