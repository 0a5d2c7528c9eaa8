package org.dvm.security.engine;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a class's code when it is assigned to a subject. What isn't known is empty and fits no condition.
 *
 * @param className binary name of the class
 * @param source path of the jar or directory it was loaded from, within a jar its path in there behind that of the jar;
 *     of what is no file the whole URL
 * @param loaderName the class loader's name
 * @param loaderClass binary name of the class loader's class
 * @param module the module's name
 * @param signers SHA-256 fingerprints of the signers' certificates, hexadecimal
 */
public record CodeFacts(
        String className, String source, String loaderName, String loaderClass, String module, Set<String> signers) {
    /** What follows the protocol of jars within files. */
    private static final List<String> NESTED = List.of("file:", "nested:");

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
        switch (location.getProtocol()) {
            case "file":
                try {
                    return Path.of(location.toURI()).toString();
                } catch (URISyntaxException | IllegalArgumentException e) {
                    return path; // not quoted as it should be
                }
            case "jar":
                for (String nested : NESTED) {
                    if (path.startsWith(nested + "/")) {
                        String inner = path.substring(nested.length());
                        return inner.endsWith("!/") ? inner.substring(0, inner.length() - 2) : inner;
                    }
                }
                return location.toString();
            default:
                return location.toString();
        }
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
