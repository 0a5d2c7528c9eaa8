package org.dvm.jmh.verification;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.bcel.classfile.ClassParser;
import org.apache.bcel.classfile.JavaClass;
import org.apache.bcel.util.SyntheticRepository;
import org.apache.bcel.verifier.VerificationResult;
import org.apache.bcel.verifier.VerifierFactory;
import org.dvm.core.classfile.FormatChecker;
import org.dvm.core.classfile.RawClass;
import org.dvm.verifier.Verdict;
import org.dvm.verifier.Verifier;
import org.jspecify.annotations.Nullable;
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
    static final String CLASS_FILE = "JDK ClassFile.verify";
    static final String CHECK_CLASS_ADAPTER = "ASM CheckClassAdapter";
    static final String ANALYZER = "ASM Analyzer, BasicVerifier";

    private static final int CLASS_FILE_RELEASE = 24;

    /** How many classes BCEL gets: it is that slow. */
    private static final int BCEL_CLASSES = 150;

    private Peers() {}

    /** Does one peer's work on a class. */
    private interface Work {
        boolean on(int index) throws Exception;
    }

    private static Peer peer(String name, Work work) {
        return new Peer() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public boolean verify(int index) throws Exception {
                return work.on(index);
            }
        };
    }

    /** Returns all verifiers that this JVM has but BCEL's. */
    static List<Peer> of(ClassFiles classes, Verifier verifier) throws Exception {
        List<byte[]> list = classes.list();
        List<RawClass> parsed = new ArrayList<>();
        for (byte[] each : list) {
            parsed.add(FormatChecker.read(each));
        }
        List<Peer> peers = new ArrayList<>();
        peers.add(peer(DVM_PARSED, index -> verifier.verify(parsed.get(index)) instanceof Verdict.Accepted));
        peers.add(peer(DVM_BYTES, index -> verifier.verify(list.get(index)) instanceof Verdict.Accepted));
        if (Runtime.version().feature() >= CLASS_FILE_RELEASE) {
            peers.add(classFile(classes));
        }
        peers.add(peer(CHECK_CLASS_ADAPTER, index -> checkClass(list.get(index))));
        peers.add(peer(ANALYZER, index -> analyze(list.get(index))));
        return peers;
    }

    /** The verifier of the JDK's class-file library; it finds the other classes among these and the JDK's. */
    private static Peer classFile(ClassFiles classes) throws ReflectiveOperationException {
        Class<?> type = Class.forName("java.lang.classfile.ClassFile");
        Class<?> resolverType = Class.forName("java.lang.classfile.ClassHierarchyResolver");
        Class<?> optionType = Class.forName("java.lang.classfile.ClassFile$Option");
        Class<?> description = Class.forName("java.lang.constant.ClassDesc");
        Method descriptorString = description.getMethod("descriptorString");
        Map<String, byte[]> byName = classes.byName();
        Function<Object, @Nullable InputStream> files = each -> file(byName, descriptorString, each);
        Object own = resolverType.getMethod("ofResourceParsing", Function.class).invoke(null, files);
        Object system = resolverType.getMethod("defaultResolver").invoke(null);
        Object both = resolverType.getMethod("orElse", resolverType).invoke(own, system);
        Object cached = resolverType.getMethod("cached").invoke(both);
        Object options = Array.newInstance(optionType, 1);
        Array.set(
                options,
                0,
                Class.forName("java.lang.classfile.ClassFile$ClassHierarchyResolverOption")
                        .getMethod("of", resolverType)
                        .invoke(null, cached));
        Object classFile = type.getMethod("of", options.getClass()).invoke(null, options);
        Method verify = type.getMethod("verify", byte[].class);
        List<byte[]> list = classes.list();
        return peer(CLASS_FILE, index -> ((List<?>) verify.invoke(classFile, (Object) list.get(index))).isEmpty());
    }

    private static @Nullable InputStream file(Map<String, byte[]> byName, Method descriptorString, Object description) {
        try {
            String descriptor = (String) descriptorString.invoke(description);
            byte[] file =
                    byName.get(descriptor.substring(1, descriptor.length() - 1).replace('/', '.'));
            return file == null ? null : new ByteArrayInputStream(file);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a class description has a descriptor", e);
        }
    }

    private static boolean checkClass(byte[] classFile) {
        new ClassReader(classFile).accept(new CheckClassAdapter(new ClassNode(), true), ClassReader.SKIP_DEBUG);
        return true;
    }

    /** ASM infers types whatever the version, ignores stack map frames and, here, knows no classes. */
    private static boolean analyze(byte[] classFile) throws Exception {
        ClassNode node = new ClassNode();
        new ClassReader(classFile).accept(node, ClassReader.SKIP_DEBUG);
        for (MethodNode method : node.methods) {
            new Analyzer<>(new BasicVerifier()).analyze(node.name, method);
        }
        return true;
    }

    /** Returns BCEL's JustIce; it asks its repository for other classes. */
    static Peer bcel(ClassFiles classes) throws Exception {
        SyntheticRepository repository = SyntheticRepository.getInstance();
        org.apache.bcel.Repository.setRepository(repository);
        for (byte[] each : classes.list()) {
            JavaClass parsed = new ClassParser(new ByteArrayInputStream(each), "a class").parse();
            repository.storeClass(parsed);
        }
        List<String> names = classes.names();
        return peer("BCEL JustIce, " + classes.size() + " classes", index -> justIce(names.get(index)));
    }

    /** Returns some of the classes, from everywhere among them. */
    static ClassFiles bcelClasses(ClassFiles classes) {
        List<String> names = classes.names();
        List<String> some = new ArrayList<>();
        int step = Math.max(1, names.size() / BCEL_CLASSES);
        for (int i = 0; i < names.size(); i += step) {
            some.add(names.get(i));
        }
        return classes.only(some);
    }

    private static boolean justIce(String name) throws ClassNotFoundException {
        VerifierFactory.clear();
        org.apache.bcel.verifier.Verifier verifier = VerifierFactory.getVerifier(name);
        boolean accepted = isOk(verifier.doPass1()) & isOk(verifier.doPass2());
        int methods = org.apache.bcel.Repository.lookupClass(name).getMethods().length;
        for (int i = 0; i < methods; i++) {
            accepted &= isOk(verifier.doPass3a(i)) & isOk(verifier.doPass3b(i));
        }
        return accepted;
    }

    private static boolean isOk(VerificationResult result) {
        return result.getStatus() == VerificationResult.VERIFIED_OK;
    }
}
