package org.dvm.core.edit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dvm.core.classfile.RawClass;
import org.jspecify.annotations.Nullable;

/**
 * The edit plan of one class: all that its filters ask for, before anything is written.
 *
 * <p><b>Threads:</b> confined to the thread that runs the pipeline for this class.
 */
public final class ClassEdits {
    /** A field to add. */
    public record NewField(int accessFlags, String name, String descriptor) {}

    /** A method to add: its body runs the snippets in order and returns (void, or the last snippet's result). */
    public record NewMethod(int accessFlags, String name, String descriptor, List<Snippet> body) {
        /** Copies the body. */
        public NewMethod {
            body = List.copyOf(body);
        }
    }

    /** A class attribute to add; its bytes refer to no constants. */
    public record NewAttribute(String name, byte[] content) {}

    private final RawClass original;
    private final @Nullable MethodEdits[] methods;
    private final List<NewField> newFields = new ArrayList<>();
    private final List<NewMethod> newMethods = new ArrayList<>();
    private final List<NewAttribute> newAttributes = new ArrayList<>();
    private final List<String> newInterfaces = new ArrayList<>();
    private final Map<String, String> renamedMembers = new LinkedHashMap<>();
    private @Nullable String newSuperclass;

    /** Makes an empty plan for a class. */
    public ClassEdits(RawClass original) {
        this.original = original;
        this.methods = new MethodEdits[original.methodCount()];
    }

    /** Returns the class as it was read. */
    public RawClass original() {
        return original;
    }

    /**
     * Returns the edits of a method.
     *
     * @param index the method's index in the class file, from 0
     */
    public MethodEdits method(int index) {
        if (index < 0 || index >= original.methodCount()) {
            throw new IllegalArgumentException("no such method: index=" + index + " methods=" + original.methodCount());
        }
        MethodEdits edits = methods[index];
        if (edits == null) {
            edits = new MethodEdits(original, original.method(index));
            methods[index] = edits;
        }
        return edits;
    }

    /** Adds a field. */
    public void addField(int accessFlags, String name, String descriptor) {
        newFields.add(new NewField(accessFlags, name, descriptor));
    }

    /** Adds a method whose body runs the snippets. */
    public void addMethod(int accessFlags, String name, String descriptor, Snippet... body) {
        newMethods.add(new NewMethod(accessFlags, name, descriptor, List.of(body)));
    }

    /** Adds a class attribute whose content refers to no constants. */
    public void addAttribute(String name, byte[] content) {
        newAttributes.add(new NewAttribute(name, content.clone()));
    }

    /** Adds a direct superinterface, given by internal name; one that the class has already is left. */
    public void addInterface(String internalName) {
        newInterfaces.add(internalName);
    }

    /** Changes the superclass, and the {@code super()} calls of the constructors with it. */
    public void setSuperclass(String internalName) {
        newSuperclass = internalName;
    }

    /** Renames a field or method of the class and every reference to it within the class. */
    public void renameMember(String name, String descriptor, String newName) {
        renamedMembers.put(name + descriptor, newName);
    }

    /** Returns whether nothing was asked for. */
    public boolean isEmpty() {
        return !editsClass() && !editsMethods();
    }

    /** Returns whether something besides the code of methods was asked for. */
    boolean editsClass() {
        return !newFields.isEmpty()
                || !newMethods.isEmpty()
                || !newAttributes.isEmpty()
                || !newInterfaces.isEmpty()
                || !renamedMembers.isEmpty()
                || newSuperclass != null;
    }

    private boolean editsMethods() {
        for (MethodEdits edits : methods) {
            if (edits != null && !edits.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** Returns the edits of a method, or null where there are none. */
    @Nullable
    MethodEdits edited(int index) {
        MethodEdits edits = methods[index];
        return edits == null || edits.isEmpty() ? null : edits;
    }

    List<NewField> newFields() {
        return newFields;
    }

    List<NewMethod> newMethods() {
        return newMethods;
    }

    List<NewAttribute> newAttributes() {
        return newAttributes;
    }

    List<String> newInterfaces() {
        return newInterfaces;
    }

    Map<String, String> renamedMembers() {
        return renamedMembers;
    }

    @Nullable
    String newSuperclass() {
        return newSuperclass;
    }
}
