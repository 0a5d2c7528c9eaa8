package org.dvm.jmh.engine;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** ASM with a writer that copies the constant pool, and COMPUTE_MAXS. */
public final class AsmContender implements Contender {
    @Override
    public String name() {
        return "ASM";
    }

    @Override
    public boolean canDo(Task task) {
        return true;
    }

    @Override
    public byte[] transform(byte[] classFile, Task task) {
        byte[] result = classFile;
        for (int pass = task == Task.FOUR_FILTERS ? 4 : 1; pass > 0; pass--) {
            ClassReader reader = new ClassReader(result);
            ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
            reader.accept(new Probing(writer, task), 0);
            result = writer.toByteArray();
        }
        return result;
    }

    private static final class Probing extends ClassVisitor {
        private final Task task;
        private int methods;

        Probing(ClassVisitor next, Task task) {
            super(Opcodes.ASM9, next);
            this.task = task;
        }

        @Override
        public MethodVisitor visitMethod(
                int access,
                String name,
                String descriptor,
                @Nullable String signature,
                String @Nullable [] exceptions) {
            MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
            int index = methods++;
            if (!task.touches(index)) {
                return next;
            }
            return task == Task.CALLS ? new CallProbes(next, index) : new EntryAndExitProbes(next, index);
        }
    }

    private static class Probes extends MethodVisitor {
        private final int index;

        Probes(MethodVisitor next, int index) {
            super(Opcodes.ASM9, next);
            this.index = index;
        }

        void probe(String name) {
            if (index <= 5) {
                mv.visitInsn(Opcodes.ICONST_0 + index);
            } else if (index <= Byte.MAX_VALUE) {
                mv.visitIntInsn(Opcodes.BIPUSH, index);
            } else if (index <= Short.MAX_VALUE) {
                mv.visitIntInsn(Opcodes.SIPUSH, index);
            } else {
                mv.visitLdcInsn(index);
            }
            mv.visitMethodInsn(Opcodes.INVOKESTATIC, Task.PROBE, name, Task.PROBE_DESCRIPTOR, false);
        }
    }

    private static final class EntryAndExitProbes extends Probes {
        EntryAndExitProbes(MethodVisitor next, int index) {
            super(next, index);
        }

        @Override
        public void visitCode() {
            super.visitCode();
            probe("enter");
        }

        @Override
        public void visitInsn(int opcode) {
            if (opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN) {
                probe("exit");
            }
            super.visitInsn(opcode);
        }
    }

    /** Back-edges are branches to labels that have been visited. */
    private static final class CallProbes extends Probes {
        private final java.util.Set<Label> seen = new java.util.HashSet<>();

        CallProbes(MethodVisitor next, int index) {
            super(next, index);
        }

        @Override
        public void visitLabel(Label label) {
            seen.add(label);
            super.visitLabel(label);
        }

        @Override
        public void visitJumpInsn(int opcode, Label label) {
            if (seen.contains(label)) {
                probe("back");
            }
            super.visitJumpInsn(opcode, label);
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
            probe("call");
            super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
        }

        @Override
        public void visitInvokeDynamicInsn(
                String name, String descriptor, org.objectweb.asm.Handle bootstrap, Object... arguments) {
            probe("call");
            super.visitInvokeDynamicInsn(name, descriptor, bootstrap, arguments);
        }

        @Override
        public void visitTypeInsn(int opcode, String type) {
            if (opcode == Opcodes.NEW) {
                probe("call");
            }
            super.visitTypeInsn(opcode, type);
        }
    }
}
