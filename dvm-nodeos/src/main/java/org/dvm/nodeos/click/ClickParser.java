package org.dvm.nodeos.click;

import java.util.ArrayList;
import java.util.List;
import org.dvm.nodeos.click.Syntax.Body;
import org.dvm.nodeos.click.Syntax.Chain;
import org.dvm.nodeos.click.Syntax.ClassDefinition;
import org.dvm.nodeos.click.Syntax.ClassUse;
import org.dvm.nodeos.click.Syntax.Compound;
import org.dvm.nodeos.click.Syntax.Definitions;
import org.dvm.nodeos.click.Syntax.Formal;
import org.dvm.nodeos.click.Syntax.Hop;
import org.dvm.nodeos.click.Syntax.NamedClass;
import org.dvm.nodeos.click.Syntax.Overload;
import org.dvm.nodeos.click.Syntax.Reference;
import org.dvm.nodeos.click.Syntax.Statement;
import org.dvm.nodeos.click.Token.Kind;
import org.jspecify.annotations.Nullable;

/** Recursive-descent parser of the configuration language; goes on after a mistake with the next statement. */
final class ClickParser {
    /** Compounds inside compounds; deeper ones are refused rather than overflow the stack. */
    private static final int MAX_DEPTH = 100;

    private static final int MAX_PORT = 0xffff;

    private final ClickSource source;
    private final ClickLexer lexer;
    private Token token;
    private int depth;

    ClickParser(ClickSource source) {
        this.source = source;
        this.lexer = new ClickLexer(source);
        this.token = lexer.next();
    }

    Body parse() {
        List<Statement> statements = new ArrayList<>();
        while (!token.is(Kind.END)) {
            statements.addAll(statements());
            if (!token.is(Kind.END)) {
                source.error(token.offset(), token.shown() + " without a compound element to close");
                advance();
            }
        }
        return new Body(statements);
    }

    /** Reads statements up to the end of the text or of the compound. */
    private List<Statement> statements() {
        List<Statement> statements = new ArrayList<>();
        while (!token.is(Kind.END)
                && !token.is(Kind.CLOSE_BRACE)
                && !token.is(Kind.DOUBLE_BAR)
                && !token.is(Kind.ELLIPSIS)) {
            if (token.is(Kind.SEMICOLON)) {
                advance();
                continue;
            }
            int before = token.offset();
            try {
                Statement statement = statement();
                if (statement != null) {
                    statements.add(statement);
                }
            } catch (Unexpected e) {
                recover();
            }
            if (token.offset() == before) {
                advance();
            }
        }
        return statements;
    }

    private @Nullable Statement statement() {
        if (token.isWord("elementclass")) {
            return classDefinition();
        }
        if (token.isWord("require") || token.isWord("provide")) {
            return requirement();
        }
        if (token.isWord("define")) {
            return definitions();
        }
        return chain();
    }

    private Statement classDefinition() {
        int offset = token.offset();
        advance();
        Token name = expect(Kind.WORD);
        if (token.is(Kind.OPEN_BRACE)) {
            return new ClassDefinition(name.text(), compound(), offset);
        }
        Token old = expect(Kind.WORD);
        return new ClassDefinition(name.text(), new NamedClass(old.text(), old.offset()), offset);
    }

    /** Packages are compiled in: what a configuration requires of them is there or shows as an unknown class. */
    private @Nullable Statement requirement() {
        advance();
        expect(Kind.CONFIGURATION);
        return null;
    }

    private Statement definitions() {
        advance();
        Token text = expect(Kind.CONFIGURATION);
        return new Definitions(text.text(), text.offset());
    }

    private Statement chain() {
        List<Hop> hops = new ArrayList<>();
        do {
            hops.add(hop());
        } while (accept(Kind.ARROW));
        if (hops.size() == 1 && (hops.get(0).inputPort() >= 0 || hops.get(0).outputPort() >= 0)) {
            source.error(hops.get(0).elements().get(0).offset(), "a port without a connection");
        }
        return new Chain(hops);
    }

    private Hop hop() {
        int inputPort = port();
        List<Reference> elements = references();
        return new Hop(elements, inputPort, port());
    }

    /** Reads an element, or the names of a joint declaration {@code a, b :: Class}. */
    private List<Reference> references() {
        if (token.is(Kind.OPEN_BRACE)) {
            int offset = token.offset();
            return List.of(new Reference(null, compound(), configuration(), offset));
        }
        List<Token> names = new ArrayList<>();
        do {
            names.add(expect(Kind.WORD));
        } while (accept(Kind.COMMA));
        if (accept(Kind.DOUBLE_COLON)) {
            ClassUse type = classUse();
            String configuration = configuration();
            List<Reference> references = new ArrayList<>();
            names.forEach(name -> references.add(new Reference(name.text(), type, configuration, name.offset())));
            return references;
        }
        if (names.size() > 1) {
            source.error(token.offset(), "expected '::' after a list of names, found " + token.shown());
            throw new Unexpected();
        }
        // Whether the word names an element or a class is known only when all declarations are.
        return List.of(new Reference(
                names.get(0).text(), null, configuration(), names.get(0).offset()));
    }

