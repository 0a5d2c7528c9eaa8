package org.dvm.client.internal.agent;

import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dvm.client.internal.agent.AgentReport.FileUse;
import org.dvm.core.pipeline.AgentService;
import org.dvm.core.pipeline.Services;
import org.dvm.core.pipeline.TransformPipeline;
import org.dvm.core.repository.ClassRepository;
import org.jspecify.annotations.Nullable;

/** Starts the agent; called through reflection from the other side of the class loader. */
public final class AgentEntry {
    private AgentEntry() {}

    /**
     * Starts the agent.
     *
     * @param options what the user gave
     * @param instrumentation the JVM's
     * @param mode {@code premain} or {@code agentmain}
     * @param before what was attached before and is taken out; null for nothing
     * @return what takes it out again; its text says what was done
     * @throws Exception if an option is wrong or the JVM lacks something; everything is as it was then
     */
    public static Runnable start(
            String options, Instrumentation instrumentation, String mode, @Nullable Runnable before) throws Exception {
        boolean attached = mode.equals("agentmain");
        AgentOptions parsed = AgentOptions.parse(options);
        ClassLoader ownLoader = AgentEntry.class.getClassLoader();
        Services services = Services.load(ownLoader);
        boolean detach = attached && parsed.services().equals(List.of("none"));
        List<String> names = detach ? List.of() : parsed.services();
        if (names.isEmpty() && !detach) {
            throw new IllegalArgumentException(
                    "no services asked for: write services=NAME,NAME; there are " + services.names());
        }
        List<AgentService> started = services.agentServices(names);
        List<String> filters = new ArrayList<>(names);
        Map<String, String> filterOptions = new LinkedHashMap<>(parsed.serviceOptions());
        for (AgentService service : started) {
            filters.remove(service.name());
            filterOptions.keySet().removeIf(option -> option.startsWith(service.name() + "."));
        }
        TransformPipeline pipeline = services.pipeline(filters, filterOptions);
        if (attached) {
            CollectorSettings.check(parsed.systemProperties(), instrumentation);
        }
        AgentReport report = AgentReport.open(parsed, attached ? FileUse.APPEND : FileUse.BEGIN);
        AgentTransformer transformer =
                new AgentTransformer(pipeline, report, new ExtraClasses(instrumentation), ownLoader);
        warmUp(pipeline);
        if (before != null) {
            before.run();
        }
        parsed.systemProperties().forEach(System::setProperty);
        RunningAgent running = new RunningAgent(instrumentation, transformer, report, started);
        if (!filters.isEmpty()) {
            instrumentation.addTransformer(transformer, true);
        }
        try {
            for (AgentService service : started) {
                service.start(instrumentation, options(parsed.serviceOptions(), service.name() + "."));
            }
        } catch (RuntimeException e) {
            instrumentation.removeTransformer(transformer);
            throw e;
        }
        if (attached) {
            running.retransformLoaded();
        }
        running.reportAtExit();
        return running;
    }

    private static Map<String, String> options(Map<String, String> all, String prefix) {
        Map<String, String> own = new LinkedHashMap<>();
        all.forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                own.put(name.substring(prefix.length()), value);
            }
        });
        return own;
    }

    /** Loads the engine's classes now, rather than in the middle of loading the application's. */
    private static void warmUp(TransformPipeline pipeline) throws IOException {
        String resource = AgentEntry.class.getName().replace('.', '/') + ".class";
        try (InputStream in = AgentEntry.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("the agent's jar is incomplete: missing=" + resource);
            }
            pipeline.process(in.readAllBytes(), "", ClassRepository.EMPTY);
        }
    }
}
