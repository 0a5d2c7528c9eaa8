package org.dvm.client.internal.agent;

import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.security.ProtectionDomain;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dvm.core.finding.Finding;
import org.dvm.core.finding.Location;
import org.dvm.core.pipeline.ClassFile;
import org.dvm.core.pipeline.TransformResult;
import org.jspecify.annotations.Nullable;

/**
 * Defines the classes that filters add to an application, in the loader of the class for which they were added.
 *
 * <p><b>Threads:</b> safe to share.
 */
final class ExtraClasses {
    private final MethodHandle defineClass;

    /**
     * Opens {@code java.lang} to the agent alone, which {@link Instrumentation} permits.
     *
     * @throws ReflectiveOperationException if the JVM has no such method
     */
    ExtraClasses(Instrumentation instrumentation) throws ReflectiveOperationException {
        instrumentation.redefineModule(
                Object.class.getModule(),
                Set.of(),
                Map.of(),
                Map.of("java.lang", Set.of(ExtraClasses.class.getModule())),
                Set.of(),
                Map.of());
        defineClass = MethodHandles.privateLookupIn(ClassLoader.class, MethodHandles.lookup())
                .findVirtual(
                        ClassLoader.class,
                        "defineClass",
                        MethodType.methodType(
                                Class.class, String.class, byte[].class, int.class, int.class, ProtectionDomain.class));
    }

    /**
     * Defines the extra classes of a result. One that was defined already, because its class is retransformed, is left.
     *
     * @return whether all are there
     */
    boolean define(
            TransformResult result,
            @Nullable ClassLoader loader,
            @Nullable ProtectionDomain domain,
            AgentReport report) {
        for (ClassFile extra : result.extraClasses()) {
            if (!define(extra, loader, domain, report)) {
                return false;
            }
        }
        return true;
    }

    private boolean define(
            ClassFile extra, @Nullable ClassLoader loader, @Nullable ProtectionDomain domain, AgentReport report) {
        String name = extra.name().replace('/', '.');
        try {
            Object unused = defineClass.invoke(loader, name, extra.bytes(), 0, extra.bytes().length, domain);
            return true;
        } catch (LinkageError e) {
            if (isDuplicate(e)) {
                return true;
            }
            report.say("the added class " + name + " can't be defined: " + e);
            return false;
        } catch (Throwable e) {
            report.say("the added class " + name + " can't be defined: " + e);
            return false;
        }
    }

    private static boolean isDuplicate(LinkageError e) {
        return e.getClass() == LinkageError.class
                && String.valueOf(e.getMessage()).contains("duplicate class");
    }

    /** Returns the result of a class whose extra classes could not be defined. */
    static TransformResult failure(TransformResult result) {
        String name = String.valueOf(result.className());
        return TransformResult.failed(
                name,
                List.of(new Finding(
                        AgentRule.EXTRA_CLASS_NOT_DEFINED,
                        Location.ofClass(name),
                        "a class that it needs can't be defined")),
                result.trail(),
                TransformResult.Scope.THIS_SOURCE);
    }
}
