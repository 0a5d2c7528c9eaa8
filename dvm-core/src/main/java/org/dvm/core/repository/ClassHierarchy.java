package org.dvm.core.repository;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.dvm.core.classfile.RawClass;
import org.jspecify.annotations.Nullable;

/**
 * Questions about supertypes, answered by name from a repository, without loading classes.
 *
 * <p>Where the repository doesn't know a class that matters, the answer is {@link Answer#UNKNOWN}: whoever asks must
 * choose the safe side. A class that is its own supertype leads to no endless search.
 *
 * <p><b>Threads:</b> safe to share.
 */
public final class ClassHierarchy {
    /** An answer in an open world. */
    public enum Answer {
        YES,
        NO,
        /** A class that matters isn't known. */
        UNKNOWN;

        private static Answer of(boolean answer) {
            return answer ? YES : NO;
        }
    }

    /**
     * The superclasses of a class.
     *
     * @param names internal names, from the direct superclass upwards
     * @param complete whether the list ends with java/lang/Object (or is that class's empty one), rather than with a
     *     class that isn't known
     */
    public record Superclasses(List<String> names, boolean complete) {
        /** Copies the names. */
        public Superclasses {
            names = List.copyOf(names);
        }
    }

    private static final String OBJECT = "java/lang/Object";
    private static final Set<String> ARRAY_SUPERTYPES = Set.of(OBJECT, "java/lang/Cloneable", "java/io/Serializable");
    private static final int ACC_INTERFACE = 0x0200;

    private final ClassRepository classes;

    /** Makes a hierarchy over a repository. */
    public ClassHierarchy(ClassRepository classes) {
        this.classes = requireNonNull(classes, "classes");
    }

    /** Returns the superclasses of a class, as far as they are known. */
    public Superclasses superclasses(String internalName) {
        List<String> names = new ArrayList<>();
        Set<String> seen = new HashSet<>(Set.of(internalName));
        String at = internalName;
        while (!at.equals(OBJECT)) {
            RawClass known = classes.find(at);
            String superName = known == null ? null : known.superName();
            if (superName == null || !seen.add(superName)) {
                return new Superclasses(names, false);
            }
            names.add(superName);
            at = superName;
        }
        return new Superclasses(names, true);
    }

    /** Returns whether a class is an interface. */
    public Answer isInterface(String internalName) {
        RawClass known = classes.find(internalName);
        return known == null ? Answer.UNKNOWN : Answer.of((known.accessFlags() & ACC_INTERFACE) != 0);
    }

    /**
     * Returns whether a reference of type {@code from} can be used where {@code to} is asked for: the same type, a
     * superclass or a superinterface.
     *
     * @param from internal name, or descriptor of an array type
     * @param to internal name, or descriptor of an array type
     * @jvms 5.1
     */
    public Answer isAssignable(String from, String to) {
        if (from.equals(to) || to.equals(OBJECT)) {
            return Answer.YES;
        }
        if (from.startsWith("[")) {
            return isArrayAssignable(from, to);
        }
        return to.startsWith("[") ? Answer.NO : isSubclass(from, to);
    }

    private Answer isArrayAssignable(String from, String to) {
        if (!to.startsWith("[")) {
            return Answer.of(ARRAY_SUPERTYPES.contains(to));
        }
        String fromElement = referenceElement(from);
        String toElement = referenceElement(to);
        if (fromElement == null || toElement == null) {
            return Answer.NO; // different primitive elements: equal ones were equal names
        }
        return isAssignable(fromElement, toElement);
    }

    /** Returns the type of an array's elements; null for primitive ones. */
    private static @Nullable String referenceElement(String array) {
        String element = array.substring(1);
        if (element.startsWith("[")) {
            return element;
        }
        return element.startsWith("L") && element.endsWith(";") ? element.substring(1, element.length() - 1) : null;
    }

    private Answer isSubclass(String from, String to) {
        Deque<String> open = new ArrayDeque<>(List.of(from));
        Set<String> seen = new HashSet<>(open);
        boolean unknown = false;
        while (!open.isEmpty()) {
            RawClass known = classes.find(open.pop());
            if (known == null) {
                unknown = true;
                continue;
            }
            for (String supertype : supertypes(known)) {
                if (supertype.equals(to)) {
                    return Answer.YES;
                }
                if (seen.add(supertype) && !supertype.equals(OBJECT)) {
                    open.add(supertype);
                }
            }
        }
        return unknown ? Answer.UNKNOWN : Answer.NO;
    }

    private static List<String> supertypes(RawClass known) {
        List<String> supertypes = new ArrayList<>();
        String superName = known.superName();
        if (superName != null) {
            supertypes.add(superName);
        }
        for (int i = 0; i < known.interfaceCount(); i++) {
            supertypes.add(known.interfaceName(i));
        }
        return supertypes;
    }
}
