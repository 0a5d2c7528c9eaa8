package org.dvm.verifier;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * A small program whose classes use each other in all the ways there are: a driver calls the steps of clients, clients use
 * dependencies.
 *
 * <p>Every step starts with a trace, so that it shows whether a class failed as a whole or in the middle of its work.
 *
 * @param classes class files by internal name
 */
record Universe(Map<String, byte[]> classes) {
    private static final String DEPENDENCIES = """
            package dep; public class Base {
              public static int counter = 1; protected int secret = 7; public int open = 3; int hidden = 4;
              public final int fixed = Integer.parseInt("5"); public static final Object TOKEN = new Object();
              protected static int shared = 9; private int own = 2;
              public Base() {} public Base(int x) { open = x; } protected Base(String s) {}
              public void hello() {} protected int guarded() { return 6; } protected static int helper() { return 1; }
              public static int make() { return 2; } void local() {} public int over(int x) { return x + own; }
              public final int closed() { return 1; } public Object self() { return this; }
              public Base twin() { return new Sub(); } }
            package dep; public class Sub extends Base { public int over(int x) { return x + 1; }
              public Sub() {} public int more() { return over(2); } }
            package dep; public class SubSub extends Sub { }
            package dep; public class Other extends Base { public void hello() { super.hello(); } }
            package dep; public interface Shape { int area(); int CONST = Integer.parseInt("4"); }
            package dep; public interface Solid extends Shape { int volume(); }
            package dep; public abstract class AbstractShape implements Shape { public abstract int sides();
              public int area() { return sides() * CONST; } protected int inner() { return 3; } }
            package dep; public class Square extends AbstractShape implements java.io.Serializable {
              public int sides() { return 4; } }
            package dep; public class Failure extends RuntimeException { public Failure() {} public int code = 3; }
            package dep; public class Late extends Failure { }
            package dep; public class Checked extends Exception { public Checked(String s) { super(s); } }
            package dep; public final class Leaf { public int value = 1; private Leaf() {}
              public static Leaf of() { return new Leaf(); } public int read(Base base) { return base.open; } }
            package dep; public class Holder { public static Base base = new Sub(); public Base field = new Sub();
              public Sub sub() { return new Sub(); } public Base[] array = new Sub[1]; public long wide = 5L;
              public static class Nested { private int n = 8; public int get() { return n; } }
              public int deep() { return new Nested().n; } }
            package dep; public class Box { Object content; public Box(Object c) { content = c; }
              public Base take() { return (Base) content; } public static Sub narrow(Base b) { return (Sub) b; } }
            package dep; public class Neighbour { public static void run(int i) { switch (i) {
                case 0: s0(); break; case 1: s1(); break; case 2: s2(); break; default: throw new app.Done(); } }
              static void s0() { app.Trace.add("0"); new Base("x").hidden++; }
              static void s1() { app.Trace.add("1"); new Base().local(); new Sub().secret = 2; }
              static void s2() { app.Trace.add("2"); app.Trace.add("" + new Base().guarded() + Base.helper()); } }
            """;