    private ClassUse classUse() {
        if (token.is(Kind.OPEN_BRACE)) {
            return compound();
        }
        Token name = expect(Kind.WORD);
        return new NamedClass(name.text(), name.offset());
    }

    private Compound compound() {
        int offset = token.offset();
        advance();
        List<Overload> overloads = new ArrayList<>();
        boolean extendsOuter = false;
        if (++depth > MAX_DEPTH) {
            source.error(offset, "compound elements are nested deeper than " + MAX_DEPTH);
            skipBody();
        } else {
            do {
                if (accept(Kind.ELLIPSIS)) {
                    extendsOuter = true;
                    break;
                }
                int bodyOffset = token.offset();
                List<Formal> formals = formals();
                overloads.add(new Overload(formals, new Body(statements()), bodyOffset));
            } while (accept(Kind.DOUBLE_BAR));
        }
        depth--;
        if (!accept(Kind.CLOSE_BRACE)) {
            source.error(offset, "'{' is never closed");
        }
        return new Compound(overloads, extendsOuter, offset);
    }

    private void skipBody() {
        int open = 0;
        while (!token.is(Kind.END) && !(token.is(Kind.CLOSE_BRACE) && open == 0)) {
            open += token.is(Kind.OPEN_BRACE) ? 1 : token.is(Kind.CLOSE_BRACE) ? -1 : 0;
            advance();
        }
    }

    /** Reads {@code $a, KEY $b |}; nothing where the body has no parameters. */
    private List<Formal> formals() {
        List<Formal> formals = new ArrayList<>();
        if (!token.is(Kind.VARIABLE) && !token.is(Kind.BAR) && !startsKeywordFormal()) {
            return formals;
        }
        while (!token.is(Kind.BAR)) {
            String keyword = null;
            if (token.is(Kind.WORD)) {
                keyword = token.text();
                advance();
            }
            formals.add(new Formal(keyword, expect(Kind.VARIABLE).text()));
            if (!accept(Kind.COMMA)) {
                break;
            }
        }
        if (!accept(Kind.BAR)) {
            source.error(token.offset(), "expected '|' after the parameters, found " + token.shown());
        }
        return formals;
    }

    /** A keyword parameter is an upper-case word followed by a variable; no statement starts so. */
    private boolean startsKeywordFormal() {
        if (!token.is(Kind.WORD) || !token.text().equals(token.text().toUpperCase(java.util.Locale.ROOT))) {
            return false;
        }
        int i = token.offset() + token.text().length();
        String text = source.text();
        while (i < text.length() && Character.isWhitespace(text.charAt(i))) {
            i++;
        }
        return i < text.length() && text.charAt(i) == '$';
    }

    private @Nullable String configuration() {
        if (!token.is(Kind.CONFIGURATION)) {
            return null;
        }
        String text = token.text();
        advance();
        return text;
    }

    private int port() {
        if (!accept(Kind.OPEN_BRACKET)) {
            return -1;
        }
        Token number = expect(Kind.NUMBER);
        int port = number.text().length() > 5 ? MAX_PORT + 1 : Integer.parseInt(number.text());
        if (port > MAX_PORT) {
            source.error(number.offset(), "port numbers end at " + MAX_PORT);
            port = 0;
        }
        expect(Kind.CLOSE_BRACKET);
        return port;
    }

    private boolean accept(Kind kind) {
        if (token.is(kind)) {
            advance();
            return true;
        }
        return false;
    }

    private Token expect(Kind kind) {
        if (token.is(kind)) {
            Token found = token;
            advance();
            return found;
        }
        source.error(token.offset(), "expected " + kind + ", found " + token.shown());
        throw new Unexpected();
    }

    /** Leaves a statement whose mistake is noted. */
    private static final class Unexpected extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unexpected() {
            super(null, null, false, false);
        }
    }

    /** Passes over the rest of a broken statement. */
    private void recover() {
        while (!token.is(Kind.SEMICOLON) && !token.is(Kind.CLOSE_BRACE) && !token.is(Kind.END)) {
            advance();
        }
        accept(Kind.SEMICOLON);
    }

    private void advance() {
        token = lexer.next();
    }
}
