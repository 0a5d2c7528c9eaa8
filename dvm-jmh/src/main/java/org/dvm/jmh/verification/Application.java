package org.dvm.jmh.verification;

import dev.tamboui.layout.Fraction;
import dev.tamboui.layout.cassowary.CassowaryConstraint;
import dev.tamboui.layout.cassowary.Expression;
import dev.tamboui.layout.cassowary.Solver;
import dev.tamboui.layout.cassowary.Strength;
import dev.tamboui.layout.cassowary.Variable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.dvm.testkit.ForkedJvm;

/**
 * Five programs of today that do the work of the paper's five: a scanner generator, a parser generator, a compiler, a
 * database under debit-credit transactions, and a solver of linear constraints.
 *
 * @paper DVM figure 5
 */
enum Application {
    JFLEX(jflex.Main.class, "JFlex", Application::scan),
    CUP(java_cup.Main.class, "CUP", Application::parse),
    ECJ(org.eclipse.jdt.core.compiler.batch.BatchCompiler.class, "ecj", Application::compile),
    H2(org.h2.Driver.class, "H2", Application::transact),
    CASSOWARY(Solver.class, "Cassowary", Application::layOut);

    private static final int KEYWORDS = 60;
    private static final int OPERATORS = 12;
    private static final int SOURCES = 12;
    private static final int ACCOUNTS = 1000;
    private static final int TRANSACTIONS = 300;
    private static final int COLUMNS = 16;
    private static final int RESIZES = 60;
    private static final int NARROWEST = 4;

    private final Class<?> member;
    private final String title;
    private final Workload workload;

    /** What a program does once. */
    interface Workload {
        void run(Path directory) throws Exception;
    }

    Application(Class<?> member, String title, Workload workload) {
        this.member = member;
        this.title = title;
        this.workload = workload;
    }

    /** Returns the program's jar. */
    Path jar() {
        return ForkedJvm.classesOf(member);
    }

    /** Returns all jars whose classes run, the program's first: JFlex has its parser from CUP. */
    List<Path> jars() {
        List<Path> jars = new ArrayList<>(List.of(jar()));
        if (this == JFLEX) {
            jars.add(CUP.jar());
        }
        jars.add(ForkedJvm.classesOf(Application.class));
        return jars;
    }

    /** Returns the program's name as it is written. */
    String title() {
        return title;
    }

    /** Does the program's work once, with files in a directory. */
    void run(Path directory) throws Exception {
        workload.run(directory);
    }

    private static void scan(Path directory) throws Exception {
        StringBuilder grammar = new StringBuilder("%%\n%class Scanner\n%unicode\n%int\n%%\n");
        for (int i = 0; i < KEYWORDS; i++) {
            grammar.append("\"word")
                    .append(Integer.toString(i * 7919, 36))
                    .append("\" { return ")
                    .append(i)
                    .append("; }\n");
        }
        grammar.append(
                "[a-zA-Z_][a-zA-Z0-9_]* { return 1000; }\n[0-9]+(\".\"[0-9]*)?([eE][+-]?[0-9]+)? { return 1001; }\n");
        grammar.append("\\\"([^\\\"\\\\]|\\\\.)*\\\" { return 1002; }\n[ \\t\\r\\n]+ { }\n[^] { return 1003; }\n");
        Path file = Files.writeString(directory.resolve("scanner.flex"), grammar);
        jflex.Main.generate(new String[] {"--quiet", "--nobak", "-d", directory.toString(), file.toString()});
        checkWritten(directory.resolve("Scanner.java"));
    }

    private static void parse(Path directory) throws Exception {
        StringBuilder grammar = new StringBuilder("terminal Integer NUMBER; terminal LEFT, RIGHT;\n");
        for (int i = 0; i < OPERATORS; i++) {
            grammar.append("terminal OP").append(i).append(";\n");
        }
        grammar.append("non terminal Integer expr;\n");
        for (int i = 0; i < OPERATORS; i++) {
            grammar.append("precedence left OP").append(i).append(";\n");
        }
        grammar.append("expr ::= NUMBER:n {: RESULT = n; :} | LEFT expr:e RIGHT {: RESULT = e; :}\n");
        for (int i = 0; i < OPERATORS; i++) {
            grammar.append("| expr:a OP").append(i).append(" expr:b {: RESULT = a + b; :}\n");
        }
        Path file = Files.writeString(directory.resolve("parser.cup"), grammar.append(";\n"));
        java_cup.Main.main(new String[] {"-nosummary", "-nowarn", "-destdir", directory.toString(), file.toString()});
        checkWritten(directory.resolve("parser.java"));
    }

    private static void checkWritten(Path file) throws IOException {
        check(Files.size(file) > 10_000, file.getFileName() + " must have been written");
        Files.delete(file);
    }

