package org.dvm.client.app;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.Charset;

/** Waits for lines on standard input, so that something can be attached. */
public final class Waiting {
    /** Loaded after the first line; used after each of two. */
    static final class Later {
        final int value;

        Later() {
            value = 1;
        }
    }

    private Waiting() {}

    public static void main(String[] args) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
        System.out.println("ready");
        in.readLine();
        step();
        in.readLine();
        step();
        in.readLine();
    }

    private static void step() {
        System.out.println("later " + new Later().value);
    }
}
