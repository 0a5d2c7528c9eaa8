/** Access-matrix policy, decision engine and check insertion. */
@org.jspecify.annotations.NullMarked
module org.dvm.security {
    requires static transitive org.jspecify;
    requires transitive org.dvm.core;
}
