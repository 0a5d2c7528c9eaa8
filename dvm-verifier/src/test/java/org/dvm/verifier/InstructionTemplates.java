package org.dvm.verifier;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.dvm.testkit.assembly.Bytes;
import org.dvm.testkit.assembly.ClassAssembler;

/**
 * Small classes that put one instruction, any of the 256 opcodes, on a stack that its rule wants or on another one, with
 * constants, local variables, branch targets and array types of its kind or of wrong ones, in a static method, a method of
 * an object or a constructor before and after {@code super()}, covered by a handler or not.
 *
 * <p>A value is a letter: I F J D are primitives, i j f d z b c s arrays of primitives, N null, O S P Q R E L the types of
 * parameters, T {@code this}, U an object before its constructor, A a return address, and ? any of these.
 *
 * @jvms 4.10.1.9
 */
final class InstructionTemplates {
    static final String NAME = "user/Template";

    private static final int FRAMES = 50;
    private static final int CODE_MAX_STACK = 20;
    private static final String BASE = "lib/Base";

    /** The types of local variables, each behind its letter. */
    private static final List<String> PARAMETERS = List.of(
            "II",
            "JJ",
            "FF",
            "DD",
            "OLjava/lang/Object;",
            "SLjava/lang/String;",
            "P[Ljava/lang/Object;",
            "Q[[Ljava/lang/String;",
            "RLjava/lang/Runnable;",
            "ELjava/lang/Error;",
            "LLlib/Base;");

    private static final String ARRAYS = "zcfdbsij";
    private static final String ANY = "IJFDOSPQRELNTUA" + ARRAYS;
    private static final String[] SHUFFLED = {"?", "??", "?", "??", "???", "??", "???", "????", "??"};
    private static final List<String> CLASSES = List.of(
            "java/lang/Object",
            "java/lang/String",
            "[I",
            "[[Ljava/lang/Object;",
            "[".repeat(254) + "J",
            "[".repeat(255) + "J",
            "java/lang/Runnable",
            "lib/Abstract",
            "lib/Gone",
            "lib/Hidden",
            NAME,
            BASE,
            "java/lang/Error");
    private static final List<String> OWNERS =
            List.of(NAME, NAME, BASE, BASE, "java/lang/Object", "java/lang/Runnable", "lib/Face", "lib/FarFace", "[I");
    private static final List<String> FIELDS = List.of(
            "I",
            "J",
            "F",
            "D",
            "Z",
            "B",
            "C",
            "S",
            "Ljava/lang/Object;",
            "[I",
            "Ljava/lang/String;",
            "Ljava/lang/Runnable;",
            "[[Ljava/lang/String;",
            "Llib/Base;",
            "[Z");
    private static final List<String> METHODS = List.of(
            "()V",
            "()I",
            "()J",
            "(I)Z",
            "(J)D",
            "(FD)F",
            "(Ljava/lang/Object;)Ljava/lang/String;",
            "([I)[J",
            "(Ljava/lang/Runnable;ZB)V",
            "(Llib/Base;)Llib/Base;",
            "(CS[[Ljava/lang/String;)V");

    private final Random random;
    private final int version;
    private final int opcode;
    private final ClassAssembler assembler = new ClassAssembler(NAME);
    private final boolean isStatic;
    private final boolean isConstructor;
    private final List<String> parameters = new ArrayList<>(PARAMETERS);
    private final List<Integer> creations = new ArrayList<>();
    private final Bytes code = Bytes.of();
    private boolean initialized;
    private String wanted = "";
    private String created = BASE;
    private boolean branches;
    private int bci;

    private InstructionTemplates(int version, long seed) {
        this.version = version;
        this.opcode = (int) (seed & 0xff);
        this.random = new Random(seed * 0x9E3779B97F4A7C15L);
        int kind = random.nextInt(6);
        this.isConstructor = kind == 0;
        this.isStatic = kind > 2;
        Collections.shuffle(parameters, random);
    }

    /** Returns the class of that seed; the seed's last byte is the opcode. */
    static byte[] of(int version, long seed) {
        return new InstructionTemplates(version, seed).write();
    }

