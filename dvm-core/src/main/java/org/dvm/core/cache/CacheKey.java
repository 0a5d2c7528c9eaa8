package org.dvm.core.cache;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.dvm.core.internal.Sha256;

/**
 * Names what a pipeline makes of a class file.
 *
 * @param text 64 hexadecimal digits in lower case
 */
public record CacheKey(String text) {
    private static final int DIGITS = 64;

    /** Checks the digits, so that a key can name a file. */
    public CacheKey {
        requireNonNull(text, "text");
        if (text.length() != DIGITS || !text.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f')) {
            throw new IllegalArgumentException("a key has 64 hexadecimal digits in lower case: text=" + text);
        }
    }

    /** Returns the key of a class file under a pipeline's fingerprint. */
    public static CacheKey of(String fingerprint, byte[] classFile) {
        MessageDigest digest = Sha256.digest();
        byte[] prefix = (fingerprint.length() + ":" + fingerprint).getBytes(StandardCharsets.UTF_8);
        digest.update(prefix);
        return new CacheKey(HexFormat.of().formatHex(digest.digest(classFile)));
    }
}
