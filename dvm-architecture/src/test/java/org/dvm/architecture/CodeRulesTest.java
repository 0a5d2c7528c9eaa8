package org.dvm.architecture;

import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethod;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.junit.jupiter.api.Tag;

/** Rules that hold in the code of every shipped module. */
@Tag("once")
@AnalyzeClasses(packages = "org.dvm", importOptions = ImportOption.DoNotIncludeTests.class)
class CodeRulesTest {
    /** Internals of a module are that module's own. */
    @ArchTest
    static final ArchRule internalsStayInTheirModule = classes()
            .that()
            .resideInAPackage("org.dvm..internal..")
            .should(new ArchCondition<>("be used by their own module only") {
                @Override
                public void check(JavaClass internal, ConditionEvents events) {
                    internal.getDirectDependenciesToSelf().stream()
                            .filter(use -> !moduleOf(use.getOriginClass()).equals(moduleOf(internal)))
                            .forEach(use -> events.add(SimpleConditionEvent.violated(internal, use.getDescription())));
                }
            })
            .allowEmptyShould(true);

    /** The dynamic components stand on the boot class path: the JDK's base is all they may touch without asking. */
    @ArchTest
    static final ArchRule runtimeTouchesOnlyTheJdk = classes()
            .that()
            .resideInAPackage("org.dvm.runtime..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("org.dvm.runtime..", "java..", "jdk.jfr..", "org.jspecify..");

    /** Checks run at any place of any program: the enforcement manager needs nothing but itself and java.base. */
    @ArchTest
    static final ArchRule enforcementStandsAlone = classes()
            .that()
            .resideInAPackage("org.dvm.runtime.security..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "org.dvm.runtime.security..",
                    "java.io..",
                    "java.lang..",
                    "java.net..",
                    "java.nio..",
                    "java.security..",
                    "java.util..",
                    "org.jspecify..");

    /** The NodeOS knows nothing of class files. */
    @ArchTest
    static final ArchRule nodeOsKnowsNothingOfClassFiles = noClasses()
            .that()
            .resideInAPackage("org.dvm.nodeos..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.dvm.core..", "org.dvm.runtime..", "proguard..");

    /** A packet back end is written against frames and links alone; it can't reach a domain. */
    @ArchTest
    static final ArchRule linksKnowOnlyFrames = classes()
            .that()
            .resideInAPackage("org.dvm.nodeos.link..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("org.dvm.nodeos.link..", "java..", "org.jspecify..");

    /** Fixtures stay in tests: the testkit starts JVMs and makes hostile classes. */
    @ArchTest
    static final ArchRule nothingShippedUsesTheTestkit = noClasses()
            .that()
            .resideOutsideOfPackages("org.dvm.testkit..", "org.dvm.jmh..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.dvm.testkit..");

    /** Domains and channels reach a back end through its interface only. */
    @ArchTest
    static final ArchRule nodeReachesBackEndsThroughTheirInterface = noClasses()
            .that()
            .resideInAPackage("org.dvm.nodeos")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.dvm.nodeos.internal..");

    /**
     * Who embeds a module keeps the say over the process. The agent at start is the exception: an application must not
     * run without the services that were asked for.
     */
    @ArchTest
    static final ArchRule nobodyButTheCommandEndsTheProcess = noClasses()
            .that()
            .resideOutsideOfPackages("org.dvm.cli..")
            .and()
            .doNotHaveFullyQualifiedName("org.dvm.client.boot.Agent")
            .should(callMethod(System.class, "exit", int.class))
            .orShould(callMethod(Runtime.class, "exit", int.class))
            .orShould(callMethod(Runtime.class, "halt", int.class));

    /**
     * Untrusted bytes reach ProGuardCORE only through our checked reader, which gives the stock reader single attributes
     * whose shape it has found believable, and checks that it consumed them.
     */
    @ArchTest
    static final ArchRule stockReaderIsNotUsed = noClasses()
            .that()
            .haveNameNotMatching("org\\.dvm\\.core\\.internal\\.model\\.AttributeReader(\\$.*)?")
            .should()
            .dependOnClassesThat(new DescribedPredicate<JavaClass>("ProGuardCORE's readers") {
                @Override
                public boolean test(JavaClass type) {
                    return type.getName().startsWith("proguard.classfile.io.ProgramClassReader")
                            || type.getName().startsWith("proguard.classfile.io.LibraryClassReader");
                }
            });

    /** No sun.misc.Unsafe, no JDK internals; com.sun.tools.attach is an API, of the module jdk.attach. */
    @ArchTest
    static final ArchRule noJdkInternals = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("sun..", "jdk.internal..", "com.sun.tools.javac..", "com.sun.proxy..");

    /** Packages of a module don't need each other in circles. */
    @ArchTest
    static final ArchRule packagesAreFreeOfCycles =
            slices().matching("org.dvm.(*).(*)..").should().beFreeOfCycles();

    private static String moduleOf(JavaClass type) {
        String[] parts = type.getPackageName().split("\\.", 4);
        return parts.length > 2 ? parts[2] : "";
    }
}
