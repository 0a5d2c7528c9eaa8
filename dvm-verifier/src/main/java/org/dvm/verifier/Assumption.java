package org.dvm.verifier;

import java.util.List;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.finding.LinkError;
import org.dvm.core.repository.ClassRepository;
import org.dvm.verifier.internal.AssumptionJudge;

/**
 * Something that a class takes for granted about other classes and that its own bytes can't show.
 *
 * <p>Class names are internal names; where arrays are allowed, they are array descriptors.
 *
 * @paper DVM 3.1
 */
public sealed interface Assumption {
    /** How much of a class depends on an assumption. */
    enum Scope {
        /** All of the class: nothing of it may run when the assumption fails. */
        CLASS,
        /** One method. */
        METHOD,
        /** One instruction, at the moment it is executed. */
        INSTRUCTION
    }

    /** Returns how much of the class depends on this. */
    default Scope scope() {
        return Scope.CLASS;
    }

    /**
     * Decides this assumption in a world that has all classes.
     *
     * <p>Assumptions of {@link Scope#INSTRUCTION} fail as the instruction would: with the error of its resolution.
     *
     * @param classes the world
     * @param client the class that relies on the assumption
     * @return the error that a JVM raises, or {@link LinkError#NONE} if the assumption holds
     */
    default LinkError failureIn(ClassRepository classes, RawClass client) {
        return AssumptionJudge.judge(this, classes, client);
    }

    /**
     * Values of one type may be used as another: {@code to} is an interface or a superclass of {@code from}.
     *
     * @param from the value's type, a class or an array
     * @param to the type needed, a class
     * @jvms 4.10.1.2
     */
    record Assignable(String from, String to) implements Assumption {}

    /**
     * A class that is caught is a subclass of Throwable.
     *
     * @jvms 4.9.1
     */
    record ThrowableType(String name) implements Assumption {}

    /**
     * A class exists. The inference verifier loads the classes that it joins, as long as what they have in common isn't
     * java/lang/Object.
     *
     * @param name the class
     * @param joined the classes with which it is joined: it is only loaded if they have a common superclass below Object;
     *     empty if it is loaded in any case
     * @jvms 4.10.2.2
     */
    record Loadable(String name, List<String> joined) implements Assumption {
        /** Copies the list. */
        public Loadable {
            joined = List.copyOf(joined);
        }
    }

    /**
     * If {@code owner} is a superclass and the member found there is protected and declared in another package, then
     * {@code receiver} is this class or a subclass.
     *
     * @param kind whether the member is a field or a method
     * @param receiver type of the object that the member is used on
     * @jvms 4.10.1.8
     */
    record ProtectedAccess(String owner, String name, String descriptor, MemberKind kind, String receiver)
            implements Assumption {
        @Override
        public Scope scope() {
            return Scope.METHOD;
        }
    }

    /**
     * The class that an invokespecial names is a superclass, not an interface.
     *
     * @jvms 4.9.2
     */
    record SpecialOwner(String owner) implements Assumption {}

    /**
     * The superclass exists, is an accessible class, not final, and permits this class if it is sealed.
     *
     * @jvms 5.3.5
     */
    record Superclass(String name) implements Assumption {}

    /**
     * A direct superinterface exists, is an accessible interface, and permits this class if it is sealed.
     *
     * @jvms 5.3.5
     */
    record Superinterface(String name) implements Assumption {}

    /**
     * No superclass has a final method that this one overrides.
     *
     * @jvms 5.3.5
     */
    record NoFinalOverride(String name, String descriptor) implements Assumption {}

    /**
     * A class that an instruction names exists, is accessible and fit for the use.
     *
     * @param use what the instruction does with the class
     * @jvms 5.4.3.1
     */
    record ClassUse(String name, Use use) implements Assumption {
        /** What an instruction does with a class. */
        public enum Use {
            /** Casts to it, makes arrays of it or loads it as a constant. */
            REFER,
            /** Creates an instance. */
            CREATE
        }

        @Override
        public Scope scope() {
            return Scope.INSTRUCTION;
        }
    }

    /**
     * A field that an instruction names exists, is accessible and of the right kind.
     *
     * @param use the instruction's kind
     * @jvms 5.4.3.2
     */
    record FieldUse(String owner, String name, String descriptor, Use use) implements Assumption {
        /** The field instructions. */
        public enum Use {
            GET_STATIC,
            PUT_STATIC,
            GET_FIELD,
            PUT_FIELD
        }

        @Override
        public Scope scope() {
            return Scope.INSTRUCTION;
        }
    }

    /**
     * A method that an instruction names exists, is accessible and of the right kind, and its owner is.
     *
     * @param ownerIsInterface whether the reference says that the owner is an interface
     * @param use the instruction's kind
     * @jvms 5.4.3.3
     * @jvms 5.4.3.4
     */
    record MethodUse(String owner, String name, String descriptor, boolean ownerIsInterface, Use use)
            implements Assumption {
        /** The invocation instructions. */
        public enum Use {
            VIRTUAL,
            SPECIAL,
            STATIC,
            INTERFACE
        }

        @Override
        public Scope scope() {
            return Scope.INSTRUCTION;
        }
    }

    /**
     * A method handle, method type or dynamic constant that an instruction loads, or a dynamic call site, can be
     * resolved; the JVM alone does that, with the error of what failed or BootstrapMethodError.
     *
     * @param constant the constant's index in the class
     * @jvms 5.4.3.5
     * @jvms 5.4.3.6
     */
    record DynamicUse(int constant) implements Assumption {
        @Override
        public Scope scope() {
            return Scope.INSTRUCTION;
        }
    }

    /** Whether a member is a field or a method. */
    enum MemberKind {
        FIELD,
        METHOD
    }
}
