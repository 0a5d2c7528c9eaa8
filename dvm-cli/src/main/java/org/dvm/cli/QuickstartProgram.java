package org.dvm.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real program of the quickstart.
 *
 * @param name what it is called
 * @param jar its jar in {@code lib}
 * @param libraries what it needs besides
 * @param inputs the files it works on, which come with the command
 * @param command its main class and arguments
 * @param output the file that it makes; null where what it prints is its result
 * @param audit the rules for its audit trail
 * @param policy the file with its policy, which comes with the command
 * @param escape its main class and arguments for something that the policy doesn't allow
 * @param task what it does here, for people
 * @param mayDo what its policy allows, for people
 * @param triesTo what it tries to do nevertheless, for people
 */
record QuickstartProgram(
        String name,
        String jar,
        List<String> libraries,
        List<String> inputs,
        List<String> command,
        @Nullable String output,
        String audit,
        String policy,
        List<String> escape,
        String task,
        String mayDo,
        String triesTo) {
    /** Something next to the programs' directories that is none of theirs. */
    static final String NOT_THEIRS = "not-theirs";

    static final List<QuickstartProgram> ALL = List.of(
            new QuickstartProgram(
                    "JFlex",
                    "jflex.jar",
                    List.of("java-cup-runtime.jar"),
                    List.of("Expressions.flex"),
                    List.of("jflex.Main", "Expressions.flex"),
                    "Expressions.java",
                    "jflex.Main.*; jflex.generator.LexGenerator.*; jflex.dfa.DFA.minimize; jflex.core.NFA.<init>",
                    "jflex-policy.xml",
                    List.of("jflex.Main", "-d", "../../" + NOT_THEIRS, "Expressions.flex"),
                    "makes a scanner of a grammar",
                    "read and write its own directory and nothing else",
                    "write into another directory"),
            new QuickstartProgram(
                    "H2",
                    "h2.jar",
                    List.of(),
                    List.of("load.sql", "steal.sql"),
                    h2("load.sql"),
                    null,
                    "org.h2.tools.RunScript.*; org.h2.jdbc.JdbcConnection.<init>; org.h2.jdbc.JdbcConnection.close;"
                            + " org.h2.jdbc.JdbcStatement.execute(String)",
                    "h2-policy.xml",
                    h2("steal.sql"),
                    "loads 5,000 orders and asks three questions",
                    "read its own scripts and nothing else",
                    "read another file by SQL"));

    private static List<String> h2(String script) {
        return List.of("org.h2.tools.RunScript", "-url", "jdbc:h2:mem:", "-script", script, "-showResults");
    }

    /** Returns the jars of all programs. */
    static List<String> jars() {
        return ALL.stream()
                .flatMap(program -> Stream.concat(Stream.of(program.jar), program.libraries.stream()))
                .toList();
    }

    /** Returns the program's class path with its own jar, or another in place of that. */
    List<Path> classPath(Path ownJar, Path lib) {
        List<Path> classPath = new ArrayList<>(List.of(ownJar));
        libraries.forEach(library -> classPath.add(lib.resolve(library)));
        return classPath;
    }
}
