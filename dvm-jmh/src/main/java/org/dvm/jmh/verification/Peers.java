package org.dvm.jmh.verification;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.apache.bcel.classfile.ClassParser;
import org.apache.bcel.classfile.JavaClass;
import org.apache.bcel.util.SyntheticRepository;
import org.apache.bcel.verifier.VerifierFactory;
import org.dvm.core.classfile.FormatChecker;
import org.dvm.core.classfile.RawClass;
import org.dvm.verifier.Verifier;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.tree.analysis.BasicVerifier;
import org.objectweb.asm.util.CheckClassAdapter;

/** The verifiers that run in this JVM. */
final class Peers {
    static final String DVM_PARSED = "dvm, parsed class in hand";
    static final String DVM_BYTES = "dvm, bytes to verdict";

    /** How many classes BCEL gets: it is that slow. */
    private static final int BCEL_CLASSES = 150;

    private Peers() {}

    /** Does one peer's work on a class. */
    private interface Work {
        void on(int index) throws Exception;
    }

    private static Peer peer(String name, Work work) {
        return new Peer() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public void verify(int index) throws Exception {
                work.on(index);
            }
        };
    }

    /** Returns all verifiers that this JVM has. */
    static List<Peer> of(List<byte[]> classes, Verifier verifier) throws Exception {
        List<RawClass> parsed = new ArrayList<>();
        for (byte[] each : classes) {
            parsed.add(FormatChecker.read(each));
        }
        List<Peer> peers = new ArrayList<>();
        peers.add(peer(DVM_PARSED, index -> verifier.verify(parsed.get(index))));
        peers.add(peer(DVM_BYTES, index -> verifier.verify(classes.get(index))));
        addClassFile(peers, classes);
        peers.add(peer(
                "ASM CheckClassAdapter",
                index -> new ClassReader(classes.get(index))
                        .accept(new CheckClassAdapter(new ClassNode(), true), ClassReader.SKIP_DEBUG)));
        peers.add(peer("ASM Analyzer, BasicVerifier", index -> analyze(classes.get(index))));
        return peers;
    }

    /** The verifier of the JDK's class-file library stands in Java 24 and later. */
    private static void addClassFile(List<Peer> peers, List<byte[]> classes) throws Exception {
        if (Runtime.version().feature() >= 24) {
            Class<?> type = Class.forName("java.lang.classfile.ClassFile");
            Object classFile = type.getMethod("of").invoke(null);
            Method verify = type.getMethod("verify", byte[].class);
            peers.add(peer("JDK ClassFile.verify", index -> verify.invoke(classFile, (Object) classes.get(index))));
        }
    }

    /** ASM infers types whatever the version, ignores stack map frames and, here, knows no classes. */
    private static void analyze(byte[] classFile) throws Exception {
        ClassNode node = new ClassNode();
        new ClassReader(classFile).accept(node, ClassReader.SKIP_DEBUG);
        for (MethodNode method : node.methods) {
            new Analyzer<>(new BasicVerifier()).analyze(node.name, method);
        }
    }

    /** Returns BCEL's JustIce over the first classes; it asks its repository for others. */
    static Peer bcel(List<byte[]> classes) throws Exception {
        SyntheticRepository repository = SyntheticRepository.getInstance();
        org.apache.bcel.Repository.setRepository(repository);
        List<String> names = new ArrayList<>();
        for (byte[] each : classes) {
            JavaClass parsed = new ClassParser(new java.io.ByteArrayInputStream(each), "a class").parse();
            repository.storeClass(parsed);
            names.add(parsed.getClassName());
        }
        return peer("BCEL JustIce", index -> justIce(names.get(index)));
    }

    static List<byte[]> bcelClasses(List<byte[]> classes) {
        return classes.subList(0, Math.min(BCEL_CLASSES, classes.size()));
    }

    private static void justIce(String name) {
        VerifierFactory.clear();
        org.apache.bcel.verifier.Verifier verifier = VerifierFactory.getVerifier(name);
        verifier.doPass1();
        verifier.doPass2();
        int methods = methodsOf(name);
        for (int i = 0; i < methods; i++) {
            verifier.doPass3a(i);
            verifier.doPass3b(i);
        }
    }

    private static int methodsOf(String name) {
        try {
            return org.apache.bcel.Repository.lookupClass(name).getMethods().length;
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("it was stored", e);
        }
    }
}
