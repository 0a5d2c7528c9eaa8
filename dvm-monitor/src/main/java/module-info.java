/** Audit and profile insertion. */
@org.jspecify.annotations.NullMarked
module org.dvm.monitor {
    requires static transitive org.jspecify;
    requires transitive org.dvm.core;

    exports org.dvm.monitor;

    provides org.dvm.core.pipeline.Service with
            org.dvm.monitor.AuditService,
            org.dvm.monitor.ProfileService;
}
