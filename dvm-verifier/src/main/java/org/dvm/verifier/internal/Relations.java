package org.dvm.verifier.internal;

import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.Member;
import org.dvm.core.finding.Location;
import org.dvm.verifier.Assumption;
import org.dvm.verifier.Assumption.MemberKind;
import org.dvm.verifier.Deferred;
import org.dvm.verifier.TypeRule;
import org.dvm.verifier.internal.Interpreter.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * How the classes that one class names are related: decided where the world knows them, assumed where it doesn't.
 *
 * <p>The class being verified counts as it is, whatever the world holds under its name.
 *
 * <p><b>Threads:</b> confined to one thread; reused for one class after the other.
 */
final class Relations {
    /** An answer about the world. */
    enum Answer {
        YES,
        NO,
        UNKNOWN
    }

    /** A walk up the superclasses that is longer than this goes in a circle. */
    private static final int MAX_DEPTH = 1 << 14;

    /** So many fields are looked through one by one; more get a table. */
    private static final int FEW_FIELDS = 32;

    private final NameTable names;
    private final ClassSets sets;
    private final List<Deferred> deferred = new ArrayList<>();

    /** Facts by class id; this object itself where the world has none. */
    private @Nullable Object[] known = new Object[256];

    /** Ids from here on have nothing in {@link #known} and {@link #superclasses}. */
    private int usedIds;

    /** By class id: whether it is a superclass of the class at hand, where that was asked. */
    private @Nullable Answer[] superclasses = new Answer[256];

    /** Pairs of types found assignable, as a hash set of {@code from << 32 | to}; 0 is empty. */
    private long[] assignable = new long[128];

    private int assignableCount;
    private @Nullable ClassWorld world;
    private @Nullable ClassLoading loading;
    private @Nullable ClassFacts self;
    private @Nullable RawClass raw;
    private Dialect dialect = Dialect.TYPE_CHECKING;
    private int thisId;
    private int superId;
    private @Nullable Member method;

    Relations(NameTable names, ClassSets sets) {
        this.names = names;
        this.sets = sets;
    }

    void reset(RawClass raw, ClassWorld world) throws MethodFault {
        this.world = world;
        deferred.clear();
        Arrays.fill(known, 0, Math.min(known.length, usedIds), null);
        Arrays.fill(superclasses, 0, Math.min(superclasses.length, usedIds), null);
        usedIds = 0;
        if (assignable.length > 4096) {
            assignable = new long[128];
        } else {
            Arrays.fill(assignable, 0);
        }
        assignableCount = 0;
        ClassFacts self = new ClassFacts(raw, () -> raw);
        this.self = self;
        loading = new ClassLoading(world, self);
        thisId = Types.id(names.classType(raw.u2(raw.constantPoolEnd() + 2)));
        int superConstant = raw.u2(raw.constantPoolEnd() + 4);
        superId = superConstant == 0 ? 0 : Types.id(names.classType(superConstant));
        method = null;
        this.raw = raw;
    }

    /** Says which method is being verified, for the locations of assumptions. */
    void enter(Member entered) {
        method = entered;
    }

    /** Says which verifier asks: they disagree about arrays of primitives and about interfaces. */
    void use(Dialect asking) {
        dialect = asking;
    }

    private Location location(Assumption assumption) {
        RawClass raw = Objects.requireNonNull(this.raw);
        Member member = method;
        return assumption.scope() == Assumption.Scope.CLASS || member == null
                ? Location.ofClass(raw.className())
                : Location.ofCode(raw.className(), raw.memberName(member) + raw.memberDescriptor(member), -1);
    }

    int thisType() {
        return Types.ofClass(thisId);
    }

    /** Returns the superclass's id; 0 for java/lang/Object. */
    int superId() {
        return superId;
    }

    List<Deferred> deferred() {
        return List.copyOf(deferred);
    }

    ClassFacts self() {
        return Objects.requireNonNull(self);
    }

    ClassWorld world() {
        return Objects.requireNonNull(world);
    }

    ClassLoading loading() {
        return Objects.requireNonNull(loading);
    }

    /** Notes an assumption, at the method at hand or the class, as its scope is. */
    void assume(Assumption assumption) {
        deferred.add(new Deferred(assumption, location(assumption)));
    }

    /** Notes an assumption unless it is noted already. */
    void assumeOnce(Assumption assumption) {
        for (Deferred each : deferred) {
            if (each.assumption().equals(assumption)) {
                return;
            }
        }
        assume(assumption);
    }

