package org.dvm.jmh.verification;

import org.objectweb.asm.ClassReader;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.util.CheckClassAdapter;

/** ASM's verifier: it infers types whatever the version, and ignores stack map frames. */
final class AsmPeer {
    private AsmPeer() {}

    static void verify(byte[] classFile) {
        new ClassReader(classFile).accept(new CheckClassAdapter(new ClassNode(), true), ClassReader.SKIP_DEBUG);
    }
}
