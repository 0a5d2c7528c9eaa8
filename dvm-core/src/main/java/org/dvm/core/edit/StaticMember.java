package org.dvm.core.edit;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * A static method or field - or an inherited method - that snippets name, with what the compiler wants to know of its descriptor, read once.
 *
 * <p>Filters name few methods in many snippets, so those named last are found again and not read anew.
 *
 * <p><b>Threads:</b> immutable; where threads race for a place among the recent ones, one of them reads once more.
 */
final class StaticMember {
    private static final StaticMember[] RECENT = new StaticMember[64];

    private final String owner;
    private final String name;
    private final String descriptor;
    private final boolean ownerIsInterface;
    /** The method as the instruction names it, without the parameter that stands for {@code this}. */
    private final @Nullable StaticMember inherited;

    private final int hash;
    /** What {@link Descriptors#summary} says of a method's descriptor; 0 of a field. */
    private final long summary;
    /** For each parameter I, J, F, D or L: the type as which the operand stack holds it. */
    private final String kinds;

    private StaticMember(
            String owner,
            String name,
            String descriptor,
            boolean ownerIsInterface,
            @Nullable StaticMember inherited,
            long summary,
            String kinds) {
        this.owner = owner;
        this.name = name;
        this.descriptor = descriptor;
        this.ownerIsInterface = ownerIsInterface;
        this.inherited = inherited;
        this.summary = summary;
        this.kinds = kinds;
        this.hash = hash(owner, name, descriptor);
    }

    /**
     * Returns a method.
     *
     * @throws IllegalArgumentException if the descriptor is malformed
     */
    static StaticMember method(String owner, String name, String descriptor) {
        int place = hash(owner, name, descriptor) & RECENT.length - 1;
        StaticMember recent = RECENT[place];
        if (recent != null && recent.is(owner, name, descriptor)) {
            return recent;
        }
        StaticMember method = read(owner, name, descriptor);
        RECENT[place] = method;
        return method;
    }

    private static StaticMember read(String owner, String name, String descriptor) {
        requireNonNull(owner, "owner");
        requireNonNull(name, "name");
        long summary = Descriptors.summary(descriptor);
        int count = (int) summary & 0xffff;
        StringBuilder kinds = new StringBuilder(count);
        int type = 1;
        for (int i = 0; i < count; i++) {
            kinds.append(Descriptors.computational(descriptor.charAt(type)));
            type = Descriptors.next(descriptor, type);
        }
        return new StaticMember(owner, name, descriptor, false, null, summary, kinds.toString());
    }

    /** Returns a field. */
    static StaticMember field(String owner, String name, String descriptor) {
        return new StaticMember(owner, name, descriptor, false, null, 0, "");
    }

    StaticMember onInterface() {
        return new StaticMember(owner, name, descriptor, true, null, summary, kinds);
    }

    /** Returns this method called as {@code super} calls it; its first parameter stands for {@code this}. */
    StaticMember onSuper() {
        StaticMember method = read(owner, name, "(" + descriptor.substring(Descriptors.next(descriptor, 1)));
        return new StaticMember(owner, name, descriptor, false, method, summary, kinds);
    }

    /** Returns the hash of a member of that owner, name and descriptor. */
    static int hash(String owner, String name, String descriptor) {
        return (owner.hashCode() * 31 + name.hashCode()) * 31 + descriptor.hashCode();
    }

    private boolean is(String owner, String name, String descriptor) {
        return this.name.equals(name) && this.descriptor.equals(descriptor) && this.owner.equals(owner);
    }

    String owner() {
        return owner;
    }

    String name() {
        return name;
    }

    String descriptor() {
        return descriptor;
    }

    boolean ownerIsInterface() {
        return ownerIsInterface;
    }

    /** Returns the method without the parameter for {@code this} where it is called as {@code super} calls it, else null. */
    @Nullable
    StaticMember inherited() {
        return inherited;
    }

    /** Returns a hash of owner, name and descriptor. */
    int hash() {
        return hash;
    }

    int parameterCount() {
        return (int) summary & 0xffff;
    }

    /** Returns the type as which the operand stack holds a parameter. */
    char parameterKind(int index) {
        return kinds.charAt(index);
    }

    int argumentSlots() {
        return (int) (summary >>> 16) & 0xffff;
    }

    /** Returns the first character of a method's return type. */
    char returnKind() {
        return descriptor.charAt((int) (summary >>> 32));
    }

    /** Returns a method's return type. */
    String returnType() {
        return descriptor.substring((int) (summary >>> 32));
    }

    @Override
    public String toString() {
        return owner + "." + name + descriptor;
    }
}