    private static final String CLIENTS = """
            package app; public class Done extends Error { }
            package app; public class Trace { static StringBuilder text = new StringBuilder();
              public static void add(String s) { text.append(s).append(','); }
              public static String take() { String s = text.toString(); text.setLength(0); return s; } }
            package app; import dep.*; public class Calls { public static void run(int i) { switch (i) {
                case 0: s0(); break; case 1: s1(); break; case 2: s2(); break; case 3: s3(); break; case 4: s4(); break;
                default: throw new Done(); } }
              static void s0() { Trace.add("0"); new Base().hello(); Trace.add("hello"); Trace.add("" + new Sub().over(3)); }
              static void s1() { Trace.add("1"); Trace.add("" + Base.make()); Trace.add("" + new Base(4).closed()); }
              static void s2() { Trace.add("2"); Trace.add("" + new Sub().more() + new SubSub().over(1)); }
              static void s3() { Trace.add("3"); Trace.add("" + Leaf.of().read(new Base())); }
              static void s4() { Trace.add("4"); Trace.add("" + new Holder().deep() + new Holder.Nested().get()); } }
            package app; import dep.*; public class Widens { static Base kept; public static void run(int i) { switch (i) {
                case 0: s0(); break; case 1: s1(new Sub()); break; case 2: s2(); break; default: throw new Done(); } }
              static Base widen(Sub sub) { return sub; }
              static Base join(int i) { return i == 0 ? new Sub() : i == 1 ? new SubSub() : new Other(); }
              static void s0() { Trace.add("0"); widen(new Sub()).hello(); kept = new SubSub(); }
              static void s1(Sub sub) { Trace.add("1"); take(sub, 2); }
              static void take(Base base, int x) { Trace.add("took" + base.open); }
              static void s2() { Trace.add("2"); join(0).hello(); join(2).hello(); } }
            package app; import dep.*; public class Joins { public static void run(int i) { switch (i) {
                case 0: s0(1); break; case 1: s1(2); break; default: throw new Done(); } }
              static void s0(int n) { Trace.add("0"); Base base = new Sub(); for (int i = 0; i < n; i++) {
                  base = i == 0 ? new Other() : new SubSub(); base.hello(); } Trace.add("" + base.open); }
              static void s1(int n) { Trace.add("1"); AbstractShape shape = null; while (n-- > 0) {
                  shape = new Square(); Trace.add("" + shape.sides()); } Trace.add("" + shape.area()); } }
            package app; import dep.*; public class Catches { public static void run(int i) { switch (i) {
                case 0: s0(); break; case 1: s1(); break; default: throw new Done(); } }
              static void s0() { Trace.add("0"); try { throw new Late(); } catch (Failure e) { Trace.add("c" + e.code); } }
              static void s1() { Trace.add("1"); try { if (Trace.text.length() > 0) throw new Checked("x"); Trace.add("no"); }
                catch (Checked e) { Trace.add("checked"); } finally { Trace.add("finally"); } } }
            package app; import dep.*; public class Throws { public static void run(int i) { switch (i) {
                case 0: s0(); break; case 1: s1(); break; default: throw new Done(); } }
              static void s0() { Trace.add("0"); raise(new Failure()); }
              static void raise(Failure f) { throw f; }
              static void s1() { Trace.add("1"); try { Trace.add("body"); } catch (Failure e) { Trace.add("never"); } } }
            package app; import dep.*; public class Extends extends Base { public static void run(int i) { switch (i) {
                case 0: new Extends().s0(); break; case 1: new Extends().s1(); break; case 2: new Extends().s2(); break;
                case 3: new Extends("y").s3(new Extends()); break; default: throw new Done(); } }
              Extends() {} Extends(String s) { super(s); }
              void s0() { Trace.add("0"); secret++; Trace.add("" + guarded()); }
              void s1() { Trace.add("1"); super.hello(); Trace.add("" + helper() + shared); }
              void s2() { Trace.add("2"); hello(); Trace.add("" + super.over(3)); }
              void s3(Extends other) { Trace.add("3"); other.secret = 4; Trace.add("" + other.guarded()); }
              public int over(int x) { return super.over(x) + 1; } }
            package app; import dep.*; public class Peeks extends Sub { public static void run(int i) { switch (i) {
                case 0: s0(new Base()); break; case 1: s1(new Sub()); break; case 2: new Peeks().s2(new Other()); break;
                default: throw new Done(); } }
              static void s0(Base base) { Trace.add("0"); Trace.add("" + base.open); base.hello(); }
              static void s1(Sub sub) { Trace.add("1"); Trace.add("" + sub.more()); sub.self(); }
              void s2(Base base) { Trace.add("2"); Trace.add("" + base.closed()); twin().hello(); } }
            package app; import dep.*; public class Implements implements Shape { public static void run(int i) { switch (i) {
                case 0: s0(); break; case 1: s1(new Implements()); break; default: throw new Done(); } }
              public int area() { return CONST; }
              static void s0() { Trace.add("0"); Shape shape = new Implements(); Trace.add("" + shape.area()); }
              static void s1(Shape shape) { Trace.add("1"); Trace.add("" + (shape instanceof Solid) + new Square().area()); } }
            package app; import dep.*; public class Refines extends AbstractShape implements Solid {
              public static void run(int i) { switch (i) { case 0: s0(); break; case 1: s1(new Refines()); break;
                case 2: s2(new Square()); break; default: throw new Done(); } }
              public int sides() { return inner(); } public int volume() { return area(); }
              static void s0() { Trace.add("0"); Trace.add("" + new Refines().area()); }
              static void s1(Solid solid) { Trace.add("1"); Trace.add("" + solid.volume() + solid.area()); }
              static void s2(AbstractShape shape) { Trace.add("2"); Trace.add("" + shape.sides()); } }
            package app; import dep.*; public class Fields { public static void run(int i) { switch (i) {
                case 0: s0(); break; case 1: s1(); break; case 2: s2(); break; case 3: s3(); break;
                default: throw new Done(); } }
              static void s0() { Trace.add("0"); Base.counter = 4; Trace.add("" + Base.counter); }
              static void s1() { Trace.add("1"); Base base = new Base(); base.open += 2; Trace.add("" + base.open + base.fixed); }
              static void s2() { Trace.add("2"); Trace.add("" + (Base.TOKEN == null)); Holder.base.hello(); }
              static void s3() { Trace.add("3"); Holder h = new Holder(); h.field = new Other(); h.wide++;
                h.array[0] = h.sub(); Trace.add("" + h.wide + new Failure().code); } }
            package app; import dep.*; public class Creates { public static void run(int i) { switch (i) {
                case 0: s0(); break; case 1: s1(); break; case 2: s2(new Sub()); break; case 3: s3(new Sub()); break;
                default: throw new Done(); } }
              static void s0() { Trace.add("0"); new Base(); Trace.add("b"); new Square(); Trace.add("s"); new Other(); }
              static void s1() { Trace.add("1"); Base[] all = new Base[2]; all[0] = new Sub(); Sub[][] deep = new Sub[1][1];
                Trace.add("" + all.length + deep.length); }
              static void s2(Object o) { Trace.add("2"); Trace.add("" + (o instanceof Sub)); Base base = (Base) o; base.hello(); }
              static void s3(Object o) { Trace.add("3"); Trace.add("" + (new Box(o).take() == o)); Box.narrow(new Sub()).more(); } }
            package app; import dep.*; public class Unused { public static void run(int i) { switch (i) {
                case 0: s0(); break; default: throw new Done(); } }
              static void s0() { Trace.add("0"); }
              static Base never(Sub sub) { return sub; } static void throwing() { throw new Failure(); }
              static Base chosen(int i) { return i > 0 ? new SubSub() : new Other(); } }
            package app; import dep.*; public class Starts { static final Base FIRST; static { Trace.add("clinit");
                FIRST = pick(new Sub()); Trace.add("clinit done"); }
              static Base pick(Sub sub) { return sub; }
              public static void run(int i) { switch (i) { case 0: s0(); break; default: throw new Done(); } }
              static void s0() { Trace.add("0"); FIRST.hello(); } }
            """;

