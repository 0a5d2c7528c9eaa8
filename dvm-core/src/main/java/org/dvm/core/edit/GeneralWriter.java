package org.dvm.core.edit;

import java.util.Arrays;
import java.util.List;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.edit.PlacedSnippets.Effort;
import org.jspecify.annotations.Nullable;

/** What {@link ClassWriter} needs for more than calls with constants in code; made when a class first asks for it. */
final class GeneralWriter {
    private final HelperMethods helpers = new HelperMethods();
    private final CodeSplicer splicer;
    private final AddedMethods addedMethods;

    GeneralWriter(Assembler assembler, TableShifter tables) {
        SnippetCompiler compiler = new SnippetCompiler(assembler);
        this.splicer = new CodeSplicer(compiler, helpers, tables);
        this.addedMethods = new AddedMethods(compiler);
    }

    void startClass(RawClass raw) {
        helpers.startClass(raw);
    }

    /** Writes the content of a new Code attribute; see {@link CodeSplicer#splice}. */
    void splice(
            RawClass raw,
            RawClass.Member method,
            @Nullable MethodEdits[] edits,
            @Nullable String newSuperclass,
            Effort effort,
            Output out) {
        splicer.splice(raw, method, edits, newSuperclass, effort, out);
    }

    /** Writes the content of a new Code attribute that has been written another way, and compares. */
    void check(RawClass raw, RawClass.Member method, @Nullable MethodEdits[] edits, byte[] written, Output out) {
        int start = out.size();
        try {
            splice(raw, method, edits, null, Effort.INLINE, out);
        } catch (DoesNotFit e) {
            throw new InternalError(describe(raw, method) + " was written although it doesn't fit", e);
        }
        if (!Arrays.equals(written, 0, written.length, out.array(), start, out.size())) {
            throw new InternalError(describe(raw, method) + " was written in another way");
        }
    }

    private static String describe(RawClass raw, RawClass.Member method) {
        return raw.className() + "." + raw.memberName(method) + raw.memberDescriptor(method);
    }

    HelperMethods helpers() {
        return helpers;
    }

    boolean hasHelpers() {
        return helpers.count() > 0;
    }

    /** Writes the methods that edits add, helpers of insertions included, and returns their number. */
    int writeAddedMethods(RawClass raw, @Nullable ClassChanges changes, Output out) {
        return addedMethods.write(raw, changes == null ? List.of() : changes.newMethods(), helpers, out);
    }
}
