package org.dvm.security.tool;

import java.io.IOException;
import java.io.StreamTokenizer;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.dvm.runtime.security.ResourceKind;
import org.dvm.security.policy.Policy;
import org.dvm.security.policy.Policy.Effect;
import org.dvm.security.policy.Policy.Rule;
import org.dvm.security.policy.Position;

/** Turns a Security Manager's {@code java.policy} file into a policy of ours. */
public final class JavaPolicyImporter {
    /**
     * What came of it.
     *
     * @param policy the policy; to be included beside {@code standard:operations} and {@code standard:baseline}
     * @param warnings what could not be taken over, each with its line and what to do
     */
    public record Result(Policy policy, List<String> warnings) {
        /** Copies the warnings. */
        public Result {
            warnings = List.copyOf(warnings);
        }
    }

    private final String source;
    private final StreamTokenizer tokens;
    private final List<String> warnings = new ArrayList<>();
    private final List<Policy.Subject> subjects = new ArrayList<>();
    private final Map<String, Policy.Sid> objects = new LinkedHashMap<>();
    private final Map<String, Policy.Resource> resources = new LinkedHashMap<>();
    private final List<Rule> rules = new ArrayList<>();
    private final List<Policy.Code> code = new ArrayList<>();

    private JavaPolicyImporter(String text, String source) {
        this.source = source;
        this.tokens = new StreamTokenizer(new StringReader(text));
        tokens.resetSyntax();
        tokens.wordChars('a', 'z');
        tokens.wordChars('A', 'Z');
        tokens.wordChars('0', '9');
        tokens.wordChars('.', '.');
        tokens.wordChars('_', '_');
        tokens.wordChars('$', '$');
        tokens.wordChars('*', '*');
        tokens.wordChars('-', '-');
        tokens.whitespaceChars(0, ' ');
        tokens.quoteChar('"');
        tokens.slashSlashComments(true);
        tokens.slashStarComments(true);
    }

    /**
     * Imports the text of a policy file.
     *
     * @param text the file's text
     * @param source its name, for messages
     * @throws IllegalArgumentException if the text isn't a policy file; the message names the line
     */
    public static Result importPolicy(String text, String source) {
        JavaPolicyImporter importer = new JavaPolicyImporter(text, source);
        try {
            importer.parse();
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory failed", e);
        }
        return new Result(importer.policy(), importer.warnings);
    }

