/** Access-matrix policy, decision engine and check insertion. */
@org.jspecify.annotations.NullMarked
module org.dvm.security {
    requires static transitive org.jspecify;
    requires transitive org.dvm.core;
    requires transitive org.dvm.runtime;
    requires java.xml;
    requires org.slf4j;
    requires static transitive java.instrument;

    exports org.dvm.security;
    exports org.dvm.security.engine;
    exports org.dvm.security.policy;
    exports org.dvm.security.tool;

    provides org.dvm.core.pipeline.Service with
            org.dvm.security.SecurityService;
}
