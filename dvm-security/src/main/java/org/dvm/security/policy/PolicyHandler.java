package org.dvm.security.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.dvm.runtime.security.Attribution;
import org.dvm.runtime.security.ResourceKind;
import org.dvm.security.policy.Policy.Assignment;
import org.dvm.security.policy.Policy.Effect;
import org.dvm.security.policy.Policy.Operation;
import org.dvm.security.policy.Policy.Trust;
import org.jspecify.annotations.Nullable;
import org.xml.sax.Attributes;
import org.xml.sax.Locator;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.helpers.DefaultHandler;

/** Builds the model from the elements of one text, after the schema has had its say. */
final class PolicyHandler extends DefaultHandler {
    record Include(String href, Position position) {}

    private static final int MAX_PROBLEMS = 50;

    private final String source;
    private final List<PolicyProblem> problems;
    private final List<Include> includes = new ArrayList<>();
    private final List<Policy.Subject> subjects = new ArrayList<>();
    private final List<Policy.Sid> objects = new ArrayList<>();
    private final List<Policy.PermissionSetting> permissions = new ArrayList<>();
    private final List<Policy.Rule> rules = new ArrayList<>();
    private final List<Policy.Resource> resources = new ArrayList<>();
    private final List<Operation> operations = new ArrayList<>();
    private final List<Policy.Code> code = new ArrayList<>();
    private final List<Assignment> users = new ArrayList<>();
    private final List<Assignment> threads = new ArrayList<>();
    private final List<Policy.Transition> transitions = new ArrayList<>();
    private final List<Policy.Endorsement> endorsements = new ArrayList<>();
    private String name = "";
    private @Nullable Locator locator;

    PolicyHandler(String source, List<PolicyProblem> problems) {
        this.source = source;
        this.problems = problems;
    }

    List<Include> includes() {
        return includes;
    }

    Policy policy() {
        return new Policy(
                name,
                subjects,
                objects,
                permissions,
                rules,
                resources,
                operations,
                code,
                users,
                threads,
                transitions,
                endorsements);
    }

    Position position() {
        Locator at = locator;
        return at == null ? new Position(source, 0, 0) : new Position(source, at.getLineNumber(), at.getColumnNumber());
    }

    @Override
    public void setDocumentLocator(Locator documentLocator) {
        this.locator = documentLocator;
    }

    @Override
    public void startElement(String uri, String element, String qualified, Attributes a) {
        if (!problems.isEmpty()) {
            return; // attributes may be missing or malformed: go on for the sake of further problems only
        }
        Position at = position();
        switch (element) {
            case "policy" -> name = value(a, "name");
            case "include" -> includes.add(new Include(value(a, "href"), at));
            case "subject" ->
                subjects.add(new Policy.Subject(
                        value(a, "name"),
                        words(a, "extends"),
                        isTrue(value(a, "trusted")) ? Trust.TRUSTED : Trust.RESTRICTED,
                        at));
            case "object" -> objects.add(new Policy.Sid(value(a, "name"), words(a, "extends"), at));
            case "permission" ->
                permissions.add(new Policy.PermissionSetting(
                        value(a, "name"),
                        value(a, "attribution").equals("immediate") ? Attribution.IMMEDIATE : Attribution.STACK,
                        at));
            case "allow" -> rules.add(rule(Effect.ALLOW, a, at));
            case "deny" -> rules.add(rule(Effect.DENY, a, at));
            case "file" -> resources.add(resource(ResourceKind.FILE, value(a, "path"), "*", a, at));
            case "host" -> resources.add(resource(ResourceKind.HOST, value(a, "name"), value(a, "ports"), a, at));
            case "property" -> resources.add(resource(ResourceKind.PROPERTY, value(a, "name"), "*", a, at));
            case "environment" -> resources.add(resource(ResourceKind.ENVIRONMENT, value(a, "name"), "*", a, at));
            case "class" -> resources.add(resource(ResourceKind.CLASS, value(a, "name"), "*", a, at));
            case "resource" -> resources.add(resource(ResourceKind.NAME, value(a, "name"), "*", a, at));
            case "operation" -> addOperations(a, at);
            case "code" ->
                code.add(new Policy.Code(
                        value(a, "subject"),
                        optional(a, "source"),
                        optional(a, "package"),
                        optional(a, "loader"),
                        optional(a, "module"),
                        optional(a, "signer"),
                        optional(a, "maven"),
                        at));
            case "user" -> users.add(new Assignment(value(a, "name"), value(a, "subject"), at));
            case "thread" -> threads.add(new Assignment(value(a, "name"), value(a, "subject"), at));
            case "transition" -> transitions.add(new Policy.Transition(value(a, "from"), value(a, "to"), at));
            case "endorse" ->
                endorsements.add(
                        new Policy.Endorsement(value(a, "class"), value(a, "method"), words(a, "permissions"), at));
            default -> throw new IllegalStateException("element that the schema doesn't have: " + element);
        }
    }

