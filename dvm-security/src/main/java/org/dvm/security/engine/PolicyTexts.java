package org.dvm.security.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.dvm.runtime.security.Attribution;
import org.dvm.runtime.security.ResourceKind;
import org.dvm.security.policy.Policy;

/** Writes policies, and parts of them, in the policy language. */
public final class PolicyTexts {
    private PolicyTexts() {}

    /** Returns a whole policy as XML. */
    public static String xml(Policy policy, List<String> includes) {
        StringBuilder text = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        text.append("<policy xmlns=\"urn:dvm:policy:1\"")
                .append(attribute("name", policy.name()))
                .append(">\n");
        includes.forEach(
                i -> text.append("  <include").append(attribute("href", i)).append("/>\n"));
        parts(policy).stream()
                .filter(p -> p.startsWith("<"))
                .forEach(p -> text.append("  ").append(p).append('\n'));
        return text.append("</policy>\n").toString();
    }

    /** Returns each part of a policy as an element, in a fixed order; places in the text don't count. */
    static List<String> parts(Policy policy) {
        List<String> parts = new ArrayList<>();
        policy.subjects()
                .forEach(s -> parts.add("<subject" + attribute("name", s.name()) + list("extends", s.parents())
                        + (s.trust() == Policy.Trust.TRUSTED ? attribute("trusted", "true") : "") + "/>"));
        policy.objects()
                .forEach(o -> parts.add("<object" + attribute("name", o.name()) + list("extends", o.parents()) + "/>"));
        policy.permissions()
                .forEach(p -> parts.add("<permission" + attribute("name", p.name())
                        + (p.attribution() == Attribution.IMMEDIATE ? attribute("attribution", "immediate") : "")
                        + "/>"));
        policy.resources().forEach(r -> parts.add(resource(r)));
        policy.rules()
                .forEach(r -> parts.add("<" + r.effect().name().toLowerCase(Locale.ROOT)
                        + attribute("subject", r.subject())
                        + (r.object().equals(Policy.ANY) ? "" : attribute("object", r.object()))
                        + list("permissions", r.permissions()) + "/>"));
        policy.operations()
                .forEach(o -> parts.add("<operation" + attribute("permission", o.permission())
                        + attribute("class", o.className())
                        + attribute("methods", (o.method().equals("<init>") ? "new" : o.method()) + o.descriptor())
                        + (o.on().isEmpty() ? "" : attribute("on", on(o.on())))
                        + (o.kind() == ResourceKind.NONE ? "" : attribute("kind", lower(o.kind()))) + "/>"));
        policy.code()
                .forEach(c -> parts.add("<code" + attribute("subject", c.subject()) + optional("source", c.source())
                        + optional("package", c.packageName()) + optional("loader", c.loader())
                        + optional("module", c.module())
                        + optional("signer", c.signer()) + optional("maven", c.maven()) + "/>"));
        policy.users()
                .forEach(u ->
                        parts.add("<user" + attribute("name", u.name()) + attribute("subject", u.subject()) + "/>"));
        policy.threads()
                .forEach(t ->
                        parts.add("<thread" + attribute("name", t.name()) + attribute("subject", t.subject()) + "/>"));
        policy.transitions()
                .forEach(t -> parts.add("<transition" + attribute("from", t.from()) + attribute("to", t.to()) + "/>"));
        policy.endorsements()
                .forEach(e -> parts.add("<endorse" + attribute("class", e.className()) + attribute("method", e.method())
                        + list("permissions", e.permissions()) + "/>"));
        return parts;
    }

    /** Returns the element that makes a resource an object. */
    static String resource(ResourceKind kind, String name, String object) {
        String pattern = name;
        String ports = "*";
        if (kind == ResourceKind.HOST) {
            int slash = name.indexOf('/');
            int colon = name.lastIndexOf(':');
            pattern = slash > 0 ? name.substring(0, slash) : name.substring(slash + 1, Math.max(colon, slash + 1));
            ports = name.substring(colon + 1);
            ports = ports.equals("-1") ? "*" : ports;
        }
        return resource(new Policy.Resource(kind, pattern, ports, object, org.dvm.security.policy.Position.NONE));
    }

    private static String resource(Policy.Resource r) {
        String element = r.kind() == ResourceKind.NAME ? "resource" : lower(r.kind());
        return "<" + element + attribute(r.kind() == ResourceKind.FILE ? "path" : "name", r.pattern())
                + (r.ports().equals("*") ? "" : attribute("ports", r.ports())) + attribute("object", r.object()) + "/>";
    }

    private static String lower(ResourceKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static String on(List<Integer> places) {
        return places.stream()
                .map(p -> p == Policy.Operation.THIS ? "this" : p.toString())
                .collect(Collectors.joining(","));
    }

    private static String optional(String name, Optional<String> value) {
        return value.map(v -> attribute(name, v)).orElse("");
    }

    private static String list(String name, List<String> values) {
        return values.isEmpty() ? "" : attribute(name, String.join(" ", values));
    }

    private static String attribute(String name, String value) {
        StringBuilder text = new StringBuilder(" ").append(name).append("=\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '<' -> text.append("&lt;");
                case '&' -> text.append("&amp;");
                case '"' -> text.append("&quot;");
                case '\n', '\r', '\t' -> text.append("&#").append((int) c).append(';');
                default -> text.append(c);
            }
        }
        return text.append('"').toString();
    }
}
