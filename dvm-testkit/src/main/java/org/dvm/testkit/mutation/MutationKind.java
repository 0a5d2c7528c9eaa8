package org.dvm.testkit.mutation;

import java.util.function.Predicate;

/** The ways to damage a class file. */
public enum MutationKind {
    FLIP_BIT(Family.BYTES, ByteMutations::flipBit),
    SET_BYTE(Family.BYTES, ByteMutations::setByte),
    SET_SHORT(Family.BYTES, ByteMutations::setShort),
    SET_INT(Family.BYTES, ByteMutations::setInt),
    TRUNCATE(Family.BYTES, ByteMutations::truncate),
    APPEND_BYTES(Family.BYTES, ByteMutations::append),
    DELETE_BYTES(Family.BYTES, ByteMutations::delete),
    DUPLICATE_BYTES(Family.BYTES, ByteMutations::duplicate),

    MAJOR_VERSION(Family.HEADER, HeaderMutations::majorVersion),
    MINOR_VERSION(Family.HEADER, HeaderMutations::minorVersion),
    CLASS_FLAG(Family.HEADER, HeaderMutations::classFlag),
    CLASS_FLAGS(Family.HEADER, HeaderMutations::classFlags),
    THIS_CLASS(Family.HEADER, HeaderMutations::thisClass),
    SUPER_CLASS(Family.HEADER, HeaderMutations::superClass),
    ADD_INTERFACE(Family.HEADER, HeaderMutations::addInterface),
    CHANGE_INTERFACE(Family.HEADER, HeaderMutations::changeInterface),
    CLASS_KIND(Family.HEADER, HeaderMutations::otherKind),

    CONSTANT_TAG(Family.CONSTANTS, ConstantMutations::tag),
    CONSTANT_INDEX(Family.CONSTANTS, ConstantMutations::index),
    CONSTANT_OF_SAME_TAG(Family.CONSTANTS, ConstantMutations::indexOfSameTag),
    CONSTANT_COUNT(Family.CONSTANTS, ConstantMutations::count),
    UTF8_CHARACTER(Family.CONSTANTS, ConstantMutations::utf8Character),
    UTF8_INSERT(Family.CONSTANTS, ConstantMutations::utf8Insert),
    UTF8_ENCODING(Family.CONSTANTS, ConstantMutations::utf8Encoding),
    UTF8_REPLACE(Family.CONSTANTS, ConstantMutations::utf8Replace),
    DESCRIPTOR_TYPE(Family.CONSTANTS, ConstantMutations::descriptorType),
    DESCRIPTOR_ARGUMENTS(Family.CONSTANTS, ConstantMutations::descriptorArguments),
    CLASS_NAME(Family.CONSTANTS, ConstantMutations::className),
    HANDLE_KIND(Family.CONSTANTS, ConstantMutations::handleKind),
    NEW_CONSTANT(Family.CONSTANTS, ConstantMutations::newConstant),

    FIELD_FLAG(Family.MEMBERS, MemberMutations::fieldFlag),
    METHOD_FLAG(Family.MEMBERS, MemberMutations::methodFlag),
    MEMBER_FLAGS(Family.MEMBERS, MemberMutations::memberFlags),
    MEMBER_NAME(Family.MEMBERS, MemberMutations::name),
    MEMBER_DESCRIPTOR(Family.MEMBERS, MemberMutations::descriptor),
    DUPLICATE_MEMBER(Family.MEMBERS, MemberMutations::duplicate),
    REMOVE_MEMBER(Family.MEMBERS, MemberMutations::remove),

