/** Moab: a node operating system of domains, memory pools, thread pools, packet buffers and channels. */
@org.jspecify.annotations.NullMarked
module org.dvm.nodeos {
    requires static transitive org.jspecify;
    requires static jdk.management; // only its tests: bytes that a thread has allocated
    requires java.management;
    requires com.sun.jna;
    requires org.slf4j;

    exports org.dvm.nodeos;
    exports org.dvm.nodeos.click;
    exports org.dvm.nodeos.link;

    uses org.dvm.nodeos.link.LinkDriverProvider;

    provides org.dvm.nodeos.link.LinkDriverProvider with
            org.dvm.nodeos.internal.linux.xdp.XdpProvider,
            org.dvm.nodeos.internal.linux.packet.RingProvider,
            org.dvm.nodeos.internal.linux.packet.MessageProvider;
}
