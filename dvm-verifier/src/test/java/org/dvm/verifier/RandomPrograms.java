package org.dvm.verifier;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.dvm.testkit.assembly.Bytes;
import org.dvm.testkit.assembly.ClassAssembler;

/**
 * Classes with one method of random instructions, most of which fit the types that are on the stack: so they get further
 * into the verifier than damage to compiled code does, and to where compilers never go - halves of longs, uninitialized
 * objects in odd places, protected members on other objects, subroutines, arrays of interfaces.
 *
 * <p>A type is a letter: I F J D and j d for their second halves, N null, T nothing, U with a bci an object that is new, X
 * this before its superclass's constructor; else the name of a class or array.
 */
final class RandomPrograms {
    static final String NAME = "random/Program";

    private static final int ACC_PUBLIC_STATIC = 9;
    private static final int FRAMES = 50;
    private static final int LOCALS = 10;
    private static final int MAX_STACK = 12;
    private static final String LIST = "java/util/ArrayList";
    private static final String ABSTRACT_LIST = "java/util/AbstractList";
    private static final String OBJECT = "java/lang/Object";
    private static final String STRING = "java/lang/String";
    private static final String[] TYPES = {
        STRING,
        LIST,
        NAME,
        OBJECT,
        "java/lang/Runnable",
        "[Ljava/lang/Object;",
        "[I",
        "[[J",
        "[Ljava/lang/Runnable;",
        "java/lang/Cloneable",
        "java/lang/Throwable",
        "[Z",
        "[B"
    };
    private static final String INITIAL = "I J j java/util/ArrayList [Ljava/lang/Runnable;";

    private final Random random;
    private final int version;
    private final boolean constructor;
    private final boolean isStatic;
    private final ClassAssembler assembler = new ClassAssembler(NAME);
    private final List<Integer> code = new ArrayList<>();
    private final List<Integer> starts = new ArrayList<>();
    private final List<List<String>> stacks = new ArrayList<>();
    private final List<List<String>> localStates = new ArrayList<>();
    private final List<Integer> branches = new ArrayList<>();
    private List<String> stack = new ArrayList<>();
    private List<String> locals = new ArrayList<>();

    private RandomPrograms(int version, long seed) {
        this.random = new Random(seed * 0x9E3779B97F4A7C15L);
        this.version = version;
        this.constructor = random.nextInt(6) == 0;
        this.isStatic = !constructor && random.nextBoolean();
    }

    /** Returns the class of that seed. */
    static byte[] of(int version, long seed) {
        return new RandomPrograms(version, seed).write();
    }

    private byte[] write() {
        assembler.version(version, 0).superClass(assembler.classConstant(LIST));
        assembler.implement(assembler.classConstant("java/lang/Runnable"));
        assembler.field(1, "own", "I");
        if (!isStatic) {
            locals.add(constructor ? "X" : NAME);
        }
        locals.addAll(Arrays.asList(INITIAL.split(" ")));
        while (locals.size() < LOCALS) {
            locals.add("T");
        }
        if (constructor && random.nextInt(8) != 0) {
            at();
            op(42);
            push("X");
            initialize(random.nextInt(10) == 0 ? ABSTRACT_LIST : LIST);
        }
        for (int length = 4 + random.nextInt(24); length > 0; length--) {
            step();
        }
        at();
        op(random.nextInt(12) == 0 ? 172 + random.nextInt(6) : 177);
        for (int branch : branches) {
            target(branch);
        }
        Bytes instructions = Bytes.of();
        code.forEach(each -> instructions.u1(each & 0xff));
        byte[][] attributes = version >= FRAMES ? new byte[][] {frames()} : new byte[0][];
        int maxStack = random.nextInt(20) == 0 ? random.nextInt(4) : MAX_STACK + 4;
        byte[] attribute = random.nextInt(3) == 0
                ? assembler.code(maxStack, LOCALS, instructions, handlers(), attributes)
                : assembler.code(maxStack, LOCALS, instructions, attributes);
        assembler.method(
                isStatic ? ACC_PUBLIC_STATIC : 1,
                constructor ? "<init>" : "m",
                "(IJLjava/util/ArrayList;[Ljava/lang/Runnable;)V",
                attribute);
        return assembler.toBytes();
    }

    // ---- emission ----

    private void at() {
        starts.add(code.size());
        stacks.add(new ArrayList<>(stack));
        localStates.add(new ArrayList<>(locals));
    }

    private void op(int... bytes) {
        for (int each : bytes) {
            code.add(each);
        }
    }

