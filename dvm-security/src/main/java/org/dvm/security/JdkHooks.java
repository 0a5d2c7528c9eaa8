package org.dvm.security;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.edit.ClassEdits;
import org.dvm.core.edit.LocalVariable;
import org.dvm.core.edit.MethodEdits;
import org.dvm.core.edit.Snippet;
import org.dvm.core.edit.Value;

/**
 * What is inserted into the JDK besides checks: new threads learn their subject, pools their owner and
 * objects that act later their maker, hidden classes
 * pass the filter, and reflection's caller gets its subject back from constructors.
 */
final class JdkHooks {
    private static final String THREAD = "java/lang/Thread";

    /** What belongs to whoever makes it. */
    private static final Set<String> OWNED = Set.of(
            "java/util/concurrent/ThreadPoolExecutor",
            "java/util/concurrent/ForkJoinPool",
            "java/util/concurrent/ThreadPerTaskExecutor",
            "java/util/Timer",
            "java/lang/ClassLoader",
            "jdk/internal/loader/URLClassPath",
            "jdk/internal/loader/URLClassPath$Loader",
            "jdk/internal/loader/Resource",
            "sun/nio/ch/SimpleAsynchronousFileChannelImpl",
            "java/beans/EventHandler",
            "java/beans/Statement",
            "java/beans/XMLDecoder",
            "com/sun/beans/decoder/DocumentHandler",
            "java/net/URLConnection",
            "java/security/KeyStore$Builder",
            "javax/management/modelmbean/RequiredModelMBean",
            "javax/swing/UIDefaults$ProxyLazyValue",
            "javax/swing/text/DefaultFormatter",
            "sun/net/httpserver/simpleserver/FileServerHandler");

    /** What works for its owner, whoever calls it: pools that make threads, class paths that read what they consist of. */
    private static final Map<String, Set<String>> FOR_OWNER = Map.of(
            "java/util/concurrent/ThreadPoolExecutor", Set.of("addWorker"),
            "java/util/concurrent/ForkJoinPool", Set.of("createWorker"),
            "jdk/internal/loader/URLClassPath", Set.of("getLoader"),
            "jdk/internal/loader/URLClassPath$Loader", Set.of("findResource", "getResource"),
            "jdk/internal/loader/URLClassPath$JarLoader", Set.of("findResource", "getResource"),
            "jdk/internal/loader/URLClassPath$FileLoader", Set.of("findResource", "getResource"),
            "jdk/internal/loader/Resource", Set.of("getBytes", "getByteBuffer"),
            "java/net/URLClassLoader", Set.of("defineClass"));

    /**
     * What carries out later, in whatever thread calls it, what its maker has chosen: there it acts for its maker, too.
     * It is what captured its maker's {@code AccessControlContext} in the days of the Security Manager, and more.
     */
    private static final Map<String, Set<String>> FOR_MAKER_TOO = Map.ofEntries(
            Map.entry("java/beans/EventHandler", Set.of("invoke")),
            Map.entry("java/beans/Expression", Set.of("execute", "getValue")),
            Map.entry("java/beans/Statement", Set.of("execute", "invoke")),
            Map.entry("java/beans/XMLDecoder", Set.of("readObject")),
            Map.entry("com/sun/beans/decoder/DocumentHandler", Set.of("startElement", "endElement", "characters")),
            Map.entry("java/security/KeyStore$Builder$FileBuilder", Set.of("getKeyStore")),
            Map.entry(
                    "javax/management/modelmbean/RequiredModelMBean", Set.of("invoke", "getAttribute", "setAttribute")),
            Map.entry("javax/swing/UIDefaults$ProxyLazyValue", Set.of("createValue")),
            Map.entry("javax/swing/text/DefaultFormatter", Set.of("stringToValue")),
            Map.entry("sun/net/httpserver/simpleserver/FileServerHandler", Set.of("handle")),
            Map.entry("sun/net/www/protocol/file/FileURLConnection", Set.of("connect", "getInputStream")),
            Map.entry(
                    "sun/net/www/protocol/ftp/FtpURLConnection",
                    Set.of("connect", "getInputStream", "getOutputStream")),
            Map.entry(
                    "sun/net/www/protocol/http/HttpURLConnection",
                    Set.of("connect", "getInputStream", "getOutputStream")),
            Map.entry("sun/net/www/protocol/jar/JarURLConnection", Set.of("connect", "getInputStream")));

    /** The interface through which the JDK's packages reach into java.lang; its implementation defines hidden classes. */
    private static final String LANG_ACCESS = "jdk/internal/access/JavaLangAccess";

    /** What {@code super()} throws leaves a constructor where no handler may stand, so its caller has to see to it. */
    private static final String CONSTRUCTOR = "java/lang/reflect/Constructor";

    /** Makes the objects that are read from streams. */
    private static final String STREAMED = "java/io/ObjectStreamClass";

