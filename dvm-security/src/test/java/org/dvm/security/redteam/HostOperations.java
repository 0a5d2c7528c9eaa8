package org.dvm.security.redteam;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** Operations and objects of the host's own, which its policy names: vaults, stores, accounts. */
public final class HostOperations {
    private HostOperations() {}

    /** What opens a vault: a constructor is the operation. */
    public static class Vault implements Serializable, Cloneable {
        private static final long serialVersionUID = 1L;
        private final String content;

        /** Opens a vault. */
        public Vault(String content) {
            this.content = content;
        }

        /** Opens the vault of the house. */
        public Vault() {
            this("GOLD");
        }

        /** Tells the content; whoever holds an open vault may look into it. */
        public String content() {
            return content == null ? "GOLD" : content;
        }
    }

    /** A store of things of a kind; putting is an operation, whoever implements it. */
    public interface Store<T> {
        /** Puts something in. */
        String put(T thing);

        /** Puts something in twice. */
        default String putTwice(T thing) {
            return put(thing) + put(thing);
        }
    }

    /** A store whose method has a narrower type, so that the interface's leads to it by a bridge. */
    public static class TextStore implements Store<String> {
        @Override
        public String put(String text) {
            return "STORED " + text;
        }
    }

    /** A store whose method stands in a class that doesn't know the interface. */
    public static class NumberBase {
        /** Stores a number. */
        public String put(Integer number) {
            return "STORED " + number;
        }
    }

    /** Knows the interface and takes the method from elsewhere. */
    public static final class NumberStore extends NumberBase implements Store<Integer> {}

    /** What gives out documents, by a method whose result is narrower below. */
    public abstract static class Archive {
        /** Gives out a document. */
        public abstract Object open(String name);
    }

    /** Gives out texts. */
    public static class TextArchive extends Archive {
        @Override
        public String open(String name) {
            return "TEXT " + name;
        }
    }

    /** An account: paying is an operation, with the account as its object. */
    public static class Account {
        private final Map<String, Long> paid = new TreeMap<>();

        /** Pays. */
        public long pay(String to, long amount) {
            return paid.merge(to, amount, Long::sum);
        }

        /** Pays, as the class's own business. */
        static long payAll(Account account) {
            return account.pay("all", 1);
        }
    }

    /** Overrides without calling its superclass. */
    public static class GoldAccount extends Account {
        @Override
        public long pay(String to, long amount) {
            return amount * 2;
        }
    }

    /** Documents by name: which one is given is up to the policy. */
    public static final class Documents {
        private Documents() {}

        /** Reads a document. */
        public static String read(CharSequence name) {
            return "DOCUMENT " + name;
        }

        /** Reads a document by its name in a text. */
        public static String readText(String name) {
            return "DOCUMENT " + name;
        }

        /** Reads those that an array names. */
        public static String readAll(String[] names) {
            return "DOCUMENTS " + String.join(",", names);
        }
    }

    /** An enumeration and a record whose constructors and methods are operations. */
    public enum Lever {
        /** Opens the door. */
        DOOR;

        /** Pulls the lever. */
        public String pull() {
            return "PULLED";
        }
    }

    /** A ticket that only the host issues. */
    public record Ticket(String holder) implements Serializable {}

    /** Pays with the host's own account, in a thread of the host. */
    public static Account account() throws Exception {
        return Host.POOL.submit((Callable<Account>) Account::new).get();
    }

    /** Makes a store of the host. */
    public static Supplier<String> lazyVault() {
        return () -> new Vault().content();
    }
}
