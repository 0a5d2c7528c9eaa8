package org.dvm.core.internal;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256, which every Java platform has. */
public final class Sha256 {
    /** Length of a hash in bytes. */
    public static final int BYTES = 32;

    private Sha256() {}

    /** Returns a fresh digest. */
    public static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /** Returns the hash of bytes. */
    public static byte[] of(byte[] bytes) {
        return digest().digest(bytes);
    }
}
