package org.dvm.client.internal.agent;

import java.lang.instrument.Instrumentation;
import java.util.List;
import org.dvm.client.internal.agent.AgentReport.Outcome;
import org.dvm.core.pipeline.AgentService;

/** What one start of the agent put into the JVM: its text says what that did, {@link #run} takes it out. */
final class RunningAgent implements Runnable {
    private final Instrumentation instrumentation;
    private final AgentTransformer transformer;
    private final AgentReport report;
    private final StartedServices toStay;
    private final Thread atExit;
    private long retransformed;

    RunningAgent(
            Instrumentation instrumentation,
            AgentTransformer transformer,
            AgentReport report,
            List<AgentService> services) {
        this.instrumentation = instrumentation;
        this.transformer = transformer;
        this.report = report;
        this.toStay =
                new StartedServices(services.stream().map(AgentService::name).toList());
        this.atExit = new Thread(null, this::endReport, "dvm-agent-report", 0, false);
    }

    /** Brings the classes that are loaded to what the transformers make of them now. */
    void retransformLoaded() {
        retransformed = new LoadedClasses(instrumentation, transformer, report).retransform();
    }

    void reportAtExit() {
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    private void endReport() {
        report.end(LoadedClasses.countHidden(instrumentation, transformer));
    }

    /**
     * Ends the transformation of classes; those that are loaded stay as they are until they are retransformed.
     *
     * @throws IllegalStateException if a service of it can't be taken out
     */
    @Override
    public void run() {
        toStay.run();
        instrumentation.removeTransformer(transformer);
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
            endReport();
        } catch (IllegalStateException e) {
            report.say("the JVM ends: its report is being written");
        }
    }

    @Override
    public String toString() {
        long skipped = report.count(Outcome.SKIPPED);
        return "classes that were loaded: " + retransformed + " retransformed, " + skipped + " can't be while loaded"
                + (skipped == 0 ? "" : " (the report says which and why)");
    }
}
