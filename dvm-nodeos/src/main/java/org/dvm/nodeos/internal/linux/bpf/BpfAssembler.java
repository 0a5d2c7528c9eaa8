package org.dvm.nodeos.internal.linux.bpf;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Builds an eBPF program instruction by instruction, with symbolic jump targets.
 *
 * <p>The assembler knows the encoding and nothing of what a program may do: the kernel's verifier judges that when the
 * program is loaded.
 */
public final class BpfAssembler {
    private static final int CLASS_LD = 0x00;
    private static final int CLASS_LDX = 0x01;
    private static final int CLASS_ST = 0x02;
    private static final int CLASS_STX = 0x03;
    private static final int CLASS_ALU32 = 0x04;
    private static final int CLASS_JMP = 0x05;
    private static final int CLASS_JMP32 = 0x06;
    private static final int CLASS_ALU64 = 0x07;
    private static final int MODE_IMMEDIATE = 0x00;
    private static final int MODE_MEMORY = 0x60;
    private static final int MODE_ATOMIC = 0xc0;
    private static final int SOURCE_REGISTER = 0x08;
    private static final int JUMP_ALWAYS = 0x00;
    private static final int CALL = 0x80;
    private static final int EXIT = 0x90;
    private static final int END = 0xd0;
    private static final int ATOMIC_ADD = 0x00;
    private static final int ATOMIC_FETCH_ADD = 0x01;
    private static final int ATOMIC_COMPARE_EXCHANGE = 0xf1;
    private static final int PSEUDO_MAP_DESCRIPTOR = 1;
    private static final int PSEUDO_MAP_VALUE = 2;
    private static final int MAX_NAME_LENGTH = 15;

    private final String name;
    private final List<Instruction> instructions = new ArrayList<>();
    private final Map<String, Integer> labels = new HashMap<>();

    /**
     * Begins an empty program.
     *
     * @param name what the kernel shows for it; letters, digits, underscore and dot, at most 15
     */
    public BpfAssembler(String name) {
        if (!name.matches("[A-Za-z0-9_.]{1," + MAX_NAME_LENGTH + "}")) {
            throw new IllegalArgumentException("program name must be 1-15 letters, digits, _ or .: name=" + name);
        }
        this.name = name;
    }

    /**
     * Resolves the labels and leaves out what no path leads to, which the verifier would refuse.
     *
     * @return the program
     * @throws IllegalStateException if a jump has no target, or one too far away
     */
    public BpfProgram assemble() {
        boolean[] reachable = reachable();
        int[] positions = new int[instructions.size() + 1];
        for (int i = 0; i < instructions.size(); i++) {
            positions[i + 1] = positions[i] + (reachable[i] ? 1 : 0);
        }
        List<Instruction> resolved = new ArrayList<>();
        for (int i = 0; i < instructions.size(); i++) {
            if (reachable[i]) {
                Instruction instruction = instructions.get(i);
                String target = instruction.target();
                resolved.add(
                        target == null
                                ? instruction
                                : instruction.withOffset(distance(positions[i], positions[place(target)], target)));
            }
        }
        Map<String, Integer> placed = new HashMap<>();
        labels.forEach((label, at) -> {
            if (at < reachable.length && reachable[at]) {
                placed.put(label, positions[at]);
            }
        });
        return new BpfProgram(name, resolved, placed);
    }

    private boolean[] reachable() {
        boolean[] reachable = new boolean[instructions.size()];
        Deque<Integer> pending = new ArrayDeque<>();
        pending.push(0);
        while (!pending.isEmpty()) {
            int at = pending.pop();
            if (at >= reachable.length || reachable[at]) {
                continue;
            }
            reachable[at] = true;
            Instruction instruction = instructions.get(at);
            String target = instruction.target();
            if (target != null) {
                pending.push(place(target));
            }
            if (instruction.code() != (CLASS_JMP | EXIT) && instruction.code() != (CLASS_JMP | JUMP_ALWAYS)) {
                pending.push(at + 1);
            }
        }
        return reachable;
    }

    private int place(String label) {
        Integer at = labels.get(label);
        if (at == null) {
            throw new IllegalStateException("jump to a label that was never placed: label=" + label);
        }
        return at;
    }

    private static int distance(int from, int to, String label) {
        int distance = to - from - 1;
        if (distance < Short.MIN_VALUE || distance > Short.MAX_VALUE) {
            throw new IllegalStateException("jump too far: label=" + label + ", distance=" + distance);
        }
        return distance;
    }

