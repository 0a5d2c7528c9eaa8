package org.dvm.client.internal.agent;

import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dvm.core.pipeline.AgentService;
import org.dvm.core.pipeline.Services;
import org.dvm.core.pipeline.TransformPipeline;
import org.dvm.core.repository.ClassRepository;

/** Starts the agent; called through reflection from the other side of the class loader. */
public final class AgentEntry {
    private AgentEntry() {}

    /**
     * Starts the agent.
     *
     * @param options what the user gave
     * @param instrumentation the JVM's
     * @param mode {@code premain} or {@code agentmain}
     * @throws Exception if an option is wrong or the JVM lacks something; nothing is transformed then
     */
    public static void start(String options, Instrumentation instrumentation, String mode) throws Exception {
        AgentOptions parsed = AgentOptions.parse(options);
        ClassLoader ownLoader = AgentEntry.class.getClassLoader();
        Services services = Services.load(ownLoader);
        if (parsed.services().isEmpty()) {
            throw new IllegalArgumentException(
                    "no services asked for: write services=NAME,NAME; there are " + services.names());
        }
        List<AgentService> started = services.agentServices(parsed.services());
        List<String> filters = new ArrayList<>(parsed.services());
        Map<String, String> filterOptions = new LinkedHashMap<>(parsed.serviceOptions());
        for (AgentService service : started) {
            filters.remove(service.name());
            filterOptions.keySet().removeIf(option -> option.startsWith(service.name() + "."));
        }
        TransformPipeline pipeline = services.pipeline(filters, filterOptions);
        parsed.systemProperties().forEach(System::setProperty);
        AgentReport report = AgentReport.open(parsed);
        AgentTransformer transformer =
                new AgentTransformer(pipeline, report, new ExtraClasses(instrumentation), ownLoader);
        warmUp(pipeline);
        if (!filters.isEmpty()) {
            instrumentation.addTransformer(transformer, true);
        }
        for (AgentService service : started) {
            service.start(instrumentation, options(parsed.serviceOptions(), service.name() + "."));
        }
        if (mode.equals("agentmain")) {
            new LoadedClasses(instrumentation, transformer, report).retransform();
        }
        reportAtExit(instrumentation, transformer, report);
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

    private static void reportAtExit(
            Instrumentation instrumentation, AgentTransformer transformer, AgentReport report) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        null,
                        () -> report.end(LoadedClasses.countHidden(instrumentation, transformer)),
                        "dvm-agent-report",
                        0,
                        false));
    }
}
