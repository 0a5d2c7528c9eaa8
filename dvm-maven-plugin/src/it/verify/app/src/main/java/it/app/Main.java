package it.app;

import java.util.List;

/** Has something to verify. */
public final class Main {
    private Main() {}

    /** Says which of the arguments is the longest. */
    public static void main(String[] arguments) {
        String longest = "";
        for (String argument : List.of(arguments)) {
            longest = argument.length() > longest.length() ? argument : longest;
        }
        System.out.println(longest);
    }
}
