package org.dvm.security.policy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import javax.xml.XMLConstants;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import org.jspecify.annotations.Nullable;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.XMLReader;

/**
 * Reads policies in XML, with what they include, and checks them against the schema and against themselves.
 *
 * <p>The text is not trusted: document type declarations, and with them entities, are refused; size, nesting and
 * number of problems are bounded; includes stay below the directory of the first file.
 *
 * <p><b>Threads:</b> all; each call stands by itself.
 */
public final class PolicyReader {
    private static final long MAX_BYTES = 64L << 20;
    private static final int MAX_FILES = 1_000;
    private static final String STANDARD = "standard:";
    private static final Schema SCHEMA = schema();

    private final @Nullable Path root;
    private final Consumer<Source> sources;
    private final Set<String> seen = new HashSet<>();
    private final List<PolicyProblem> problems = new ArrayList<>();

    private PolicyReader(@Nullable Path root, Consumer<Source> sources) {
        this.root = root;
        this.sources = sources;
    }

    private static Schema schema() {
        SchemaFactory factory = SchemaFactory.newDefaultInstance();
        try (InputStream in = PolicyReader.class.getResourceAsStream("policy.xsd")) {
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
            factory.setProperty(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
            return factory.newSchema(new StreamSource(in));
        } catch (SAXException | IOException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /**
     * Reads a policy file and what it includes.
     *
     * @throws PolicyException if anything is wrong in the text
     * @throws IOException if a file can't be read
     */
    public static Policy read(Path file) throws PolicyException, IOException {
        return read(file, source -> {});
    }

    /**
     * Reads a policy file and what it includes, and tells of each file that was read.
     *
     * @param file the policy's first file
     * @param sources told of each file, in the order in which they were read
     * @throws PolicyException if anything is wrong in the text
     * @throws IOException if a file can't be read
     */
    public static Policy read(Path file, Consumer<Source> sources) throws PolicyException, IOException {
        Path real = file.toRealPath();
        PolicyReader reader = new PolicyReader(real.getParent(), sources);
        reader.seen.add(real.toString());
        return reader.finish(reader.parse(reader.bytes(file, real), file.toString(), real.getParent()));
    }

    /**
     * A file that was read.
     *
     * @param named its path as it was named
     * @param real where that led to
     * @param text what stood in it; not a copy
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    public record Source(Path named, Path real, byte[] text) {}

    /**
     * Reads a policy from memory; it can include only what ships with the library.
     *
     * @param text the XML text
     * @param source its name, for messages
     * @throws PolicyException if anything is wrong in the text
     */
    public static Policy parse(byte[] text, String source) throws PolicyException {
        PolicyReader reader = new PolicyReader(null, file -> {});
        try {
            return reader.finish(reader.parse(text, source, null));
        } catch (IOException e) {
            throw new PolicyException(
                    List.of(new PolicyProblem(new Position(source, 0, 0), "can't be read: " + e.getMessage(), "")));
        }
    }

    private Policy finish(Policy policy) throws PolicyException {
        if (problems.isEmpty()) {
            problems.addAll(PolicyChecker.check(policy));
        }
        if (!problems.isEmpty()) {
            throw new PolicyException(problems);
        }
        return policy;
    }

    private byte[] bytes(Path named, Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException(file + ": larger than " + MAX_BYTES + " bytes; split it and use include");
        }
        byte[] text = Files.readAllBytes(file);
        sources.accept(new Source(named, file, text));
        return text;
    }

    private Policy parse(byte[] text, String source, @Nullable Path directory) throws PolicyException, IOException {
        PolicyHandler handler = new PolicyHandler(source, problems);
        try {
            XMLReader xml = hardenedReader();
            xml.setContentHandler(handler);
            xml.setErrorHandler(handler);
            xml.setEntityResolver((publicId, systemId) -> {
                throw new SAXException("external entities are not allowed");
            });
            InputSource input = new InputSource(new ByteArrayInputStream(text));
            input.setSystemId(source);
            xml.parse(input);
        } catch (SAXException e) {
            if (problems.isEmpty()) {
                problems.add(new PolicyProblem(handler.position(), String.valueOf(e.getMessage()), ""));
            }
            throw new PolicyException(problems);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("the XML parser lacks a security feature", e);
        }
        Policy policy = handler.policy();
        for (PolicyHandler.Include include : handler.includes()) {
            policy = policy.plus(include(include, directory));
        }
        return policy;
    }

    private static XMLReader hardenedReader() throws ParserConfigurationException, SAXException {
        SAXParserFactory factory = SAXParserFactory.newDefaultInstance();
        factory.setNamespaceAware(true);
        factory.setXIncludeAware(false);
        factory.setSchema(SCHEMA);
        factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        factory.setFeature("http://xml.org/sax/features/external-general-entities", false);
        factory.setFeature("http://xml.org/sax/features/external-parameter-entities", false);
        return factory.newSAXParser().getXMLReader();
    }

    private Policy include(PolicyHandler.Include include, @Nullable Path directory)
            throws PolicyException, IOException {
        String href = include.href();
        Policy nothing = Policy.empty(href);
        if (seen.size() >= MAX_FILES) {
            return refuse(include, "more than " + MAX_FILES + " files are included", "join some", nothing);
        }
        if (href.startsWith(STANDARD)) {
            String name = href.substring(STANDARD.length());
            if (!StandardPolicies.names().contains(name)) {
                return refuse(
                        include,
                        "no standard policy is named \"" + name + "\"",
                        "use one of " + StandardPolicies.names(),
                        nothing);
            }
            return seen.add(href) ? parse(StandardPolicies.text(name), href, null) : nothing;
        }
        if (directory == null || root == null) {
            return refuse(include, "a policy that isn't a file can't include files", "include standard: only", nothing);
        }
        Path file = directory.resolve(href).normalize();
        if (!Files.isRegularFile(file)) {
            return refuse(include, "no such file: " + href, "give a file beside or below the including one", nothing);
        }
        Path real = file.toRealPath();
        if (!real.startsWith(root)) {
            return refuse(include, "outside the policy's directory: " + href, "move it below " + root, nothing);
        }
        return seen.add(real.toString())
                ? parse(bytes(file, real), directory.resolve(href).toString(), real.getParent())
                : nothing;
    }

    private Policy refuse(PolicyHandler.Include include, String message, String cure, Policy instead) {
        problems.add(new PolicyProblem(include.position(), message, cure));
        return instead;
    }
}
