/** Java agent and embeddable class loader. */
@org.jspecify.annotations.NullMarked
module org.dvm.client {
    requires static transitive org.jspecify;
    requires transitive org.dvm.core;
    requires java.instrument;

    exports org.dvm.client;
}
