/** Audit and profile insertion. */
@org.jspecify.annotations.NullMarked
module org.dvm.monitor {
    requires static transitive org.jspecify;
    requires transitive org.dvm.core;
}
