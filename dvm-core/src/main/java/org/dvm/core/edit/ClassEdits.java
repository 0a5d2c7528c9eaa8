package org.dvm.core.edit;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

    /** What few filters ask for. */
    private static final class OfClass {
        final List<NewField> newFields = new ArrayList<>(0);
        final List<NewMethod> newMethods = new ArrayList<>(0);
        final List<NewAttribute> newAttributes = new ArrayList<>(0);
        final List<String> newInterfaces = new ArrayList<>(0);
        final Map<String, String> renamedMembers = new LinkedHashMap<>();

        @Nullable
        String newSuperclass;
    }

    private final RawClass original;
    private final @Nullable MethodEdits[] methods;
    private boolean editsMethods;
    private @Nullable OfClass ofClass;

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
            edits = new MethodEdits(this, original.method(index));
            methods[index] = edits;
        }
        return edits;
    }

    /** Adds a field. */
    public void addField(int accessFlags, String name, String descriptor) {
        ofClass().newFields.add(new NewField(accessFlags, name, descriptor));
    }

    /**
     * Adds a method whose body runs the snippets.
     *
     * @throws IllegalArgumentException if a snippet reads a variable that none before it has stored into, or a variable
     *     and a guard are used together
     */
    public void addMethod(int accessFlags, String name, String descriptor, Snippet... body) {
        checkVariables(body);
        ofClass().newMethods.add(new NewMethod(accessFlags, name, descriptor, List.of(body)));
    }

    private static void checkVariables(Snippet[] body) {
        Set<LocalVariable> stored = new HashSet<>();
        boolean guarded = false;
        for (Snippet snippet : body) {
            for (int i = 0; i < snippet.valueCount(); i++) {
                Value value = snippet.value(i);
                if (value.kind() == Value.LOCAL && !stored.contains(value.variable())) {
                    throw new IllegalArgumentException("nothing is stored in the variable before: " + snippet);
                }
            }
            LocalVariable variable = snippet.resultVariable();
            if (variable != null) {
                stored.add(variable);
            }
            guarded |= snippet.guard() != null;
        }
        if (guarded && !stored.isEmpty()) {
            throw new IllegalArgumentException("a method with variables can't have guarded snippets");
        }
    }

    /**
     * Returns a variable for the body of a method that is to be added; {@link MethodEdits#newLocal} makes those of methods
     * that are there.
     *
     * @param descriptor the field descriptor of its type
     */
    public LocalVariable newLocal(String descriptor) {
        return new LocalVariable(descriptor);
    }

    /** Adds a class attribute whose content refers to no constants. */
    public void addAttribute(String name, byte[] content) {
        ofClass().newAttributes.add(new NewAttribute(name, content.clone()));
    }

    /** Adds a direct superinterface, given by internal name; one that the class has already is left. */
    public void addInterface(String internalName) {
        ofClass().newInterfaces.add(internalName);
    }

    /** Changes the superclass, and the {@code super()} calls of the constructors with it. */
    public void setSuperclass(String internalName) {
        ofClass().newSuperclass = internalName;
    }

    /** Renames a field or method of the class and every reference to it within the class. */
    public void renameMember(String name, String descriptor, String newName) {
        ofClass().renamedMembers.put(name + descriptor, newName);
    }

    private OfClass ofClass() {
        OfClass made = ofClass;
        if (made == null) {
            made = new OfClass();
            ofClass = made;
        }
        return made;
    }

    /** Hears of the first insertion, and every further one, in some method. */
    void methodEdited() {
        editsMethods = true;
    }

    /** Returns whether nothing was asked for. */
    public boolean isEmpty() {
        return !editsMethods && !editsClass();
    }

    /** Returns whether something besides the code of methods was asked for. */
    boolean editsClass() {
        return ofClass != null;
    }

    /** Returns the edits of a method, or null where there are none. */
    @Nullable
    MethodEdits edited(int index) {
        MethodEdits edits = methods[index];
        return edits == null || edits.isEmpty() ? null : edits;
    }

    List<NewField> newFields() {
        return ofClass == null ? List.of() : ofClass.newFields;
    }

    List<NewMethod> newMethods() {
        return ofClass == null ? List.of() : ofClass.newMethods;
    }

    List<NewAttribute> newAttributes() {
        return ofClass == null ? List.of() : ofClass.newAttributes;
    }

    List<String> newInterfaces() {
        return ofClass == null ? List.of() : ofClass.newInterfaces;
    }

    Map<String, String> renamedMembers() {
        return ofClass == null ? Map.of() : ofClass.renamedMembers;
    }

    @Nullable
    String newSuperclass() {
        return ofClass == null ? null : ofClass.newSuperclass;
    }
}
