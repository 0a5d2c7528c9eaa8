/** Class-file engine and transformation pipeline: parse once, stacked filters, write once. */
@org.jspecify.annotations.NullMarked
module org.dvm.core {
    requires static transitive java.instrument;
    requires static transitive org.jspecify;
    requires transitive org.dvm.runtime;
    requires transitive proguard.core;
    requires com.fasterxml.jackson.core;
    requires org.apache.commons.compress;
    requires org.slf4j;

    exports org.dvm.core.cache;
    exports org.dvm.core.classfile;
    exports org.dvm.core.edit;
    exports org.dvm.core.finding;
    exports org.dvm.core.jar;
    exports org.dvm.core.pipeline;
    exports org.dvm.core.repository;

    uses org.dvm.core.pipeline.Service;
}
