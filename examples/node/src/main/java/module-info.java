/** Nodes: a forwarder, one for several tenants, a Click router. */
@org.jspecify.annotations.NullMarked
module org.dvm.examples.node {
    requires static transitive org.jspecify;
    requires transitive org.dvm.nodeos;

    exports org.dvm.examples.node;
}
