package org.dvm.cli;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Attaches the agent to a running JVM. */
@Command(
        name = "attach",
        description = {
            "Attaches the agent to a running JVM of the same user.",
            "Classes that are loaded already are retransformed where the JVM allows it.",
        },
        footer = {
            "  dvm attach 4711 --audit 'com.acme.**' --audit-file /var/log/acme.jsonl",
            "  dvm attach $(pgrep -f acme.jar) --profile 'com.acme.**' --report agent.jsonl",
        })
final class AttachCommand extends Subcommand {
    @Parameters(paramLabel = "PID", description = "Process id of the JVM.")
    private long pid;

    @Mixin
    private ServiceOptions services = new ServiceOptions();

    @Option(
            names = "--audit-file",
            paramLabel = "FILE",
            description = "Audit events as JSON lines (dvm-audit-PID.jsonl).")
    private @Nullable Path auditFile;

    @Option(
            names = "--profile-file",
            paramLabel = "FILE",
            description = "Call counts (dvm-profile-PID.json; .txt: table).")
    private @Nullable Path profileFile;

    @Option(names = "--report", paramLabel = "FILE", description = "What the agent did to each class, as JSON lines.")
    private @Nullable Path report;

    @Override
    public Integer call() throws IOException {
        services.pipeline();
        Map<String, String> options = new LinkedHashMap<>(services.options());
        put(options, "report", report);
        put(options, "dvm.audit.file", auditFile);
        put(options, "dvm.profile.file", profileFile);
        String option = AgentOption.write(Home.temporaryDirectory("dvm-attach"), services.names(), options);
        try {
            VirtualMachine vm = VirtualMachine.attach(Long.toString(pid));
            try {
                vm.loadAgent(Home.agentJar().toString(), option);
            } finally {
                vm.detach();
            }
        } catch (AttachNotSupportedException e) {
            throw new BadInputException("process " + pid + " is no JVM that can be attached to: " + e.getMessage());
        } catch (AgentLoadException | AgentInitializationException e) {
            throw new BadInputException("the agent didn't start in process " + pid + ": " + e.getMessage()
                    + "; that process's standard error says why");
        }
        console().print("process " + pid + " now runs with " + String.join(", ", services.names()));
        return ExitCode.FINE;
    }

    private static void put(Map<String, String> options, String name, @Nullable Path file) {
        if (file != null) {
            options.put(name, file.toAbsolutePath().toString());
        }
    }
}
