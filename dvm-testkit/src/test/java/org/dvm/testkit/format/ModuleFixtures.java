package org.dvm.testkit.format;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.dvm.core.classfile.FormatRule;
import org.dvm.testkit.assembly.Bytes;
import org.dvm.testkit.assembly.ClassAssembler;
import org.dvm.testkit.format.FormatFixtures.Fixture;
import org.jspecify.annotations.Nullable;

/** Module descriptors for the rules of their format. */
final class ModuleFixtures {
    private static final int OPEN = 0x0020;
    private static final int STATIC_PHASE = 0x0040;

    private final List<Fixture> fixtures = new ArrayList<>();

    private ModuleFixtures() {}

    static List<Fixture> all() {
        ModuleFixtures fixtures = new ModuleFixtures();
        fixtures.addHeaders();
        fixtures.addTables();
        fixtures.addPackages();
        return fixtures.fixtures;
    }

    private void add(@Nullable FormatRule rule, String name, Consumer<ClassAssembler> content) {
        ClassAssembler assembler =
                new ClassAssembler("module-info").version(53, 0).flags(0x8000).superClass(0);
        content.accept(assembler);
        fixtures.add(new Fixture(name, assembler.toBytes(), rule));
    }

    /** Adds a descriptor of a module {@code m} by the tables behind the requirement of java.base. */
    private void module(@Nullable FormatRule rule, String name, int flags, Function<ClassAssembler, Bytes> tables) {
        add(rule, name, c -> c.with(moduleAttribute(c, flags, tables.apply(c))));
    }

    private static byte[] moduleAttribute(ClassAssembler c, int flags, Bytes tables) {
        return c.attribute(
                "Module",
                Bytes.of()
                        .u2(moduleName(c, "m"), flags, 0)
                        .u2(1, moduleName(c, "java.base"), 0, 0)
                        .raw(tables.toArray()));
    }

    private static int moduleName(ClassAssembler c, String name) {
        return c.tagged(19, c.utf8(name));
    }

    private static int packageName(ClassAssembler c, String name) {
        return c.tagged(20, c.utf8(name));
    }

    private void addHeaders() {
        module(null, "a plain module", 0, c -> Bytes.of().u2(0, 0, 0, 0));
        add(FormatRule.MODULE, "no Module attribute", c -> {});
        add(
                FormatRule.MODULE,
                "a module that is public",
                c -> c.flags(0x8001).with(moduleAttribute(c, 0, Bytes.of().u2(0, 0, 0, 0))));
        add(
                FormatRule.MODULE,
                "a module with a superclass",
                c -> c.superClass(c.classConstant("java/lang/Object"))
                        .with(moduleAttribute(c, 0, Bytes.of().u2(0, 0, 0, 0))));
        add(
                FormatRule.MODULE,
                "a module called otherwise",
                c -> c.thisClass(c.classConstant("other"))
                        .with(moduleAttribute(c, 0, Bytes.of().u2(0, 0, 0, 0))));
        add(
                FormatRule.MODULE,
                "a module with a signature",
                c -> c.with(moduleAttribute(c, 0, Bytes.of().u2(0, 0, 0, 0)))
                        .with(c.attribute("Signature", Bytes.of().u2(c.utf8("TT;")))));
        add(
                FormatRule.MODULE_NAME,
                "a module name with an at sign",
                c -> c.with(c.attribute(
                        "Module",
                        Bytes.of()
                                .u2(moduleName(c, "m@1"), 0, 0)
                                .u2(1, moduleName(c, "java.base"), 0, 0)
                                .u2(0, 0, 0, 0))));
        add(
                FormatRule.DUPLICATE_ATTRIBUTE,
                "two Module attributes",
                c -> c.with(moduleAttribute(c, 0, Bytes.of().u2(0, 0, 0, 0)))
                        .with(moduleAttribute(c, 0, Bytes.of().u2(0, 0, 0, 0))));
    }