    private void op2(int opcode, int operand) {
        op(opcode, operand >> 8, operand);
    }

    private void push(String... types) {
        stack.addAll(Arrays.asList(types));
    }

    private String pop() {
        return stack.isEmpty() ? "T" : stack.remove(stack.size() - 1);
    }

    private String top(int depth) {
        return stack.size() <= depth ? "T" : stack.get(stack.size() - 1 - depth);
    }

    private String any() {
        return TYPES[random.nextInt(TYPES.length)];
    }

    private static boolean isReference(String type) {
        return type.length() > 1 && type.charAt(0) != 'U' || type.equals("N");
    }

    private boolean careless() {
        return random.nextInt(60) == 0;
    }

    /** Puts a value of the stack's kinds there, or uses what is there, as chance has it. */
    private void step() {
        if (stack.size() > MAX_STACK - 4) {
            at();
            op(87);
            pop();
            return;
        }
        at();
        switch (random.nextInt(13)) {
            case 0 -> constant();
            case 1, 2 -> load();
            case 3 -> store();
            case 4 -> shuffle();
            case 5 -> compute();
            case 6 -> create();
            case 7 -> arrays();
            case 8 -> types();
            case 9 -> fields();
            case 10 -> calls();
            case 11 -> jump();
            default -> oddities();
        }
    }

    private void constant() {
        switch (random.nextInt(9)) {
            case 0 -> {
                op(1);
                push("N");
            }
            case 1 -> {
                op(9);
                push("J", "j");
            }
            case 2 -> {
                op(11);
                push("F");
            }
            case 3 -> {
                op(14);
                push("D", "d");
            }
            case 4 -> {
                op2(19, assembler.string("s"));
                push(STRING);
            }
            case 5 -> {
                op2(20, random.nextInt(6) == 0 ? assembler.integer(3) : assembler.longInteger(5));
                push("J", "j");
            }
            case 6 -> {
                op2(19, assembler.classConstant(any()));
                push("java/lang/Class");
            }
            default -> {
                op(4);
                push("I");
            }
        }
    }

    private void load() {
        int index = random.nextInt(LOCALS);
        String type = locals.get(index);
        int kind = type.equals("I") ? 0 : type.equals("J") ? 1 : type.equals("F") ? 2 : type.equals("D") ? 3 : 4;
        if (type.equals("T") && !careless()) {
            op(3);
            push("I");
            return;
        }
        if (random.nextInt(6) == 0) {
            op(196, 21 + kind, 0, index);
        } else {
            op(21 + kind, index);
        }
        push(type);
        if (kind == 1 || kind == 3) {
            push(kind == 1 ? "j" : "d");
        }
    }

    private void store() {
        String type = pop();
        int kind = type.equals("I") ? 0 : type.equals("j") ? 1 : type.equals("F") ? 2 : type.equals("d") ? 3 : 4;
        boolean wide = kind == 1 || kind == 3;
        int index = random.nextInt(LOCALS - (wide && !careless() ? 1 : 0));
        op(54 + kind, index);
        String stored = type;
        if (wide) {
            stored = pop();
            if (index + 1 < LOCALS) {
                locals.set(index + 1, type);
            }
        }
        if (index > 0
                && (locals.get(index - 1).equals("J") || locals.get(index - 1).equals("D"))) {
            locals.set(index - 1, "T");
        }
        locals.set(index, stored);
    }

    private void shuffle() {
        int form = random.nextInt(9);
        op(87 + form);
        String first = pop();
        switch (form) {
            case 1 -> pop();
            case 2 -> push(first, first);
            case 3 -> {
                String second = pop();
                push(first, second, first);
            }
            case 4 -> {
                String second = pop();
                String third = pop();
                push(first, third, second, first);
            }
            case 5 -> {
                String second = pop();
                push(second, first, second, first);
            }
            case 6 -> {
                String second = pop();
                String third = pop();
                push(second, first, third, second, first);
            }
            case 7 -> {
                String second = pop();
                String third = pop();
                String fourth = pop();
                push(second, first, fourth, third, second, first);
            }
            case 8 -> {
                String second = pop();
                push(first, second);
            }
            default -> {}
        }
    }

    private void compute() {
        if (top(0).equals("I") && top(1).equals("I")) {
            op(96);
            pop();
        } else if (top(0).equals("I")) {
            op(133);
            pop();
            push("J", "j");
        } else if (top(0).equals("j")) {
            op(136);
            pop();
            pop();
            push("I");
        } else if (top(0).equals("F")) {
            op(141);
            pop();
            push("D", "d");
        } else if (careless()) {
            op(96 + random.nextInt(52));
        } else {
            op(132, 0, 1);
        }
    }

