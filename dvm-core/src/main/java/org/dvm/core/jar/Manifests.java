package org.dvm.core.jar;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What signing adds to a jar, and taking it away. */
final class Manifests {
    static final String MANIFEST = "META-INF/MANIFEST.MF";

    /** One attribute: its name in lower case and its lines as they stand, continuations included. */
    private record Attribute(String name, byte[] lines) {}

    private Manifests() {}

    /** Returns whether an entry belongs to a jar's signatures. */
    static boolean isSignature(String entry) {
        String name = entry.toUpperCase(Locale.ROOT);
        if (!name.startsWith("META-INF/") || name.indexOf('/', 9) >= 0) {
            return false;
        }
        return name.endsWith(".SF")
                || name.endsWith(".RSA")
                || name.endsWith(".DSA")
                || name.endsWith(".EC")
                || name.startsWith("META-INF/SIG-");
    }

    /**
     * Returns a manifest without the digests of entries, and without the sections that held nothing else. All other
     * bytes stay as they are.
     */
    static byte[] withoutDigests(byte[] manifest) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(manifest.length);
        boolean main = true;
        for (List<Attribute> section : sections(manifest)) {
            List<Attribute> kept = main
                    ? section
                    : section.stream().filter(each -> !isDigest(each.name)).toList();
            boolean onlyName =
                    !main && kept.size() < section.size() && kept.stream().allMatch(Manifests::isFrame);
            if (!onlyName) {
                kept.forEach(each -> out.writeBytes(each.lines));
            }
            main = false;
        }
        return out.toByteArray();
    }

    private static boolean isDigest(String attribute) {
        return attribute.endsWith("-digest") || attribute.contains("-digest-") || attribute.equals("magic");
    }

    /** The name of a section and the empty line behind it. */
    private static boolean isFrame(Attribute attribute) {
        return attribute.name.equals("name") || attribute.name.isEmpty();
    }

    /** Splits a manifest into sections, each with the empty lines behind it. */
    private static List<List<Attribute>> sections(byte[] manifest) {
        List<List<Attribute>> sections = new ArrayList<>();
        List<Attribute> section = new ArrayList<>();
        boolean ended = false;
        for (Attribute attribute : attributes(manifest)) {
            if (ended && !attribute.name.isEmpty()) {
                sections.add(section);
                section = new ArrayList<>();
                ended = false;
            }
            section.add(attribute);
            ended |= attribute.name.isEmpty();
        }
        sections.add(section);
        return sections;
    }

    private static List<Attribute> attributes(byte[] manifest) {
        List<Attribute> attributes = new ArrayList<>();
        int at = 0;
        while (at < manifest.length) {
            int end = lineEnd(manifest, at);
            while (end < manifest.length && manifest[end] == ' ') {
                end = lineEnd(manifest, end);
            }
            String text = new String(manifest, at, end - at, StandardCharsets.UTF_8);
            int colon = text.indexOf(':');
            String name = colon < 0 ? text.strip() : text.substring(0, colon).strip();
            byte[] lines = new byte[end - at];
            System.arraycopy(manifest, at, lines, 0, lines.length);
            attributes.add(new Attribute(name.toLowerCase(Locale.ROOT), lines));
            at = end;
        }
        return attributes;
    }

    /** Returns the index behind a line's end, which is CR LF, CR or LF. */
    private static int lineEnd(byte[] text, int from) {
        for (int i = from; i < text.length; i++) {
            if (text[i] == '\n') {
                return i + 1;
            }
            if (text[i] == '\r') {
                return i + 1 < text.length && text[i + 1] == '\n' ? i + 2 : i + 1;
            }
        }
        return text.length;
    }
}
