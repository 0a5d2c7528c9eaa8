package org.dvm.nodeos.click;

import org.dvm.nodeos.click.Token.Kind;

/** Splits a configuration into tokens; comments and line directives are passed over. */
final class ClickLexer {
    private final ClickSource source;
    private final String text;
    private int at;

    ClickLexer(ClickSource source) {
        this.source = source;
        this.text = source.text();
    }

    /** Goes back into a configuration string: it is a group of statements. */
    void enter(Token group) {
        at = group.offset() + 1;
    }

    Token next() {
        skipSpace();
        int start = at;
        if (at >= text.length()) {
            return new Token(Kind.END, "", text.length());
        }
        char c = text.charAt(at);
        if (isWordStart(c) || isDigit(c)) {
            return word(start);
        }
        if (c == '$') {
            return variable(start);
        }
        if (c == '(') {
            return configuration(start);
        }
        return punctuation(start, c);
    }

    private Token word(int start) {
        while (at < text.length() && isWordPart(text.charAt(at))) {
            at++;
        }
        while (text.charAt(at - 1) == '/') {
            at--; // "a//comment" and "a/*comment*/": a name doesn't end with a slash
        }
        String word = text.substring(start, at);
        boolean isNumber = word.chars().allMatch(c -> isDigit((char) c));
        return new Token(isNumber ? Kind.NUMBER : Kind.WORD, word, start);
    }

    private Token variable(int start) {
        at++;
        while (at < text.length() && isWordPart(text.charAt(at)) && text.charAt(at) != '/') {
            at++;
        }
        if (at == start + 1) {
            source.error(start, "'$' must be followed by the name of a variable");
        }
        return new Token(Kind.VARIABLE, text.substring(start + 1, at), start);
    }

    private Token punctuation(int start, char c) {
        if (text.startsWith("->", at)) {
            return fixed(Kind.ARROW, 2);
        }
        if (text.startsWith("=>", at)) {
            return fixed(Kind.DOUBLE_ARROW, 2);
        }
        if (text.startsWith("::", at)) {
            return fixed(Kind.DOUBLE_COLON, 2);
        }
        if (text.startsWith("||", at)) {
            return fixed(Kind.DOUBLE_BAR, 2);
        }
        if (text.startsWith("...", at)) {
            return fixed(Kind.ELLIPSIS, 3);
        }
        switch (c) {
            case '{':
                return fixed(Kind.OPEN_BRACE, 1);
            case '}':
                return fixed(Kind.CLOSE_BRACE, 1);
            case '[':
                return fixed(Kind.OPEN_BRACKET, 1);
            case ']':
                return fixed(Kind.CLOSE_BRACKET, 1);
            case ')':
                return fixed(Kind.CLOSE_PARENTHESIS, 1);
            case '-':
                return fixed(Kind.DASH, 1);
            case ',':
                return fixed(Kind.COMMA, 1);
            case ';':
                return fixed(Kind.SEMICOLON, 1);
            case '|':
                return fixed(Kind.BAR, 1);
            default:
                source.error(start, "unexpected character '" + c + "'");
                at++;
                return next();
        }
    }

    private Token fixed(Kind kind, int length) {
        int start = at;
        at += length;
        return new Token(kind, text.substring(start, at), start);
    }

    /** Reads up to the parenthesis that closes this one; quoted text and comments hide parentheses. */
    private Token configuration(int start) {
        int depth = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '(') {
                depth++;
            } else if (c == ')' && --depth == 0) {
                at++;
                return new Token(Kind.CONFIGURATION, text.substring(start + 1, at - 1), start);
            } else if (c == '"' || c == '\'') {
                skipQuoted(c);
                continue;
            } else if (text.startsWith("//", at) || text.startsWith("/*", at)) {
                skipComment();
                continue;
            }
            at++;
        }
        source.error(start, "'(' is never closed");
        return new Token(Kind.CONFIGURATION, text.substring(start + 1), start);
    }

    private void skipQuoted(char quote) {
        int start = at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == quote) {
                return;
            }
            if (c == '\\' && quote == '"' && at < text.length()) {
                at++;
            }
        }
        source.error(start, "the quote is never closed");
    }

    private void skipSpace() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (Character.isWhitespace(c)) {
                at++;
            } else if (text.startsWith("//", at) || text.startsWith("/*", at)) {
                skipComment();
            } else if (c == '#' && (at == 0 || text.charAt(at - 1) == '\n')) {
                skipLine();
            } else {
                return;
            }
        }
    }

    private void skipComment() {
        if (text.charAt(at + 1) == '/') {
            skipLine();
            return;
        }
        int end = text.indexOf("*/", at + 2);
        if (end < 0) {
            source.error(at, "the comment is never closed");
            at = text.length();
        } else {
            at = end + 2;
        }
    }

    private void skipLine() {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isWordStart(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == '@';
    }

    private boolean isWordPart(char c) {
        if (c == '/') {
            return !text.startsWith("//", at) && !text.startsWith("/*", at);
        }
        return isWordStart(c) || isDigit(c);
    }
}
