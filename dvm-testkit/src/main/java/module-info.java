/** Fixtures for the tests of the other modules: corpora, class-file builders and mutants, forked JVMs and an oracle. */
@org.jspecify.annotations.NullMarked
module org.dvm.testkit {
    requires static transitive org.jspecify;
    requires transitive org.dvm.core;

    exports org.dvm.testkit;
    exports org.dvm.testkit.assembly;
    exports org.dvm.testkit.mutation;
    exports org.dvm.testkit.oracle;
}