    private void create() {
        String type = random.nextBoolean() ? LIST : random.nextBoolean() ? STRING : NAME;
        String fresh = "U" + code.size() + " " + type;
        op2(187, assembler.classConstant(type));
        push(fresh);
        if (random.nextInt(5) > 0) {
            at();
            op(89);
            push(fresh);
            at();
            initialize(type);
        }
    }

    private void initialize(String type) {
        String fresh = pop();
        op2(183, assembler.methodRef(type, "<init>", "()V"));
        String made = fresh.equals("X") ? NAME : type;
        stack.replaceAll(each -> each.equals(fresh) ? made : each);
        locals.replaceAll(each -> each.equals(fresh) ? made : each);
    }

    private void arrays() {
        if (top(0).equals("I") && top(1).startsWith("[") && !careless()) {
            pop();
            String array = pop();
            String element = array.substring(1);
            if (element.equals("I")) {
                op(46);
                push("I");
            } else if (element.equals("Z") || element.equals("B")) {
                op(51);
                push("I");
            } else {
                op(50);
                push(element.startsWith("L") ? element.substring(1, element.length() - 1) : element);
            }
        } else if (top(0).equals("I")) {
            pop();
            String type = any();
            op2(189, assembler.classConstant(type));
            push(type.startsWith("[") ? "[" + type : "[L" + type + ";");
        } else if (isReference(top(0)) && top(1).equals("I") && top(2).startsWith("[")) {
            op(83);
            pop();
            pop();
            pop();
        } else if (top(0).startsWith("[") || careless()) {
            op(190);
            pop();
            push("I");
        } else {
            op(8);
            push("I");
        }
    }

    private void types() {
        if (!isReference(top(0)) && !careless()) {
            op(1);
            push("N");
            return;
        }
        pop();
        String type = any();
        boolean cast = random.nextInt(3) > 0;
        op2(cast ? 192 : 193, assembler.classConstant(type));
        push(cast ? type : "I");
    }

    private void fields() {
        String owner = random.nextBoolean() ? NAME : random.nextBoolean() ? LIST : ABSTRACT_LIST;
        boolean own = random.nextInt(3) == 0;
        int field = own ? assembler.fieldRef(NAME, "own", "I") : assembler.fieldRef(owner, "modCount", "I");
        if (isReference(top(0)) || careless()) {
            op2(180, field);
            pop();
            push("I");
        } else if (top(0).equals("I") && (isReference(top(1)) || top(1).equals("X"))) {
            op2(181, field);
            pop();
            pop();
        } else {
            op2(178, assembler.fieldRef("java/lang/System", "out", "Ljava/io/PrintStream;"));
            push("java/io/PrintStream");
        }
    }

    private void calls() {
        if (top(0).equals("I") && top(1).equals("I") && isReference(top(2))) {
            String owner = random.nextBoolean() ? LIST : NAME;
            op2(random.nextInt(3) == 0 ? 183 : 182, assembler.methodRef(owner, "removeRange", "(II)V"));
            pop();
            pop();
            pop();
        } else if (isReference(top(0)) || careless()) {
            switch (random.nextInt(6)) {
                case 0 -> {
                    op2(182, assembler.methodRef(any(), "hashCode", "()I"));
                    pop();
                    push("I");
                }
                case 1 -> {
                    String owner = random.nextBoolean() ? OBJECT : top(0).equals("N") ? OBJECT : top(0);
                    op2(182, assembler.methodRef(owner, "clone", "()Ljava/lang/Object;"));
                    pop();
                    push(OBJECT);
                }
                case 2 -> {
                    op2(185, assembler.interfaceMethodRef("java/lang/Runnable", "run", "()V"));
                    op(careless() ? 2 : 1, careless() ? 1 : 0);
                    pop();
                }
                case 3 -> {
                    op2(184, assembler.methodRef(STRING, "valueOf", "(Ljava/lang/Object;)Ljava/lang/String;"));
                    pop();
                    push(STRING);
                }
                case 4 -> {
                    op2(183, assembler.methodRef(random.nextBoolean() ? LIST : any(), "size", "()I"));
                    pop();
                    push("I");
                }
                default -> {
                    op2(184, assembler.methodRef(NAME, "take", "(L" + LIST + ";)[L" + NAME + ";"));
                    pop();
                    push("[L" + NAME + ";");
                }
            }
        } else if (top(0).equals("j") && top(2).equals("j")) {
            op2(184, assembler.methodRef("java/lang/Math", "max", "(JJ)J"));
            pop();
            pop();
        } else {
            op2(184, assembler.methodRef("java/lang/System", "nanoTime", "()J"));
            push("J", "j");
        }
    }

