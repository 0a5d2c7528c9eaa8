package org.dvm.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.dvm.runtime.json.JsonText;

/** Where commands write: results to standard output, everything else to standard error. */
final class Console {
    private final Terminal terminal;
    private final PrintStream out;
    private final PrintStream err;
    private int progressWidth;

    Console(Terminal terminal, PrintStream out, PrintStream err) {
        this.terminal = terminal;
        this.out = out;
        this.err = err;
    }

    /** Prints a line of the result. */
    void print(String line) {
        clearProgress();
        out.println(plain(line));
    }

    /** Prints a line that stands out on a terminal. */
    void heading(String line) {
        clearProgress();
        out.println(terminal.outIsTerminal() ? "\u001b[1m" + plain(line) + "\u001b[0m" : plain(line));
    }

    /** Returns a text in which names of files and entries control no terminal. */
    private static String plain(String text) {
        return text.replaceAll("[\\p{Cntrl}&&[^\n\t]]", "?");
    }

    /** Prints the result for machines. */
    void print(JsonText json) {
        clearProgress();
        out.write(json.array(), 0, json.length());
        out.println();
        out.flush();
    }

    /** Prints something that is not the result. */
    void say(String line) {
        clearProgress();
        err.println(plain(line));
    }

    /** Prints what went wrong, where, and what to do. */
    void error(String message) {
        clearProgress();
        err.println("dvm: " + plain(message));
    }

    /** Shows on a terminal how far a command is, in place of what it showed before. */
    void progress(String line) {
        if (terminal.errIsTerminal()) {
            String text = plain(line).replace('\n', ' ');
            String shown = text.length() > 79 ? text.substring(0, 76) + "..." : text;
            err.print("\r" + shown + " ".repeat(Math.max(0, progressWidth - shown.length())));
            err.flush();
            progressWidth = shown.length();
        }
    }

    private void clearProgress() {
        if (progressWidth > 0) {
            err.print("\r" + " ".repeat(progressWidth) + "\r");
            err.flush();
            progressWidth = 0;
        }
    }

    PrintStream out() {
        return out;
    }

    /** Says what an I/O failure means: messages of file system exceptions are often just the file's name. */
    static String describe(IOException e) {
        if (e instanceof FileSystemException failure && failure.getReason() == null) {
            return failure.getFile() + ": " + whatIsWrong(failure);
        }
        return String.valueOf(e.getMessage());
    }

    private static String whatIsWrong(FileSystemException e) {
        if (e instanceof NoSuchFileException) {
            return "no such file or directory";
        }
        if (e instanceof AccessDeniedException) {
            return "no permission";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "is there already";
        }
        if (e instanceof NotDirectoryException) {
            return "is no directory";
        }
        return e instanceof FileSystemLoopException ? "a link that leads back to where it stands" : "failed";
    }
}
