/** Fixtures for the tests of the other modules. */
@org.jspecify.annotations.NullMarked
module org.dvm.testkit {
    requires static transitive org.jspecify;
    requires transitive org.dvm.core;
}
