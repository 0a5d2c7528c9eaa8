package org.dvm.runtime;

import static java.util.Objects.requireNonNull;

/**
 * The method at which a probe stands.
 *
 * <p>Probes name their method by one string constant, its {@link #key key}. So a rewritten class needs no field, no
 * initializer and no registration: it can be an interface, be retransformed, come from any rewriting run and be
 * unloaded, and its {@code serialVersionUID} doesn't change.
 *
 * @param className the class's name with dots, such as {@code com.acme.Store$Entry}
 * @param name the method's name; {@code <init>} for constructors
 * @param descriptor the method's descriptor
 */
public record ProbedMethod(String className, String name, String descriptor) {
    /** Checks that nothing is null. */
    public ProbedMethod {
        requireNonNull(className, "className");
        requireNonNull(name, "name");
        requireNonNull(descriptor, "descriptor");
    }

    /**
     * Returns the constant that a probe passes: {@code com/acme/Store.put.(I)V}. A dot can stand neither in an
     * internal class name nor in a method's name, so the parts are never mistaken for each other.
     *
     * @param internalClassName the class's name with slashes
     * @param name the method's name
     * @param descriptor the method's descriptor
     * @jvms 4.2.2
     */
    public static String key(String internalClassName, String name, String descriptor) {
        return internalClassName + '.' + name + '.' + descriptor;
    }

    /** Returns the method of a key. A text that is no key becomes the name of a method without class and descriptor. */
    public static ProbedMethod parse(String key) {
        int first = key.indexOf('.');
        int second = key.indexOf('.', first + 1);
        if (first < 0 || second < 0) {
            return new ProbedMethod("", key, "");
        }
        return new ProbedMethod(
                key.substring(0, first).replace('/', '.'), key.substring(first + 1, second), key.substring(second + 1));
    }

    /** Returns the method as people write it: {@code com.acme.Store.put(I)V}. */
    @Override
    public String toString() {
        return className.isEmpty() ? name : className + '.' + name + descriptor;
    }
}
