package org.dvm.security.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.dvm.security.policy.Patterns;
import org.dvm.security.policy.Policy;

/** Assigns code to subjects: the fitting assignment with most conditions, of those the first. */
final class CodeAssignments {
    private record Matcher(Policy.Code code, Optional<Pattern> source) {}

    /** How a pattern begins that is for what is no file. */
    private static final Pattern URL = Pattern.compile("[a-z][a-z0-9+.-]+:");

    private final List<Matcher> matchers;

    CodeAssignments(Policy policy) {
        List<Policy.Code> code = new ArrayList<>(policy.code());
        code.sort(
                new Comparator<>() { // no lambda: this runs while a JVM starts
                    @Override
                    public int compare(Policy.Code a, Policy.Code b) {
                        return b.conditions() - a.conditions();
                    }
                });
        matchers = new ArrayList<>(code.size());
        for (Policy.Code assignment : code) {
            Optional<String> source = assignment.source();
            matchers.add(
                    new Matcher(assignment, source.isPresent() ? Optional.of(glob(source.get())) : Optional.empty()));
        }
    }

    /** Compiles a pattern for paths; one that isn't absolute, and no URL, fits the end of an absolute path. */
    private static Pattern glob(String pattern) {
        String expanded = Patterns.expand(pattern);
        boolean whole = expanded.startsWith("/") || URL.matcher(expanded).lookingAt();
        StringBuilder regex = new StringBuilder(whole ? "" : "/(?:.*/)?");
        for (int i = 0; i < expanded.length(); i++) {
            if (expanded.startsWith("**", i)) {
                regex.append(".*");
                i++;
            } else if (expanded.charAt(i) == '*') {
                regex.append("[^/]*");
            } else {
                regex.append(Pattern.quote(expanded.substring(i, i + 1)));
            }
        }
        return Pattern.compile(regex.append("/?").toString());
    }

    String subjectOf(CodeFacts facts) {
        for (Matcher matcher : matchers) {
            if (fits(matcher, facts)) {
                return matcher.code().subject();
            }
        }
        return Policy.UNKNOWN_SUBJECT;
    }

    /** Returns whether a jar is one that a subject's code comes from, also before any of it was loaded. */
    boolean isJarOf(String subject, String path) {
        if (!path.endsWith(".jar")) {
            return false;
        }
        for (Matcher matcher : matchers) {
            if (matcher.source().map(p -> p.matcher(path).matches()).orElse(false)) {
                return matcher.code().subject().equals(subject);
            }
        }
        return false;
    }

    private static boolean fits(Matcher matcher, CodeFacts facts) {
        Policy.Code code = matcher.code();
        if (matcher.source().isPresent()
                && !matcher.source().get().matcher(facts.source()).matches()) {
            return false;
        }
        if (code.packageName().isPresent() && !fitsPackage(code.packageName().get(), facts.className())) {
            return false;
        }
        if (code.loader().isPresent()
                && !code.loader().get().equals(facts.loaderName())
                && !code.loader().get().equals(facts.loaderClass())) {
            return false;
        }
        if (code.module().isPresent() && !code.module().get().equals(facts.module())) {
            return false;
        }
        if (code.signer().isPresent()
                && !facts.signers()
                        .contains(code.signer().get().replace(":", "").toLowerCase(Locale.ROOT))) {
            return false;
        }
        return code.maven().isEmpty() || fitsMaven(code.maven().get(), facts.source());
    }

    private static boolean fitsPackage(String pattern, String className) {
        int dot = className.lastIndexOf('.');
        String packageName = dot < 0 ? "" : className.substring(0, dot);
        if (pattern.endsWith(".*")) {
            String root = pattern.substring(0, pattern.length() - 2);
            return packageName.equals(root) || packageName.startsWith(root + ".");
        }
        return packageName.equals(pattern);
    }

    /** Fits the layout of a Maven repository: group as directories, artifact, version, file. */
    private static boolean fitsMaven(String coordinates, String source) {
        String[] parts = coordinates.split(":", -1);
        if (parts.length < 2 || parts.length > 3) {
            return false;
        }
        String directory = "/" + parts[0].replace('.', '/') + "/" + parts[1] + "/";
        int at = source.indexOf(directory);
        if (at < 0) {
            return false;
        }
        String[] rest = source.substring(at + directory.length()).split("/", -1);
        return rest.length == 2
                && rest[1].startsWith(parts[1] + "-" + rest[0])
                && (parts.length == 2 || parts[2].equals(rest[0]));
    }
}