    ATTRIBUTE_NAME(Family.ATTRIBUTES, AttributeMutations::name),
    ATTRIBUTE_LENGTH(Family.ATTRIBUTES, AttributeMutations::length),
    ATTRIBUTE_SHORT(Family.ATTRIBUTES, AttributeMutations::contentShort),
    ATTRIBUTE_CONSTANT(Family.ATTRIBUTES, AttributeMutations::contentConstant),
    ATTRIBUTE_RESIZE(Family.ATTRIBUTES, AttributeMutations::resize),
    REMOVE_ATTRIBUTE(Family.ATTRIBUTES, AttributeMutations::remove),
    DUPLICATE_ATTRIBUTE(Family.ATTRIBUTES, AttributeMutations::duplicate),
    MOVE_ATTRIBUTE(Family.ATTRIBUTES, AttributeMutations::move),
    NEW_ATTRIBUTE(Family.ATTRIBUTES, AttributeMutations::add),
    NEW_SOUND_ATTRIBUTE(Family.ATTRIBUTES, AttributeMutations::addSound),
    SOUND_ATTRIBUTE(Family.ATTRIBUTES, AttributeMutations::replaceBySound),
    BOOTSTRAP_METHOD(Family.ATTRIBUTES, DynamicMutations::bootstrap),

    MAX_STACK(Family.CODE, CodeMutations::maxStack),
    MAX_LOCALS(Family.CODE, CodeMutations::maxLocals),
    CODE_LENGTH(Family.CODE, CodeMutations::codeLength),
    OPCODE_OF_GROUP(Family.CODE, CodeMutations::opcodeOfGroup),
    OPCODE_OF_LENGTH(Family.CODE, CodeMutations::opcodeOfLength),
    OPCODE(Family.CODE, CodeMutations::opcode),
    OVERWRITE_INSTRUCTION(Family.CODE, CodeMutations::overwrite),
    SWAP_INSTRUCTIONS(Family.CODE, CodeMutations::swap),
    ERASE_INSTRUCTION(Family.CODE, CodeMutations::erase),
    CUT_CODE(Family.CODE, CodeMutations::cut),
    OPERAND_BYTE(Family.CODE, CodeMutations::operandByte),
    OPERAND_CONSTANT(Family.CODE, CodeMutations::operandConstant),
    OPERAND_CONSTANT_OF_SAME_TAG(Family.CODE, CodeMutations::operandConstantOfSameTag),
    LOCAL_INDEX(Family.CODE, CodeMutations::localIndex),
    BRANCH_TARGET(Family.CODE, CodeMutations::branchTarget),
    SWITCH(Family.CODE, CodeMutations::switchOperand),
    EXCEPTION_ENTRY(Family.CODE, CodeMutations::exceptionEntry),
    NEW_EXCEPTION_ENTRY(Family.CODE, CodeMutations::newExceptionEntry),
    DEBUG_TABLE(Family.CODE, CodeMutations::debugTable),
    DYNAMIC_CONSTANT(Family.CODE, DynamicMutations::load),
    DYNAMIC_CALL(Family.CODE, DynamicMutations::call),

    FRAME_TYPE(Family.FRAMES, FrameMutations::frameType),
    FRAME_OFFSET(Family.FRAMES, FrameMutations::frameOffset),
    FRAME_ITEM(Family.FRAMES, FrameMutations::item),
    FRAME_ITEM_OPERAND(Family.FRAMES, FrameMutations::itemOperand),
    FRAME_COUNT(Family.FRAMES, FrameMutations::count),
    DUPLICATE_FRAME(Family.FRAMES, FrameMutations::duplicate),
    REMOVE_FRAME(Family.FRAMES, FrameMutations::remove),
    REMOVE_FRAMES(Family.FRAMES, FrameMutations::removeAll),
    NEW_FRAME(Family.FRAMES, FrameMutations::insert),
    FRAME_FORM(Family.FRAMES, FrameMutations::otherForm),
    FRAME_BYTE(Family.FRAMES, FrameMutations::anyByte);

    /** Which part of the class file a mutation touches. */
    public enum Family {
        BYTES,
        HEADER,
        CONSTANTS,
        MEMBERS,
        ATTRIBUTES,
        CODE,
        FRAMES
    }

    private final Family family;
    private final Predicate<Surgery> operation;

    MutationKind(Family family, Predicate<Surgery> operation) {
        this.family = family;
        this.operation = operation;
    }

    /** Returns the part of the class file that it touches. */
    public Family family() {
        return family;
    }

    /** Returns what does it: false where the class has nothing of the kind. */
    Predicate<Surgery> operation() {
        return operation;
    }
}
