package org.dvm.security.engine;

import java.net.URL;
import java.security.CodeSource;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a class's code when it is assigned to a subject. What isn't known is empty and fits no condition.
 *
 * @param className binary name of the class
 * @param source path of the jar or directory it was loaded from
 * @param loaderName the class loader's name
 * @param loaderClass binary name of the class loader's class
 * @param module the module's name
 * @param signers SHA-256 fingerprints of the signers' certificates, hexadecimal
 */
public record CodeFacts(
        String className, String source, String loaderName, String loaderClass, String module, Set<String> signers) {
    /** Copies the signers. */
    public CodeFacts {
        signers = Set.copyOf(signers);
    }

    /**
     * Returns the facts of a class that is being, or has been, defined.
     *
     * @param className binary name
     * @param loader its class loader, null for the boot loader
     * @param module the module's name, empty if it is in none
     * @param domain its protection domain, null if not known
     */
    public static CodeFacts of(
            String className, @Nullable ClassLoader loader, String module, @Nullable ProtectionDomain domain) {
        CodeSource code = domain == null ? null : domain.getCodeSource();
        String name = loader == null || loader.getName() == null ? "" : loader.getName();
        return new CodeFacts(
                className,
                code == null ? "" : path(code.getLocation()),
                name,
                loader == null ? "" : loader.getClass().getName(),
                module,
                code == null ? Set.of() : fingerprints(code.getCertificates()));
    }

    private static String path(@Nullable URL location) {
        if (location == null) {
            return "";
        }
        String path = location.getPath();
        try {
            path = location.getProtocol().equals("file")
                    ? java.nio.file.Path.of(location.toURI()).toString()
                    : path;
        } catch (java.net.URISyntaxException | IllegalArgumentException e) {
            return path; // a location that is no file keeps the text that it has
        }
        return path;
    }

    private static Set<String> fingerprints(Certificate @Nullable [] certificates) {
        Set<String> fingerprints = new TreeSet<>();
        if (certificates != null) {
            for (Certificate certificate : certificates) {
                try {
                    fingerprints.add(HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded())));
                } catch (CertificateEncodingException | NoSuchAlgorithmException e) {
                    throw new IllegalArgumentException("a signer's certificate can't be read", e);
                }
            }
        }
        return fingerprints;
    }
}
