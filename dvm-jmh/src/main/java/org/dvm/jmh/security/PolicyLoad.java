package org.dvm.jmh.security;

import java.nio.file.Path;
import org.dvm.runtime.security.ResourceKind;
import org.dvm.security.engine.PolicyEngine;
import org.dvm.security.policy.PolicyReader;

/** Reads and compiles a policy as the first thing that a JVM does, and makes a decision. Argument: the policy. */
public final class PolicyLoad {
    private PolicyLoad() {}

    /** Prints the milliseconds. */
    public static void main(String[] arguments) throws Exception {
        long begin = System.nanoTime();
        PolicyEngine engine = new PolicyEngine(PolicyReader.read(Path.of(arguments[0])));
        boolean allowed = engine.decide("s0", "file.open.read", ResourceKind.FILE, "/data/0/x")
                .allowed();
        System.out.println((System.nanoTime() - begin) / 1_000_000.0 + " " + allowed);
    }

    /** Returns a policy with that many rules. */
    static String policy(int rules) {
        StringBuilder text = new StringBuilder("<policy xmlns=\"urn:dvm:policy:1\" name=\"large\">\n");
        text.append("  <include href=\"standard:plugin-host\"/>\n");
        int subjects = 100;
        for (int i = 0; i < subjects; i++) {
            text.append("  <subject name=\"s" + i + "\" extends=\"basic\"/>\n");
        }
        for (int i = 0; i < rules; i++) {
            text.append("  <object name=\"o" + i + "\"/>\n");
            text.append("  <file path=\"/data/" + i + "/**\" object=\"o" + i + "\"/>\n");
            text.append("  <allow subject=\"s" + i % subjects + "\" object=\"o" + i
                    + "\" permissions=\"file.open.read file.read file.attr.read\"/>\n");
        }
        return text.append("</policy>\n").toString();
    }
}
