package org.dvm.client.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Code that may compute, and may do nothing to files: it says what became of each try. */
public final class Restricted {
    private Restricted() {}

    /** Tries to read the file and to write the one that the arguments name. */
    public static void main(String[] arguments) throws Exception {
        List<String> words = List.of("b", "a").stream().sorted().toList();
        System.out.println("computed " + words + " "
                + CompletableFuture.supplyAsync(() -> 6 * 7).get());
        System.out.println("read " + outcome(() -> Files.readString(Path.of(arguments[0]))));
        System.out.println("wrote " + outcome(() -> Files.writeString(Path.of(arguments[1]), "x")));
    }

    private interface Try {
        Object run() throws Exception;
    }

    private static String outcome(Try access) {
        try {
            access.run();
            return "fine";
        } catch (SecurityException e) {
            return "denied: " + e.getMessage();
        } catch (Exception e) {
            return "failed: " + e;
        }
    }
}
