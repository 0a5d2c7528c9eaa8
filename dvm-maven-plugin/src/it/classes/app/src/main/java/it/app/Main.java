package it.app;

/** Tells whether it was marked. */
public final class Main {
    private Main() {}

    /** Says it. */
    public static void main(String[] arguments) {
        System.out.println("marked=" + Cloneable.class.isAssignableFrom(Main.class));
    }
}