    private byte[] write() {
        assembler.version(version, 0).superClass(assembler.classConstant(BASE));
        assembler.implement(assembler.classConstant("lib/FarFace"));
        assembler.field(1, "count", "I").field(1, "own", "Llib/Base;");
        initialized = !isConstructor || random.nextInt(5) < 3;
        if (isConstructor && initialized) {
            code.u1(0x2a, 0xb7).u2(assembler.methodRef(BASE, "<init>", "()V"));
        }
        Bytes instruction = instruction(opcode);
        String stack = stack();
        stack.chars().forEach(each -> push((char) each));
        bci = code.length();
        Bytes frames = Bytes.of();
        place(instruction);
        int next = code.length();
        code.u1(0x01, 0xbf);
        int target = code.length();
        code.u1(0x01, 0xbf);
        int frameCount = 0;
        int last = -1;
        boolean transfers = opcode >= 167 && opcode <= 177 || opcode == 191 || opcode == 200 || opcode == 201;
        if (transfers == random.nextInt(30) > 0) {
            frame(frames, next - last - 1, "");
            last = next;
            frameCount++;
        }
        if (random.nextInt(30) > 0) {
            String left = branches && stack.length() >= wanted.length()
                    ? stack.substring(0, stack.length() - wanted.length())
                    : "";
            frame(frames, target - last - 1, random.nextInt(5) > 0 ? left : stack);
            last = target;
            frameCount++;
        }
        Bytes handlers = Bytes.of();
        if (random.nextInt(3) == 0) {
            int handler = code.length();
            code.u1(0xbf);
            handlers.u2(
                    random.nextBoolean() ? 0 : bci,
                    next,
                    handler,
                    random.nextInt(4) == 0 ? assembler.classConstant(any(CLASSES)) : 0);
            frame(frames, handler - last - 1, "E");
            frameCount++;
        }
        byte[][] attributes = version < FRAMES
                ? new byte[0][]
                : new byte[][] {
                    assembler.attribute(
                            "StackMapTable", Bytes.of().u2(frameCount).raw(frames.toArray()))
                };
        int maxStack = random.nextInt(12) == 0 ? random.nextInt(5) : CODE_MAX_STACK;
        byte[] body = assembler.code(maxStack, locals() + 2, code, handlers, attributes);
        assembler.method(isStatic ? 9 : 1, isConstructor ? "<init>" : "m", descriptor(), body);
        if (version >= 51) {
            int bootstrap = assembler.methodHandle(6, assembler.methodRef("lib/Boot", "strap", "()V"));
            assembler.with(assembler.attribute("BootstrapMethods", Bytes.of().u2(1, bootstrap, 0)));
        }
        return assembler.toBytes();
    }

    private String descriptor() {
        StringBuilder text = new StringBuilder("(");
        parameters.forEach(each -> text.append(each.substring(1)));
        return text.append(')').append(isConstructor ? "V" : returned()).toString();
    }

    /** Returns a type that the return instruction gives, mostly. */
    private String returned() {
        return switch (random.nextInt(4) == 0 ? random.nextInt(256) : opcode) {
            case 172 -> any(List.of("I", "Z", "B", "C", "S"));
            case 173 -> "J";
            case 174 -> "F";
            case 175 -> "D";
            case 176 -> any(FIELDS);
            default -> "V";
        };
    }

