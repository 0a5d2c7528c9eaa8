package org.dvm.security.engine;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.dvm.security.policy.Policy;

/** Assigns code to subjects: the fitting assignment with most conditions, of those the first. */
final class CodeAssignments {
    private record Matcher(Policy.Code code, Optional<Pattern> source) {}

    private final List<Matcher> matchers;

    CodeAssignments(Policy policy) {
        matchers = policy.code().stream()
                .sorted(Comparator.comparingInt(Policy.Code::conditions).reversed())
                .map(code -> new Matcher(code, code.source().map(CodeAssignments::glob)))
                .toList();
    }

    /** Compiles a pattern for paths; one that isn't absolute fits the end of a path. */
    private static Pattern glob(String pattern) {
        String expanded = org.dvm.security.policy.Patterns.expand(pattern);
        StringBuilder regex = new StringBuilder(expanded.startsWith("/") ? "" : "(?:.*/)?");
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

    private static boolean fits(Matcher matcher, CodeFacts facts) {
        Policy.Code code = matcher.code();
        return matcher.source().map(p -> p.matcher(facts.source()).matches()).orElse(true)
                && code.packageName()
                        .map(p -> fitsPackage(p, facts.className()))
                        .orElse(true)
                && code.loader()
                        .map(l -> l.equals(facts.loaderName()) || l.equals(facts.loaderClass()))
                        .orElse(true)
                && code.module().map(facts.module()::equals).orElse(true)
                && code.signer()
                        .map(s -> facts.signers().contains(s.replace(":", "").toLowerCase(Locale.ROOT)))
                        .orElse(true)
                && code.maven().map(m -> fitsMaven(m, facts.source())).orElse(true);
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
