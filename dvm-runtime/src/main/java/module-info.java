/** The dynamic components of the services: small, without dependencies, safe on the boot class path. */
@org.jspecify.annotations.NullMarked
module org.dvm.runtime {
    requires static transitive org.jspecify;
}
