package org.dvm.nodeos.click;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The syntax tree of a configuration, before compound elements are expanded. */
final class Syntax {
    private Syntax() {}

    /** Statements of a whole configuration, of a compound element or of a group. */
    record Body(List<Statement> statements) {}

    sealed interface Statement {}

    /**
     * {@code a -> [1] b [2] => c}, also a lone element or declaration.
     *
     * @param hops elements between the arrows
     * @param arrows one fewer than hops
     */
    record Chain(List<Hop> hops, List<Arrow> arrows) implements Statement {}

    /** How two hops are joined. */
    enum Arrow {
        /** {@code ->}: one port with one, or one with several. */
        ONE,
        /** {@code =>}: port by port. */
        PARALLEL
    }

    /** {@code elementclass Name { ... }} or {@code elementclass Name Old}. */
    record ClassDefinition(String name, ClassUse meaning, int offset) implements Statement {}

    /** {@code define($x 1, $y 2)}. */
    record Definitions(String text, int offset) implements Statement {}

    /** Elements with commas in a chain. */
    record Hop(List<Item> items) {}

    /** An element with the ports in front and behind. */
    record Item(Reference element, Ports inputs, Ports outputs) {}

    /**
     * Port numbers in brackets.
     *
     * @param numbers the numbers, in the order written
     * @param openEnded whether as many as needed follow after the last, as in {@code [2-]}
     */
    record Ports(List<Integer> numbers, boolean openEnded) {
        static final Ports NONE = new Ports(List.of(), false);

        boolean isWritten() {
            return !numbers.isEmpty();
        }
    }

    /** A mention of an element: by name, with a declaration, anonymous by its class, or a group in parentheses. */
    record Reference(
            @Nullable String name,
            @Nullable ClassUse type,
            @Nullable String configuration,
            int offset) {}

    /** A class in use: by name, or a compound or group written in place. */
    sealed interface ClassUse {}

    record NamedClass(String name, int offset) implements ClassUse {}

    /**
     * A compound element: overloads tried in order by number of ports and arguments.
     *
     * @param extendsOuter whether {@code ...} at the end falls back to an outer class of the same name
     */
    record Compound(List<Overload> overloads, boolean extendsOuter, int offset) implements ClassUse {}

    /** {@code ( ... )}: statements of the surrounding body with inputs and outputs of their own. */
    record Group(Body body, int offset) implements ClassUse {}

    /** One body of a compound with its formal parameters. */
    record Overload(List<Formal> formals, Body body, int offset) {}

    /** A formal parameter; with a keyword it is passed by keyword and may be left out. */
    record Formal(@Nullable String keyword, String name) {}
}
