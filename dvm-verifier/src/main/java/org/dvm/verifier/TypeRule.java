package org.dvm.verifier;

import org.dvm.core.finding.LinkError;
import org.dvm.core.finding.Rule;
import org.dvm.core.finding.Severity;

/**
 * The rules of phases 2 to 4: of the instructions, of the types that they compute with, and of the other classes that
 * a class relies on.
 *
 * @jvms 4.9
 * @jvms 4.10
 * @jvms 5.4
 */
public enum TypeRule implements Rule {
    /** The code array is a sequence of whole, known instructions. */
    INSTRUCTION("4.9.1"),
    /** An instruction's operand is a constant of the kind that it needs. */
    CONSTANT_OPERAND("4.9.1"),
    /** An instruction's other operands - padding, counts, array types, dimensions - are as it needs them. */
    OPERAND("4.9.1"),
    /** A local variable's index is below {@code max_locals}. */
    LOCAL_INDEX("4.9.1"),
    /** The parameters fit into the local variables. */
    PARAMETERS("4.7.3", LinkError.CLASS_FORMAT),
    /** A branch leads to an instruction of the method. */
    BRANCH_TARGET("4.9.1"),
    /** Initializers are called by invokespecial only, return nothing, and class initializers are never called. */
    INITIALIZER_CALL("4.9.1"),
    /** The exception table refers to instructions. */
    EXCEPTION_TABLE("4.7.3", LinkError.CLASS_FORMAT),
    /** The local variable tables refer to instructions. */
    LOCAL_VARIABLE_TABLE("4.7.13", LinkError.CLASS_FORMAT),
    /** The stack map table is well formed. */
    STACK_MAP_FORMAT("4.7.4", LinkError.CLASS_FORMAT),
    /** A stack map frame has no more locals and stack items than the method. */
    STACK_MAP_SIZE("4.7.4", LinkError.CLASS_FORMAT),
    /** An uninitialized type in a stack map frame names a new instruction. */
    STACK_MAP_UNINITIALIZED("4.7.4", LinkError.CLASS_FORMAT),
    /** A stack map frame stands at an instruction. */
    STACK_MAP_OFFSET("4.10.1.3"),
    /** A stack map frame stands where control flow joins. */
    STACK_MAP_MISSING("4.10.1.6"),
    /** The state before an instruction is assignable to the stack map frame that stands there. */
    STACK_MAP_MISMATCH("4.10.1.6"),
    /** The state in a protected range is assignable to its handler's stack map frame. */
    HANDLER_MISMATCH("4.10.1.6"),
    /** A descriptor is well formed. */
    DESCRIPTOR("4.3", LinkError.CLASS_FORMAT),
    /** A value on the operand stack has the type that the instruction needs. */
    OPERAND_TYPE("4.10.1.9"),
    /** A local variable has the type that the instruction needs. */
    LOCAL_TYPE("4.10.1.9"),
    /** No instruction pops more than is on the operand stack. */
    STACK_UNDERFLOW("4.9.2"),
    /** The operand stack never grows above {@code max_stack}. */
    STACK_OVERFLOW("4.9.2"),
    /** The value returned has the method's return type. */
    RETURN_TYPE("4.9.2"),
    /** A constructor calls another constructor before it returns. */
    CONSTRUCTOR_CALL("4.9.2"),
    /** An instance initializer is called for the class that it belongs to. */
    INITIALIZER_TARGET("4.9.2"),
    /** Control never falls off the end of the code. */
    FALLS_OFF_END("4.9.2"),
    /** A catch type is a subclass of Throwable. */
    CATCH_TYPE("4.9.1"),
    /** A protected member of a superclass in another package is used on objects of this class only. */
    PROTECTED_ACCESS("4.10.1.8"),
    /** invokespecial names a method of this class, a superclass or a direct superinterface. */
    SPECIAL_TARGET("4.9.2"),
    /** Paths that join have operand stacks of the same height and kinds. */
    JOIN("4.10.2.2"),
    /** Subroutines are entered by jsr, left by ret once, and not recursive. */
    SUBROUTINE("4.10.2.5"),
    /** A class that verification needs exists. */
    CLASS_MISSING("5.3", LinkError.NO_CLASS_DEF_FOUND),
    /** No class is its own superclass or superinterface. */
    CIRCULARITY("5.3.5", LinkError.CLASS_CIRCULARITY),
    /** The superclass is a class that isn't final; superinterfaces are interfaces; sealed ones permit this class. */
    SUPERTYPE("5.3.5", LinkError.INCOMPATIBLE_CLASS_CHANGE),
    /** Superclass and superinterfaces are accessible. */
    SUPERTYPE_ACCESS("5.3.5", LinkError.ILLEGAL_ACCESS),
    /** No final method is overridden. */
    FINAL_OVERRIDE("5.3.5", LinkError.INCOMPATIBLE_CLASS_CHANGE),
    /** Before Java 16: the superclass isn't final, and no final method is overridden. */
    FINALITY_BEFORE_16("4.10"),
    /** A class that an instruction names is accessible. */
    CLASS_ACCESS("5.4.4", LinkError.ILLEGAL_ACCESS),
    /** A class that new creates isn't abstract. */
    INSTANTIABLE("6.5.new", LinkError.INSTANTIATION),
    /** A field that an instruction names exists. */
    FIELD_MISSING("5.4.3.2", LinkError.NO_SUCH_FIELD),
    /** A method that an instruction names exists. */
    METHOD_MISSING("5.4.3.3", LinkError.NO_SUCH_METHOD),
    /** A member that an instruction names is accessible, and a final field is put by its class's initializer only. */
    MEMBER_ACCESS("5.4.4", LinkError.ILLEGAL_ACCESS),
    /** A member that an instruction names, and its owner, are of the kind that the instruction needs. */
    MEMBER_KIND("5.4.3", LinkError.INCOMPATIBLE_CLASS_CHANGE),
    /** A method that invokespecial names isn't abstract. */
    ABSTRACT_CALL("6.5.invokespecial", LinkError.ABSTRACT_METHOD),
    /** The verifier could not finish; the class is refused, because what isn't known to be safe isn't safe. */
    UNDECIDED("4.10");

    private final String section;
    private final LinkError error;

    TypeRule(String section) {
        this(section, LinkError.VERIFY);
    }

    TypeRule(String section, LinkError error) {
        this.section = section;
        this.error = error;
    }

    @Override
    public String section() {
        return "JVMS " + section;
    }

    @Override
    public Severity severity() {
        return Severity.ERROR;
    }

    @Override
    public LinkError error() {
        return error;
    }
}
