package org.dvm.core.edit;

import java.lang.reflect.Modifier;
import java.util.List;
import org.dvm.core.classfile.RawClass;

/** Writes methods that edits add: those that filters ask for, and the helpers of other insertions. */
final class AddedMethods {
    private final SnippetCompiler compiler;
    private final Assembler assembler;
    private final Constants constants;
    private final SavedValues saved = new SavedValues();

    AddedMethods(SnippetCompiler compiler) {
        this.compiler = compiler;
        this.assembler = compiler.assembler();
        this.constants = assembler.constants();
    }

    /** Writes all of them and returns their number. */
    int write(RawClass raw, List<ClassEdits.NewMethod> methods, HelperMethods helpers, Output out) {
        for (int i = 0; i < methods.size(); i++) {
            ClassEdits.NewMethod method = methods.get(i);
            write(raw, method.accessFlags(), method.name(), method.descriptor(), method.body(), out);
        }
        for (int i = 0; i < helpers.count(); i++) {
            HelperMethods.Helper helper = helpers.get(i);
            write(raw, HelperMethods.ACCESS_FLAGS, helper.name(), helper.descriptor(), helper.body(), out);
        }
        return methods.size() + helpers.count();
    }

    private void write(RawClass raw, int accessFlags, String name, String descriptor, List<Snippet> body, Output out) {
        out.u2(accessFlags);
        out.u2(constants.utf8(name));
        out.u2(constants.utf8(descriptor));
        if ((accessFlags & (Modifier.ABSTRACT | Modifier.NATIVE)) != 0) {
            out.u2(0);
            return;
        }
        saved.startAdded(descriptor, Modifier.isStatic(accessFlags), body);
        assembler.start(saved.end());
        compiler.startAdded(raw, descriptor, saved);
        compile(body, Descriptors.returnType(descriptor));
        int guardFrames = raw.majorVersion() >= 50 ? compiler.guardFrameCount() : 0;
        int codeLength = assembler.code().size();
        if (codeLength > 65535) {
            throw DoesNotFit.of(EditRule.METHOD_TOO_LARGE, "the added method " + name + " exceeds 65535 bytes");
        }
        out.u2(1);
        out.u2(constants.utf8("Code"));
        int lengthAt = out.size();
        out.u4(0);
        out.u2(assembler.takeMaxDepth());
        out.u2(assembler.maxLocals());
        out.u4(codeLength);
        out.put(assembler.code().array(), 0, codeLength);
        out.u2(0);
        out.u2(guardFrames > 0 ? 1 : 0);
        if (guardFrames > 0) {
            writeFrames(guardFrames, out);
        }
        out.setU4(lengthAt, out.size() - lengthAt - 4);
    }

    private void compile(List<Snippet> body, String returned) {
        for (int i = 0; i < body.size(); ) {
            Snippet snippet = body.get(i);
            OnceGuard guard = snippet.guard();
            compiler.startGroup();
            if (guard == null) {
                compiler.statement(snippet, i == body.size() - 1 ? returned : "V");
                i++;
            } else {
                int end = PlacedSnippets.endOfGuarded(body, i);
                compiler.guardedAtEntry(guard, body.subList(i, end));
                i = end;
            }
        }
        compiler.returnFrom(returned);
    }

    /** The state where a guard leads to is that at entry: the parameters, and nothing on the stack. */
    private void writeFrames(int count, Output out) {
        out.u2(constants.utf8("StackMapTable"));
        int lengthAt = out.size();
        out.u4(0);
        out.u2(count);
        int last = -1;
        for (int i = 0; i < count; i++) {
            int delta = compiler.guardFrame(i) - last - 1;
            last = compiler.guardFrame(i);
            if (delta < 64) {
                out.u1(delta);
            } else {
                out.u1u2(251, delta);
            }
        }
        out.setU4(lengthAt, out.size() - lengthAt - 4);
    }
}
