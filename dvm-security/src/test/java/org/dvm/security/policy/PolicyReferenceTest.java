package org.dvm.security.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** The language reference is written from the schema; {@code -Ddvm.golden.write=true} writes it anew and fails. */
@Tag("once")
class PolicyReferenceTest {
    private static final String XS = "http://www.w3.org/2001/XMLSchema";

    @Test
    void theReferenceSaysWhatTheSchemaSays() throws Exception {
        Path file = Path.of(System.getProperty("dvm.root"), "docs/policy-reference.md");
        String expected = reference();
        if (Boolean.getBoolean("dvm.golden.write")) {
            Files.writeString(file, expected);
            throw new AssertionError("written anew, to be read before it is committed: " + file);
        }
        assertThat(Files.readString(file)).isEqualTo(expected);
    }

    private static String reference() throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        Element schema;
        try (InputStream in = PolicyReader.class.getResourceAsStream("policy.xsd")) {
            schema = factory.newDocumentBuilder().parse(in).getDocumentElement();
        }
        Map<String, Element> types = new LinkedHashMap<>();
        children(schema, "complexType").forEach(type -> types.put(type.getAttribute("name"), type));
        StringBuilder text = new StringBuilder("# The policy language\n\n");
        text.append("Written from the schema that ships with the library, `org/dvm/security/policy/policy.xsd`.\n");
        text.append("The namespace is `urn:dvm:policy:1`. See [the guide](security.md) for examples.\n\n");
        text.append(documentation(schema)).append("\n");
        Element policy = types.get("policy");
        describe(text, "policy", policy);
        for (Element choice : children(policy, "choice")) {
            for (Element element : children(choice, "element")) {
                describe(text, element.getAttribute("name"), types.get(element.getAttribute("type")));
            }
        }
        return text.toString();
    }

    private static void describe(StringBuilder text, String name, @Nullable Element type) {
        assertThat(type).as(name).isNotNull();
        text.append("\n## `")
                .append(name)
                .append("`\n\n")
                .append(documentation(type))
                .append("\n");
        List<Element> attributes = children(type, "attribute");
        if (!attributes.isEmpty()) {
            text.append("\n| attribute | | meaning |\n|---|---|---|\n");
        }
        for (Element attribute : attributes) {
            String use = attribute.getAttribute("use").equals("required")
                    ? "required"
                    : attribute.hasAttribute("default") ? "default `" + attribute.getAttribute("default") + "`" : "";
            text.append("| `")
                    .append(attribute.getAttribute("name"))
                    .append("` | ")
                    .append(use)
                    .append(" | ")
                    .append(documentation(attribute))
                    .append(" |\n");
        }
    }

    private static String documentation(@Nullable Element element) {
        StringBuilder text = new StringBuilder();
        for (Element annotation : children(element, "annotation")) {
            children(annotation, "documentation")
                    .forEach(d -> text.append(d.getTextContent().strip()));
        }
        return text.toString();
    }

    private static List<Element> children(@Nullable Element parent, String name) {
        List<Element> found = new ArrayList<>();
        for (Node node = parent == null ? null : parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element
                    && XS.equals(element.getNamespaceURI())
                    && name.equals(element.getLocalName())) {
                found.add(element);
            }
        }
        return found;
    }
}
