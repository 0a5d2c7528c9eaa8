package org.dvm.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.ClassFormatException;
import org.dvm.core.finding.LinkError;
import org.dvm.core.repository.ClassRepositories;
import org.dvm.core.repository.ClassRepository;
import org.dvm.verifier.Assumption.Scope;
import org.dvm.verifier.Verifier.References;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** References are decided where the world is known, and with the error that executing them would raise. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReferencesTest {
    private Universe universe = new Universe(Map.of());

    @BeforeAll
    void compile(@TempDir Path directory) throws IOException {
        universe = Universe.modern(directory);
    }

    @Test
    void holdInTheWorldTheyWereCompiledAgainst() {
        for (String name : universe.classes().keySet()) {
            Verdict.Accepted verdict = verdict(name, world(universe.classes()));
            assertThat(verdict.failing()).as(name).isEmpty();
            assertThat(verdict.assumptions()).as(name).isEmpty();
        }
    }

    @Test
    void areLeftOpenWhereNothingIsKnown() {
        Verdict.Accepted verdict =
                (Verdict.Accepted) Verifier.openWorld().with(References.COLLECT).verify(bytes("app/Calls"));

        assertThat(verdict.failing()).isEmpty();
        assertThat(verdict.assumptions())
                .filteredOn(each -> each.assumption().scope() == Scope.INSTRUCTION)
                .hasSizeGreaterThan(20)
                .allMatch(each -> each.location().bci() >= 0)
                .allMatch(each -> each.assumption().failureIn(world(universe.classes()), raw(bytes("app/Calls")))
                        == LinkError.NONE);
    }

    @ParameterizedTest
    @CsvSource({
        "app/Calls, dep/Base, METHOD_ACCESS, MEMBER_ACCESS",
        "app/Calls, dep/Base, REMOVE_METHOD, METHOD_MISSING",
        "app/Calls, dep/Base, PACKAGE_PRIVATE, CLASS_ACCESS",
        "app/Creates, dep/Base, ABSTRACT, INSTANTIABLE",
        "app/Creates, dep/Square, TO_INTERFACE, INSTANTIABLE",
        "app/Fields, dep/Base, FIELD_STATIC, MEMBER_KIND",
        "app/Fields, dep/Base, FIELD_FINAL, MEMBER_ACCESS",
        "app/Fields, dep/Base, REMOVE_FIELD, FIELD_MISSING",
        "app/Fields, dep/Base, RETYPE_FIELD, FIELD_MISSING",
        "app/Extends, dep/Base, METHOD_ABSTRACT, ABSTRACT_CALL",
        "app/Calls, dep/Base, TO_INTERFACE, MEMBER_KIND",
        "app/Lambdas, dep/Base, METHOD_STATIC, MEMBER_KIND",
        "dep/Holder, dep/Holder$Nested, REMOVE_ATTRIBUTE, MEMBER_ACCESS"
    })
    void failWhereADependencyChanged(String client, String dependency, DependencyChange change, TypeRule rule) {
        assertThat(rulesBroken(client, dependency, change)).contains(rule);
    }

    /** Which member is changed is left to chance, so some are tried. */
    private List<TypeRule> rulesBroken(String client, String dependency, DependencyChange change) {
        Random random = new Random(11);
        return IntStream.range(0, 60)
                .mapToObj(attempt -> {
                    ClassShape shape = new ClassShape(raw(bytes(dependency)));
                    change.apply(shape, random);
                    Map<String, byte[]> changed = new HashMap<>(universe.classes());
                    changed.put(dependency, shape.toBytes());
                    return Verifier.openWorld(world(changed))
                            .with(References.COLLECT)
                            .verify(bytes(client));
                })
                .filter(Verdict.Accepted.class::isInstance)
                .flatMap(verdict -> ((Verdict.Accepted) verdict).failing().stream())
                .map(failing -> (TypeRule) failing.fault().finding().rule())
                .distinct()
                .toList();
    }

    private static Verdict.Accepted verdict(String name, ClassRepository world) {
        return (Verdict.Accepted)
                Verifier.closedWorld(world).with(References.COLLECT).verify(Objects.requireNonNull(world.find(name)));
    }

    private byte[] bytes(String name) {
        return Objects.requireNonNull(universe.classes().get(name));
    }

    private static ClassRepository world(Map<String, byte[]> classes) {
        ClassRepository own = name -> {
            byte[] found = classes.get(name);
            return found == null ? null : raw(found);
        };
        return ClassRepositories.chain(own, ClassRepositories.runningJdk());
    }

    private static RawClass raw(byte[] classFile) {
        try {
            return RawClass.parse(Arrays.copyOf(classFile, classFile.length));
        } catch (ClassFormatException e) {
            throw new IllegalStateException("well formed but for what was changed", e);
        }
    }
}