    /**
     * Names the place of the next instruction.
     *
     * @param label a name not used before in this program
     * @return this
     */
    public BpfAssembler label(String label) {
        if (labels.putIfAbsent(label, instructions.size()) != null) {
            throw new IllegalStateException("label placed twice: label=" + label);
        }
        return this;
    }

    /** Applies {@code operation} to a register and a 64-bit register operand. */
    public BpfAssembler alu(Alu operation, Register destination, Register source) {
        return emit(
                CLASS_ALU64 | operation.bits() | SOURCE_REGISTER,
                destination,
                source.ordinal(),
                0,
                0,
                destination + " " + operation + " " + source);
    }

    /** Applies {@code operation} to a register and a constant, which is sign-extended to 64 bits. */
    public BpfAssembler alu(Alu operation, Register destination, int constant) {
        return emit(
                CLASS_ALU64 | operation.bits(),
                destination,
                0,
                0,
                constant,
                destination + " " + operation + " " + constant);
    }

    /** Applies {@code operation} to the low halves of a register and a constant; the high half becomes zero. */
    public BpfAssembler alu32(Alu operation, Register destination, int constant) {
        return emit(
                CLASS_ALU32 | operation.bits(),
                destination,
                0,
                0,
                constant,
                low(destination) + " " + operation + " " + constant);
    }

    /** Applies {@code operation} to the low halves of two registers; the high half of the result becomes zero. */
    public BpfAssembler alu32(Alu operation, Register destination, Register source) {
        return emit(
                CLASS_ALU32 | operation.bits() | SOURCE_REGISTER,
                destination,
                source.ordinal(),
                0,
                0,
                low(destination) + " " + operation + " " + low(source));
    }

    /** Copies a register. */
    public BpfAssembler move(Register destination, Register source) {
        return alu(Alu.MOVE, destination, source);
    }

    /** Sets a register to a constant, which is sign-extended to 64 bits. */
    public BpfAssembler move(Register destination, int constant) {
        return alu(Alu.MOVE, destination, constant);
    }

    /** Reverses the low bytes of a register between network and host order; the rest becomes zero. */
    public BpfAssembler networkOrder(Register register, Width width) {
        return emit(
                CLASS_ALU32 | END | SOURCE_REGISTER,
                register,
                0,
                0,
                width.bytes() * Byte.SIZE,
                register + " = be" + width.bytes() * Byte.SIZE + " " + register);
    }

    /** Sets a register to a 64-bit constant. */
    public BpfAssembler load64(Register destination, long constant) {
        return wide(
                destination,
                0,
                (int) constant,
                (int) (constant >>> Integer.SIZE),
                destination + " = 0x" + Long.toHexString(constant) + " ll");
    }

    /** Sets a register to a map, for a helper's map argument. */
    public BpfAssembler loadMap(Register destination, BpfMap map) {
        return wide(destination, PSEUDO_MAP_DESCRIPTOR, map.descriptor(), 0, destination + " = map " + map.name());
    }

    /** Sets a register to the address of the only value of a one-element array map, plus an offset. */
    public BpfAssembler loadMapValue(Register destination, BpfMap map, int offset) {
        return wide(
                destination,
                PSEUDO_MAP_VALUE,
                map.descriptor(),
                offset,
                destination + " = &" + map.name() + "[0] + " + offset);
    }

    private BpfAssembler wide(Register destination, int pseudoSource, int lowHalf, int highHalf, String text) {
        emit(CLASS_LD | MODE_IMMEDIATE | Width.DOUBLE.bits(), destination, pseudoSource, 0, lowHalf, text);
        instructions.add(new Instruction(0, 0, 0, 0, highHalf, null, ""));
        return this;
    }

    /** Reads memory. */
    public BpfAssembler load(Width width, Register destination, Register base, int offset) {
        return emit(
                CLASS_LDX | MODE_MEMORY | width.bits(),
                destination,
                base.ordinal(),
                offset,
                0,
                destination + " = " + memory(width, base, offset));
    }

    /** Writes a register to memory. */
    public BpfAssembler store(Width width, Register base, int offset, Register source) {
        return emit(
                CLASS_STX | MODE_MEMORY | width.bits(),
                base,
                source.ordinal(),
                offset,
                0,
                memory(width, base, offset) + " = " + source);
    }

