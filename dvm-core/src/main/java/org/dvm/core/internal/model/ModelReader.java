package org.dvm.core.internal.model;

import org.dvm.core.classfile.RawClass;
import proguard.classfile.ProgramClass;
import proguard.classfile.ProgramField;
import proguard.classfile.ProgramMethod;

/**
 * Makes a real {@link ProgramClass} of a class's map, much faster than ProGuardCORE's reader and safe on hostile input.
 *
 * <p>Members are made at once, constants, their texts and attributes when somebody asks for them. Until then the entries
 * of the {@code constantPool} and of an {@code attributes} array are null: reach constants through the class's methods,
 * such as {@code constantPoolEntryAccept}, and attributes through {@code attributesAccept}. An attribute whose
 * content doesn't fill its stated length exactly shows as an {@code UnknownAttribute}, so that nobody is led to take
 * bytes for code that a JVM takes for something else.
 */
public final class ModelReader {
    private ModelReader() {}

    /** Returns the model of a class; the class's bytes must have passed the format check. */
    public static ProgramClass read(RawClass raw) {
        LazyClass model = new LazyClass(raw);
        model.u4version = raw.majorVersion() << 16 | raw.minorVersion();
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
}
