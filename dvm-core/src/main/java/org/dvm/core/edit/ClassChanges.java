package org.dvm.core.edit;

import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dvm.core.classfile.RawClass;
import org.jspecify.annotations.Nullable;

/** What all filters ask for in a class as a whole, checked against each other and against the class. */
final class ClassChanges {
    private static final ClassChanges NONE = new ClassChanges();

    private final List<ClassEdits.NewField> newFields = new ArrayList<>();
    private final List<ClassEdits.NewMethod> newMethods = new ArrayList<>();
    private final List<ClassEdits.NewAttribute> newAttributes = new ArrayList<>();
    private final List<String> newInterfaces = new ArrayList<>();
    private final Map<String, String> renamed = new HashMap<>();
    /** Pairs of the offset of a name-and-type index in the pool and its new value. */
    private final List<int[]> patches = new ArrayList<>();

    private @Nullable String newSuperclass;
    private @Nullable Constants constants;
    private @Nullable Long serialVersion;

    static ClassChanges merge(RawClass raw, List<FilterEdits> filters, Constants constants) {
        boolean any = false;
        for (int i = 0; i < filters.size(); i++) {
            any |= filters.get(i).edits().editsClass();
        }
        if (!any) {
            return NONE;
        }
        ClassChanges changes = new ClassChanges();
        changes.constants = constants;
        for (int i = 0; i < filters.size(); i++) {
            changes.merge(raw, filters.get(i).edits(), i);
        }
        changes.checkMembers(raw);
        changes.renameReferences(raw);
        changes.serialVersion = changes.changedSerialVersion(raw);
        return changes;
    }

    private void merge(RawClass raw, ClassEdits edits, int filter) {
        newFields.addAll(edits.newFields());
        newMethods.addAll(edits.newMethods());
        newAttributes.addAll(edits.newAttributes());
        for (String name : edits.newInterfaces()) {
            if (!newInterfaces.contains(name) && !implementsDirectly(raw, name)) {
                newInterfaces.add(name);
            }
        }
        edits.renamedMembers().forEach((member, name) -> {
            String before = renamed.put(member, name);
            if (before != null && !before.equals(name)) {
                throw DoesNotFit.ofFilter(
                        EditRule.CONFLICT, member + " is renamed to both " + before + " and " + name, filter);
            }
        });
        String superclass = edits.newSuperclass();
        if (superclass != null) {
            if (newSuperclass != null && !newSuperclass.equals(superclass)) {
                throw DoesNotFit.ofFilter(
                        EditRule.CONFLICT,
                        "two superclasses are asked for: " + newSuperclass + " and " + superclass,
                        filter);
            }
            newSuperclass = superclass;
        }
    }

    private static boolean implementsDirectly(RawClass raw, String name) {
        for (int i = 0; i < raw.interfaceCount(); i++) {
            if (raw.interfaceName(i).equals(name)) {
                return true;
            }
        }
        return false;
    }

    /** Checks that no two fields and no two methods have the same name and descriptor in the end. */
    private void checkMembers(RawClass raw) {
        Set<String> fields = new HashSet<>();
        for (int i = 0; i < raw.fieldCount(); i++) {
            addOnce(fields, nameInTheEnd(raw, raw.field(i)), raw.memberDescriptor(raw.field(i)));
        }
        newFields.forEach(field -> addOnce(fields, field.name(), field.descriptor()));
        Set<String> methods = new HashSet<>();
        for (int i = 0; i < raw.methodCount(); i++) {
            addOnce(methods, nameInTheEnd(raw, raw.method(i)), raw.memberDescriptor(raw.method(i)));
        }
        newMethods.forEach(method -> addOnce(methods, method.name(), method.descriptor()));
    }

    private String nameInTheEnd(RawClass raw, RawClass.Member member) {
        String name = raw.memberName(member);
        String newName = renamed.get(name + raw.memberDescriptor(member));
        return newName == null ? name : newName;
    }

    private static void addOnce(Set<String> members, String name, String descriptor) {
        if (!members.add(name + " " + descriptor)) {
            throw DoesNotFit.of(EditRule.CONFLICT, "the class would have " + name + descriptor + " twice");
        }
    }

    private void renameReferences(RawClass raw) {
        for (int index = 1; index < raw.constantCount() && !renamed.isEmpty(); index++) {
            int tag = raw.constantTag(index);
            if (tag != RawClass.FIELD_REF && tag != RawClass.METHOD_REF && tag != RawClass.INTERFACE_METHOD_REF) {
                continue;
            }
            int reference = raw.constantOffset(index);
            int nameAndType = raw.constantOffset(raw.u2(reference + 3));
            String descriptor = raw.utf8(raw.u2(nameAndType + 3));
            String newName = renamed.get(raw.utf8(raw.u2(nameAndType + 1)) + descriptor);
            if (newName != null && raw.name(raw.u2(reference + 1)).equals(raw.className())) {
                patches.add(new int[] {reference + 3, constants().nameAndType(newName, descriptor)});
            }
        }
    }

    private @Nullable Long changedSerialVersion(RawClass raw) {
        boolean visible = !newInterfaces.isEmpty() || !renamed.isEmpty();
        for (ClassEdits.NewField field : newFields) {
            int flags = field.accessFlags();
            visible |= !Modifier.isPrivate(flags) || !Modifier.isStatic(flags) && !Modifier.isTransient(flags);
        }
        for (ClassEdits.NewMethod method : newMethods) {
            visible |= !Modifier.isPrivate(method.accessFlags());
        }
        return visible && SerialVersion.isImplicit(raw) ? SerialVersion.of(raw) : null;
    }

    @Nullable
    String newSuperclass() {
        return newSuperclass;
    }

    List<String> newInterfaces() {
        return newInterfaces;
    }

    List<ClassEdits.NewMethod> newMethods() {
        return newMethods;
    }

    List<ClassEdits.NewAttribute> newAttributes() {
        return newAttributes;
    }

    boolean renames() {
        return !renamed.isEmpty();
    }

    /** Returns the constant of a member's new name, or 0 if it keeps its own. */
    int newName(RawClass raw, RawClass.Member member) {
        String name = renamed.get(raw.memberName(member) + raw.memberDescriptor(member));
        return name == null ? 0 : constants().utf8(name);
    }

    int newFieldCount() {
        return newFields.size() + (serialVersion == null ? 0 : 1);
    }

    void writeNewFields(Output out) {
        for (ClassEdits.NewField field : newFields) {
            out.u2(field.accessFlags());
            out.u2(constants().utf8(field.name()));
            out.u2(constants().utf8(field.descriptor()));
            out.u2(0);
        }
        if (serialVersion != null) {
            out.u2(SerialVersion.ACCESS_FLAGS);
            out.u2(constants().utf8(SerialVersion.FIELD));
            out.u2(constants().utf8("J"));
            out.u2(1);
            out.u2(constants().utf8("ConstantValue"));
            out.u4(2);
            out.u2(constants().longConstant(serialVersion));
        }
    }

    void patchConstants(byte[] classFile) {
        for (int i = 0; i < patches.size(); i++) {
            int[] patch = patches.get(i);
            classFile[patch[0]] = (byte) (patch[1] >> 8);
            classFile[patch[0] + 1] = (byte) patch[1];
        }
    }

    private Constants constants() {
        if (constants == null) {
            throw new IllegalStateException("no changes");
        }
        return constants;
    }
}
