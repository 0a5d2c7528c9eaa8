package org.dvm.security;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.dvm.core.edit.Descriptors;
import org.dvm.core.edit.LocalVariable;
import org.dvm.core.edit.Snippet;
import org.dvm.core.edit.Value;
import org.dvm.runtime.security.Permissions;
import org.dvm.runtime.security.ResourceKind;
import org.dvm.security.policy.Policy.Operation;

/** Chooses the calls of the enforcement manager that check an operation, by what its object is and of which type. */
final class CheckSnippets {
    private static final String GUARD = "org/dvm/runtime/security/Guard";
    private static final String PERMISSIONS = "org/dvm/runtime/security/Permissions";
    private static final String PERMISSION = "Lorg/dvm/runtime/security/Permission;";
    private static final String TEXT = "Ljava/lang/String;";
    private static final String FILE = "Ljava/io/File;";
    private static final String PATH = "Ljava/nio/file/Path;";
    private static final String OBJECT = "Ljava/lang/Object;";
    private static final String SET = "Ljava/util/Set;";
    private static final String OPTIONS = "[Ljava/nio/file/OpenOption;";
    private static final String CLASS = "Ljava/lang/Class;";
    private static final String INET = "Ljava/net/InetAddress;";
    private static final String SOCKET_ADDRESS = "Ljava/net/SocketAddress;";
    private static final String PACKET = "Ljava/net/DatagramPacket;";
    private static final String COMMAND = "[Ljava/lang/String;";
    private static final String MEMBERS = "[Ljava/lang/reflect/AccessibleObject;";

    /** Names of files lead elsewhere after these. */
    private static final List<String> RENAMING = List.of("file.link", "file.rename", "file.copy");

    private final String owner;
    private final String method;
    private final boolean hasThis;
    private final String[] parameters;
    private final List<Snippet> snippets = new ArrayList<>();
    private final String permission;

    /** The permission as inserted code has it: one of the standard set is a constant. */
    private final Value needed;

    private CheckSnippets(
            String permission,
            String owner,
            String method,
            String descriptor,
            boolean hasThis,
            Function<String, LocalVariable> variables) {
        this.permission = permission;
        this.owner = owner;
        this.method = method;
        this.hasThis = hasThis;
        this.parameters = Descriptors.parameters(descriptor);
        String constant = Permissions.constant(permission);
        if (constant != null) {
            this.needed = Value.staticField(PERMISSIONS, constant, PERMISSION);
        } else {
            LocalVariable variable = variables.apply(PERMISSION);
            snippets.add(Snippet.call(
                            "org/dvm/runtime/security/Permission",
                            "of",
                            "(" + TEXT + ")" + PERMISSION,
                            Value.of(permission))
                    .storeInto(variable));
            this.needed = Value.local(variable);
        }
    }

    /** Returns whether names of files may lead elsewhere after an operation. */
    static boolean changesNames(Operation operation) {
        return RENAMING.contains(operation.permission());
    }

    /** Returns the snippet that tells of it. */
    static Snippet namesChanged() {
        return Snippet.call(GUARD, "namesChanged", "()V");
    }

    /**
     * Returns the snippets that check an operation at the entry of a method.
     *
     * @param owner internal name of the class that has the method
     * @param hasThis whether {@code this} is available at entry
     * @param variables makes a variable, by its type's descriptor, for a permission that isn't of the standard set
     */
    static List<Snippet> of(
            Operation operation,
            String owner,
            String method,
            String descriptor,
            boolean hasThis,
            Function<String, LocalVariable> variables) {
        CheckSnippets checks = new CheckSnippets(operation.permission(), owner, method, descriptor, hasThis, variables);
        checks.add(operation);
        return checks.snippets;
    }

    private void add(Operation operation) {
        if (operation.on().isEmpty() || operation.kind() == ResourceKind.NONE) {
            call("check", "(" + PERMISSION + ")V", needed);
        } else if (permission.equals("file.link") && parameters.length > 1 && parameters[1].equals(PATH)) {
            call("link", "(" + PERMISSION + PATH + PATH + ")V", needed, Value.parameter(0), Value.parameter(1));
        } else {
            for (int place : operation.on()) {
                if (place == Operation.THIS) {
                    addThis(operation.kind());
                } else {
                    addParameter(operation.kind(), place);
                }
            }
        }
    }

    private void addThis(ResourceKind kind) {
        if (!hasThis) {
            call("check", "(" + PERMISSION + ")V", needed);
            return;
        }
        Value self = Value.thisObject();
        switch (kind) {
            case FILE -> {
                if (owner.equals("java/io/File")) {
                    call("self", "(" + PERMISSION + FILE + ")V", needed, self);
                } else if (owner.endsWith("Path")) {
                    call("file", "(" + PERMISSION + PATH + ")V", needed, self);
                } else {
                    call("open", "(" + PERMISSION + OBJECT + ")V", needed, self);
                }
            }
            case HOST -> call("socket", "(" + PERMISSION + OBJECT + ")V", needed, self);
            case CLASS -> {
                if (owner.equals("java/lang/Class")) {
                    call("type", "(" + PERMISSION + CLASS + ")V", needed, self);
                } else {
                    call("member", "(" + PERMISSION + OBJECT + ")V", needed, self);
                }
            }
            case NONE, PROPERTY, ENVIRONMENT, NAME -> {
                if (permission.startsWith("pool.")) {
                    call("pool", "(" + PERMISSION + OBJECT + ")V", needed, self);
                } else if (owner.equals("java/lang/Thread")) {
                    call("thread", "(" + PERMISSION + "Ljava/lang/Thread;)V", needed, self);
                } else {
                    call("name", "(" + PERMISSION + OBJECT + ")V", needed, self);
                }
            }
        }
    }

