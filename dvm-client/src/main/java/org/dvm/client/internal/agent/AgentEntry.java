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
            for (String option :
                    options(parsed.serviceOptions(), service.name() + ".").keySet()) {
                filterOptions.remove(service.name() + "." + option);
            }
        }
        boolean onlyStarted = filters.isEmpty() && filterOptions.isEmpty() && !detach;
        if (onlyStarted && !attached && parsed.report() == null && !parsed.reportToConsole()) {
            // Without the class-file engine, until it is needed.
            setProperties(parsed);
            start(started, instrumentation, parsed);
            return new StartedServices(names);
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
        setProperties(parsed);
        RunningAgent running = new RunningAgent(instrumentation, transformer, report, started);
        if (!filters.isEmpty()) {
            instrumentation.addTransformer(transformer, true);
        }
        try {
            start(started, instrumentation, parsed);
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

    private static void setProperties(AgentOptions options) {
        for (Map.Entry<String, String> property : options.systemProperties().entrySet()) {
            System.setProperty(property.getKey(), property.getValue());
        }
    }

    private static void start(List<AgentService> services, Instrumentation instrumentation, AgentOptions options) {
        for (AgentService service : services) {
            service.start(instrumentation, options(options.serviceOptions(), service.name() + "."));
        }
    }

    private static Map<String, String> options(Map<String, String> all, String prefix) {
        Map<String, String> own = new LinkedHashMap<>();
        for (Map.Entry<String, String> option : all.entrySet()) {
            if (option.getKey().startsWith(prefix)) {
                own.put(option.getKey().substring(prefix.length()), option.getValue());
            }
        }
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
