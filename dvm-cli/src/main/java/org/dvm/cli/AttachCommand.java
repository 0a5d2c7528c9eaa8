package org.dvm.cli;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
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
            "Attached again, it runs with the new services in place of those that were attached before.",
        },
        footer = {
            "  dvm attach 4711 --audit 'com.acme.**' --audit-file /var/log/acme.jsonl",
            "  dvm attach $(pgrep -f acme.jar) --profile 'com.acme.**' --report agent.jsonl",
            "  dvm attach 4711 --detach",
        })
final class AttachCommand extends Subcommand {
    @Parameters(paramLabel = "PID", description = "Process id of the JVM.")
    private long pid;

    @Mixin
    private AgentOptions agent = new AgentOptions();

    @Option(
            names = "--detach",
            description = "Take out what was attached before; classes become what they were where the JVM allows it.")
    private boolean detach;

    @Override
    public Integer call() throws IOException {
        Path directory = Home.temporaryDirectory("dvm-attach");
        String option = detach ? agent.writeWithoutServices(directory) : agent.write(directory);
        checkUser();
        Path outcome = directory.resolve("outcome");
        String done = attach("outcome=" + outcome + "," + option, outcome);
        console()
                .print("process " + pid
                        + (detach
                                ? " runs without the agent; "
                                : " now runs with " + String.join(", ", agent.serviceNames()) + "; ")
                        + done);
        return ExitCode.FINE;
    }

    /** The JVM of another user could neither read the options nor may it be entered. */
    private void checkUser() {
        ProcessHandle process = ProcessHandle.of(pid)
                .orElseThrow(() -> new BadInputException("there is no process " + pid + "; 'jcmd' lists the JVMs"));
        Optional<String> user = process.info().user();
        Optional<String> own = ProcessHandle.current().info().user();
        if (user.isPresent() && own.isPresent() && !user.equals(own)) {
            throw new BadInputException("process " + pid + " belongs to " + user.get()
                    + ", who must attach to it: sudo -u " + user.get() + " dvm attach ...");
        }
    }

    private String attach(String option, Path outcome) throws IOException {
        try {
            VirtualMachine vm = VirtualMachine.attach(Long.toString(pid));
            try {
                vm.loadAgent(Home.agentJar().toString(), option);
            } finally {
                vm.detach();
            }
        } catch (AttachNotSupportedException e) {
            throw new BadInputException("process " + pid + " can't be attached to: " + e.getMessage()
                    + "; is it a JVM, started without -XX:+DisableAttachMechanism?");
        } catch (AgentLoadException | AgentInitializationException e) {
            throw new BadInputException("the agent didn't start in process " + pid + ": " + e.getMessage());
        } catch (IOException e) {
            throw new IOException("process " + pid + " can't be attached to: " + e.getMessage(), e);
        }
        return done(Files.exists(outcome) ? Files.readString(outcome) : "failed it was cut off: did the process end?");
    }

    private String done(String outcome) {
        if (!outcome.startsWith("ok ")) {
            throw new BadInputException(
                    "the agent didn't start in process " + pid + ": " + outcome.substring(outcome.indexOf(' ') + 1));
        }
        return outcome.substring(3);
    }
}