    private int locals() {
        return (isStatic ? 0 : 1) + parameters.size() + 2;
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    // ---- values ----

    private String stack() {
        StringBuilder stack = new StringBuilder(wanted);
        switch (random.nextInt(10)) {
            case 0 -> stack.insert(0, '?');
            case 1 -> stack.append('?');
            case 2 -> stack.setLength(Math.max(0, stack.length() - 1));
            case 3 -> stack.replace(0, stack.length(), "?".repeat(random.nextInt(5)));
            case 4, 5 -> {
                if (!stack.isEmpty()) {
                    stack.setCharAt(random.nextInt(stack.length()), '?');
                }
            }
            default -> {}
        }
        for (int i = 0; i < stack.length(); i++) {
            if (stack.charAt(i) == '?') {
                stack.setCharAt(i, ANY.charAt(random.nextInt(ANY.length())));
            }
            if (stack.charAt(i) == 'T' && isStatic || stack.charAt(i) == 'A' && version > 50) {
                stack.setCharAt(i, 'L');
            }
        }
        return stack.toString();
    }

    private void push(char value) {
        switch (value) {
            case 'T' -> code.u1(0x2a);
            case 'N' -> code.u1(0x01);
            case 'U' -> {
                creations.add(code.length());
                code.u1(0xbb).u2(assembler.classConstant(created));
            }
            case 'A' -> code.u1(0xa8, 0, 3);
            default -> {
                int array = ARRAYS.indexOf(value);
                if (array >= 0) {
                    code.u1(0x04, 0xbc, 4 + array);
                } else {
                    int kind = "IJFD".indexOf(value);
                    code.u1(kind < 0 ? 25 : 21 + kind, local(value));
                }
            }
        }
    }

    /** Returns the local variable that holds a value of that letter. */
    private int local(char value) {
        int index = isStatic ? 0 : 1;
        for (String parameter : parameters) {
            char letter = parameter.charAt(0);
            if (letter == value) {
                return index;
            }
            index += letter == 'J' || letter == 'D' ? 2 : 1;
        }
        return value == 'T' ? 0 : index;
    }

    /** Adds a full frame with the parameters as locals and values of those letters on the stack. */
    private void frame(Bytes frames, int delta, String stack) {
        frames.u1(255).u2(delta, parameters.size() + (isStatic ? 0 : 1));
        if (!isStatic) {
            item(frames, 'T');
        }
        parameters.forEach(each -> item(frames, each.charAt(0)));
        frames.u2(stack.length());
        stack.chars().forEach(each -> item(frames, (char) each));
    }

    private void item(Bytes frames, char value) {
        int primitive = "IFDJN".indexOf(value);
        if (primitive >= 0) {
            frames.u1(1 + primitive);
        } else if (value == 'T' && !initialized) {
            frames.u1(6);
        } else if (value == 'U') {
            frames.u1(8).u2(creations.isEmpty() ? 0 : creations.get(creations.size() - 1));
        } else if (value == 'T' || value == 'A') {
            frames.u1(7).u2(assembler.classConstant(NAME));
        } else if (ARRAYS.indexOf(value) >= 0) {
            frames.u1(7).u2(assembler.classConstant("[" + "ZCFDBSIJ".charAt(ARRAYS.indexOf(value))));
        } else {
            String type = parameters.stream()
                    .filter(each -> each.charAt(0) == value)
                    .findFirst()
                    .orElseThrow()
                    .substring(1);
            frames.u1(7)
                    .u2(assembler.classConstant(type.startsWith("L") ? type.substring(1, type.length() - 1) : type));
        }
    }

    // ---- instructions ----

    private Bytes instruction(int op) {
        wanted = wanted(op);
        Bytes bytes = Bytes.of().u1(op);
        if (op == 16 || op == 17) {
            return op == 16 ? bytes.u1(random.nextInt(256)) : bytes.u2(random.nextInt(1 << 16));
        }
        if (op >= 18 && op <= 20) {
            int constant = loadable(op == 20);
            return op == 18 ? bytes.u1(constant & 0xff) : bytes.u2(constant);
        }
        if (op >= 21 && op <= 25 || op >= 54 && op <= 58 || op == 132 || op == 169) {
            bytes.u1(index(op));
            return op == 132 ? bytes.u1(1) : bytes;
        }
        if (op >= 178 && op <= 186) {
            return op <= 181 ? field(bytes, op) : call(bytes, op);
        }
        if (op == 187 || op == 189 || op == 192 || op == 193 || op == 197) {
            int constant = random.nextInt(20) == 0 ? wrongConstant() : assembler.classConstant(any(CLASSES));
            return op == 197 ? dimensions(bytes.u2(constant)) : bytes.u2(constant);
        }
        if (op == 188) {
            return bytes.u1(random.nextInt(10) == 0 ? random.nextInt(16) : 4 + random.nextInt(8));
        }
        if (op == 196) {
            return wide(bytes);
        }
        branches = op >= 153 && op <= 168 || op == 170 || op == 171 || op >= 198 && op <= 201;
        return bytes; // what branches gets its offsets when it is placed
    }

    private static String wanted(int op) {
        if (op < 46 || op > 199) {
            return "";
        }
        if (op <= 53) {
            return "ijfdPbcs".charAt(op - 46) + "I";
        }
        if (op <= 58) {
            return "IJFD?".substring(op - 54, op - 53);
        }
        if (op <= 78) {
            return "IJFD?".substring((op - 59) / 4, (op - 59) / 4 + 1);
        }
        if (op <= 86) {
            return "ijfdPbcs".charAt(op - 79) + "I" + "IJFD?III".charAt(op - 79);
        }
        if (op <= 95) {
            return SHUFFLED[op - 87];
        }
        if (op <= 131) {
            String type = op < 120 ? "IJFD".substring(op & 3, (op & 3) + 1) : (op & 1) == 0 ? "I" : "J";
            return op >= 116 && op <= 119 ? type : op >= 120 && op <= 125 ? type + "I" : type + type;
        }
        if (op >= 133 && op <= 147) {
            return "IIIJJJFFFDDDIII".substring(op - 133, op - 132);
        }
        if (op >= 148 && op <= 152) {
            return op == 148 ? "JJ" : op <= 150 ? "FF" : "DD";
        }
        if (op >= 153 && op <= 166) {
            return op <= 158 ? "I" : op <= 164 ? "II" : "??";
        }
        return switch (op) {
            case 170, 171, 172, 188, 189 -> "I";
            case 173, 174, 175 -> "JFD".substring(op - 173, op - 172);
            case 176, 190, 192, 193, 194, 195, 198, 199 -> "?";
            case 191 -> "E";
            case 197 -> "II";
            default -> "";
        };
    }

    /** Returns a local variable's index, of the kind that the opcode takes or of any. */
    private int index(int op) {
        if (random.nextInt(4) == 0) {
            return random.nextInt(locals() + 4);
        }
        if (op == 169 && version < 51) {
            code.u1(0xa8, 0, 3, 0x3a, locals());
            return locals();
        }
        int kind = op == 132 ? 0 : op < 26 ? op - 21 : op - 54;
        return local(kind < 4 && kind >= 0 ? "IJFD".charAt(kind) : any(List.of('O', 'T', 'L', 'P', 'S')));
    }

    private Bytes wide(Bytes bytes) {
        List<Integer> widened = List.of(21, 22, 23, 24, 25, 54, 55, 56, 57, 58, 132, 169);
        int op = random.nextInt(8) == 0 ? random.nextInt(256) : any(widened);
        wanted = widened.contains(op) ? wanted(op) : "";
        bytes.u1(op).u2(index(op));
        return op == 132 ? bytes.u2(1) : bytes;
    }

    private Bytes dimensions(Bytes bytes) {
        int count = random.nextInt(8) == 0 ? random.nextInt(256) : random.nextInt(4);
        wanted = "I".repeat(Math.min(count, 5));
        return bytes.u1(count);
    }

    private int wrongConstant() {
        return switch (random.nextInt(6)) {
            case 0 -> 0;
            case 1 -> 0xfff;
            case 2 -> assembler.utf8("utf8");
            case 3 -> assembler.nameAndType("own", "I");
            case 4 -> assembler.longInteger(7) + random.nextInt(2);
            default -> assembler.string("s");
        };
    }

    private int loadable(boolean two) {
        if (random.nextInt(8) == 0) {
            return wrongConstant();
        }
        if (two != (random.nextInt(10) == 0)) {
            return switch (random.nextInt(version >= 55 ? 3 : 2)) {
                case 0 -> assembler.longInteger(1);
                case 1 -> assembler.doubled(1);
                default -> assembler.dynamic(17, 0, "d", random.nextBoolean() ? "J" : "D");
            };
        }
        return switch (random.nextInt(version >= 55 ? 7 : version >= 51 ? 6 : 4)) {
            case 0 -> assembler.integer(1);
            case 1 -> assembler.floating(1);
            case 2 -> assembler.string("text");
            case 3 -> assembler.classConstant(any(CLASSES));
            case 4 -> assembler.methodHandle(5, assembler.methodRef("java/lang/Object", "hashCode", "()I"));
            case 5 -> assembler.methodType(any(METHODS));
            default -> assembler.dynamic(17, 0, "d", any(FIELDS));
        };
    }

    private Bytes field(Bytes bytes, int op) {
        String owner = any(OWNERS);
        boolean known = random.nextInt(3) == 0;
        String type = known ? "I" : any(FIELDS);
        int reference = assembler.fieldRef(owner, known ? "count" : random.nextInt(3) == 0 ? "own" : "f", type);
        String receiver = op >= 180 ? receiver(owner) : "";
        wanted = receiver + (op == 179 || op == 181 ? letter(type) : "");
        return bytes.u2(random.nextInt(25) == 0 ? wrongConstant() : reference);
    }

    private Bytes call(Bytes bytes, int op) {
        String owner = any(OWNERS);
        boolean dynamic = op == 186;
        boolean init = !dynamic && (op == 183 ? random.nextBoolean() : random.nextInt(20) == 0);
        String type = init && random.nextInt(20) > 0 ? "()V" : any(METHODS);
        String name = init
                ? random.nextInt(20) == 0 ? "<clinit>" : "<init>"
                : any(List.of("m", "guarded", "fixed", "clone", "finalize"));
        boolean onInterface = (op == 185) != (random.nextInt(6) == 0);
        int reference = dynamic
                ? version >= 51 ? assembler.dynamic(18, 0, name, type) : wrongConstant()
                : onInterface
                        ? assembler.interfaceMethodRef(owner, name, type)
                        : assembler.methodRef(owner, name, type);
        StringBuilder arguments = new StringBuilder();
        int slots = 1;
        for (int at = 1; type.charAt(at) != ')'; ) {
            int start = at;
            while (type.charAt(at) == '[') {
                at++;
            }
            at = type.charAt(at) == 'L' ? type.indexOf(';', at) + 1 : at + 1;
            String argument = letter(type.substring(start, at));
            arguments.append(argument);
            slots += argument.equals("J") || argument.equals("D") ? 2 : 1;
        }
        created = owner.equals("[I") || random.nextInt(10) == 0 ? BASE : owner;
        boolean hasReceiver = op != 184 && !dynamic;
        wanted = (hasReceiver ? init ? uninitialized() : receiver(owner) : "") + arguments;
        bytes.u2(random.nextInt(25) == 0 ? wrongConstant() : reference);
        if (op == 185) {
            bytes.u1(random.nextInt(8) == 0 ? random.nextInt(256) : slots, random.nextInt(12) == 0 ? 1 : 0);
        } else if (dynamic) {
            bytes.u1(random.nextInt(12) == 0 ? 1 : 0, random.nextInt(12) == 0 ? 1 : 0);
        }
        return bytes;
    }

    private String uninitialized() {
        return isConstructor && random.nextBoolean() ? "T" : "U";
    }

    private String receiver(String owner) {
        return owner.equals("[I")
                ? "i"
                : any(owner.equals(NAME) ? List.of("T", "T", "N", "L") : List.of("T", "L", "O", "R", "?"));
    }

    private static String letter(String type) {
        if ("ZBCS".contains(type)) {
            return "I";
        }
        if (type.length() == 2) {
            return String.valueOf(Character.toLowerCase(type.charAt(1)));
        }
        return PARAMETERS.stream()
                .filter(each -> each.substring(1).equals(type))
                .findFirst()
                .orElseThrow()
                .substring(0, 1);
    }

    /** Adds the instruction, with offsets to the block behind it if it branches. */
    private void place(Bytes instruction) {
        if (!branches) {
            code.raw(instruction.toArray());
            return;
        }
        code.u1(opcode);
        boolean table = opcode == 170;
        if (!table && opcode != 171) {
            boolean isWide = opcode >= 200;
            int offset = random.nextInt(8) == 0 ? random.nextInt(40) - 20 : isWide ? 7 : 5;
            if (isWide) {
                code.u4(offset);
            } else {
                code.u2(offset & 0xffff);
            }
            return;
        }
        while (code.length() % 4 != 0) {
            code.u1(random.nextInt(20) == 0 ? 1 : 0);
        }
        int count = random.nextInt(10) == 0 ? random.nextInt(3) - 1 : 1 + random.nextInt(3);
        int entries = Math.max(0, count);
        int end = code.length() + (table ? 12 + 4 * entries : 8 + 8 * entries);
        int target = end + 2 - bci;
        code.u4(random.nextInt(16) == 0 ? random.nextInt(40) - 20 : target);
        int low = random.nextInt(10) == 0 ? Integer.MAX_VALUE - 1 : random.nextInt(5) - 2;
        if (table) {
            code.u4(low).u4(low + count - 1);
        } else {
            code.u4(count);
        }
        int[] keys = random.ints(entries, -9, 9).sorted().toArray();
        for (int i = 0; i < entries; i++) {
            if (!table) {
                code.u4(random.nextInt(10) == 0 ? keys[0] : keys[i] + i);
            }
            code.u4(random.nextInt(30) == 0 ? random.nextInt(40) - 20 : target);
        }
    }
}