    private void addParameter(ResourceKind kind, int index) {
        String type = index < parameters.length ? parameters[index] : "";
        Value value = Value.parameter(index);
        switch (kind) {
            case FILE -> addFile(index, type, value);
            case HOST -> addHost(index, type, value);
            case PROPERTY -> call("property", "(" + PERMISSION + TEXT + ")V", needed, value);
            case ENVIRONMENT -> call("environment", "(" + PERMISSION + TEXT + ")V", needed, value);
            case CLASS -> addClass(index, type, value);
            case NONE -> call("check", "(" + PERMISSION + ")V", needed);
            case NAME -> {
                if (type.equals(COMMAND)) {
                    snippets.add(
                            Snippet.call(GUARD, "command", "(" + PERMISSION + COMMAND + ")" + COMMAND, needed, value)
                                    .storeIntoParameter(index));
                } else if (type.startsWith("L") || type.startsWith("[")) {
                    call("name", "(" + PERMISSION + OBJECT + ")V", needed, value);
                } else {
                    call("check", "(" + PERMISSION + ")V", needed);
                }
            }
        }
    }

    /** Entries are named relative to a directory: {@code this}, or the parameter before. */
    private void addEntry(int index, String next, Value value) {
        Value directory = index == 0 ? Value.thisObject() : Value.parameter(index - 1);
        if (next.equals(SET)) {
            snippets.add(Snippet.call(GUARD, "options", "(" + SET + ")" + SET, Value.parameter(index + 1))
                    .storeIntoParameter(index + 1));
            call("entry", "(" + OBJECT + OBJECT + SET + ")V", directory, value, Value.parameter(index + 1));
        } else {
            call("entry", "(" + PERMISSION + OBJECT + OBJECT + ")V", needed, directory, value);
        }
    }

    private void addFile(int index, String type, Value value) {
        String next = index + 1 < parameters.length ? parameters[index + 1] : "";
        boolean opens = permission.equals("file.open.rw");
        if (type.equals(OBJECT) && hasThis) {
            addEntry(index, next, value);
        } else if (opens && owner.equals("java/io/RandomAccessFile") && next.equals(TEXT)) {
            Value mode = Value.parameter(index + 1);
            if (type.equals(FILE)) {
                snippets.add(Snippet.call(GUARD, "opening", "(" + FILE + TEXT + ")" + FILE, value, mode)
                        .storeIntoParameter(index));
            } else {
                call("opening", "(" + TEXT + TEXT + ")V", value, mode);
            }
        } else if (opens && type.equals(PATH) && (next.equals(SET) || next.equals(OPTIONS))) {
            snippets.add(Snippet.call(GUARD, "options", "(" + next + ")" + next, Value.parameter(index + 1))
                    .storeIntoParameter(index + 1));
            call("opening", "(" + PATH + next + ")V", value, Value.parameter(index + 1));
        } else if (type.equals(FILE)) {
            snippets.add(Snippet.call(GUARD, "file", "(" + PERMISSION + FILE + ")" + FILE, needed, value)
                    .storeIntoParameter(index));
        } else if (type.equals(TEXT) || type.equals(PATH)) {
            call("file", "(" + PERMISSION + type + ")V", needed, value);
        } else {
            call("check", "(" + PERMISSION + ")V", needed);
        }
    }

    private void addHost(int index, String type, Value value) {
        boolean portFollows = index + 1 < parameters.length && parameters[index + 1].equals("I");
        boolean portLeads =
                !portFollows && index > 0 && parameters[0].equals("I"); // what listens is told its port first
        Value port = Value.parameter(portLeads ? 0 : index + 1);
        if (type.equals(TEXT)) {
            if (portFollows) {
                call("host", "(" + PERMISSION + TEXT + "I)V", needed, value, port);
            } else {
                call("host", "(" + PERMISSION + TEXT + ")V", needed, value);
            }
        } else if (type.equals(INET)) {
            if (portFollows || portLeads) {
                call("address", "(" + PERMISSION + INET + "I)V", needed, value, port);
            } else {
                call("address", "(" + PERMISSION + INET + ")V", needed, value);
            }
        } else if (type.equals(SOCKET_ADDRESS) || type.equals("Ljava/net/InetSocketAddress;")) {
            call("address", "(" + PERMISSION + SOCKET_ADDRESS + ")V", needed, value);
        } else if (type.equals(PACKET)) {
            snippets.add(Snippet.call(GUARD, "packet", "(" + PERMISSION + PACKET + ")" + PACKET, needed, value)
                    .storeIntoParameter(index));
        } else if (type.equals("I")) {
            call("port", "(" + PERMISSION + "I)V", needed, value);
        } else {
            call("check", "(" + PERMISSION + ")V", needed);
        }
    }

    private void addClass(int index, String type, Value value) {
        if (type.equals(CLASS)) {
            call("type", "(" + PERMISSION + CLASS + ")V", needed, value);
        } else if (type.equals(TEXT)) {
            call("type", "(" + PERMISSION + TEXT + ")V", needed, value);
        } else if (type.equals(MEMBERS)) {
            snippets.add(Snippet.call(GUARD, "members", "(" + PERMISSION + MEMBERS + ")" + MEMBERS, needed, value)
                    .storeIntoParameter(index));
        } else {
            call("member", "(" + PERMISSION + OBJECT + ")V", needed, value);
        }
    }

    private void call(String name, String descriptor, Value... values) {
        snippets.add(Snippet.call(GUARD, name, descriptor, values));
    }

    @Override
    public String toString() {
        return owner + "." + method + " " + snippets;
    }
}
