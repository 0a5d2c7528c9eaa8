/** Static verification of class files and the assumptions left for link time. */
@org.jspecify.annotations.NullMarked
module org.dvm.verifier {
    requires static transitive org.jspecify;
    requires transitive org.dvm.core;

    exports org.dvm.verifier;

    provides org.dvm.core.pipeline.Service with
            org.dvm.verifier.VerifyService;
}
