package org.dvm.nodeos.click;

import java.util.ArrayList;
import java.util.List;
import org.dvm.nodeos.click.Syntax.Arrow;
import org.dvm.nodeos.click.Syntax.Body;
import org.dvm.nodeos.click.Syntax.Chain;
import org.dvm.nodeos.click.Syntax.ClassDefinition;
import org.dvm.nodeos.click.Syntax.ClassUse;
import org.dvm.nodeos.click.Syntax.Compound;
import org.dvm.nodeos.click.Syntax.Definitions;
import org.dvm.nodeos.click.Syntax.Formal;
import org.dvm.nodeos.click.Syntax.Group;
import org.dvm.nodeos.click.Syntax.Hop;
import org.dvm.nodeos.click.Syntax.Item;
import org.dvm.nodeos.click.Syntax.NamedClass;
import org.dvm.nodeos.click.Syntax.Overload;
import org.dvm.nodeos.click.Syntax.Ports;
import org.dvm.nodeos.click.Syntax.Reference;
import org.dvm.nodeos.click.Syntax.Statement;
import org.dvm.nodeos.click.Token.Kind;
import org.jspecify.annotations.Nullable;

/** Recursive-descent parser of the configuration language; goes on after a mistake with the next statement. */
final class ClickParser {
    /** Compounds inside compounds; deeper ones are refused rather than overflow the stack. */
    private static final int MAX_DEPTH = 100;

    private static final int MAX_PORT = 0xffff;

    /** Ports in all brackets together: a short text can name many. */
    private static final int MAX_PORTS_LISTED = 1 << 18;

