package org.dvm.core.edit;

import static java.util.Objects.requireNonNull;

/**
 * What a snippet can pass to the method that it calls.
 *
 * <p>Constants can be used everywhere. The others exist only at some places: {@link ThisObject} not in static methods
 * and not before a constructor's {@code super()} call has returned; {@link ReturnValue} before a return and after a
 * call; {@link Thrown} where an exception leaves the method or enters a handler; {@link Receiver} and
 * {@link CallArgument} before a call site. A value that a place doesn't have is refused with an
 * {@link IllegalArgumentException} when the snippet is asked for.
 *
 * <p>A reference is cast where the parameter's type is neither the value's own nor {@code java.lang.Object}, so that
 * a wrong class shows as a {@link ClassCastException} at that place, never as a {@link VerifyError} of the whole class.
 */
public sealed interface Value {
    /** An {@code int} constant; also for boolean, byte, char and short parameters. */
    record IntConstant(int value) implements Value {}

    /** A {@code long} constant. */
    record LongConstant(long value) implements Value {}

    /** A string constant; its modified UTF-8 form has at most 65535 bytes. */
    record StringConstant(String value) implements Value {
        /** Checks the length. */
        public StringConstant {
            int bytes = 0;
            for (int i = 0; i < value.length() && bytes <= 65535; i++) {
                char c = value.charAt(i);
                bytes += c >= 1 && c <= 0x7f ? 1 : c <= 0x7ff ? 2 : 3;
            }
            if (bytes > 65535) {
                throw new IllegalArgumentException("string constant exceeds 65535 bytes: length=" + value.length());
            }
        }
    }

    /** A class constant by internal name or array descriptor; needs class file version 49. */
    record ClassConstant(String internalName) implements Value {
        /** Checks that there is a name. */
        public ClassConstant {
            requireNonNull(internalName, "internalName");
        }
    }

    /** The null reference. */
    record NullConstant() implements Value {}

    /** The {@code this} of an instance method. */
    record ThisObject() implements Value {}

    /**
     * The method's own parameter, counted from 0 without {@code this}, as it was passed (or as
     * {@link Snippet#storeIntoParameter} left it): where the method assigns the parameter or uses its variable for
     * something else, the value is saved at entry.
     */
    record Parameter(int index) implements Value {}

    /** The value about to be returned, or a call's result; boxed where {@code boxing} says so. Absent (not allowed) in void methods unless boxed, then null. */
    record ReturnValue(Boxing boxing) implements Value {}

    /** The exception that leaves the method or enters the handler. */
    record Thrown() implements Value {}

    /** The receiver of the call about to be made; uninitialized at constructor calls and then refused. */
    record Receiver() implements Value {}

    /** An argument of the call about to be made, counted from 0 without the receiver. */
    record CallArgument(int index) implements Value {}

    /** All of the method's parameters as passed, without {@code this}, boxed into a fresh {@code Object[]}. */
    record ParameterArray() implements Value {}

    /** A static field, accessible from the edited class. */
    record StaticField(String owner, String name, String descriptor) implements Value {}

    /** A value that an earlier snippet of the same filter stored with {@link Snippet#storeInto(LocalVariable)}. */
    record Local(LocalVariable variable) implements Value {}

    /** Whether primitive values are wrapped. */
    enum Boxing {
        /** As it is. */
        PLAIN,
        /** As an object. */
        BOXED
    }

    /** Returns an int (boolean, byte, char, short) constant. */
    static Value of(int value) {
        return new IntConstant(value);
    }

    /** Returns a long constant. */
    static Value of(long value) {
        return new LongConstant(value);
    }

    /** Returns a string constant. */
    static Value of(String value) {
        return new StringConstant(value);
    }

    /** Returns a class constant. */
    static Value ofClass(String internalName) {
        return new ClassConstant(internalName);
    }

    /** Returns the null reference. */
    static Value nullReference() {
        return Shared.NULL;
    }

    /** Returns {@code this}. */
    static Value thisObject() {
        return Shared.THIS;
    }

    /** Returns the method's parameter of that index, from 0, without {@code this}. */
    static Value parameter(int index) {
        return new Parameter(index);
    }

    /** Returns all of the method's parameters in an {@code Object[]}. */
    static Value parameterArray() {
        return Shared.PARAMETER_ARRAY;
    }

    /** Returns the value about to be returned, unboxed. */
    static Value returnValue() {
        return Shared.RETURN_VALUE;
    }

    /** Returns the value about to be returned as an object; null in void methods. */
    static Value boxedReturnValue() {
        return Shared.BOXED_RETURN_VALUE;
    }

    /** Returns the exception at hand. */
    static Value thrown() {
        return Shared.THROWN;
    }

    /** Returns the receiver of the call about to be made. */
    static Value receiver() {
        return Shared.RECEIVER;
    }

    /** Returns an argument of the call about to be made, from 0, without the receiver. */
    static Value callArgument(int index) {
        return new CallArgument(index);
    }

    /** Returns the value of a static field. */
    static Value staticField(String owner, String name, String descriptor) {
        return new StaticField(owner, name, descriptor);
    }

    /** Returns the value of a variable that an earlier snippet stored. */
    static Value local(LocalVariable variable) {
        return new Local(variable);
    }
}