    /**
     * Returns whether a value of one type may be used as another; what the world doesn't know is assumed.
     *
     * @jvms 4.10.1.2
     */
    boolean isAssignable(int from, int to) throws MethodFault {
        return from == to
                || to == Types.TOP
                || (Types.isReference(from)
                        ? Types.isReference(to) && isReferenceAssignable(from, to)
                        : from == Types.INT && to >= Types.BOOLEAN && to <= Types.SHORT);
    }

    /** Returns whether a class that is caught is a Throwable. */
    boolean isThrowable(int type) throws MethodFault {
        if (!Types.isObject(type)) {
            return false;
        }
        int id = Types.id(type);
        if (id == NameTable.THROWABLE || decide(id, NameTable.THROWABLE) == Answer.YES) {
            return true;
        }
        if (decide(id, NameTable.THROWABLE) == Answer.NO) {
            return false;
        }
        assumeOnce(new Assumption.ThrowableType(names.name(id)));
        return true;
    }

    private boolean isReferenceAssignable(int value, int to) throws MethodFault {
        if (value == Types.NULL || to == NameTable.OBJECT_TYPE) {
            return true;
        }
        if (to == Types.NULL) {
            return false;
        }
        int from = value;
        if (dialect == Dialect.INFERENCE && Joins.promote(value) != value) {
            if (Joins.promote(to) != to) {
                return false;
            }
            from = Joins.promote(value);
        }
        int common = Math.min(Types.dimensions(from), Types.dimensions(to));
        if (common > 0) {
            int fromElement = Types.withDimensions(from, Types.dimensions(from) - common);
            int toElement = Types.withDimensions(to, Types.dimensions(to) - common);
            if (fromElement == toElement || toElement == NameTable.OBJECT_TYPE && Types.isReference(fromElement)) {
                return true;
            }
            return Types.isReference(fromElement)
                    && Types.isReference(toElement)
                    && isElementAssignable(fromElement, toElement);
        }
        return isElementAssignable(from, to);
    }

    /** Decides for types of which at most one is an array, and the target isn't java/lang/Object. */
    private boolean isElementAssignable(int from, int to) throws MethodFault {
        if (Types.isArray(to)) {
            return false;
        }
        if (Types.isArray(from)) {
            int id = Types.id(to);
            if (id == NameTable.CLONEABLE || id == NameTable.SERIALIZABLE) {
                return true;
            }
            find(id);
            return false;
        }
        if (Types.id(from) >= Types.FIRST_SET) {
            for (int id : sets.members(Types.id(from))) {
                if (id != Types.id(to) && !isClassAssignable(id, Types.id(to))) {
                    return false;
                }
            }
            return true;
        }
        return isClassAssignable(Types.id(from), Types.id(to));
    }

    private boolean isClassAssignable(int from, int to) throws MethodFault {
        long pair = (long) from << 32 | to;
        int mask = assignable.length - 1;
        int slot = (int) (pair * 0x9E3779B97F4A7C15L >>> 40) & mask;
        while (assignable[slot] != 0) {
            if (assignable[slot] == pair) {
                return true;
            }
            slot = slot + 1 & mask;
        }
        Answer answer = decide(from, to);
        if (answer == Answer.NO) {
            return false;
        }
        if (answer == Answer.UNKNOWN) {
            assume(new Assumption.Assignable(names.name(from), names.name(to)));
        }
        remember(pair, slot);
        return true;
    }

    private void remember(long pair, int slot) {
        assignable[slot] = pair;
        if (++assignableCount * 2 > assignable.length) {
            long[] old = assignable;
            assignable = new long[2 * old.length];
            int mask = assignable.length - 1;
            for (long each : old) {
                if (each != 0) {
                    int at = (int) (each * 0x9E3779B97F4A7C15L >>> 40) & mask;
                    while (assignable[at] != 0) {
                        at = at + 1 & mask;
                    }
                    assignable[at] = each;
                }
            }
        }
    }

    /** Interfaces count as Object: the JVM checks them when they are called. */
    private Answer decide(int from, int to) throws MethodFault {
        if (from == thisId && to == superId && to != 0) {
            return Answer.YES;
        }
        ClassFacts target = find(to);
        if (target != null && target.isInterface()) {
            return Answer.YES;
        }
        if (from == NameTable.OBJECT) {
            return target == null ? Answer.UNKNOWN : Answer.NO;
        }
        Answer answer = isSubclass(find(from), names.name(to));
        return answer == Answer.NO && target == null ? Answer.UNKNOWN : answer;
    }

    private Answer isSubclass(@Nullable ClassFacts from, String to) throws MethodFault {
        ClassFacts at = from;
        for (int depth = 0; at != null; depth++) {
            if (at.name().equals(to)) {
                return Answer.YES;
            }
            String superName = at.superName();
            if (superName == null) {
                return Answer.NO;
            }
            if (superName.equals(to)) {
                return Answer.YES;
            }
            if (depth > MAX_DEPTH) {
                throw circularity(to);
            }
            at = superclassOf(at);
        }
        return Answer.UNKNOWN;
    }