    private static void compile(Path directory) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-17", "-nowarn", "-proc:none", "-d", directory.toString()));
        for (int i = 0; i < SOURCES; i++) {
            String source =
                    "import java.util.*; public class Source" + i + " { final Map<String, List<Integer>> all = new"
                            + " TreeMap<>(); int sum(int n) { int s = 0; for (int i = 0; i < n; i++) { s += switch (i % 3) {"
                            + " case 0 -> i; case 1 -> 2 * i; default -> { var x = all.getOrDefault(\"\" + i, List.of()); yield"
                            + " x.stream().mapToInt(Integer::intValue).sum(); } }; } return s; } record Pair(int a, String b) {} }";
            arguments.add(Files.writeString(directory.resolve("Source" + i + ".java"), source)
                    .toString());
        }
        PrintWriter out = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        boolean compiled = org.eclipse.jdt.core.compiler.batch.BatchCompiler.compile(
                arguments.toArray(String[]::new), out, out, null);
        check(compiled, "ecj must compile");
    }

    /** Debit-credit as in TPC-B: an account, its teller and its branch change together, and a line of history is added. */
    private static void transact(Path directory) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:h2:mem:")) {
            try (Statement statement = connection.createStatement()) {
                for (String table : new String[] {"accounts", "tellers", "branches"}) {
                    statement.execute("create table " + table + "(id int primary key, balance int)");
                    statement.execute("insert into " + table + " select x, 0 from system_range(0, " + ACCOUNTS + ")");
                }
                statement.execute(
                        "create table history(account int, teller int, branch int, amount int, at timestamp)");
            }
            connection.setAutoCommit(false);
            Random random = new Random(1);
            for (int i = 0; i < TRANSACTIONS; i++) {
                int account = random.nextInt(ACCOUNTS);
                update(connection, "accounts", account, i);
                update(connection, "tellers", account % 10, i);
                update(connection, "branches", 0, i);
                try (PreparedStatement insert =
                        connection.prepareStatement("insert into history values(?, ?, 0, ?, current_timestamp)")) {
                    insert.setInt(1, account);
                    insert.setInt(2, account % 10);
                    insert.setInt(3, i);
                    insert.executeUpdate();
                }
                connection.commit();
            }
            checkBalances(connection);
        }
    }

    private static void checkBalances(Connection connection) throws SQLException {
        int amounts = TRANSACTIONS * (TRANSACTIONS - 1) / 2;
        try (Statement statement = connection.createStatement()) {
            for (String sum :
                    new String[] {"balance) from accounts", "balance) from branches", "amount) from history"}) {
                try (ResultSet result = statement.executeQuery("select sum(" + sum)) {
                    check(result.next() && result.getInt(1) == amounts, "the balances must add up");
                }
            }
        }
    }

    private static void update(Connection connection, String table, int id, int amount) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("update " + table + " set balance = balance + ? where id = ?")) {
            update.setInt(1, amount);
            update.setInt(2, id);
            update.executeUpdate();
        }
    }

    /**
     * Lays out columns in a window that changes its width: each as wide as it needs at least, no wider than twice its
     * neighbour, as equal as may be, and together as wide as the window.
     */
    private static void layOut(Path directory) {
        Solver solver = new Solver();
        Variable window = new Variable("window");
        Variable[] widths = new Variable[COLUMNS];
        Expression sum = Expression.zero();
        for (int i = 0; i < COLUMNS; i++) {
            widths[i] = new Variable("width" + i);
            sum = sum.plus(widths[i]);
            Expression width = widths[i].toExpression();
            solver.addConstraint(width.greaterThanOrEqual(NARROWEST + i % 3, Strength.REQUIRED));
            if (i > 0) {
                Expression neighbour = widths[i - 1].toExpression();
                solver.addConstraint(width.lessThanOrEqual(neighbour.times(2), Strength.STRONG));
                solver.addConstraint(width.equalTo(neighbour, Strength.WEAK));
            }
        }
        solver.addConstraint(sum.equalTo(window.toExpression(), Strength.REQUIRED));
        for (int i = 0; i < RESIZES; i++) {
            long wanted = COLUMNS * 10L + 37L * i % 101;
            CassowaryConstraint width = window.toExpression().equalTo(wanted, Strength.STRONG);
            solver.addConstraint(width);
            solver.updateVariables();
            check(sumOf(solver, widths).equals(Fraction.of(wanted)), "the columns must fill the window");
            solver.removeConstraint(width);
        }
    }

    private static Fraction sumOf(Solver solver, Variable[] widths) {
        Fraction sum = Fraction.ZERO;
        for (Variable each : widths) {
            sum = sum.add(solver.valueOf(each));
        }
        return sum;
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException(what);
        }
    }
}
