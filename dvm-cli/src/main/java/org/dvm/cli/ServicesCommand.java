package org.dvm.cli;

import org.dvm.core.pipeline.Service;
import org.dvm.core.pipeline.Services;
import org.dvm.runtime.json.JsonText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists the services. */
@Command(
        name = "services",
        description = "Lists the services that rewrite and run can use.",
        footer = {"  dvm services", "  dvm services --json"})
final class ServicesCommand extends Subcommand {
    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() {
        Services services = Services.load(ServicesCommand.class.getClassLoader());
        if (json) {
            JsonText text = new JsonText().beginObject().beginArray("services");
            for (Service service : services.all()) {
                text.beginObject()
                        .field("name", service.name())
                        .field("description", service.description())
                        .endObject();
            }
            console().print(text.endArray().endObject());
        } else {
            services.all()
                    .forEach(service ->
                            console().print(String.format("%-10s %s", service.name(), service.description())));
        }
        return ExitCode.FINE;
    }
}