    private static final String MODERN = """
            package dep; public interface Named { String name(); default String title() { return "T" + name(); }
              static int unit() { return 1; } private int hid() { return 2; } default int shown() { return hid(); } }
            package dep; public enum Color { RED, GREEN { int w() { return 2; } }; int w() { return 1; } public int weight() { return w(); } }
            package dep; public record Point(int x, int y) { public int sum() { return x + y; } }
            package dep; public sealed interface Sealed permits One, Two {}
            package dep; public final class One implements Sealed { public int one() { return 1; } }
            package dep; public non-sealed class Two implements Sealed { public int two() { return 2; } }
            package app; import dep.*; import java.util.function.*; public class Lambdas { public static void run(int i) { switch (i) {
                case 0: s0(); break; case 1: s1(); break; case 2: s2(); break; case 3: s3(new Sub()); break;
                default: throw new Done(); } }
              static void s0() { Trace.add("0"); Supplier<Base> make = Sub::new; make.get().hello(); }
              static void s1() { Trace.add("1"); IntSupplier two = Base::make; Trace.add("" + two.getAsInt()); }
              static void s2() { Trace.add("2"); Base b = new Sub(); Function<Integer, Integer> f = x -> b.over(x); Trace.add("" + f.apply(1)); }
              static void s3(Sub sub) { Trace.add("3"); ToIntFunction<Base> f = Base::closed; Trace.add("" + f.applyAsInt(sub) + sub.open); } }
            package app; import dep.*; public class Defaults implements Named { public static void run(int i) { switch (i) {
                case 0: s0(); break; case 1: s1(new Defaults()); break; case 2: new Defaults().s2(); break; default: throw new Done(); } }
              public String name() { return "n"; }
              static void s0() { Trace.add("0"); Trace.add(new Defaults().title() + Named.unit()); }
              static void s1(Named named) { Trace.add("1"); Trace.add(named.title() + named.shown()); }
              void s2() { Trace.add("2"); Trace.add(Named.super.title()); } }
            package app; import dep.*; public interface Mixed extends Shape { default int both(Sub sub) { return widen(sub).open + area(); }
              static Base widen(Sub sub) { return sub; } }
            package app; import dep.*; public class Mixes implements Mixed { public static void run(int i) { switch (i) {
                case 0: s0(); break; default: throw new Done(); } }
              public int area() { return 2; } static void s0() { Trace.add("0"); Trace.add("" + new Mixes().both(new Sub())); } }
            package app; import dep.*; public class Kinds { public static void run(int i) { switch (i) {
                case 0: s0(); break; case 1: s1(); break; case 2: s2(new One()); break; case 3: s3(); break; default: throw new Done(); } }
              static void s0() { Trace.add("0"); switch (Color.GREEN) { case RED: Trace.add("r"); break; default: Trace.add("" + Color.GREEN.weight()); } }
              static void s1() { Trace.add("1"); Point p = new Point(1, 2); Trace.add(p + "" + p.sum() + p.equals(new Point(1, 2))); }
              static void s2(Sealed sealed) { Trace.add("2"); if (sealed instanceof One one) { Trace.add("" + one.one()); } Trace.add("" + new Two().two()); }
              static void s3() { Trace.add("3"); Trace.add(Sub.class.getName() + Shape[].class.getName()); } }
            """;

