package org.dvm.core.internal.model;

import org.dvm.core.classfile.RawClass;
import org.jspecify.annotations.Nullable;
import proguard.classfile.constant.Utf8Constant;

/** A text that is decoded when somebody reads it. */
@SuppressWarnings("serial") // serializable by inheritance only: nobody writes a model with Java's serialization
final class LazyUtf8 extends Utf8Constant {
    private @Nullable RawClass raw;
    private final int index;

    LazyUtf8(RawClass raw, int index) {
        this.raw = raw;
        this.index = index;
    }

    private void decode() {
        RawClass undecoded = raw;
        if (undecoded != null) {
            raw = null;
            super.setString(undecoded.utf8(index));
        }
    }

    @Override
    public String getString() {
        decode();
        return super.getString();
    }

    @Override
    public byte[] getBytes() {
        decode();
        return super.getBytes();
    }

    @Override
    public void setString(String string) {
        raw = null;
        super.setString(string);
    }

    @Override
    public void setBytes(byte[] bytes) {
        raw = null;
        super.setBytes(bytes);
    }

    @Override
    @SuppressWarnings("EqualsUnsafeCast") // ProGuardCORE's own equality, on the decoded text
    public boolean equals(@Nullable Object other) {
        return other instanceof Utf8Constant that && getString().equals(that.getString());
    }

    @Override
    public int hashCode() {
        decode();
        return super.hashCode();
    }

    @Override
    public String toString() {
        decode();
        return super.toString();
    }
}
