package org.dvm.core.edit;

/** The values that need no state, made once. */
final class Shared {
    static final Value NULL = new Value.NullConstant();
    static final Value THIS = new Value.ThisObject();
    static final Value PARAMETER_ARRAY = new Value.ParameterArray();
    static final Value RETURN_VALUE = new Value.ReturnValue(Value.Boxing.PLAIN);
    static final Value BOXED_RETURN_VALUE = new Value.ReturnValue(Value.Boxing.BOXED);
    static final Value THROWN = new Value.Thrown();
    static final Value RECEIVER = new Value.Receiver();
    static final Snippet.Result DROPPED = new Snippet.Result.Dropped();
    static final Snippet.Result AS_RETURN_VALUE = new Snippet.Result.AsReturnValue();

    private Shared() {}
}
