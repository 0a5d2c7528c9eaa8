/** The dynamic components of the services: small, without dependencies, safe on the boot class path. */
@org.jspecify.annotations.NullMarked
module org.dvm.runtime {
    requires static transitive org.jspecify;
    requires static jdk.jfr;

    exports org.dvm.runtime;
    exports org.dvm.runtime.audit;
    exports org.dvm.runtime.json;
    exports org.dvm.runtime.profile;
    exports org.dvm.runtime.security;
    exports org.dvm.runtime.verify;
}