    private final ClickSource source;
    private final ClickLexer lexer;
    private Token token;
    private int depth;
    private int portsListed;

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
                source.error(token.offset(), token.shown() + " without a compound element or group to close");
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
                && !token.is(Kind.CLOSE_PARENTHESIS)
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
        List<Arrow> arrows = new ArrayList<>();
        hops.add(token.is(Kind.ARROW) || token.is(Kind.DOUBLE_ARROW) ? implicit("input", Ports.NONE) : hop(true));
        while (token.is(Kind.ARROW) || token.is(Kind.DOUBLE_ARROW)) {
            arrows.add(token.is(Kind.ARROW) ? Arrow.ONE : Arrow.PARALLEL);
            advance();
            hops.add(hop(false));
        }
        if (hops.size() == 1) {
            return new Chain(List.of(shared(hops.get(0))), arrows);
        }
        return new Chain(hops, arrows);
    }

    private Hop hop(boolean first) {
        List<Item> items = new ArrayList<>();
        do {
            items.add(item(first, items.isEmpty()));
        } while (accept(Kind.COMMA));
        return new Hop(items);
    }

    private Item item(boolean first, boolean alone) {
        int start = token.offset();
        Ports inputs = ports();
        if (isNested() && (first ? inputs.isWritten() && !startsElement() : (inputs.isWritten() || alone) && ends())) {
            return implicit(first, inputs, start);
        }
        Reference element = reference();
        return new Item(element, inputs, ports());
    }

    /** Inside a compound or a group, an end of a chain without an element is the compound's input or output. */
    private Item implicit(boolean first, Ports ports, int offset) {
        return first
                ? new Item(new Reference("input", null, null, offset), Ports.NONE, ports)
                : new Item(new Reference("output", null, null, offset), ports, Ports.NONE);
    }

    private Hop implicit(String name, Ports ports) {
        if (!isNested()) {
            source.error(token.offset(), "expected a name, found " + token.shown());
            throw new Unexpected();
        }
        return new Hop(List.of(new Item(new Reference(name, null, null, token.offset()), Ports.NONE, ports)));
    }

    private boolean startsElement() {
        return token.is(Kind.WORD)
                || token.is(Kind.NUMBER)
                || token.is(Kind.OPEN_BRACE)
                || token.is(Kind.CONFIGURATION);
    }

    /** Returns whether no element can follow: the compound's or group's own output is meant. */
    private boolean ends() {
        return token.is(Kind.SEMICOLON)
                || token.is(Kind.CLOSE_BRACE)
                || token.is(Kind.CLOSE_PARENTHESIS)
                || token.is(Kind.DOUBLE_BAR)
                || token.is(Kind.COMMA)
                || token.is(Kind.END);
    }

    private boolean isNested() {
        return depth > 0;
    }

    /** A lone list {@code a, b :: Class(arguments)} declares all its names alike. */
    private static Hop shared(Hop hop) {
        Reference last = hop.items().get(hop.items().size() - 1).element();
        boolean bare = hop.items().stream()
                .limit(hop.items().size() - 1L)
                .map(Item::element)
                .allMatch(e -> e.type() == null && e.configuration() == null);
        if (last.type() == null || last.name() == null || !bare) {
            return hop;
        }
        return new Hop(hop.items().stream()
                .map(item -> new Item(
                        new Reference(
                                item.element().name(),
                                last.type(),
                                last.configuration(),
                                item.element().offset()),
                        item.inputs(),
                        item.outputs()))
                .toList());
    }

    private Reference reference() {
        int offset = token.offset();
        if (token.is(Kind.OPEN_BRACE)) {
            return new Reference(null, compound(), configuration(), offset);
        }
        if (token.is(Kind.CONFIGURATION)) {
            return new Reference(null, group(), null, offset);
        }
        String name = token.is(Kind.NUMBER) ? numbered() : expect(Kind.WORD).text();
        if (accept(Kind.DOUBLE_COLON)) {
            ClassUse type = classUse();
            return new Reference(name, type, configuration(), offset);
        }
        // Whether the word names an element or a class is known only when all declarations are.
        return new Reference(name, null, configuration(), offset);
    }

    private String numbered() {
        String name = token.text();
        source.error(token.offset(), "a name needs a letter, found " + token.shown());
        advance();
        return name;
    }

    /** Reads what stands in parentheses where an element is expected. */
    private Group group() {
        int offset = token.offset();
        if (++depth > MAX_DEPTH) {
            source.error(offset, "elements are nested deeper than " + MAX_DEPTH);
            depth--;
            advance();
            return new Group(new Body(List.of()), offset);
        }
        lexer.enter(token);
        advance();
        List<Statement> statements = new ArrayList<>();
        while (true) {
            statements.addAll(statements());
            if (!token.is(Kind.DOUBLE_BAR) && !token.is(Kind.ELLIPSIS) && !token.is(Kind.BAR)) {
                break;
            }
            source.error(token.offset(), token.shown() + " in a group");
            advance();
        }
        depth--;
        if (!accept(Kind.CLOSE_PARENTHESIS)) {
            source.error(offset, "'(' is never closed");
        }
        return new Group(new Body(statements), offset);
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

    /** Reads {@code [1]}, {@code [0, 2-4]}, {@code [1-]} or {@code []}, which are all. */
    private Ports ports() {
        if (!accept(Kind.OPEN_BRACKET)) {
            return Ports.NONE;
        }
        List<Integer> numbers = new ArrayList<>();
        boolean dash = false;
        while (!token.is(Kind.CLOSE_BRACKET)) {
            Token number = expect(Kind.NUMBER);
            int port = port(number);
            int from = dash ? numbers.get(numbers.size() - 1) + 1 : port;
            portsListed += Math.max(0, port + 1 - from);
            if (portsListed > MAX_PORTS_LISTED) {
                source.error(number.offset(), "more than " + MAX_PORTS_LISTED + " ports are listed in brackets");
                throw new Unexpected();
            }
            for (int n = from; n <= port; n++) {
                numbers.add(n);
            }
            dash = accept(Kind.DASH);
            if (!dash && !accept(Kind.COMMA)) {
                expect(Kind.CLOSE_BRACKET);
                return new Ports(numbers, false);
            }
        }
        advance();
        return new Ports(numbers.isEmpty() ? List.of(0) : numbers, true);
    }

    private int port(Token number) {
        int port = number.text().length() > 5 ? MAX_PORT + 1 : Integer.parseInt(number.text());
        if (port > MAX_PORT) {
            source.error(number.offset(), "port numbers end at " + MAX_PORT);
            port = 0;
        }
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
        while (!token.is(Kind.SEMICOLON)
                && !token.is(Kind.CLOSE_BRACE)
                && !token.is(Kind.CLOSE_PARENTHESIS)
                && !token.is(Kind.END)) {
            advance();
        }
        accept(Kind.SEMICOLON);
    }

    private void advance() {
        token = lexer.next();
    }
}
