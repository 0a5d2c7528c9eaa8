package org.dvm.core.jar;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.dvm.core.classfile.FormatChecker;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.Attribute;
import org.dvm.core.classfile.RawClass.ClassFormatException;

/** Extends module descriptors. */
final class ModuleDescriptors {
    /** The module that rewritten classes call. */
    static final String RUNTIME = "org.dvm.runtime";

    private static final byte[] RUNTIME_PREFIX = "org/dvm/runtime/".getBytes(StandardCharsets.US_ASCII);
    private static final int ACC_SYNTHETIC = 0x1000;
    private static final int MAX = 0xffff;

    private ModuleDescriptors() {}

    /** Returns whether an entry is a module descriptor that a JVM may read. */
    static boolean isDescriptor(String entry) {
        return entry.equals("module-info.class") || entry.matches("META-INF/versions/[0-9]+/module-info\\.class");
    }

    /** Returns whether a class file mentions a class of the runtime. */
    static boolean mentionsRuntime(byte[] classFile) {
        int last = classFile.length - RUNTIME_PREFIX.length;
        for (int i = 0; i <= last; i++) {
            if (classFile[i] == 'o'
                    && Arrays.equals(
                            classFile, i, i + RUNTIME_PREFIX.length, RUNTIME_PREFIX, 0, RUNTIME_PREFIX.length)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Returns a module descriptor that requires the runtime's module besides what it requires already; the same array
     * if it does so.
     *
     * @jvms 4.7.25
     */
    static byte[] requireRuntime(byte[] descriptor, String source) throws RefusedArchiveException {
        RawClass raw = parse(descriptor, source);
        Attribute module = raw.attribute(raw.attributes(), "Module");
        if (module == null || module.length() < 8) {
            throw refuse(source, "the module descriptor has no Module attribute");
        }
        int requiresAt = module.offset() + 6;
        int count = raw.u2(requiresAt);
        if (8L + 6L * count > module.length()) {
            throw refuse(source, "the Module attribute is too short for its " + count + " requires");
        }
        for (int i = 0; i < count; i++) {
            if (raw.name(raw.u2(requiresAt + 2 + 6 * i)).equals(RUNTIME)) {
                return descriptor;
            }
        }
        if (raw.constantCount() + 2 > MAX || count == MAX) {
            throw refuse(
                    source, "the module descriptor is full: constants=" + raw.constantCount() + " requires=" + count);
        }
        return extended(raw, module, requiresAt, count);
    }

    private static RawClass parse(byte[] descriptor, String source) throws RefusedArchiveException {
        try {
            return FormatChecker.readModule(descriptor);
        } catch (ClassFormatException e) {
            throw refuse(source, e.findings().get(0).toString());
        }
    }

    /** Writes the descriptor with two more constants and one more entry of {@code requires}. */
    private static byte[] extended(RawClass raw, Attribute module, int requiresAt, int count) {
        byte[] bytes = raw.bytes();
        byte[] name = RUNTIME.getBytes(StandardCharsets.US_ASCII);
        int nameIndex = raw.constantCount();
        int moduleIndex = nameIndex + 1;
        int requiresEnd = requiresAt + 2 + 6 * count;
        Output out = new Output(bytes.length + name.length + 16);
        out.write(bytes, 0, 8);
        out.u2(raw.constantCount() + 2);
        out.write(bytes, 10, raw.constantPoolEnd() - 10);
        out.write(RawClass.UTF8);
        out.u2(name.length);
        out.writeBytes(name);
        out.write(RawClass.MODULE);
        out.u2(nameIndex);
        out.write(bytes, raw.constantPoolEnd(), module.offset() - 4 - raw.constantPoolEnd());
        out.u4(module.length() + 6);
        out.write(bytes, module.offset(), 6);
        out.u2(count + 1);
        out.write(bytes, requiresAt + 2, 6 * count);
        out.u2(moduleIndex);
        out.u2(ACC_SYNTHETIC);
        out.u2(0); // any version
        out.write(bytes, requiresEnd, bytes.length - requiresEnd);
        return out.toByteArray();
    }

    private static RefusedArchiveException refuse(String source, String message) {
        return new RefusedArchiveException(ArchiveRule.MODULE_DESCRIPTOR, source, message);
    }

    private static final class Output extends ByteArrayOutputStream {
        Output(int size) {
            super(size);
        }

        void u2(int value) {
            write(value >>> 8);
            write(value);
        }

        void u4(int value) {
            u2(value >>> 16);
            u2(value);
        }
    }
}