    private static final String DEFINE_HIDDEN = "(Ljava/lang/ClassLoader;Ljava/lang/Class;Ljava/lang/String;[B"
            + "Ljava/security/ProtectionDomain;ZILjava/lang/Object;)Ljava/lang/Class;";
    private static final int CLASS_BYTES = 3;
    private static final String JOIN = "(Ljava/lang/Object;)Ljava/lang/Object;";

    private JdkHooks() {}

    /** Returns whether a class, given by internal name, has hooks besides those by what it inherits. */
    static boolean concern(String className) {
        return className.equals(THREAD)
                || className.equals(CONSTRUCTOR)
                || className.equals(STREAMED)
                || OWNED.contains(className)
                || FOR_OWNER.containsKey(className)
                || FOR_MAKER_TOO.containsKey(className);
    }

    /** Returns the methods that are hooked because of who made an object, by the internal names of their classes. */
    static Map<String, Set<String>> methods() {
        Map<String, Set<String>> methods = new HashMap<>(FOR_OWNER);
        methods.putAll(FOR_MAKER_TOO);
        OWNED.forEach(owned -> methods.merge(owned, Set.of("<init>"), (a, b) -> {
            Set<String> both = new HashSet<>(a);
            both.addAll(b);
            return both;
        }));
        return methods;
    }

    static void insert(RawClass raw, ClassEdits edits) {
        for (String method : FOR_OWNER.getOrDefault(raw.className(), Set.of())) {
            forEach(
                    raw,
                    method,
                    "",
                    i -> actForAWhile(edits.method(i), subjects("ownerOf", "(Ljava/lang/Object;)Ljava/lang/Object;")));
        }
        for (String method : FOR_MAKER_TOO.getOrDefault(raw.className(), Set.of())) {
            forEach(raw, method, "", i -> actForAWhile(edits.method(i), subjects("join", JOIN)));
        }
        if (raw.className().equals(THREAD)) {
            forEach(raw, "<init>", "", i -> edits.method(i).atReturn(subjects("inherit", "(Ljava/lang/Thread;)V")));
        } else if (OWNED.contains(raw.className())) {
            forEach(raw, "<init>", "", i -> edits.method(i).atReturn(subjects("own", "(Ljava/lang/Object;)V")));
        } else if (raw.className().equals(CONSTRUCTOR)) {
            forEach(raw, "newInstanceWithCaller", "", i -> actForAWhile(edits.method(i), nowSubject()));
        } else if (raw.className().equals(STREAMED)) {
            forEach(
                    raw,
                    "newInstance",
                    "()Ljava/lang/Object;",
                    i -> edits.method(i)
                            .atEntry(Snippet.call(
                                    "org/dvm/runtime/security/Guard",
                                    "reading",
                                    "(Ljava/io/ObjectStreamClass;)V",
                                    Value.thisObject())));
        } else if (definesHiddenClasses(raw)) {
            forEach(
                    raw,
                    "defineClass",
                    DEFINE_HIDDEN,
                    i -> edits.method(i)
                            .atEntry(Snippet.call(
                                            "org/dvm/runtime/security/HiddenClasses",
                                            "rewrite",
                                            "(Ljava/lang/Class;[B)[B",
                                            Value.parameter(1),
                                            Value.parameter(CLASS_BYTES))
                                    .storeIntoParameter(CLASS_BYTES)));
        }
    }

    private static Snippet subjects(String method, String descriptor) {
        return Snippet.call("org/dvm/runtime/security/Subjects", method, descriptor, Value.thisObject());
    }

    private static Snippet nowSubject() {
        return Snippet.call("org/dvm/runtime/security/Subjects", "now", "()Ljava/lang/Object;");
    }

    /** Gives the thread back, at every exit, the subject that a snippet at entry returns. */
    private static void actForAWhile(MethodEdits edits, Snippet begin) {
        LocalVariable former = edits.newLocal("Ljava/lang/Object;");
        edits.atEntry(begin.storeInto(former));
        edits.atEveryExit(Snippet.call(
                "org/dvm/runtime/security/Subjects", "leave", "(Ljava/lang/Object;)V", Value.local(former)));
    }

    /** Returns whether a class of java.lang implements the JDK's access interface. */
    static boolean definesHiddenClasses(RawClass raw) {
        for (int i = 0; i < raw.interfaceCount(); i++) {
            if (raw.interfaceName(i).equals(LANG_ACCESS)) {
                return raw.className().startsWith("java/lang/");
            }
        }
        return false;
    }

    private static void forEach(RawClass raw, String name, String descriptor, java.util.function.IntConsumer action) {
        for (int i = 0; i < raw.methodCount(); i++) {
            RawClass.Member method = raw.method(i);
            if (method.codeOffset() >= 0
                    && raw.memberName(method).equals(name)
                    && (descriptor.isEmpty() || raw.memberDescriptor(method).equals(descriptor))) {
                action.accept(i);
            }
        }
    }
}