    private static MethodFault circularity(String name) {
        return MethodFault.of(TypeRule.CIRCULARITY, name + " is its own superclass");
    }

    /** Returns what is known of a class; null where that is unknown, which isn't the same as missing. */
    @Nullable
    ClassFacts find(int id) throws MethodFault {
        if (id == thisId) {
            return self();
        }
        usedIds = Math.max(usedIds, id + 1);
        if (id >= known.length) {
            known = Arrays.copyOf(known, Math.max(id + 1, 2 * known.length));
        }
        Object entry = known[id];
        if (entry == null) {
            entry = find(names.name(id));
            known[id] = entry == null ? this : entry;
        }
        return entry instanceof ClassFacts ? (ClassFacts) entry : null;
    }

    @Nullable
    ClassFacts find(String name) throws MethodFault {
        if (name.equals(self().name())) {
            return self();
        }
        return loading().load(name);
    }

    /** Returns what is known of a class's superclass, which it must have; null where that is unknown. */
    @Nullable
    ClassFacts superclassOf(ClassFacts facts) throws MethodFault {
        String superName = Objects.requireNonNull(facts.superName());
        if (superName.equals(self().name())) {
            return self();
        }
        ClassFacts known = facts.superclass();
        if (known == null) {
            known = find(superName);
            if (known != null) {
                facts.setSuperclass(known);
            }
        }
        return known;
    }

    /** Checks that a class that is joined with another one, or a set of them, exists if it is loaded for that. */
    void loadToJoin(int id, int joined) throws MethodFault {
        int alone = joined < Types.FIRST_SET ? 0 : joined;
        long pair = (long) id << 32 | alone;
        int mask = assignable.length - 1;
        int slot = (int) (pair * 0x9E3779B97F4A7C15L >>> 40) & mask;
        while (assignable[slot] != 0) {
            if (assignable[slot] == pair) {
                return;
            }
            slot = slot + 1 & mask;
        }
        Answer answer = alone == 0 ? Answer.NO : joinsToObject(sets.members(alone));
        if (answer == Answer.NO) {
            if (find(id) == null && id > NameTable.SERIALIZABLE) {
                assume(new Assumption.Loadable(names.name(id), List.of()));
            }
        } else if (answer == Answer.UNKNOWN) {
            List<String> others = new ArrayList<>();
            for (int each : sets.members(alone)) {
                others.add(names.name(each));
            }
            assume(new Assumption.Loadable(names.name(id), others));
        }
        remember(pair, slot);
    }

    /** Returns whether classes have no superclass in common but java/lang/Object; interfaces have none. */
    private Answer joinsToObject(int[] ids) throws MethodFault {
        ClassFacts common = null;
        for (int id : ids) {
            ClassFacts facts = find(id);
            if (facts == null) {
                return Answer.UNKNOWN;
            }
            if (facts.isInterface()) {
                return Answer.YES;
            }
            Answer answer = Answer.NO;
            while (common != null && (answer = isSubclass(facts, common.name())) == Answer.NO) {
                if (common.superName() == null) {
                    return Answer.YES;
                }
                common = superclassOf(common);
            }
            if (answer == Answer.UNKNOWN) {
                return answer;
            }
            common = common == null ? facts : common;
        }
        return common == null || common.superName() == null ? Answer.YES : Answer.NO;
    }

    /** Returns whether a class is a proper superclass of the class at hand. */
    Answer isSuperclass(int id) throws MethodFault {
        if (id == superId || id == NameTable.OBJECT && superId != 0) {
            return Answer.YES;
        }
        if (superId == 0 || superId == NameTable.OBJECT) {
            return Answer.NO; // above java/lang/Object there is nothing, in no world
        }
        usedIds = Math.max(usedIds, id + 1);
        if (id >= superclasses.length) {
            superclasses = Arrays.copyOf(superclasses, Math.max(id + 1, 2 * superclasses.length));
        }
        Answer answer = superclasses[id];
        if (answer == null) {
            answer = isSubclass(find(superId), names.name(id));
            superclasses[id] = answer;
        }
        return answer;
    }

