/** The pipeline embedded in a program and in a build. */
@org.jspecify.annotations.NullMarked
module org.dvm.examples.embed {
    requires static org.jspecify;
    requires transitive org.dvm.core;
    requires org.dvm.monitor;

    exports org.dvm.examples.embed;

    uses org.dvm.core.pipeline.Service;
}
