package org.dvm.runtime.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnforcementManagerTest {
    /** Allows what was put in, as {@code subject permission resource}; counts how often it is asked. */
    static class Table implements DecisionSource {
        final Set<String> allowed = ConcurrentHashMap.newKeySet();
        final AtomicInteger asked = new AtomicInteger();
        final AtomicLong epoch = new AtomicLong(1);

        @Override
        public Decision decide(String subject, String permission, ResourceKind kind, String resource) {
            asked.incrementAndGet();
            long now = epoch.get();
            if (permission.equals("throws")) {
                throw new IllegalStateException("broken source");
            }
            boolean everywhere = allowed.contains(subject + " " + permission);
            return new Decision(
                    everywhere || allowed.contains(subject + " " + permission + " " + resource),
                    everywhere ? Decision.Scope.EVERY_RESOURCE : Decision.Scope.THIS_RESOURCE,
                    "table",
                    now);
        }

        @Override
        public long epoch() {
            return epoch.get();
        }

        @Override
        public boolean mayEnter(String subject, String target) {
            return allowed.contains(subject + " enters " + target);
        }

        @Override
        public Attribution attribution(String permission) {
            return Attribution.STACK;
        }

        @Override
        public boolean endorses(String className, String method, String permission) {
            return false;
        }

        @Override
        public String subjectOf(Class<?> type) {
            return "library";
        }

        @Override
        public String subjectOfThread(String name) {
            return name.startsWith("restricted-") ? "restricted" : "";
        }
    }

    /** Keeps what it is told. */
    static final class Memory implements AuditSink {
        final List<Denial> denials = new CopyOnWriteArrayList<>();
        final List<Denial> permitted = new CopyOnWriteArrayList<>();
        final AtomicLong suppressed = new AtomicLong();

        @Override
        public void denied(Denial denial, long count) {
            denials.add(denial);
            suppressed.addAndGet(count);
        }

        @Override
        public void permitted(Denial denial) {
            permitted.add(denial);
        }
    }

    private final Table table = new Table();
    private final Memory memory = new Memory();
    private EnforcementManager.Installation installation =
            EnforcementManager.install(table, memory, EnforcementManager.Mode.ENFORCING);

    EnforcementManagerTest() {
        as("first", () -> {}); // the preparation asks, too
        table.asked.set(0);
    }

    @AfterEach
    void uninstall() {
        installation.close();
    }

    private static void as(String subject, Runnable task) {
        Subjects.<Object>callAs(subject, () -> {
            task.run();
            return "";
        });
    }

    @Test
    void deniesWhatNothingAllowsAndNamesEverything() {
        AccessDeniedException e = catchThrowableOfType(
                AccessDeniedException.class,
                () -> as("plugin", () -> Guard.property(Permission.of("property.read"), "user.home")));

        assertThat(e.getMessage())
                .isEqualTo("access denied: subject plugin lacks permission property.read on property \"user.home\""
                        + " (table; policy epoch 1)");
        installation.close();
        assertThat(memory.denials).containsExactly(e.denial());
    }

    @Test
    void asksOnceForWhatIsAllowed() {
        table.allowed.add("plugin property.read user.home");

        as("plugin", () -> {
            for (int i = 0; i < 100; i++) {
                Guard.property(Permission.of("property.read"), "user.home");
            }
        });

        assertThat(table.asked).hasValue(1);
    }

    @Test
    void asksOnceForAllResourcesIfTheAnswerIsUniform() {
        table.allowed.add("plugin property.read");
        as("plugin", () -> Guard.property(Permission.of("property.read"), "p"));
        int asked = table.asked.get();

        as("plugin", () -> {
            for (int i = 0; i < 100; i++) {
                Guard.property(Permission.of("property.read"), "p" + i);
            }
        });

        assertThat(table.asked).hasValue(asked);
    }

    @Test
    void checksNothingForTheSystem() {
        assertThatCode(() -> Guard.check(Permission.of("vm.exit"))).doesNotThrowAnyException();
        assertThat(table.asked).hasValue(0);
    }

    @Test
    void needsThePermissionOfEverySubjectOnTheWay() {
        table.allowed.add("a x");
        table.allowed.add("b y");

        as("a", () -> {
            Guard.check(Permission.of("x"));
            as("b", () -> {
                assertThat(Subjects.current()).isEqualTo("a&b");
                assertThatThrownBy(() -> Guard.check(Permission.of("x"))).isInstanceOf(AccessDeniedException.class);
                assertThatThrownBy(() -> Guard.check(Permission.of("y"))).isInstanceOf(AccessDeniedException.class);
            });
            Guard.check(Permission.of("x"));
        });
        assertThat(Subjects.current()).isEqualTo("system");
    }

    @Test
    void forgetsPermitsWhenThePolicyChanges() {
        table.allowed.add("plugin x");
        as("plugin", () -> Guard.check(Permission.of("x")));
        table.allowed.clear();
        table.epoch.incrementAndGet();
        installation.policyChanged();

        assertThatThrownBy(() -> as("plugin", () -> Guard.check(Permission.of("x"))))
                .hasMessageContaining("policy epoch 2");
    }

    @Test
    void deniesWhenTheSourceThrows() {
        assertThatThrownBy(() -> as("plugin", () -> Guard.check(Permission.of("throws"))))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageContaining("broken source");
    }

    @Test
    void deniesWhenTheStackOverflowsWithinTheCheck() {
        AtomicInteger passed = new AtomicInteger();
        as("plugin", () -> {
            try {
                overflow(passed);
            } catch (StackOverflowError | AccessDeniedException e) {
                assertThat(passed).hasValue(0);
            }
        });
        assertThat(passed).hasValue(0);
        assertThat(Subjects.current()).isEqualTo("system");
    }

    @SuppressWarnings("InfiniteRecursion") // that is the point
    private static void overflow(AtomicInteger passed) {
        try {
            overflow(passed);
        } catch (StackOverflowError e) {
            Guard.check(Permission.of("x"));
            passed.incrementAndGet();
        }
    }

    @Test
    void anInterruptNeitherAllowsNorIsLost() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> as("plugin", () -> Guard.check(Permission.of("x"))))
                .isInstanceOf(AccessDeniedException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void usesASnapshotOfALyingFile() {
        AtomicInteger calls = new AtomicInteger();
        @SuppressWarnings("serial")
        File liar = new File("/nonesuch/allowed") {
            @Override
            public String getPath() {
                return calls.getAndIncrement() == 0 ? "/nonesuch/allowed" : "/etc/passwd";
            }
        };
        table.allowed.add("plugin file.open.read /nonesuch/allowed");

        as("plugin", () -> {
            File used = Guard.file(Permission.of("file.open.read"), liar);
            assertThat(used).isExactlyInstanceOf(File.class).isEqualTo(new File("/nonesuch/allowed"));
        });
    }

    @Test
    void followsLinksAlsoDanglingOnes(@TempDir Path directory) throws Exception {
        Path real = directory.toRealPath();
        Files.createSymbolicLink(real.resolve("dangling"), Path.of("/nonesuch/target"));
        Files.createSymbolicLink(real.resolve("up"), Path.of("/etc"));
        table.allowed.add("plugin file.open.write " + real.resolve("dangling"));
        table.allowed.add("plugin file.open.read " + real.resolve("up/passwd"));

        as("plugin", () -> {
            assertThatThrownBy(() -> Guard.file(Permission.of("file.open.write"), real.resolve("dangling")))
                    .hasMessageContaining("/nonesuch/target");
            assertThatThrownBy(() -> Guard.file(Permission.of("file.open.read"), real.resolve("up/passwd")))
                    .hasMessageContaining("/etc/passwd");
            assertThatThrownBy(() -> Guard.file(Permission.of("file.open.read"), real + "/../../etc/passwd"))
                    .isInstanceOf(AccessDeniedException.class);
        });
    }

    @Test
    void refusesALoopOfLinks(@TempDir Path directory) throws Exception {
        Files.createSymbolicLink(directory.resolve("a"), directory.resolve("b"));
        Files.createSymbolicLink(directory.resolve("b"), directory.resolve("a"));
        table.allowed.add("plugin file.open.read " + directory.resolve("a"));

        as(
                "plugin",
                () -> assertThatThrownBy(() -> Guard.file(Permission.of("file.open.read"), directory.resolve("a")))
                        .isInstanceOf(AccessDeniedException.class));
    }

    @Test
    void aForgedHostNameCountsForNothing() throws Exception {
        java.net.InetAddress forged = java.net.InetAddress.getByAddress("localhost", new byte[] {10, 9, 8, 7});
        table.allowed.add("plugin net.connect localhost/10.9.8.7:80");
        table.allowed.add("plugin net.connect localhost/127.0.0.1:80");

        as("plugin", () -> {
            assertThatThrownBy(() -> Guard.address(Permission.of("net.connect"), forged, 80))
                    .hasMessageContaining("\"/10.9.8.7:80\"");
            Guard.host(Permission.of("net.connect"), "localhost", 80);
        });
    }

    @Test
    void threadsActForTheirCreator() throws Exception {
        AtomicReference<String> seen = new AtomicReference<>("");
        Thread thread = Subjects.callAs("plugin", () -> {
            Thread made = new Thread(() -> seen.set(Subjects.current()));
            Subjects.inherit(made); // what the inserted code in Thread's constructor does
            return made;
        });
        thread.start();
        thread.join();

        assertThat(seen).hasValue("plugin");
    }

    @Test
    void threadsAreRestrictedByTheirName() throws Exception {
        AtomicReference<String> seen = new AtomicReference<>("");
        Thread thread = new Thread(null, () -> seen.set(Subjects.current()), "restricted-1");
        Subjects.inherit(thread);
        thread.start();
        thread.join();

        assertThat(seen).hasValue("restricted");
    }

    @Test
    void privilegedSectionsNeedATransition() {
        table.allowed.add("library x");
        Supplier<Boolean> section = () -> Privileged.call(() -> {
            Guard.check(Permission.of("x"));
            return true;
        });

        assertThatThrownBy(() -> as("plugin", () -> assertThat(section.get()).isTrue()))
                .hasMessageContaining("no transition");
        table.allowed.add("plugin enters library");
        as("plugin", () -> assertThat(section.get()).isTrue());
    }

    @Test
    void noPolicyOpensTheManagerToReflection() {
        table.allowed.add("plugin reflect.members");

        as("plugin", () -> {
            Guard.type(Permission.of("reflect.members"), String.class);
            assertThatThrownBy(() -> Guard.type(Permission.of("reflect.members"), Subjects.class))
                    .hasMessageContaining("protects itself");
            Guard.type(Permission.of("reflect.members"), Privileged.class);
        });
    }

    @Test
    void aStormOfDenialsIsReportedAtARateAndCounted() {
        as("plugin", () -> {
            for (int i = 0; i < 1_000; i++) {
                assertThatThrownBy(() -> Guard.check(Permission.of("x"))).isInstanceOf(AccessDeniedException.class);
            }
        });
        installation.close();

        assertThat(memory.denials.size()).isBetween(1, Denials.RATE * 10);
    }

    @Test
    void onlyWhoInstalledCanReplaceIt() {
        assertThatThrownBy(() -> EnforcementManager.install(table, memory, EnforcementManager.Mode.PERMISSIVE))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aPermissiveRunRecordsEachAccessOnce() {
        installation.close();
        installation = EnforcementManager.install(table, memory, EnforcementManager.Mode.PERMISSIVE);

        as("plugin", () -> {
            Guard.check(Permission.of("x"));
            Guard.check(Permission.of("x"));
            Guard.property(Permission.of("property.read"), "p");
        });
        installation.close();

        assertThat(memory.permitted).extracting(Denial::permission).containsExactly("x", "property.read");
    }

    @Test
    void permitWithoutAResourceIsNoPermitOnAllResources() {
        table.allowed.add("narrow mixed "); // the unnamed object only
        as("narrow", () -> Guard.check(Permission.of("mixed")));

        assertThatThrownBy(() -> as("narrow", () -> Guard.property(Permission.of("mixed"), "named")))
                .isInstanceOf(AccessDeniedException.class);
    }

    @Test
    void whatEverybodyMayDoEndsWithTheFirstWhoMayNot() {
        table.allowed.add("old uniform");
        as("old", () -> Guard.check(Permission.of("uniform")));

        assertThatThrownBy(() -> as("newcomer-" + System.nanoTime(), () -> Guard.check(Permission.of("uniform"))))
                .isInstanceOf(AccessDeniedException.class);
    }

    @Test
    void whatEverybodyMayDoEndsWithThePolicy() {
        table.allowed.add("old revoked");
        as("old", () -> Guard.check(Permission.of("revoked")));
        table.allowed.remove("old revoked");
        installation.policyChanged();

        assertThatThrownBy(() -> as("old", () -> Guard.check(Permission.of("revoked"))))
                .isInstanceOf(AccessDeniedException.class);
    }

    @Test
    void denialIsAskedForOnce() {
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> as("storming", () -> Guard.property(Permission.of("p"), "x")))
                    .isInstanceOf(AccessDeniedException.class);
        }

        assertThat(table.asked).hasValue(1);
    }

    @Test
    void addressesAreToldByIdentityWithoutNamingThem() throws Exception {
        java.net.InetAddress address = java.net.InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        table.allowed.add("netter net.x /127.0.0.1:80");
        as("netter", () -> Guard.address(Permission.of("net.x"), address, 80));
        int asked = table.asked.get();
        as("netter", () -> Guard.address(Permission.of("net.x"), address, 80));

        assertThat(table.asked).hasValue(asked);
        assertThatThrownBy(() -> as("netter", () -> Guard.address(Permission.of("net.x"), address, 81)))
                .isInstanceOf(AccessDeniedException.class);
    }
}