    private void addTables() {
        add(
                FormatRule.MODULE,
                "a module that doesn't require java.base",
                c -> c.with(c.attribute(
                        "Module", Bytes.of().u2(moduleName(c, "m"), 0, 0).u2(0, 0, 0, 0, 0))));
        add(
                FormatRule.MODULE,
                "java.base required for compilation only in Java 10",
                c -> c.version(54, 0)
                        .with(c.attribute(
                                "Module",
                                Bytes.of()
                                        .u2(moduleName(c, "m"), 0, 0)
                                        .u2(1, moduleName(c, "java.base"), STATIC_PHASE, 0)
                                        .u2(0, 0, 0, 0))));
        add(
                FormatRule.MODULE,
                "a module required twice",
                c -> c.with(c.attribute(
                        "Module",
                        Bytes.of()
                                .u2(moduleName(c, "m"), 0, 0)
                                .u2(2, moduleName(c, "java.base"), 0, 0, moduleName(c, "java.base"), 0, 0)
                                .u2(0, 0, 0, 0))));
        module(
                FormatRule.MODULE,
                "a package exported twice",
                0,
                c -> Bytes.of()
                        .u2(2, packageName(c, "a"), 0, 0, packageName(c, "a"), 0, 0)
                        .u2(0, 0, 0));
        module(
                FormatRule.MODULE,
                "a package exported to a module twice",
                0,
                c -> Bytes.of()
                        .u2(1, packageName(c, "a"), 0, 2, moduleName(c, "n"), moduleName(c, "n"))
                        .u2(0, 0, 0));
        module(
                FormatRule.MODULE,
                "a package opened by an open module",
                OPEN,
                c -> Bytes.of().u2(0, 1, packageName(c, "a"), 0, 0).u2(0, 0));
        module(
                FormatRule.MODULE,
                "a service used twice",
                0,
                c -> Bytes.of().u2(0, 0, 2, c.classConstant("a/S"), c.classConstant("a/S"), 0));
        module(
                FormatRule.MODULE,
                "a service provided with nothing",
                0,
                c -> Bytes.of().u2(0, 0, 0, 1, c.classConstant("a/S"), 0));
        module(FormatRule.MODULE, "tables cut off", 0, c -> Bytes.of().u2(0, 0));
        module(
                FormatRule.MODULE,
                "tables with something behind them",
                0,
                c -> Bytes.of().u2(0, 0, 0, 0, 0));
        module(
                FormatRule.MODULE,
                "a class exported",
                0,
                c -> Bytes.of().u2(1, c.classConstant("a"), 0, 0).u2(0, 0, 0));
    }

    private void addPackages() {
        add(
                FormatRule.MODULE,
                "a package listed twice",
                c -> c.with(moduleAttribute(c, 0, Bytes.of().u2(0, 0, 0, 0)))
                        .with(c.attribute(
                                "ModulePackages", Bytes.of().u2(2, packageName(c, "a"), packageName(c, "a")))));
        add(
                FormatRule.MODULE,
                "an exported package that isn't listed",
                c -> c.with(moduleAttribute(
                                c,
                                0,
                                Bytes.of().u2(1, packageName(c, "a"), 0, 0).u2(0, 0, 0)))
                        .with(c.attribute("ModulePackages", Bytes.of().u2(1, packageName(c, "b")))));
        add(
                null,
                "a main class in a listed package",
                c -> c.with(moduleAttribute(c, 0, Bytes.of().u2(0, 0, 0, 0)))
                        .with(c.attribute("ModulePackages", Bytes.of().u2(1, packageName(c, "a"))))
                        .with(c.attribute("ModuleMainClass", Bytes.of().u2(c.classConstant("a/Main")))));
        add(
                FormatRule.MODULE,
                "a main class that is a package",
                c -> c.with(moduleAttribute(c, 0, Bytes.of().u2(0, 0, 0, 0)))
                        .with(c.attribute("ModuleMainClass", Bytes.of().u2(packageName(c, "a")))));
    }
}
