package org.dvm.security;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dvm.runtime.security.Attribution;
import org.dvm.runtime.security.ResourceKind;
import org.dvm.security.policy.Policy;
import org.dvm.security.policy.Position;

/**
 * A checked policy as bytes: read back some hundred times as fast as its XML.
 *
 * <p>All texts stand in one table at the beginning; the parts refer to them by number. Counts precede lists. Plain loops
 * throughout: this runs at the JVM's start, where a lambda costs more than it says.
 */
final class PolicyCodec {
    private static final ResourceKind[] KINDS = ResourceKind.values();
    private static final Attribution[] ATTRIBUTIONS = Attribution.values();
    private static final Policy.Effect[] EFFECTS = Policy.Effect.values();
    private static final Policy.Trust[] TRUSTS = Policy.Trust.values();

    private PolicyCodec() {}

    /** Returns a policy's bytes. */
    static byte[] encode(Policy policy) {
        Encoder body = new Encoder();
        body.policy(policy);
        Encoder all = new Encoder();
        all.number(body.texts.size());
        for (String text : body.texts.keySet()) {
            all.rawText(text);
        }
        all.out.writeBytes(body.out.toByteArray());
        return all.out.toByteArray();
    }

    /** Returns the policy of some bytes that {@link #encode} made. */
    static Policy decode(StartCache.Cursor in) {
        return new Decoder(in).policy();
    }

    private static final class Encoder {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final Map<String, Integer> texts = new LinkedHashMap<>();

        private void number(int value) {
            int rest = value;
            while (rest > 0x7F) {
                out.write(rest & 0x7F | 0x80);
                rest >>>= 7;
            }
            out.write(rest);
        }

        private void rawText(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            number(bytes.length);
            out.writeBytes(bytes);
        }

        private void text(String text) {
            Integer known = texts.putIfAbsent(text, texts.size());
            number(known == null ? texts.size() - 1 : known);
        }

        private void texts(List<String> list) {
            number(list.size());
            list.forEach(this::text);
        }

        /** Writes 0 for no text, else the number of the text plus one. */
        private void optional(Optional<String> text) {
            number(text.isPresent() ? 1 : 0);
            text.ifPresent(this::text);
        }

        private void position(Position position) {
            text(position.source());
            number(position.line());
            number(position.column());
        }

        private void policy(Policy policy) {
            text(policy.name());
            number(policy.subjects().size());
            policy.subjects().forEach(s -> {
                text(s.name());
                texts(s.parents());
                number(s.trust().ordinal());
                position(s.position());
            });
            number(policy.objects().size());
            policy.objects().forEach(o -> {
                text(o.name());
                texts(o.parents());
                position(o.position());
            });
            number(policy.permissions().size());
            policy.permissions().forEach(p -> {
                text(p.name());
                number(p.attribution().ordinal());
                position(p.position());
            });
            number(policy.rules().size());
            policy.rules().forEach(r -> {
                number(r.effect().ordinal());
                text(r.subject());
                text(r.object());
                texts(r.permissions());
                position(r.position());
            });
            number(policy.resources().size());
            policy.resources().forEach(r -> {
                number(r.kind().ordinal());
                text(r.pattern());
                text(r.ports());
                text(r.object());
                position(r.position());
            });
            number(policy.operations().size());
            policy.operations().forEach(this::operation);
            number(policy.code().size());
            policy.code().forEach(c -> {
                text(c.subject());
                optional(c.source());
                optional(c.packageName());
                optional(c.loader());
                optional(c.module());
                optional(c.signer());
                optional(c.maven());
                position(c.position());
            });
            assignments(policy.users());
            assignments(policy.threads());
            number(policy.transitions().size());
            policy.transitions().forEach(t -> {
                text(t.from());
                text(t.to());
                position(t.position());
            });
            number(policy.endorsements().size());
            policy.endorsements().forEach(e -> {
                text(e.className());
                text(e.method());
                texts(e.permissions());
                position(e.position());
            });
        }

