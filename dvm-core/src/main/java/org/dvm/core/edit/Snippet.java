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
    /** What becomes of the result of the call. */
    public sealed interface Result {
        /** The result, if any, is dropped. */
        record Dropped() implements Result {}

        /** The result replaces the method's parameter: what was checked is what is used. */
        record IntoParameter(int index) implements Result {}

        /** The result is kept in a new local variable. */
        record IntoLocal(LocalVariable variable) implements Result {}

        /** The result replaces the value about to be returned. */
        record AsReturnValue() implements Result {}
    }

    /** How the method is called. */
    private enum Kind {
        STATIC,
        STATIC_OF_INTERFACE,
        INHERITED
    }

    private final String owner;
    private final String name;
    private final String descriptor;
    private final Kind kind;
    private final List<Value> values;
    private final Result result;
    private final @Nullable OnceGuard guard;
    /** What {@link Descriptors#summary} says of the descriptor. */
    private final long summary;

    // What the values ask for, so that nobody has to go through them again.
    private final boolean pushesConstants;
    private final boolean readsVariables;
    private final int usesOfValueAtHand;
    private final boolean fitsEverywhere;

    private Snippet(
            String owner,
            String name,
            String descriptor,
            Kind kind,
            List<Value> values,
            Result result,
            @Nullable OnceGuard guard,
            long summary) {
        this.owner = owner;
        this.name = name;
        this.descriptor = descriptor;
        this.kind = kind;
        this.values = values;
        this.result = result;
        this.guard = guard;
        this.summary = summary;
        boolean constants = false;
        boolean variables = result instanceof Result.IntoParameter;
        int atHand = 0;
        boolean fits = result instanceof Result.Dropped;
        int type = 1;
        for (int i = 0; i < values.size(); i++) {
            Value value = values.get(i);
            boolean constant = HelperMethods.isConstant(value);
            constants |= constant;
            variables |= value instanceof Value.ThisObject
                    || value instanceof Value.Parameter
                    || value instanceof Value.ParameterArray;
            atHand += value instanceof Value.ReturnValue || value instanceof Value.Thrown ? 1 : 0;
            fits = fits && constant && SnippetCheck.fits(value, descriptor.charAt(type));
            type = Descriptors.next(descriptor, type);
        }
        this.pushesConstants = constants;
        this.readsVariables = variables;
        this.usesOfValueAtHand = atHand;
        this.fitsEverywhere = fits;
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
        requireNonNull(owner, "owner");
        requireNonNull(name, "name");
        List<Value> list = List.of(values);
        long summary = Descriptors.summary(descriptor);
        int parameters = (int) summary & 0xffff;
        if (parameters != list.size()) {
            throw new IllegalArgumentException("values must match the descriptor's parameters: descriptor=" + descriptor
                    + " parameters=" + parameters + " values=" + list.size());
        }
        return new Snippet(owner, name, descriptor, Kind.STATIC, list, Shared.DROPPED, null, summary);
    }

    /** Returns this snippet with a call to a static method of an interface (class file version 52 and later). */
    public Snippet onInterface() {
        return new Snippet(owner, name, descriptor, Kind.STATIC_OF_INTERFACE, values, result, guard, summary);
    }

    /**
     * Returns this snippet with a call of the method as {@code super} has it, past any override. For bodies of added
     * methods, {@link ClassEdits#addMethod}. The owner is the superclass; the first value is {@code this}, for which the
     * descriptor's first parameter stands: of the class that is edited.
     *
     * @throws IllegalArgumentException if the first value isn't {@code this}
     */
    public Snippet onSuper() {
        if (values.isEmpty() || !(values.get(0) instanceof Value.ThisObject)) {
            throw new IllegalArgumentException("the first value must be this: " + this);
        }
        return new Snippet(owner, name, descriptor, Kind.INHERITED, values, result, guard, summary);
    }

    /** Returns this snippet with its result stored into the method's parameter of that index. */
    public Snippet storeIntoParameter(int index) {
        return new Snippet(owner, name, descriptor, kind, values, new Result.IntoParameter(index), guard, summary);
    }

    /** Returns this snippet with its result stored into a variable made by {@link MethodEdits#newLocal}. */
    public Snippet storeInto(LocalVariable variable) {
        return new Snippet(owner, name, descriptor, kind, values, new Result.IntoLocal(variable), guard, summary);
    }

    /** Returns this snippet with its result replacing the value about to be returned. */
    public Snippet replaceReturnValue() {
        return new Snippet(owner, name, descriptor, kind, values, Shared.AS_RETURN_VALUE, guard, summary);
    }

    /**
     * Returns this snippet guarded so that it is skipped once it has completed normally.
     *
     * @throws IllegalArgumentException if the result is used: there would be none when the snippet is skipped
     */
    public Snippet once(OnceGuard guard) {
        if (!(result instanceof Result.Dropped)) {
            throw new IllegalArgumentException("a guarded snippet can't have a result: " + this);
        }
        return new Snippet(owner, name, descriptor, kind, values, result, guard, summary);
    }

    int argumentSlots() {
        return (int) (summary >>> 16) & 0xffff;
    }

    /** Returns the first character of the return type. */
    char returnKind() {
        return descriptor.charAt((int) (summary >>> 32));
    }

    /** Returns whether a call of a helper without the constants is shorter. */
    boolean pushesConstants() {
        return pushesConstants;
    }

    /** Returns whether the snippet reads {@code this} or a parameter, or stores into one. */
    boolean readsVariables() {
        return readsVariables;
    }

    /** Returns how many of the values are that on top of the stack: what is returned or thrown. */
    int usesOfValueAtHand() {
        return usesOfValueAtHand;
    }

    /** Returns whether the snippet asks for nothing that only some places have. */
    boolean fitsEverywhere() {
        return fitsEverywhere;
    }

    Snippet withValues(List<Value> values) {
        return new Snippet(owner, name, descriptor, kind, List.copyOf(values), result, guard, summary);
    }

    Snippet withResult(Result result) {
        return new Snippet(owner, name, descriptor, kind, values, result, guard, summary);
    }

    /** Returns the internal name of the class called. */
    public String owner() {
        return owner;
    }

    /** Returns the name of the method called. */
    public String name() {
        return name;
    }

    /** Returns the descriptor of the method called. */
    public String descriptor() {
        return descriptor;
    }

    /** Returns whether the owner is an interface. */
    public boolean ownerIsInterface() {
        return kind == Kind.STATIC_OF_INTERFACE;
    }

    /** Returns whether the call is of an inherited method. */
    boolean callsInherited() {
        return kind == Kind.INHERITED;
    }

    /** Returns the values passed, in the order of the parameters. */
    public List<Value> values() {
        return values;
    }

    /** Returns what becomes of the result. */
    public Result result() {
        return result;
    }

    /** Returns the guard, or null where the snippet runs each time. */
    public @Nullable OnceGuard guard() {
        return guard;
    }

    @Override
    public String toString() {
        List<String> texts = new ArrayList<>();
        values.forEach(value -> texts.add(value.toString()));
        return owner + "." + name + descriptor + texts;
    }
}
