package org.dvm.core.edit;

import static java.util.Objects.requireNonNull;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.dvm.core.classfile.RawClass;

/** Classes compiled for a test, edited, and run. */
final class Subject {
    private final Map<String, byte[]> classes;

    private Subject(Map<String, byte[]> classes) {
        this.classes = new LinkedHashMap<>(classes);
    }

    /** Compiles the body of a class {@code Subject}; options as for javac. */
    static Subject of(String body, String... options) {
        return new Subject(compile("Subject", "public class Subject {" + body + "}", options));
    }

    static Subject ofClass(String name, byte[] classFile) {
        return new Subject(Map.of(name, classFile));
    }

    static Map<String, byte[]> compile(String name, String source, String... options) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Map<String, byte[]> classes = new LinkedHashMap<>();
        JavaFileManager files = new ForwardingJavaFileManager<>(compiler.getStandardFileManager(null, null, null)) {
            @Override
            public JavaFileObject getJavaFileForOutput(
                    Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
                return new SimpleJavaFileObject(URI.create("mem:/" + className), kind) {
                    @Override
                    public OutputStream openOutputStream() {
                        return new ByteArrayOutputStream() {
                            @Override
                            public void close() {
                                classes.put(className, toByteArray());
                            }
                        };
                    }
                };
            }
        };
        JavaFileObject file =
                new SimpleJavaFileObject(URI.create("mem:/" + name + ".java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                    }
                };
        StringBuilder messages = new StringBuilder();
        boolean compiled = compiler.getTask(
                        null,
                        files,
                        diagnostic -> messages.append(diagnostic).append('\n'),
                        List.of(options),
                        null,
                        List.of(file))
                .call();
        if (!compiled) {
            throw new IllegalArgumentException(messages.toString());
        }
        return classes;
    }

    /** Gives all classes another version: below 50, HotSpot ignores their frames and infers types. */
    Subject asVersion(int major) {
        classes.replaceAll((name, bytes) -> {
            byte[] older = bytes.clone();
            older[7] = (byte) major;
            return older;
        });
        return this;
    }

    RawClass raw(String name) {
        try {
            return RawClass.parse(bytes(name));
        } catch (RawClass.ClassFormatException e) {
            throw new AssertionError(e);
        }
    }

    byte[] bytes(String name) {
        return requireNonNull(classes.get(name), name);
    }

    /** Edits one method of the class Subject. */
    Subject edit(String method, BiConsumer<RawClass, MethodEdits> edit) {
        return editClass("Subject", (raw, edits) -> edit.accept(raw, edits.method(index(raw, method))));
    }

    Subject editClass(String name, BiConsumer<RawClass, ClassEdits> edit) {
        RawClass raw = raw(name);
        ClassEdits edits = new ClassEdits(raw);
        edit.accept(raw, edits);
        try {
            classes.put(name, ClassWriter.write(edits));
        } catch (EditException e) {
            throw new AssertionError(e);
        }
        return this;
    }

    /** Edits one method of the class Subject by several filters at once. */
    Subject editByFilters(String method, List<BiConsumer<RawClass, MethodEdits>> filters) {
        RawClass raw = raw("Subject");
        List<FilterEdits> all = new java.util.ArrayList<>();
        for (BiConsumer<RawClass, MethodEdits> filter : filters) {
            ClassEdits edits = new ClassEdits(raw);
            filter.accept(raw, edits.method(index(raw, method)));
            all.add(new FilterEdits("filter" + all.size(), edits, FilterEdits.Overflow.FAIL));
        }
        try {
            classes.put("Subject", ClassWriter.write(raw, all).classFile());
        } catch (EditException e) {
            throw new AssertionError(e);
        }
        return this;
    }

    static int index(RawClass raw, String method) {
        for (int i = 0; i < raw.methodCount(); i++) {
            if (raw.memberName(raw.method(i)).equals(method)) {
                return i;
            }
        }
        throw new IllegalArgumentException("no method " + method);
    }

    /** Returns the bci of the n-th instruction with that opcode, from 0. */
    static int bci(RawClass raw, String method, int opcode, int n) {
        int left = n;
        int index = index(raw, method);
        for (int bci : Plans.instructions(raw, index)) {
            if (raw.u1(raw.codeStart(raw.method(index)) + bci) == opcode && left-- == 0) {
                return bci;
            }
        }
        throw new IllegalArgumentException("no opcode " + opcode + " in " + method);
    }

    Class<?> load(String name) throws ClassNotFoundException {
        ClassLoader loader = new ClassLoader(Subject.class.getClassLoader()) {
            @Override
            protected Class<?> findClass(String wanted) throws ClassNotFoundException {
                byte[] bytes = classes.get(wanted.replace('.', '/'));
                if (bytes == null) {
                    throw new ClassNotFoundException(wanted);
                }
                return defineClass(wanted, bytes, 0, bytes.length);
            }
        };
        return Class.forName(name, true, loader);
    }

    /** Runs a static method of the class Subject; an exception of it becomes an event. Returns the events. */
    List<String> run(String method, Object... arguments) throws Exception {
        Recorder.take();
        for (Method candidate : load("Subject").getDeclaredMethods()) {
            if (candidate.getName().equals(method)) {
                candidate.setAccessible(true);
                try {
                    Object result = candidate.invoke(null, arguments);
                    if (candidate.getReturnType() != void.class) {
                        Recorder.value("result", result);
                    }
                } catch (InvocationTargetException e) {
                    Recorder.value("threw", e.getTargetException().getClass().getSimpleName());
                }
                return Recorder.take();
            }
        }
        throw new IllegalArgumentException("no method " + method);
    }
}
