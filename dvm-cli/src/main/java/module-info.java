/** The {@code dvm} command: a thin face over the modules. */
@org.jspecify.annotations.NullMarked
module org.dvm.cli {
    requires static org.jspecify;
    requires org.dvm.runtime;
    requires org.dvm.core;
    requires org.dvm.monitor;
    requires org.dvm.client;
    requires org.dvm.security;
    requires org.dvm.verifier;
    requires org.dvm.nodeos;
    requires com.fasterxml.jackson.core;
    requires info.picocli;
    requires static jdk.attach;

    opens org.dvm.cli to
            info.picocli;

    uses org.dvm.core.pipeline.Service;
}
