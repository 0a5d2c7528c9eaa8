package org.dvm.core.edit;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * What a snippet can pass to the method that it calls.
 *
 * <p>Constants can be used everywhere. The others exist only at some places: {@link #thisObject} not in static methods
 * and not before a constructor's {@code super()} call has returned; {@link #returnValue} before a return and after a
 * call; {@link #thrown} where an exception leaves the method or enters a handler; {@link #receiver} and
 * {@link #callArgument} before a call site. A value that a place doesn't have is refused with an
 * {@link IllegalArgumentException} when the snippet is asked for.
 *
 * <p>A reference is cast where the parameter's type is neither the value's own nor {@code java.lang.Object}, so that
 * a wrong class shows as a {@link ClassCastException} at that place, never as a {@link VerifyError} of the whole class.
 *
 * <p><b>Threads:</b> immutable.
 */
public final class Value {
    // Kinds, constants first. Numbers rather than a class each: loading classes is most of what a JVM's first edit
    // costs.
    static final int INT = 0;
    static final int LONG = 1;
    static final int STRING = 2;
    static final int CLASS = 3;
    static final int NULL = 4;
    static final int STATIC_FIELD = 5;
    static final int THIS = 6;
    static final int PARAMETER = 7;
    static final int PARAMETER_ARRAY = 8;
    static final int RETURNED = 9;
    static final int BOXED_RETURNED = 10;
    static final int THROWN = 11;
    static final int RECEIVER = 12;
    static final int CALL_ARGUMENT = 13;
    static final int LOCAL = 14;

    private static final String[] NAMES = {
        "int",
        "long",
        "string",
        "class",
        "null",
        "static field",
        "this",
        "parameter",
        "parameter array",
        "return value",
        "boxed return value",
        "thrown",
        "receiver",
        "call argument",
        "local"
    };

    private static final Value NULL_REFERENCE = new Value(NULL, 0, null);
    private static final Value THIS_OBJECT = new Value(THIS, 0, null);
    private static final Value PARAMETERS = new Value(PARAMETER_ARRAY, 0, null);
    private static final Value RETURN_VALUE = new Value(RETURNED, 0, null);
    private static final Value BOXED_RETURN_VALUE = new Value(BOXED_RETURNED, 0, null);
    private static final Value EXCEPTION = new Value(THROWN, 0, null);
    private static final Value CALL_RECEIVER = new Value(RECEIVER, 0, null);

    /** Small int constants, such as numbers of methods, when they have been asked for; threads may race for a place. */
    private static final @Nullable Value[] SMALL = new Value[256];

    private final byte kind;
    private final int number;
    private final @Nullable Object content;

    private Value(int kind, int number, @Nullable Object content) {
        this.kind = (byte) kind;
        this.number = number;
        this.content = content;
    }

    /** Returns an int constant; also for boolean, byte, char and short parameters. */
    public static Value of(int value) {
        if (value < 0 || value >= SMALL.length) {
            return new Value(INT, value, null);
        }
        Value small = SMALL[value];
        if (small == null) {
            small = new Value(INT, value, null);
            SMALL[value] = small;
        }
        return small;
    }

    /** Returns a long constant. */
    public static Value of(long value) {
        return new Value(LONG, 0, value);
    }

    /**
     * Returns a string constant.
     *
     * @throws IllegalArgumentException if its modified UTF-8 form exceeds 65535 bytes
     */
    public static Value of(String value) {
        int bytes = 0;
        for (int i = 0; i < value.length() && bytes <= 65535; i++) {
            char c = value.charAt(i);
            bytes += c >= 1 && c <= 0x7f ? 1 : c <= 0x7ff ? 2 : 3;
        }
        if (bytes > 65535) {
            throw new IllegalArgumentException("string constant exceeds 65535 bytes: length=" + value.length());
        }
        return new Value(STRING, 0, value);
    }

    /** Returns a class constant by internal name or array descriptor; needs class file version 49. */
    public static Value ofClass(String internalName) {
        return new Value(CLASS, 0, requireNonNull(internalName, "internalName"));
    }

    /** Returns the null reference. */
    public static Value nullReference() {
        return NULL_REFERENCE;
    }

    /** Returns {@code this} of an instance method. */
    public static Value thisObject() {
        return THIS_OBJECT;
    }

    /**
     * Returns the method's own parameter, as it was passed (or as {@link Snippet#storeIntoParameter} left it): where the
     * method assigns the parameter or uses its variable for something else, the value is saved at entry.
     *
     * @param index from 0, without {@code this}
     */
    public static Value parameter(int index) {
        return new Value(PARAMETER, index, null);
    }

    /** Returns all of the method's parameters as passed, without {@code this}, boxed into a fresh {@code Object[]}. */
    public static Value parameterArray() {
        return PARAMETERS;
    }

    /** Returns the value about to be returned, or a call's result, as it is; there is none in void methods. */
    public static Value returnValue() {
        return RETURN_VALUE;
    }

    /** Returns the value about to be returned, or a call's result, as an object; null in void methods. */
    public static Value boxedReturnValue() {
        return BOXED_RETURN_VALUE;
    }

    /** Returns the exception that leaves the method or enters the handler. */
    public static Value thrown() {
        return EXCEPTION;
    }

    /** Returns the receiver of the call about to be made; not available at constructor calls, where it is uninitialized. */
    public static Value receiver() {
        return CALL_RECEIVER;
    }

    /** Returns an argument of the call about to be made, from 0, without the receiver. */
    public static Value callArgument(int index) {
        return new Value(CALL_ARGUMENT, index, null);
    }

    /** Returns the value of a static field, accessible from the edited class. */
    public static Value staticField(String owner, String name, String descriptor) {
        return new Value(STATIC_FIELD, 0, StaticMember.field(owner, name, descriptor));
    }

    /** Returns a value that an earlier snippet of the same filter stored with {@link Snippet#storeInto(LocalVariable)}. */
    public static Value local(LocalVariable variable) {
        return new Value(LOCAL, 0, requireNonNull(variable, "variable"));
    }

    int kind() {
        return kind;
    }

    /** Returns whether it is the same wherever it stands. */
    boolean isConstant() {
        return kind <= STATIC_FIELD;
    }

    /** Returns whether it reads {@code this} or parameters. */
    boolean readsVariables() {
        return kind == THIS || kind == PARAMETER || kind == PARAMETER_ARRAY;
    }

    /** Returns whether it is on top of the stack: what is returned or thrown. */
    boolean isAtHand() {
        return kind == RETURNED || kind == BOXED_RETURNED || kind == THROWN;
    }

    /** Returns the type as which the operand stack holds a constant. */
    char kindOfConstant() {
        return switch (kind) {
            case INT -> 'I';
            case LONG -> 'J';
            case STATIC_FIELD -> Descriptors.computational(field().descriptor().charAt(0));
            default -> 'L';
        };
    }

    /** Returns the int, or the index of a parameter or argument. */
    int number() {
        return number;
    }

    long longNumber() {
        return (Long) requireNonNull(content);
    }

    /** Returns the string, or the name of the class. */
    String text() {
        return (String) requireNonNull(content);
    }

    StaticMember field() {
        return (StaticMember) requireNonNull(content);
    }

    LocalVariable variable() {
        return (LocalVariable) requireNonNull(content);
    }

    @Override
    public String toString() {
        return NAMES[kind]
                + (kind == INT || kind == PARAMETER || kind == CALL_ARGUMENT ? " " + number : "")
                + (content == null ? "" : " " + content);
    }
}