        private void operation(Policy.Operation operation) {
            text(operation.permission());
            text(operation.className());
            text(operation.method());
            text(operation.descriptor());
            number(operation.on().size());
            operation.on().forEach(place -> number(place + 1)); // this is -1
            number(operation.kind().ordinal());
            position(operation.position());
        }

        private void assignments(List<Policy.Assignment> assignments) {
            number(assignments.size());
            assignments.forEach(a -> {
                text(a.name());
                text(a.subject());
                position(a.position());
            });
        }
    }

    private static final class Decoder {
        private final StartCache.Cursor in;
        private final String[] texts;

        Decoder(StartCache.Cursor in) {
            this.in = in;
            this.texts = new String[in.number()];
            for (int i = 0; i < texts.length; i++) {
                texts[i] = in.text();
            }
        }

        private String text() {
            return texts[in.number()];
        }

        private List<String> texts() {
            int count = in.number();
            if (count == 0) {
                return List.of();
            }
            if (count == 1) {
                return List.of(text());
            }
            String[] list = new String[count];
            for (int i = 0; i < count; i++) {
                list[i] = text();
            }
            return List.of(list);
        }

        private Optional<String> optional() {
            return in.number() == 0 ? Optional.empty() : Optional.of(text());
        }

        private Position position() {
            return new Position(text(), in.number(), in.number());
        }

        private Policy policy() {
            String name = text();
            List<Policy.Subject> subjects = new ArrayList<>();
            for (int i = in.number(); i > 0; i--) {
                subjects.add(new Policy.Subject(text(), texts(), TRUSTS[in.number()], position()));
            }
            List<Policy.Sid> objects = new ArrayList<>();
            for (int i = in.number(); i > 0; i--) {
                objects.add(new Policy.Sid(text(), texts(), position()));
            }
            List<Policy.PermissionSetting> permissions = new ArrayList<>();
            for (int i = in.number(); i > 0; i--) {
                permissions.add(new Policy.PermissionSetting(text(), ATTRIBUTIONS[in.number()], position()));
            }
            List<Policy.Rule> rules = new ArrayList<>();
            for (int i = in.number(); i > 0; i--) {
                rules.add(new Policy.Rule(EFFECTS[in.number()], text(), text(), texts(), position()));
            }
            List<Policy.Resource> resources = new ArrayList<>();
            for (int i = in.number(); i > 0; i--) {
                resources.add(new Policy.Resource(KINDS[in.number()], text(), text(), text(), position()));
            }
            List<Policy.Operation> operations = new ArrayList<>();
            for (int i = in.number(); i > 0; i--) {
                operations.add(
                        new Policy.Operation(text(), text(), text(), text(), places(), KINDS[in.number()], position()));
            }
            List<Policy.Code> code = new ArrayList<>();
            for (int i = in.number(); i > 0; i--) {
                code.add(new Policy.Code(
                        text(), optional(), optional(), optional(), optional(), optional(), optional(), position()));
            }
            List<Policy.Assignment> users = assignments();
            List<Policy.Assignment> threads = assignments();
            List<Policy.Transition> transitions = new ArrayList<>();
            for (int i = in.number(); i > 0; i--) {
                transitions.add(new Policy.Transition(text(), text(), position()));
            }
            List<Policy.Endorsement> endorsements = new ArrayList<>();
            for (int i = in.number(); i > 0; i--) {
                endorsements.add(new Policy.Endorsement(text(), text(), texts(), position()));
            }
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

        private List<Integer> places() {
            int count = in.number();
            if (count == 0) {
                return List.of();
            }
            if (count == 1) {
                return List.of(in.number() - 1);
            }
            List<Integer> places = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                places.add(in.number() - 1);
            }
            return Collections.unmodifiableList(places);
        }

        private List<Policy.Assignment> assignments() {
            List<Policy.Assignment> assignments = new ArrayList<>();
            for (int i = in.number(); i > 0; i--) {
                assignments.add(new Policy.Assignment(text(), text(), position()));
            }
            return assignments;
        }
    }
}
