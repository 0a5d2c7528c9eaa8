/** Moab: a node operating system of domains, memory pools, thread pools, packet buffers and channels. */
@org.jspecify.annotations.NullMarked
module org.dvm.nodeos {
    requires static transitive org.jspecify;
    requires com.sun.jna;
    requires org.slf4j;
}
