package org.dvm.jmh.engine;

import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.scaffold.TypeValidation;
import net.bytebuddy.matcher.ElementMatchers;
import net.bytebuddy.pool.TypePool;

/** Byte Buddy's Advice, inlined; it looks up supertypes among the corpus and the running JDK. */
final class ByteBuddyContender implements Contender {
    private final TypePool types;
    private final ClassFileLocator locator;

    /** Makes a contender that finds types in that corpus. */
    ByteBuddyContender(Corpus corpus) {
        locator = new ClassFileLocator.Compound(
                new ClassFileLocator.Simple(corpus.byName()), ClassFileLocator.ForClassLoader.ofPlatformLoader());
        types = TypePool.Default.of(locator);
    }

    /** What is inlined. */
    static final class Inlined {
        private Inlined() {}

        @Advice.OnMethodEnter
        static void enter() {
            System.identityHashCode(null);
        }

        @Advice.OnMethodExit
        static void exit() {
            System.identityHashCode(null);
        }
    }

    @Override
    public String name() {
        return "Byte Buddy";
    }

    @Override
    public boolean canDo(Task task) {
        return task == Task.ENTRY_AND_EXIT;
    }

    @Override
    public byte[] transform(byte[] classFile, Task task) {
        TypeDescription type = types.describe(Corpus.nameOf(classFile)).resolve();
        return new ByteBuddy()
                .with(TypeValidation.DISABLED)
                .redefine(type, locator)
                .visit(Advice.to(Inlined.class).on(ElementMatchers.isMethod()))
                .make()
                .getBytes();
    }
}