    /** Writes a constant to memory; at double width it is sign-extended. */
    public BpfAssembler store(Width width, Register base, int offset, int constant) {
        return emit(
                CLASS_ST | MODE_MEMORY | width.bits(),
                base,
                0,
                offset,
                constant,
                memory(width, base, offset) + " = " + constant);
    }

    /** Adds a register to a 64-bit word of memory, atomically. */
    public BpfAssembler atomicAdd(Register base, int offset, Register source) {
        return atomic(ATOMIC_ADD, base, offset, source, "lock " + memory(Width.DOUBLE, base, offset) + " += " + source);
    }

    /** Adds a register to a 64-bit word of memory, atomically, and leaves the former value in the register. */
    public BpfAssembler atomicFetchAdd(Register base, int offset, Register source) {
        return atomic(
                ATOMIC_ADD | ATOMIC_FETCH_ADD,
                base,
                offset,
                source,
                source + " = atomic_fetch_add(" + memory(Width.DOUBLE, base, offset) + ", " + source + ")");
    }

    /** Writes a register to a 64-bit word of memory if that equals R0; R0 is the former value afterwards. */
    public BpfAssembler atomicCompareExchange(Register base, int offset, Register source) {
        return atomic(
                ATOMIC_COMPARE_EXCHANGE,
                base,
                offset,
                source,
                "r0 = atomic_cmpxchg(" + memory(Width.DOUBLE, base, offset) + ", r0, " + source + ")");
    }

    private BpfAssembler atomic(int operation, Register base, int offset, Register source, String text) {
        return emit(CLASS_STX | MODE_ATOMIC | Width.DOUBLE.bits(), base, source.ordinal(), offset, operation, text);
    }

    /** Jumps if a comparison with a constant holds; the constant is sign-extended. */
    public BpfAssembler jumpIf(Condition condition, Register left, int constant, String label) {
        return jump(
                CLASS_JMP | condition.bits(),
                left.ordinal(),
                0,
                constant,
                label,
                "if " + left + " " + condition + " " + constant);
    }

    /** Jumps if a comparison of two registers holds. */
    public BpfAssembler jumpIf(Condition condition, Register left, Register right, String label) {
        return jump(
                CLASS_JMP | condition.bits() | SOURCE_REGISTER,
                left.ordinal(),
                right.ordinal(),
                0,
                label,
                "if " + left + " " + condition + " " + right);
    }

    /** Jumps if a comparison of the low half of a register with a constant holds. */
    public BpfAssembler jumpIf32(Condition condition, Register left, int constant, String label) {
        return jump(
                CLASS_JMP32 | condition.bits(),
                left.ordinal(),
                0,
                constant,
                label,
                "if " + low(left) + " " + condition + " " + constant);
    }

    /** Jumps. */
    public BpfAssembler jump(String label) {
        return jump(CLASS_JMP | JUMP_ALWAYS, 0, 0, 0, label, "");
    }

    private BpfAssembler jump(int code, int left, int right, int constant, String label, String condition) {
        String text = (condition.isEmpty() ? "" : condition + " ") + "goto " + label;
        instructions.add(new Instruction(code, left, right, 0, constant, label, text));
        return this;
    }

    /** Calls the kernel: arguments in R1-R5, the answer in R0. */
    public BpfAssembler call(Helper helper) {
        return emit(
                CLASS_JMP | CALL,
                Register.R0,
                0,
                0,
                helper.number(),
                "call " + helper.name().toLowerCase(Locale.ROOT));
    }

    /** Ends the program; the answer is in R0. */
    public BpfAssembler exit() {
        return emit(CLASS_JMP | EXIT, Register.R0, 0, 0, 0, "exit");
    }

    /** Ends the program with a constant answer. */
    public BpfAssembler exit(int answer) {
        return move(Register.R0, answer).exit();
    }

    private BpfAssembler emit(int code, Register destination, int source, int offset, int immediate, String text) {
        if (offset != (short) offset) {
            throw new IllegalArgumentException("memory offset must fit 16 bits: offset=" + offset);
        }
        instructions.add(new Instruction(code, destination.ordinal(), source, offset, immediate, null, text));
        return this;
    }

    private static String low(Register register) {
        return "w" + register.ordinal();
    }

    private static String memory(Width width, Register base, int offset) {
        return "*(" + width + " *)(" + base + (offset < 0 ? " - " : " + ") + Math.abs(offset) + ")";
    }
}