    /** Returns whether a class is among the direct superinterfaces. */
    boolean isDirectInterface(int id) {
        String name = names.name(id);
        for (String each : self().interfaces()) {
            if (each.equals(name)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Returns whether this class declares a field.
     *
     * @param name the constant of its name
     * @param descriptor the constant of its descriptor
     */
    boolean declaresField(int name, int descriptor) {
        RawClass raw = Objects.requireNonNull(this.raw);
        if (raw.fieldCount() > FEW_FIELDS) {
            return self().fieldFlags(raw.utf8(name), raw.utf8(descriptor)) >= 0;
        }
        for (int i = 0; i < raw.fieldCount(); i++) {
            int field = raw.field(i).offset();
            if (isSameText(raw, raw.u2(field + 2), name) && isSameText(raw, raw.u2(field + 4), descriptor)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSameText(RawClass raw, int utf8, int other) {
        if (utf8 == other) {
            return true;
        }
        int left = raw.constantOffset(utf8) + 1;
        int right = raw.constantOffset(other) + 1;
        byte[] bytes = raw.bytes();
        return Arrays.equals(bytes, left, left + 2 + raw.u2(left), bytes, right, right + 2 + raw.u2(right));
    }

    /**
     * Returns whether a member may be used on a receiver: a protected member of a superclass in another package only
     * on objects of this class.
     *
     * @jvms 4.10.1.8
     */
    boolean isProtectedUseAllowed(int owner, String name, String descriptor, MemberKind kind, int receiver)
            throws MethodFault {
        if (receiver == thisType() || receiver == Types.NULL || owner == thisId) {
            return true;
        }
        Answer superclass = isSuperclass(owner);
        if (superclass == Answer.NO) {
            return true;
        }
        Answer guarded =
                superclass == Answer.YES ? isProtectedElsewhere(owner, name, descriptor, kind) : Answer.UNKNOWN;
        if (guarded == Answer.NO) {
            return true;
        }
        boolean arrayClone = owner == NameTable.OBJECT && Types.isArray(receiver) && name.equals("clone");
        if (arrayClone) {
            return true;
        }
        if (guarded == Answer.YES) {
            return isReceiverThis(receiver);
        }
        assumeProtected(owner, name, descriptor, kind, receiver);
        return true;
    }

    /** In an interface, plain objects aren't receivers of its own kind although interfaces count as Object. */
    private boolean isReceiverThis(int receiver) throws MethodFault {
        boolean plainInInterface =
                dialect == Dialect.TYPE_CHECKING && self().isInterface() && receiver == NameTable.OBJECT_TYPE;
        return !plainInInterface && isAssignable(receiver, thisType());
    }

    private void assumeProtected(int owner, String name, String descriptor, MemberKind kind, int receiver) {
        if (Types.id(receiver) >= Types.FIRST_SET) {
            for (int id : sets.members(Types.id(receiver))) {
                assumeProtected(owner, name, descriptor, kind, Types.ofArray(Types.dimensions(receiver), id));
            }
        } else {
            Assumption assumption =
                    new Assumption.ProtectedAccess(names.name(owner), name, descriptor, kind, names.describe(receiver));
            Deferred entry = new Deferred(assumption, location(assumption));
            if (!deferred.contains(entry)) {
                deferred.add(entry);
            }
        }
    }

    /** Returns whether the member that a superclass has or inherits is protected and of another package. */
    private Answer isProtectedElsewhere(int owner, String name, String descriptor, MemberKind kind) throws MethodFault {
        ClassFacts at = find(owner);
        for (int depth = 0; at != null && depth < MAX_DEPTH; depth++) {
            int flags = kind == MemberKind.METHOD ? at.methodFlags(name, descriptor) : at.fieldFlags(name, descriptor);
            if (flags < 0 && kind == MemberKind.FIELD && hasInterfaceField(at, name, descriptor, 0)) {
                return Answer.NO;
            }
            if (flags >= 0) {
                return Modifier.isProtected(flags) && !at.samePackage(self().name()) ? Answer.YES : Answer.NO;
            }
            if (at.superName() == null) {
                return Answer.NO;
            }
            at = superclassOf(at);
        }
        return owner == NameTable.OBJECT ? isProtectedInObject(name, descriptor) : Answer.UNKNOWN;
    }

    /** Fields of interfaces are public and found before those of superclasses. */
    private boolean hasInterfaceField(ClassFacts facts, String name, String descriptor, int depth) throws MethodFault {
        for (String each : facts.interfaces()) {
            ClassFacts superinterface = find(each);
            if (superinterface != null
                    && (superinterface.fieldFlags(name, descriptor) >= 0
                            || depth < MAX_DEPTH / 64
                                    && hasInterfaceField(superinterface, name, descriptor, depth + 1))) {
                return true;
            }
        }
        return false;
    }

    private static Answer isProtectedInObject(String name, String descriptor) {
        boolean isProtected = name.equals("clone") && descriptor.equals("()Ljava/lang/Object;")
                || name.equals("finalize") && descriptor.equals("()V");
        return isProtected ? Answer.YES : Answer.NO;
    }
}
