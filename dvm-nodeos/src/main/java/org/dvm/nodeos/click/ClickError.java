package org.dvm.nodeos.click;

/**
 * One mistake in a configuration.
 *
 * @param source name of the file or text
 * @param line line, from 1
 * @param column column, from 1
 * @param message what is wrong and, where it helps, the cure
 */
public record ClickError(String source, int line, int column, String message) {
    @Override
    public String toString() {
        return source + ":" + line + ":" + column + ": " + message;
    }
}
