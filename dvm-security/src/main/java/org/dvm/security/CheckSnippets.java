package org.dvm.security;

import java.util.ArrayList;
import java.util.List;
import org.dvm.core.edit.Descriptors;
import org.dvm.core.edit.Snippet;
import org.dvm.core.edit.Value;
import org.dvm.runtime.security.ResourceKind;
import org.dvm.security.policy.Policy.Operation;

/** Chooses the calls of the enforcement manager that check an operation, by what its object is and of which type. */
final class CheckSnippets {
    private static final String GUARD = "org/dvm/runtime/security/Guard";
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

    private CheckSnippets(String owner, String method, String descriptor, boolean hasThis) {
        this.owner = owner;
        this.method = method;
        this.hasThis = hasThis;
        this.parameters = Descriptors.parameters(descriptor);
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
     */
    static List<Snippet> of(Operation operation, String owner, String method, String descriptor, boolean hasThis) {
        CheckSnippets checks = new CheckSnippets(owner, method, descriptor, hasThis);
        checks.add(operation);
        return checks.snippets;
    }

    private void add(Operation operation) {
        String permission = operation.permission();
        if (operation.on().isEmpty() || operation.kind() == ResourceKind.NONE) {
            call("check", "(" + TEXT + ")V", Value.of(permission));
        } else if (permission.equals("file.link") && parameters.length > 1 && parameters[1].equals(PATH)) {
            call("link", "(" + TEXT + PATH + PATH + ")V", Value.of(permission), Value.parameter(0), Value.parameter(1));
        } else {
            for (int place : operation.on()) {
                if (place == Operation.THIS) {
                    addThis(permission, operation.kind());
                } else {
                    addParameter(permission, operation.kind(), place);
                }
            }
        }
    }

    private void addThis(String permission, ResourceKind kind) {
        Value permissionText = Value.of(permission);
        if (!hasThis) {
            call("check", "(" + TEXT + ")V", permissionText);
            return;
        }
        Value self = Value.thisObject();
        switch (kind) {
            case FILE -> {
                if (owner.equals("java/io/File")) {
                    call("self", "(" + TEXT + FILE + ")V", permissionText, self);
                } else if (owner.endsWith("Path")) {
                    call("file", "(" + TEXT + PATH + ")V", permissionText, self);
                } else {
                    call("open", "(" + TEXT + OBJECT + ")V", permissionText, self);
                }
            }
            case HOST -> call("socket", "(" + TEXT + OBJECT + ")V", permissionText, self);
            case CLASS -> {
                if (owner.equals("java/lang/Class")) {
                    call("type", "(" + TEXT + CLASS + ")V", permissionText, self);
                } else {
                    call("member", "(" + TEXT + OBJECT + ")V", permissionText, self);
                }
            }
            case NONE, PROPERTY, ENVIRONMENT, NAME -> {
                if (permission.equals("pool.shutdown")) {
                    call("pool", "(" + TEXT + OBJECT + ")V", permissionText, self);
                } else if (owner.equals("java/lang/Thread")) {
                    call("thread", "(" + TEXT + "Ljava/lang/Thread;)V", permissionText, self);
                } else {
                    call("name", "(" + TEXT + OBJECT + ")V", permissionText, self);
                }
            }
        }
    }

    private void addParameter(String permission, ResourceKind kind, int index) {
        Value permissionText = Value.of(permission);
        String type = index < parameters.length ? parameters[index] : "";
        Value value = Value.parameter(index);
        switch (kind) {
            case FILE -> addFile(permission, index, type, value);
            case HOST -> addHost(permission, index, type, value);
            case PROPERTY -> call("property", "(" + TEXT + TEXT + ")V", permissionText, value);
            case ENVIRONMENT -> call("environment", "(" + TEXT + TEXT + ")V", permissionText, value);
            case CLASS -> addClass(permissionText, index, type, value);
            case NONE -> call("check", "(" + TEXT + ")V", permissionText);
            case NAME -> {
                if (type.equals(COMMAND)) {
                    snippets.add(
                            Snippet.call(GUARD, "command", "(" + TEXT + COMMAND + ")" + COMMAND, permissionText, value)
                                    .storeIntoParameter(index));
                } else if (type.startsWith("L") || type.startsWith("[")) {
                    call("name", "(" + TEXT + OBJECT + ")V", permissionText, value);
                } else {
                    call("check", "(" + TEXT + ")V", permissionText);
                }
            }
        }
    }

    /** Entries are named relative to a directory: {@code this}, or the parameter before. */
    private void addEntry(String permission, int index, String next, Value value) {
        Value directory = index == 0 ? Value.thisObject() : Value.parameter(index - 1);
        if (next.equals(SET)) {
            snippets.add(Snippet.call(GUARD, "options", "(" + SET + ")" + SET, Value.parameter(index + 1))
                    .storeIntoParameter(index + 1));
            call("entry", "(" + OBJECT + OBJECT + SET + ")V", directory, value, Value.parameter(index + 1));
        } else {
            call("entry", "(" + TEXT + OBJECT + OBJECT + ")V", Value.of(permission), directory, value);
        }
    }

    private void addFile(String permission, int index, String type, Value value) {
        Value permissionText = Value.of(permission);
        String next = index + 1 < parameters.length ? parameters[index + 1] : "";
        boolean opens = permission.equals("file.open.rw");
        if (type.equals(OBJECT) && hasThis) {
            addEntry(permission, index, next, value);
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
            snippets.add(Snippet.call(GUARD, "file", "(" + TEXT + FILE + ")" + FILE, permissionText, value)
                    .storeIntoParameter(index));
        } else if (type.equals(TEXT) || type.equals(PATH)) {
            call("file", "(" + TEXT + type + ")V", permissionText, value);
        } else {
            call("check", "(" + TEXT + ")V", permissionText);
        }
    }

    private void addHost(String permission, int index, String type, Value value) {
        Value permissionText = Value.of(permission);
        boolean portFollows = index + 1 < parameters.length && parameters[index + 1].equals("I");
        boolean portLeads =
                !portFollows && index > 0 && parameters[0].equals("I"); // what listens is told its port first
        Value port = Value.parameter(portLeads ? 0 : index + 1);
        if (type.equals(TEXT)) {
            if (portFollows) {
                call("host", "(" + TEXT + TEXT + "I)V", permissionText, value, port);
            } else {
                call("host", "(" + TEXT + TEXT + ")V", permissionText, value);
            }
        } else if (type.equals(INET)) {
            if (portFollows || portLeads) {
                call("address", "(" + TEXT + INET + "I)V", permissionText, value, port);
            } else {
                call("address", "(" + TEXT + INET + ")V", permissionText, value);
            }
        } else if (type.equals(SOCKET_ADDRESS) || type.equals("Ljava/net/InetSocketAddress;")) {
            call("address", "(" + TEXT + SOCKET_ADDRESS + ")V", permissionText, value);
        } else if (type.equals(PACKET)) {
            snippets.add(Snippet.call(GUARD, "packet", "(" + TEXT + PACKET + ")" + PACKET, permissionText, value)
                    .storeIntoParameter(index));
        } else if (type.equals("I")) {
            call("port", "(" + TEXT + "I)V", permissionText, value);
        } else {
            call("check", "(" + TEXT + ")V", permissionText);
        }
    }

    private void addClass(Value permissionText, int index, String type, Value value) {
        if (type.equals(CLASS)) {
            call("type", "(" + TEXT + CLASS + ")V", permissionText, value);
        } else if (type.equals(TEXT)) {
            call("type", "(" + TEXT + TEXT + ")V", permissionText, value);
        } else if (type.equals(MEMBERS)) {
            snippets.add(Snippet.call(GUARD, "members", "(" + TEXT + MEMBERS + ")" + MEMBERS, permissionText, value)
                    .storeIntoParameter(index));
        } else {
            call("member", "(" + TEXT + OBJECT + ")V", permissionText, value);
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
