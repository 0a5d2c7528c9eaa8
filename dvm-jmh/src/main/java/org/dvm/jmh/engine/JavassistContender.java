package org.dvm.jmh.engine;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.util.List;
import javassist.bytecode.Bytecode;
import javassist.bytecode.ClassFile;
import javassist.bytecode.CodeAttribute;
import javassist.bytecode.CodeIterator;
import javassist.bytecode.ConstPool;
import javassist.bytecode.MethodInfo;
import javassist.bytecode.Opcode;

/** Javassist at its lowest level, which is its fastest. */
final class JavassistContender implements Contender {
    @Override
    public String name() {
        return "Javassist";
    }

    @Override
    public boolean canDo(Task task) {
        return task == Task.ENTRY_AND_EXIT;
    }

    @Override
    public byte[] transform(byte[] classFile, Task task) throws Exception {
        ClassFile parsed = new ClassFile(new DataInputStream(new ByteArrayInputStream(classFile)));
        List<MethodInfo> methods = parsed.getMethods();
        for (int i = 0; i < methods.size(); i++) {
            CodeAttribute code = methods.get(i).getCodeAttribute();
            if (code != null) {
                probe(parsed.getConstPool(), code, i);
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(classFile.length + 1024);
        parsed.write(new DataOutputStream(out));
        return out.toByteArray();
    }

    private static void probe(ConstPool constants, CodeAttribute code, int index) throws Exception {
        byte[] exit = call(constants, "exit", index);
        CodeIterator iterator = code.iterator();
        while (iterator.hasNext()) {
            int at = iterator.next();
            int opcode = iterator.byteAt(at);
            if (opcode >= Opcode.IRETURN && opcode <= Opcode.RETURN) {
                iterator.insertAt(at, exit);
            }
        }
        iterator.begin();
        iterator.insert(0, call(constants, "enter", index));
        code.setMaxStack(code.getMaxStack() + 1);
    }

    private static byte[] call(ConstPool constants, String name, int index) {
        Bytecode call = new Bytecode(constants);
        call.addIconst(index);
        call.addInvokestatic(Task.PROBE, name, Task.PROBE_DESCRIPTOR);
        return call.get();
    }
}
