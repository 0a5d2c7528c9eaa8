package org.dvm.core.edit;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Code to insert: a call of one static method, usually of {@code dvm-runtime}, with constants, parameters or values at
 * hand, and what becomes of its result.
 *
 * <p>Immutable; built from {@link #call}:
 *
 * <pre>{@code
 * Snippet.call("org/dvm/runtime/audit/Audit", "enter", "(ILjava/lang/Object;)V", Value.of(42), Value.thisObject())
 * }</pre>
 */
public final class Snippet {
    // What becomes of the result of the call.
    /** The result, if any, is dropped. */
    static final int DROPPED = 0;
    /** The result replaces the method's parameter: what was checked is what is used. */
    static final int INTO_PARAMETER = 1;
    /** The result is kept in a new local variable. */
    static final int INTO_LOCAL = 2;
    /** The result replaces the value about to be returned. */
    static final int AS_RETURN_VALUE = 3;

    // Properties that follow from the values, so that nobody has to go through them again.
    private static final int PUSHES_CONSTANTS = 1;
    private static final int READS_VARIABLES = 2;
    private static final int FITS_EVERYWHERE = 4;

    /** What few snippets have: a use of the result, a guard. */
    private record Extras(
            int result,
            int parameter,
            @Nullable LocalVariable variable,
            @Nullable OnceGuard guard) {}

    private static final Value[] NONE = {};

    private final StaticMember method;
    /** The values; most snippets have one. */
    private final @Nullable Value first;

    private final Value[] others;
    private final @Nullable Extras extras;
    private final byte properties;
    private final short usesOfValueAtHand;

    private Snippet(StaticMember method, @Nullable Value first, Value[] others, @Nullable Extras extras) {
        this.method = method;
        this.first = first;
        this.others = others;
        this.extras = extras;
        boolean constants = false;
        boolean variables = extras != null && extras.result() == INTO_PARAMETER;
        int atHand = 0;
        boolean fits = extras == null || extras.result() == DROPPED;
        for (int i = method.parameterCount() - 1; i >= 0; i--) {
            Value value = value(i);
            boolean constant = value.isConstant();
            constants |= constant;
            variables |= value.readsVariables();
            atHand += value.isAtHand() ? 1 : 0;
            fits = fits && constant && value.kindOfConstant() == method.parameterKind(i);
        }
        this.properties = (byte)
                ((constants ? PUSHES_CONSTANTS : 0) | (variables ? READS_VARIABLES : 0) | (fits ? FITS_EVERYWHERE : 0));
        this.usesOfValueAtHand = (short) atHand;
    }

    /**
     * Returns a snippet that calls a static method of a class.
     *
     * @param owner internal name of the class that declares the method
     * @param name the method's name
     * @param descriptor the method's descriptor
     * @param values one value a parameter, in order
     * @throws IllegalArgumentException if the number of values is not the descriptor's number of parameters, or a
     *     value can't have the parameter's type
     */
    public static Snippet call(String owner, String name, String descriptor, Value... values) {
        StaticMember method = StaticMember.method(owner, name, descriptor);
        if (method.parameterCount() != values.length) {
            throw new IllegalArgumentException("values must match the descriptor's parameters: descriptor=" + descriptor
                    + " parameters=" + method.parameterCount() + " values=" + values.length);
        }
        return of(method, values);
    }

    private static Snippet of(StaticMember method, Value[] values) {
        if (values.length <= 1) {
            return new Snippet(method, values.length == 0 ? null : requireNonNull(values[0], "value"), NONE, null);
        }
        Value[] others = new Value[values.length - 1];
        for (int i = 0; i < others.length; i++) {
            others[i] = requireNonNull(values[i + 1], "value");
        }
        return new Snippet(method, requireNonNull(values[0], "value"), others, null);
    }

    /** Returns this snippet with a call to a static method of an interface (class file version 52 and later). */
    public Snippet onInterface() {
        return new Snippet(method.onInterface(), first, others, extras);
    }

    /**
     * Returns this snippet with a call of the method as {@code super} has it, past any override. For bodies of added
     * methods, {@link ClassEdits#addMethod}. The owner is the superclass; the first value is {@code this}, for which the
     * descriptor's first parameter stands: of the class that is edited.
     *
     * @throws IllegalArgumentException if the first value isn't {@code this}
     */
    public Snippet onSuper() {
        if (first == null || first.kind() != Value.THIS) {
            throw new IllegalArgumentException("the first value must be this: " + this);
        }
        return new Snippet(method.onSuper(), first, others, extras);
    }

    /** Returns this snippet with its result stored into the method's parameter of that index. */
    public Snippet storeIntoParameter(int index) {
        return with(new Extras(INTO_PARAMETER, index, null, guard()));
    }

    /** Returns this snippet with its result stored into a variable made by {@link MethodEdits#newLocal}. */
    public Snippet storeInto(LocalVariable variable) {
        return with(new Extras(INTO_LOCAL, 0, requireNonNull(variable, "variable"), guard()));
    }

    /** Returns this snippet with its result replacing the value about to be returned. */
    public Snippet replaceReturnValue() {
        return with(new Extras(AS_RETURN_VALUE, 0, null, guard()));
    }

    /**
     * Returns this snippet guarded so that it is skipped once it has completed normally.
     *
     * @throws IllegalArgumentException if the result is used: there would be none when the snippet is skipped
     */
    public Snippet once(OnceGuard guard) {
        if (result() != DROPPED) {
            throw new IllegalArgumentException("a guarded snippet can't have a result: " + this);
        }
        return with(new Extras(DROPPED, 0, null, requireNonNull(guard, "guard")));
    }

    private Snippet with(Extras newExtras) {
        return new Snippet(method, first, others, newExtras);
    }

    /** Returns a snippet that calls the same method with other values, drops the result, and has the same guard. */
    Snippet withValues(List<Value> values) {
        Snippet snippet = of(method, values.toArray(NONE));
        OnceGuard guard = guard();
        return guard == null ? snippet : snippet.once(guard);
    }

    /** Returns this snippet, without a guard, with another's use of the result. */
    Snippet withResultOf(Snippet other) {
        Extras of = other.extras;
        return of == null || of.result() == DROPPED
                ? this
                : with(new Extras(of.result(), of.parameter(), of.variable(), null));
    }

    // ---- what the compiler asks ----

    StaticMember method() {
        return method;
    }

    int valueCount() {
        return method.parameterCount();
    }

    Value value(int index) {
        return index == 0 ? requireNonNull(first) : others[index - 1];
    }

    /** Returns whether a call of a helper without the constants is shorter. */
    boolean pushesConstants() {
        return (properties & PUSHES_CONSTANTS) != 0;
    }

    /** Returns whether the snippet reads {@code this} or a parameter, or stores into one. */
    boolean readsVariables() {
        return (properties & READS_VARIABLES) != 0;
    }

    /** Returns how many of the values are that on top of the stack: what is returned or thrown. */
    int usesOfValueAtHand() {
        return usesOfValueAtHand;
    }

    /** Returns whether the snippet asks for nothing that only some places have. */
    boolean fitsEverywhere() {
        return (properties & FITS_EVERYWHERE) != 0;
    }

    /** Returns whether the snippet is nothing but a call with constants. */
    boolean isPlainCall() {
        return extras == null && fitsEverywhere();
    }

    /** Returns whether the snippet is nothing but a call with constants and what is at hand. */
    boolean isCallAnywhere() {
        return extras == null && !readsVariables();
    }

    /** Returns what becomes of the result. */
    int result() {
        return extras == null ? DROPPED : extras.result();
    }

    /** Returns the index of the parameter into which the result goes. */
    int resultParameter() {
        return extras == null ? -1 : extras.parameter();
    }

    /** Returns the variable into which the result goes, if it goes into one. */
    @Nullable
    LocalVariable resultVariable() {
        return extras == null ? null : extras.variable();
    }

    // ---- what anybody may ask ----

    /** Returns the internal name of the class called. */
    public String owner() {
        return method.owner();
    }

    /** Returns the name of the method called. */
    public String name() {
        return method.name();
    }

    /** Returns the descriptor of the method called. */
    public String descriptor() {
        return method.descriptor();
    }

    /** Returns whether the owner is an interface. */
    public boolean ownerIsInterface() {
        return method.ownerIsInterface();
    }

    /** Returns the values passed, in the order of the parameters. */
    public List<Value> values() {
        List<Value> values = new ArrayList<>(valueCount());
        for (int i = 0; i < valueCount(); i++) {
            values.add(value(i));
        }
        return values;
    }

    /** Returns the guard, or null where the snippet runs each time. */
    public @Nullable OnceGuard guard() {
        return extras == null ? null : extras.guard();
    }

    @Override
    public String toString() {
        return method.toString() + values();
    }
}
