package org.dvm.cli;

import static java.util.Objects.requireNonNull;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** Runs the command. */
public final class Main {
    private Main() {}

    /** Runs the command and ends the JVM with its exit code. */
    public static void main(String[] arguments) {
        System.exit(run(Terminal.ofProcess(), System.out, System.err, arguments));
    }

    /** Runs the command and returns its exit code. */
    static int run(Terminal terminal, PrintStream out, PrintStream err, String... arguments) {
        Console console = new Console(terminal, out, err);
        CommandLine command = new CommandLine(new DvmCommand(), new CommandFactory(console));
        command.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
        command.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
        command.setColorScheme(CommandLine.Help.defaultColorScheme(terminal.outIsTerminal() ? Ansi.ON : Ansi.OFF));
        command.setCaseInsensitiveEnumValuesAllowed(true);
        command.setUsageHelpAutoWidth(false);
        command.setUsageHelpWidth(100);
        command.setParameterExceptionHandler((e, given) -> badUsage(console, e));
        command.setExecutionExceptionHandler((e, line, result) -> failure(console, e));
        // Behind the main class or the benchmark's name, options are the program's.
        for (String name : List.of("run", "bench")) {
            requireNonNull(command.getSubcommands().get(name), name).setStopAtPositional(true);
        }
        return command.execute(separateApplicationArguments(arguments));
    }

    private static int badUsage(Console console, CommandLine.ParameterException e) {
        String path = e.getCommandLine().getCommandSpec().qualifiedName();
        console.error(e.getMessage() + "\nTry '" + path + " --help'.");
        return ExitCode.BAD_INPUT;
    }

    private static int failure(Console console, Exception e) throws Exception {
        if (e instanceof BadInputException || e instanceof IllegalArgumentException) {
            console.error(String.valueOf(e.getMessage()));
            return ExitCode.BAD_INPUT;
        }
        if (e instanceof java.io.IOException) {
            console.error(Console.describe((java.io.IOException) e));
            return ExitCode.BAD_INPUT;
        }
        throw e;
    }

    /**
     * Marks where the application's own arguments begin, as the java command reads them: behind {@code -jar JAR} and
     * {@code -m MODULE}. Behind a main class they begin by themselves.
     */
    private static String[] separateApplicationArguments(String[] arguments) {
        if (arguments.length == 0 || !arguments[0].equals("run")) {
            return arguments;
        }
        List<String> separated = new ArrayList<>(Arrays.asList(arguments));
        for (int i = 1; i < separated.size(); i++) {
            String argument = separated.get(i);
            if (argument.equals("--")) {
                break;
            }
            if (argument.equals("-jar") || argument.equals("-m") || argument.equals("--module")) {
                separated.add(Math.min(i + 2, separated.size()), "--");
                break;
            }
        }
        return separated.toArray(new String[0]);
    }
}
