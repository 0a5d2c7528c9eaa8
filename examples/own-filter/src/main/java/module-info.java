/** A filter of one's own: the code of the guide. */
@org.jspecify.annotations.NullMarked
module org.dvm.examples.filter {
    requires static org.jspecify;
    requires transitive org.dvm.core;

    exports org.dvm.examples.filter;

    provides org.dvm.core.pipeline.Service with
            org.dvm.examples.filter.SlowCallService;
}