    private static final List<String> OLD_CLIENTS = List.of(
            "dep.Neighbour",
            "app.Calls",
            "app.Widens",
            "app.Joins",
            "app.Catches",
            "app.Throws",
            "app.Extends",
            "app.Peeks",
            "app.Implements",
            "app.Refines",
            "app.Fields",
            "app.Creates",
            "app.Unused",
            "app.Starts");
    private static final List<String> MODERN_CLIENTS = List.of("app.Lambdas", "app.Defaults", "app.Mixes", "app.Kinds");

    /** Compiles the program for today's JVMs. */
    static Universe modern(Path directory) throws IOException {
        List<String> clients = new ArrayList<>(OLD_CLIENTS);
        clients.addAll(MODERN_CLIENTS);
        return compile(directory, 17, DEPENDENCIES + CLIENTS + MODERN, clients);
    }

    /** Compiles the part of the program that any class file version can hold, as that version. */
    static Universe old(Path directory, int majorVersion) throws IOException {
        Universe compiled = compile(directory, 8, DEPENDENCIES + CLIENTS, OLD_CLIENTS);
        compiled.classes().values().forEach(each -> each[7] = (byte) majorVersion);
        return compiled;
    }

    private static Universe compile(Path directory, int release, String sources, List<String> clients)
            throws IOException {
        Path output = Files.createDirectories(directory.resolve("classes"));
        List<String> arguments = new ArrayList<>(
                List.of("--release", "" + release, "-nowarn", "-Xlint:-options", "-d", output.toString()));
        for (String source : (sources + driver(clients)).split("(?m)^(?=package )")) {
            if (!source.isBlank()) {
                arguments.add(write(directory, source).toString());
            }
        }
        int result = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
        if (result != 0) {
            throw new IllegalStateException("the universe must compile");
        }
        Map<String, byte[]> classes = new TreeMap<>();
        try (Stream<Path> files = Files.walk(output)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = output.relativize(file).toString().replace('\\', '/');
                classes.put(name.substring(0, name.length() - ".class".length()), Files.readAllBytes(file));
            }
        }
        return new Universe(classes);
    }

    private static Path write(Path directory, String source) throws IOException {
        String name = source.replaceFirst("(?s).*?(?:class|interface|enum|record) (\\w+).*", "$1");
        Path file = Files.createDirectories(directory.resolve(source.substring(8, 11)))
                .resolve(name + ".java");
        return Files.writeString(file, source);
    }

    private static String driver(List<String> clients) {
        StringBuilder source = new StringBuilder(
                "package app; public class Driver implements java.util.function.IntBinaryOperator { public int"
                        + " applyAsInt(int client, int step) { switch (client) {\n");
        for (int i = 0; i < clients.size(); i++) {
            source.append("case ").append(i).append(": ").append(clients.get(i)).append(".run(step); return 1;\n");
        }
        return source + "default: return 0; } }\n static String trace() { return Trace.take(); } }\n";
    }

    /** Returns the names of the classes that scenarios change. */
    List<String> dependencies() {
        return classes.keySet().stream().filter(name -> name.startsWith("dep/")).toList();
    }
}
