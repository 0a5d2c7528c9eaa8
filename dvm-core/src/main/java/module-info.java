/** Class-file engine and transformation pipeline: parse once, stacked filters, write once. */
@org.jspecify.annotations.NullMarked
module org.dvm.core {
    requires static org.jspecify;
    requires transitive org.dvm.runtime;
    requires transitive proguard.core;
    requires org.apache.commons.compress;
    requires org.slf4j;
}
