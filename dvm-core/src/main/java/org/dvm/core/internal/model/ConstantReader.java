package org.dvm.core.internal.model;

import org.dvm.core.classfile.RawClass;
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

/** Makes one constant of ProGuardCORE's model. */
final class ConstantReader {
    private ConstantReader() {}

    /** Returns the constant of that index, whose tag stands at the offset. */
    static Constant read(RawClass raw, int index, int offset) {
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