    private void jump() {
        branches.add(code.size());
        if (top(0).equals("I")) {
            op2(153, 0);
            pop();
        } else if (isReference(top(0)) && isReference(top(1))) {
            op2(165, 0);
            pop();
            pop();
        } else if (isReference(top(0)) || top(0).startsWith("U") || top(0).equals("X")) {
            op2(198, 0);
            pop();
        } else {
            op2(version < FRAMES && random.nextInt(3) == 0 ? 168 : 167, 0);
        }
    }

    private void oddities() {
        switch (random.nextInt(9)) {
            case 0 -> op(191);
            case 1 -> {
                op(194 + random.nextInt(2));
                pop();
            }
            case 2 -> op(version < FRAMES ? 169 : 0, version < FRAMES ? random.nextInt(LOCALS) : 0);
            case 3 -> {
                op(188, 4 + random.nextInt(9));
                pop();
                push("[I");
            }
            case 4 -> {
                op(196, 132, 0, random.nextInt(LOCALS), 0, 1);
            }
            case 5 -> {
                op2(197, assembler.classConstant("[[J"));
                op(1 + random.nextInt(3));
                pop();
                push("[[J");
            }
            default -> op(0);
        }
    }

    // ---- jumps, frames, handlers ----

    /** Jumps go where the same is on the stack, mostly. */
    private void target(int branch) {
        int from = starts.indexOf(branch);
        List<String> wanted = from + 1 < stacks.size() ? stacks.get(from + 1) : List.of();
        int chosen = random.nextInt(starts.size());
        for (int attempt = 0; attempt < 40 && !stacks.get(chosen).equals(wanted); attempt++) {
            chosen = random.nextInt(starts.size());
        }
        int distance = starts.get(chosen) - branch;
        code.set(branch + 1, distance >> 8);
        code.set(branch + 2, distance);
    }

    private Bytes handlers() {
        int first = starts.get(random.nextInt(starts.size()));
        int second = starts.get(random.nextInt(starts.size()));
        int type =
                random.nextBoolean() ? 0 : assembler.classConstant(random.nextInt(8) == 0 ? any() : "java/lang/Error");
        int handler = starts.get(random.nextInt(starts.size()));
        for (int attempt = 0; attempt < 60 && !isCaught(starts.indexOf(handler)); attempt++) {
            handler = starts.get(random.nextInt(starts.size()));
        }
        return Bytes.of().u2(Math.min(first, second), Math.max(first, second), handler, type);
    }

    private boolean isCaught(int start) {
        return stacks.get(start).size() == 1 && isReference(stacks.get(start).get(0));
    }

    /** A frame at every instruction: what isn't a target may have one, too. */
    private byte[] frames() {
        Bytes content = Bytes.of();
        int last = -1;
        int count = 0;
        boolean all = random.nextInt(4) == 0;
        for (int i = 0; i < starts.size(); i++) {
            int bci = starts.get(i);
            if (all && random.nextInt(10) > 0 || isTarget(bci)) {
                content.u1(255).u2(bci - last - 1);
                types(content, localStates.get(i), random.nextInt(40) == 0);
                types(content, stacks.get(i), random.nextInt(60) == 0);
                last = bci;
                count++;
            }
        }
        return assembler.attribute("StackMapTable", Bytes.of().u2(count).raw(content.toArray()));
    }

    private boolean isTarget(int bci) {
        for (int branch : branches) {
            if (branch + (short) (code.get(branch + 1) << 8 | code.get(branch + 2) & 0xff) == bci) {
                return true;
            }
        }
        return false;
    }

    private void types(Bytes content, List<String> all, boolean wrong) {
        List<String> kept = new ArrayList<>(all);
        kept.removeIf(each -> each.equals("j") || each.equals("d"));
        content.u2(kept.size());
        int changed = wrong && !kept.isEmpty() ? random.nextInt(kept.size()) : -1;
        for (int i = 0; i < kept.size(); i++) {
            type(content, i == changed ? any() : kept.get(i));
        }
    }

    private void type(Bytes content, String type) {
        if (type.startsWith("U") && type.indexOf(' ') > 0) {
            content.u1(8).u2(Integer.parseInt(type.substring(1, type.indexOf(' '))));
        } else if (type.length() > 1) {
            content.u1(7).u2(assembler.classConstant(type));
        } else {
            content.u1("TIFDJNX".indexOf(type));
        }
    }
}