    private static Policy.Rule rule(Effect effect, Attributes a, Position at) {
        return new Policy.Rule(effect, value(a, "subject"), value(a, "object"), words(a, "permissions"), at);
    }

    private static Policy.Resource resource(
            ResourceKind kind, String pattern, String ports, Attributes a, Position at) {
        return new Policy.Resource(kind, pattern, ports, value(a, "object"), at);
    }

    private void addOperations(Attributes a, Position at) {
        ResourceKind kind = ResourceKind.valueOf(value(a, "kind").toUpperCase(Locale.ROOT));
        List<Integer> on = places(value(a, "on"));
        for (String method : words(a, "methods")) {
            int parenthesis = method.indexOf('(');
            String plain = parenthesis < 0 ? method : method.substring(0, parenthesis);
            operations.add(new Operation(
                    value(a, "permission"),
                    value(a, "class"),
                    plain.equals("new") ? "<init>" : plain,
                    parenthesis < 0 ? "" : method.substring(parenthesis),
                    on,
                    kind,
                    at));
        }
    }

    private static List<Integer> places(String on) {
        List<Integer> places = new ArrayList<>();
        if (!on.equals("none")) {
            for (String place : on.split(",", -1)) {
                places.add(place.equals("this") ? Operation.THIS : Integer.parseInt(place));
            }
        }
        return places;
    }

    /** Returns an attribute's value; the schema has seen to defaults and to what is required. */
    private static String value(Attributes a, String attribute) {
        @Nullable String value = a.getValue("", attribute);
        return value == null ? "" : value.strip();
    }

    private static Optional<String> optional(Attributes a, String attribute) {
        return Optional.of(value(a, attribute)).filter(v -> !v.isEmpty());
    }

    private static List<String> words(Attributes a, String attribute) {
        String value = value(a, attribute);
        return value.isEmpty() ? List.of() : List.of(value.split("\\s+", -1));
    }

    private static boolean isTrue(String value) {
        return value.equals("true") || value.equals("1");
    }

    @Override
    public void error(SAXParseException e) throws SAXException {
        add(e);
        if (problems.size() >= MAX_PROBLEMS) {
            throw e;
        }
    }

    @Override
    public void fatalError(SAXParseException e) throws SAXException {
        add(e);
        throw e;
    }

    private void add(SAXParseException e) {
        String message = String.valueOf(e.getMessage());
        int colon = message.indexOf(": ");
        boolean coded = message.startsWith("cvc-") && colon > 0;
        String text = (coded ? message.substring(colon + 2) : message).replace("\"urn:dvm:policy:1\":", "");
        problems.add(
                new PolicyProblem(new Position(source, e.getLineNumber(), e.getColumnNumber()), text, cure(message)));
    }

    private static String cure(String message) {
        if (message.contains("DOCTYPE")) {
            return "remove the document type declaration and its entities";
        }
        if (message.startsWith("cvc-elt.1")) {
            return "begin with <policy xmlns=\"urn:dvm:policy:1\" name=\"...\">";
        }
        if (message.startsWith("cvc-complex-type.2.4")) {
            return "use only the elements of the policy language, and its namespace urn:dvm:policy:1";
        }
        if (message.startsWith("cvc-complex-type.4")) {
            return "add the attribute";
        }
        if (message.startsWith("cvc-complex-type.3.2.2")) {
            return "remove or correct the attribute";
        }
        if (message.startsWith("cvc-")) {
            return "correct the value";
        }
        return "make the text well-formed XML";
    }
}