    private Policy policy() {
        return new Policy(
                "imported",
                subjects,
                List.copyOf(objects.values()),
                List.of(),
                rules,
                List.copyOf(resources.values()),
                List.of(),
                code,
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    private void parse() throws IOException {
        while (tokens.nextToken() != StreamTokenizer.TT_EOF) {
            if (tokens.ttype == StreamTokenizer.TT_WORD && tokens.sval.equalsIgnoreCase("grant")) {
                grant();
            } else if (tokens.ttype == StreamTokenizer.TT_WORD
                    && tokens.sval.toLowerCase(java.util.Locale.ROOT).startsWith("keystore")) {
                warn("a " + tokens.sval + " isn't taken over: give signers by their certificates' fingerprints");
                skipTo(';');
            } else {
                throw malformed("expected grant");
            }
        }
    }

    private void grant() throws IOException {
        Optional<String> codeBase = Optional.empty();
        while (tokens.nextToken() != '{') {
            if (tokens.ttype == StreamTokenizer.TT_EOF) {
                throw malformed("expected {");
            }
            if (tokens.ttype == ',') {
                continue;
            }
            String word = tokens.ttype == StreamTokenizer.TT_WORD ? tokens.sval.toLowerCase(java.util.Locale.ROOT) : "";
            switch (word) {
                case "codebase" -> codeBase = Optional.of(quoted());
                case "signedby" ->
                    warn("signedBy \"" + quoted()
                            + "\" isn't taken over: add signer=\"FINGERPRINT\" to the code element");
                case "principal" -> {
                    warn("a principal isn't taken over: assign its users with user elements");
                    tokens.nextToken();
                    if (tokens.ttype == StreamTokenizer.TT_WORD) {
                        tokens.nextToken();
                    }
                }
                default -> throw malformed("expected codeBase, signedBy, principal or {");
            }
        }
        String subject = codeBase.isPresent() ? "code-" + (subjects.size() + 1) : "all-code";
        boolean isNew = subjects.stream().noneMatch(s -> s.name().equals(subject));
        List<Rule> granted = new ArrayList<>();
        boolean all = permissions(subject, granted);
        rules.addAll(granted);
        if (isNew) {
            subjects.add(
                    new Policy.Subject(subject, List.of(), all ? Policy.Trust.TRUSTED : Policy.Trust.RESTRICTED, at()));
            code.add(new Policy.Code(
                    subject,
                    Optional.of(codeBase.map(JavaPolicyImporter::sourcePattern).orElse("**")),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    at()));
        }
    }

    /** Reads the permissions of a grant up to its end; returns whether it was granted everything. */
    private boolean permissions(String subject, List<Rule> granted) throws IOException {
        boolean all = false;
        while (tokens.nextToken() != '}') {
            if (tokens.ttype != StreamTokenizer.TT_WORD || !tokens.sval.equalsIgnoreCase("permission")) {
                throw malformed("expected permission or }");
            }
            if (tokens.nextToken() != StreamTokenizer.TT_WORD) {
                throw malformed("expected the permission's class");
            }
            String type = tokens.sval;
            String target = "";
            String actions = "";
            if (tokens.nextToken() == '"') {
                target = tokens.sval;
                if (tokens.nextToken() == ',') {
                    if (tokens.nextToken() == '"') {
                        actions = tokens.sval;
                        tokens.nextToken();
                    } else {
                        tokens.pushBack();
                    }
                }
            }
            while (tokens.ttype != ';') {
                if (tokens.ttype == StreamTokenizer.TT_EOF) {
                    throw malformed("expected ;");
                }
                tokens.nextToken();
            }
            if (type.equals("java.security.AllPermission")) {
                all = true;
            } else {
                granted.addAll(translate(subject, type, target, actions));
            }
        }
        if (tokens.nextToken() != ';') {
            tokens.pushBack();
        }
        return all;
    }

    private List<Rule> translate(String subject, String type, String target, String actions) {
        String simple = type.substring(type.lastIndexOf('.') + 1);
        Set<String> words =
                new TreeSet<>(List.of(actions.toLowerCase(java.util.Locale.ROOT).split("\\s*,\\s*", -1)));
        return switch (simple) {
            case "FilePermission" -> file(subject, target, words);
            case "SocketPermission" -> socket(subject, target, words);
            case "PropertyPermission" -> property(subject, target, words);
            case "RuntimePermission" -> runtime(subject, target);
            case "ReflectPermission" -> List.of(allow(subject, Policy.ANY, "reflect.access"));
            case "NetPermission" ->
                List.of(allow(subject, Policy.ANY, "url.*", "net.auth", "jvm.net.global", "jvm.net.factory"));
            case "SecurityPermission" -> List.of(allow(subject, Policy.ANY, "security.*", "property.security"));
            case "SerializablePermission" -> List.of(allow(subject, Policy.ANY, "serial.*"));
            case "LoggingPermission" -> List.of(allow(subject, Policy.ANY, "logging.control"));
            case "AWTPermission" -> List.of(allow(subject, Policy.ANY, "awt.*"));
            case "AudioPermission" -> List.of(allow(subject, Policy.ANY, "audio.*"));
            case "SQLPermission" -> List.of(allow(subject, Policy.ANY, "jvm.sql", "sql.connect"));
            case "LinkPermission" -> List.of(allow(subject, Policy.ANY, "file.link"));
            case "ManagementPermission", "MBeanPermission", "MBeanServerPermission" ->
                List.of(allow(subject, Policy.ANY, "jmx.*"));
            default -> {
                warn("permission " + type + " \"" + target
                        + "\" has no counterpart: give the code that checks it as an operation");
                yield List.of();
            }
        };
    }

    private List<Rule> file(String subject, String target, Set<String> actions) {
        if (target.equals("<<ALL FILES>>")) {
            return List.of(allow(subject, Policy.ANY, fileActions(actions)));
        }
        String path = target.replace("${/}", "/").replace("${user.home}/", "${user.home}/");
        String pattern = path.endsWith("/-") ? path.substring(0, path.length() - 1) + "**" : path;
        if (!pattern.startsWith("/") && !pattern.startsWith("${")) {
            pattern = "${user.dir}/" + pattern;
        }
        return List.of(allow(subject, object(ResourceKind.FILE, pattern, "*"), fileActions(actions)));
    }

    private static String[] fileActions(Set<String> actions) {
        Set<String> permissions = new TreeSet<>();
        if (actions.contains("read")) {
            permissions.addAll(List.of(
                    "file.open.read",
                    "file.read",
                    "file.attr.read",
                    "file.attr.view",
                    "file.list",
                    "file.channel",
                    "filestore.read"));
        }
        if (actions.contains("write")) {
            permissions.addAll(List.of(
                    "file.open.write",
                    "file.write",
                    "file.create",
                    "file.attr.write",
                    "file.rename",
                    "file.copy",
                    "file.lock",
                    "file.map",
                    "file.channel"));
        }
        if (actions.contains("read") && actions.contains("write")) {
            permissions.add("file.open.rw");
        }
        if (actions.contains("delete")) {
            permissions.add("file.delete");
        }
        if (actions.contains("execute")) {
            permissions.add("process.exec");
        }
        if (actions.contains("readlink")) {
            permissions.add("file.readlink");
        }
        return permissions.toArray(new String[0]);
    }

    private List<Rule> socket(String subject, String target, Set<String> actions) {
        int colon = target.lastIndexOf(':');
        boolean hasPort = colon > 0 && target.indexOf(':') == colon;
        String host = hasPort ? target.substring(0, colon) : target;
        String ports = hasPort ? target.substring(colon + 1) : "*";
        if (ports.startsWith("-")) {
            ports = "0" + ports;
        } else if (ports.endsWith("-")) {
            ports = ports + "65535";
        }
        Set<String> permissions = new TreeSet<>(List.of("net.resolve"));
        if (actions.contains("connect")) {
            permissions.addAll(List.of("net.connect", "net.read", "net.write", "net.send", "net.receive"));
        }
        if (actions.contains("listen")) {
            permissions.addAll(List.of("net.listen", "net.bind"));
        }
        if (actions.contains("accept")) {
            permissions.addAll(List.of("net.accept", "net.read", "net.write"));
        }
        return List.of(allow(
                subject,
                object(ResourceKind.HOST, host.isEmpty() ? "localhost" : host, ports.isEmpty() ? "*" : ports),
                permissions.toArray(new String[0])));
    }

    private List<Rule> property(String subject, String target, Set<String> actions) {
        Set<String> permissions = new TreeSet<>();
        if (actions.contains("read")) {
            permissions.add("property.read");
        }
        if (actions.contains("write")) {
            permissions.add("property.write");
        }
        String object = target.equals("*") ? Policy.ANY : object(ResourceKind.PROPERTY, target, "*");
        return List.of(allow(subject, object, permissions.toArray(new String[0])));
    }

    private List<Rule> runtime(String subject, String target) {
        int dot = target.indexOf('.');
        String head = dot < 0 ? target : target.substring(0, dot);
        String tail = dot < 0 ? "*" : target.substring(dot + 1);
        return switch (head) {
            case "exitVM" -> List.of(allow(subject, Policy.ANY, "vm.exit"));
            case "shutdownHooks" -> List.of(allow(subject, Policy.ANY, "vm.hook"));
            case "createClassLoader" -> List.of(allow(subject, Policy.ANY, "classloader.create", "class.define"));
            case "getClassLoader" -> List.of(allow(subject, Policy.ANY, "classloader.get"));
            case "setContextClassLoader", "enableContextClassLoaderOverride" ->
                List.of(allow(subject, Policy.ANY, "thread.contextloader"));
            case "closeClassLoader" -> List.of(allow(subject, Policy.ANY, "classloader.close"));
            case "accessDeclaredMembers" -> List.of(allow(subject, Policy.ANY, "reflect.members"));
            case "modifyThread", "modifyThreadGroup", "stopThread" ->
                List.of(allow(subject, Policy.ANY, "thread.modify", "thread.interrupt", "threadgroup.modify"));
            case "getenv" ->
                List.of(allow(
                        subject,
                        tail.equals("*") ? Policy.ANY : object(ResourceKind.ENVIRONMENT, tail, "*"),
                        "env.read"));
            case "loadLibrary" ->
                List.of(allow(
                        subject, tail.equals("*") ? Policy.ANY : object(ResourceKind.NAME, tail, "*"), "native.load"));
            case "readFileDescriptor", "writeFileDescriptor" -> List.of(allow(subject, Policy.ANY, "file.fd"));
            case "getStackTrace" -> List.of(allow(subject, Policy.ANY, "reflect.stack", "thread.inspect"));
            case "getProtectionDomain" -> List.of(allow(subject, Policy.ANY, "reflect.pd"));
            case "preferences" -> List.of(allow(subject, Policy.ANY, "prefs.*"));
            case "queuePrintJob" -> List.of(allow(subject, Policy.ANY, "awt.print"));
            default -> {
                warn("RuntimePermission \"" + target + "\" has no counterpart");
                yield List.of();
            }
        };
    }

    private String object(ResourceKind kind, String pattern, String ports) {
        String key = kind + "\t" + pattern + "\t" + ports;
        Policy.Resource known = resources.get(key);
        if (known != null) {
            return known.object();
        }
        String name = kind.name().toLowerCase(java.util.Locale.ROOT) + "-" + (objects.size() + 1);
        objects.put(name, new Policy.Sid(name, List.of(), at()));
        resources.put(key, new Policy.Resource(kind, pattern, ports, name, at()));
        return name;
    }

    private Rule allow(String subject, String object, String... permissions) {
        return new Rule(Effect.ALLOW, subject, object, List.of(permissions), at());
    }

    /** Turns a code base into a pattern for paths: {@code /-} is everything below, {@code /*} what stands directly. */
    private static String sourcePattern(String codeBase) {
        String path = codeBase.replace("${/}", "/").replaceFirst("^file:(//(?=/))?", "");
        return path.endsWith("/-") ? path.substring(0, path.length() - 1) + "**" : path;
    }

    private String quoted() throws IOException {
        if (tokens.nextToken() != '"') {
            throw malformed("expected a quoted text");
        }
        return tokens.sval;
    }

    private void skipTo(int end) throws IOException {
        while (tokens.ttype != end) {
            if (tokens.nextToken() == StreamTokenizer.TT_EOF) {
                throw malformed("expected " + (char) end);
            }
        }
    }

    private Position at() {
        return new Position(source, tokens.lineno(), 1);
    }

    private void warn(String message) {
        warnings.add(at() + ": " + message);
    }

    private IllegalArgumentException malformed(String message) {
        return new IllegalArgumentException(at() + ": " + message + ", found " + tokens);
    }
}
