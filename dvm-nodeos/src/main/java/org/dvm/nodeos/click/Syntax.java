package org.dvm.nodeos.click;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The syntax tree of a configuration, before compound elements are expanded. */
final class Syntax {
    private Syntax() {}

    /** Statements of a whole configuration or of a compound element. */
    record Body(List<Statement> statements) {}

    sealed interface Statement {}

    /** {@code a -> [1] b [2] -> c}, also a lone element or declaration. */
    record Chain(List<Hop> hops) implements Statement {}

    /** {@code elementclass Name { ... }} or {@code elementclass Name Old}. */
    record ClassDefinition(String name, ClassUse meaning, int offset) implements Statement {}

    /** {@code define($x 1, $y 2)}. */
    record Definitions(String text, int offset) implements Statement {}

    /**
     * One element, or several that are declared together, in a chain.
     *
     * @param inputPort the port in front; -1 where none is written
     * @param outputPort the port behind; -1 where none is written
     */
    record Hop(List<Reference> elements, int inputPort, int outputPort) {}

    /** A mention of an element: by name, with a declaration, or anonymous by its class. */
    record Reference(
            @Nullable String name,
            @Nullable ClassUse type,
            @Nullable String configuration,
            int offset) {}

    /** A class in use: by name, or a compound written in place. */
    sealed interface ClassUse {}

    record NamedClass(String name, int offset) implements ClassUse {}

    /**
     * A compound element: overloads tried in order by number of arguments.
     *
     * @param extendsOuter whether {@code ...} at the end falls back to an outer class of the same name
     */
    record Compound(List<Overload> overloads, boolean extendsOuter, int offset) implements ClassUse {}

    /** One body of a compound with its formal parameters. */
    record Overload(List<Formal> formals, Body body, int offset) {}

    /** A formal parameter; with a keyword it is passed by keyword and may be left out. */
    record Formal(@Nullable String keyword, String name) {}
}
