package org.dvm.verifier.internal;

import org.dvm.verifier.TypeRule;

/**
 * The type of a value where two paths join: classes become sets, arrays the array type that HotSpot makes of them.
 *
 * @jvms 4.10.2.2
 */
final class Joins {
    /** Slots of all states of a method together; real methods keep a few thousand. */
    private static final int MAX_SLOTS = 1 << 24;

    private final ClassSets sets;
    private final Relations relations;
    private long slots;

    Joins(ClassSets sets, Relations relations) {
        this.sets = sets;
        this.relations = relations;
    }

    void reset() {
        slots = 0;
    }

    /** Notes that a state is kept. */
    void count(JoinState state) throws MethodFault {
        slots += state.size();
        if (slots > MAX_SLOTS) {
            throw MethodFault.of(TypeRule.UNDECIDED, "more local variables and joins than the verifier keeps");
        }
    }

    /** Returns the type of a value that is of the old or the new type; {@link Types#TOP} where it is useless. */
    int join(int old, int type) throws MethodFault {
        if (old == type) {
            return old;
        }
        if (!Types.isReference(old) || !Types.isReference(type)) {
            return Types.TOP;
        }
        if (type == Types.NULL || old == NameTable.OBJECT_TYPE) {
            return old;
        }
        if (old == Types.NULL || type == NameTable.OBJECT_TYPE) {
            return type;
        }
        if (Types.isArray(old) || Types.isArray(type)) {
            return joinArrays(old, type);
        }
        return Types.ofClass(joinClasses(Types.id(old), Types.id(type)));
    }

    private int joinArrays(int old, int type) throws MethodFault {
        if (isArrayInterface(old)) {
            return old;
        }
        if (isArrayInterface(type)) {
            return type;
        }
        int left = promote(old);
        int right = promote(type);
        int leftDimensions = Types.dimensions(left);
        int rightDimensions = Types.dimensions(right);
        if (leftDimensions == rightDimensions) {
            return Types.ofArray(leftDimensions, joinClasses(Types.id(left), Types.id(right)));
        }
        int smaller = leftDimensions < rightDimensions ? left : right;
        int id = Types.id(smaller);
        boolean keeps = id == NameTable.CLONEABLE || id == NameTable.SERIALIZABLE;
        return keeps ? smaller : Types.ofArray(Types.dimensions(smaller), NameTable.OBJECT);
    }

    private static boolean isArrayInterface(int type) {
        return type == Types.ofClass(NameTable.CLONEABLE) || type == Types.ofClass(NameTable.SERIALIZABLE);
    }

    /** Returns an array of primitives as an array of objects with one dimension less. */
    static int promote(int type) {
        return Types.isArray(type) && NameTable.isPrimitive(Types.id(type))
                ? Types.ofArray(Types.dimensions(type) - 1, NameTable.OBJECT)
                : type;
    }

    /** Types that have nothing but java/lang/Object in common count as that: what is joined to them isn't loaded. */
    private int joinClasses(int old, int type) throws MethodFault {
        if (old == type || old == NameTable.OBJECT) {
            return old;
        }
        if (type == NameTable.OBJECT) {
            return type;
        }
        if (old < Types.FIRST_SET) {
            relations.loadToJoin(old, type);
            ClassFacts facts = relations.find(old);
            if (facts != null && facts.isInterface()) {
                return old; // everything is assignable to an interface: the new class isn't even loaded
            }
        }
        if (type < Types.FIRST_SET) {
            relations.loadToJoin(type, old);
        }
        return sets.union(old, type);
    }
}
