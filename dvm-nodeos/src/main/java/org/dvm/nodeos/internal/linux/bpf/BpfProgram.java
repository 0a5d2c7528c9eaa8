package org.dvm.nodeos.internal.linux.bpf;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** An assembled eBPF program, ready to be loaded; {@link #toString()} is its listing. */
public final class BpfProgram {
    private final String name;
    private final List<Instruction> instructions;
    private final Map<String, Integer> labels;

    BpfProgram(String name, List<Instruction> instructions, Map<String, Integer> labels) {
        this.name = name;
        this.instructions = List.copyOf(instructions);
        this.labels = Map.copyOf(labels);
    }

    /**
     * Returns the name the kernel shows for it.
     *
     * @return at most 15 characters
     */
    public String name() {
        return name;
    }

    /**
     * Returns its length.
     *
     * @return instructions, 64-bit loads counted twice
     */
    public int size() {
        return instructions.size();
    }

    int lengthBytes() {
        return instructions.size() * Instruction.BYTES;
    }

    void writeTo(ByteBuffer out) {
        for (int i = 0; i < instructions.size(); i++) {
            instructions.get(i).writeTo(out, i * Instruction.BYTES);
        }
    }

    /**
     * Lists the program: one instruction a line with its number, labels on lines of their own.
     *
     * @return the listing
     */
    @Override
    public String toString() {
        Map<Integer, List<String>> labelsAt = labels.entrySet().stream()
                .collect(Collectors.groupingBy(
                        Map.Entry::getValue,
                        Collectors.mapping(
                                Map.Entry::getKey, Collectors.collectingAndThen(Collectors.toList(), names -> {
                                    names.sort(null);
                                    return names;
                                }))));
        StringBuilder listing = new StringBuilder(name).append(":\n");
        for (int i = 0; i < instructions.size(); i++) {
            for (String label : labelsAt.getOrDefault(i, List.of())) {
                listing.append(label).append(":\n");
            }
            Instruction instruction = instructions.get(i);
            if (!instruction.isSecondHalf()) {
                listing.append(String.format("%5d  %s%n", i, instruction.text()));
            }
        }
        return listing.toString();
    }
}
